# SPDX-License-Identifier: Apache-2.0
# Programs for the kernel: compiled by clang for its machine, and carried inside the program as a resource. Debian 12 calls version 14 clang, which is
# enough; what it makes is verified in a third of the time that 19 costs.
find_program(BULKHEAD_BPF_CLANG NAMES clang clang-19 REQUIRED)

function(bulkhead_bpf source)
  get_filename_component(name ${source} NAME_WE)
  get_filename_component(folder ${source} DIRECTORY)
  string(REGEX REPLACE "^src/([a-z_]+)/.*$" "\\1" room ${source})
  set(object ${CMAKE_BINARY_DIR}/generated/${room}/${name}.bpf.o)
  file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.h ${CMAKE_SOURCE_DIR}/src/${room}/shared.h)
  add_custom_command(OUTPUT ${object} DEPENDS ${CMAKE_SOURCE_DIR}/${source} ${headers} COMMENT "Building ${source}"
    COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/generated/${room}
    COMMAND ${BULKHEAD_BPF_CLANG} -target bpf -mcpu=v3 -O2 -g -Wall -Wextra -Werror -I${CMAKE_SOURCE_DIR}/src -I/usr/include/${CMAKE_LIBRARY_ARCHITECTURE}
      -c ${CMAKE_SOURCE_DIR}/${source} -o ${object})
endfunction()
