# SPDX-License-Identifier: Apache-2.0
# bulkhead.so: the tables as a loadable extension of SQLite. The files of src/sql that touch a connection are compiled once more for it, so
# that they call the SQLite which has loaded it (src/sql/sqlite.h); the rooms below are the program's own libraries.
set(BULKHEAD_LOADED_SQL functions made_rows views virtual_table)

function(bulkhead_loadable name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  foreach(file IN LISTS BULKHEAD_LOADED_SQL)
    list(APPEND sources ${CMAKE_SOURCE_DIR}/src/sql/${file}.cpp)
  endforeach()
  bulkhead_embed(bulkhead_views FOLDERS views)
  add_library(bulkhead_${name} MODULE ${sources})
  target_compile_definitions(bulkhead_${name} PRIVATE BULKHEAD_LOADABLE)
  target_link_libraries(bulkhead_${name} PRIVATE bulkhead_tables bulkhead_history bulkhead_views PkgConfig::re2)
  # Nothing of ours is seen but the entry point, and it stays in memory: threads of ours may run when a connection ends.
  set(exported ${CMAKE_SOURCE_DIR}/src/${name}/exported)
  target_link_options(bulkhead_${name} PRIVATE -Wl,--version-script=${exported} -Wl,-z,nodelete -Wl,--no-undefined)
  set_target_properties(bulkhead_${name} PROPERTIES PREFIX "" OUTPUT_NAME bulkhead CXX_VISIBILITY_PRESET hidden
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR} LINK_DEPENDS ${exported})
  # What lies in another program's memory may lie anywhere in it.
  set_target_properties(bulkhead_base bulkhead_world bulkhead_packet bulkhead_flow bulkhead_history bulkhead_engine bulkhead_host bulkhead_trust bulkhead_image bulkhead_build bulkhead_tables bulkhead_views
    PROPERTIES POSITION_INDEPENDENT_CODE ON)
endfunction()
