# SPDX-License-Identifier: Apache-2.0
# A room is a folder of src/ and a static library of its own. Its sources are found, never listed. With CATALOG X, every .cpp whose
# name has a declaration `X <stem>();` to give is one entry of the room's catalog: the list is generated, so that a new entry is a
# new file and nothing else.
set(BULKHEAD_ROOMS "" CACHE INTERNAL "")

function(bulkhead_room name)
  cmake_parse_arguments(ROOM "LOADABLE" "CATALOG" "ROOMS;LINK" ${ARGN})
  if(ROOM_LOADABLE)  # no library of the program
    bulkhead_loadable(${name})
    return()
  endif()
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  if(ROOM_CATALOG)
    bulkhead_catalog(${name} ${ROOM_CATALOG} catalog)
    list(APPEND sources ${catalog})
  endif()
  add_library(bulkhead_${name} STATIC ${sources})
  target_include_directories(bulkhead_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  list(TRANSFORM ROOM_ROOMS PREPEND bulkhead_)
  target_link_libraries(bulkhead_${name} PUBLIC ${ROOM_ROOMS} ${ROOM_LINK} Threads::Threads)
  set(BULKHEAD_ROOMS ${BULKHEAD_ROOMS} ${name} CACHE INTERNAL "")
endfunction()

# Generates <room>/catalog.cpp: `std::vector<X> catalog()` over the files in src/<room>/ that define `X <stem>()`. A file takes part
# when it has that definition in its text; helper files of the room simply do not.
function(bulkhead_catalog room type out)
  file(GLOB candidates CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${room}/*.cpp)
  set(declarations "")
  set(entries "")
  foreach(file IN LISTS candidates)
    get_filename_component(stem ${file} NAME_WE)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(STRINGS ${file} found REGEX "^${type} ${stem}\\(\\) {" LIMIT_COUNT 1)
    if(found)
      string(APPEND declarations "${type} ${stem}();\n")
      string(APPEND entries "    entries.push_back(${stem}());\n")
    endif()
  endforeach()
  string(TOLOWER ${type} header)
  set(text "// Generated from the files of src/${room}; do not edit.\n#include \"${room}/${header}.h\"\n\n#include <vector>\n\n")
  string(APPEND text "namespace bulkhead::${room} {\n\n${declarations}std::vector<${type}> catalog();\n\n")
  string(APPEND text "std::vector<${type}> catalog() {\n    std::vector<${type}> entries;\n${entries}    return entries;\n}\n\n}\n")
  set(path ${CMAKE_BINARY_DIR}/generated/${room}/catalog.cpp)
  file(CONFIGURE OUTPUT ${path} CONTENT "${text}" @ONLY)
  set(${out} ${path} PARENT_SCOPE)
endfunction()
