# SPDX-License-Identifier: Apache-2.0
# One test program per room out of the *_test.cpp beside its code, and one of what spans rooms (tests/*_test.cpp).
find_package(GTest REQUIRED)
include(GoogleTest)

function(bulkhead_test_program name)
  cmake_parse_arguments(TEST "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  target_link_libraries(${name} PRIVATE ${TEST_LINK} GTest::gmock GTest::gtest_main)
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR})
  target_compile_definitions(${name} PRIVATE BULKHEAD_SOURCE_DIR="${CMAKE_SOURCE_DIR}" BULKHEAD_PROGRAM="$<TARGET_FILE:bulkhead>")
  # Half of what it takes to build everything is tests, and most of that is their framework's headers and an optimiser nobody waits for.
  # -pthread, which some libraries bring, changes what is predefined: the shared header wants it everywhere.
  target_compile_options(${name} PRIVATE -U_FORTIFY_SOURCE -O0 -pthread)
  if(NOT name STREQUAL test_base)
    target_precompile_headers(${name} REUSE_FROM test_base)
  else()
    target_precompile_headers(${name} PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
  endif()
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES ENVIRONMENT "TZ=UTC;LC_ALL=C.UTF-8" TIMEOUT 600)
endfunction()

# ccache takes a precompiled header for what it was made of (its manual, "Precompiled headers").
if(BULKHEAD_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${BULKHEAD_CCACHE})
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endif()

foreach(room IN LISTS BULKHEAD_ROOMS)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${room}/*_test.cpp)
  if(sources)
    bulkhead_test_program(test_${room} SOURCES ${sources} LINK bulkhead_${room} bulkhead_resources)
  endif()
endforeach()
# The extension is met as programs meet it, loaded; only what it decides by itself is compiled in.
file(GLOB loaded CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/extension/*_test.cpp)
bulkhead_test_program(test_extension SOURCES ${loaded} src/extension/options.cpp LINK bulkhead_world SQLite::SQLite3)
target_compile_definitions(test_extension PRIVATE BULKHEAD_EXTENSION="$<TARGET_FILE:bulkhead_extension>")
add_dependencies(test_extension bulkhead_extension)
file(GLOB spanning CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/*.cpp)
if(spanning)
  bulkhead_test_program(test_spanning SOURCES ${spanning} LINK bulkhead_cli bulkhead_flow bulkhead_resources)
  add_dependencies(test_spanning bulkhead)
endif()
