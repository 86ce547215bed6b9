# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` puts where, and the Debian package by CPack (`make package`). The controls, the lab and the views are inside the program.
include(GNUInstallDirs)
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)  # not the tests

set(made ${CMAKE_BINARY_DIR}/packaged)
file(MAKE_DIRECTORY ${made})
find_program(BULKHEAD_SCDOC scdoc)
file(GLOB pages CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/docs/man/*.scd)
set(packaged "")
if(BULKHEAD_SCDOC)
  foreach(page IN LISTS pages)
    get_filename_component(name ${page} NAME_WLE)
    add_custom_command(OUTPUT ${made}/${name}.gz DEPENDS ${page} VERBATIM
      COMMAND sh -c "${BULKHEAD_SCDOC} < ${page} | gzip -9n > ${made}/${name}.gz")
    list(APPEND packaged ${made}/${name}.gz)
    install(FILES ${made}/${name}.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 OPTIONAL)
  endforeach()
endif()
foreach(shell bash zsh fish)
  add_custom_command(OUTPUT ${made}/completion.${shell} DEPENDS bulkhead VERBATIM
    COMMAND sh -c "$<TARGET_FILE:bulkhead> completion ${shell} > ${made}/completion.${shell}")
  list(APPEND packaged ${made}/completion.${shell})
endforeach()
add_custom_command(OUTPUT ${made}/changelog.gz DEPENDS packaging/changelog VERBATIM
  COMMAND sh -c "gzip -9nc ${CMAKE_SOURCE_DIR}/packaging/changelog > ${made}/changelog.gz")
list(APPEND packaged ${made}/changelog.gz)
# Everything that is installed; not part of `all`.
add_custom_target(packaged DEPENDS bulkhead bulkhead_extension ${packaged})

install(TARGETS bulkhead RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS bulkhead_extension LIBRARY DESTINATION lib/bulkhead)
install(FILES ${made}/completion.bash DESTINATION share/bash-completion/completions RENAME bulkhead OPTIONAL)
install(FILES ${made}/completion.zsh DESTINATION share/zsh/vendor-completions RENAME _bulkhead OPTIONAL)
install(FILES ${made}/completion.fish DESTINATION share/fish/vendor_completions.d RENAME bulkhead.fish OPTIONAL)
file(GLOB documents CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/docs/*.md)
install(FILES README.md SECURITY.md ARCHITECTURE.md ${documents} packaging/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES packaging/bulkhead.yaml DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
install(FILES packaging/bulkhead.service DESTINATION lib/systemd/system)
install(FILES ${made}/changelog.gz DESTINATION ${CMAKE_INSTALL_DOCDIR} OPTIONAL)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME bulkhead)
set(CPACK_PACKAGE_VENDOR "the bulkhead authors")
set(CPACK_PACKAGE_CONTACT "the bulkhead authors <bulkhead@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "audit of Docker hosts, in SQL")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "bulkhead reads what Docker's engine, the kernel and build files say
about containers, turns it into SQL tables and judges them by the controls
of OWASP's Container Security Verification Standard and of the CIS Docker
Benchmark. What could not be read is told, and never taken for good.

The tables are a loadable extension of SQLite too:
/usr/lib/bulkhead/bulkhead.so")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_OUTPUT_FILE_PREFIX ${CMAKE_SOURCE_DIR}/dist)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Without these, what rests on firewall rules is unknown.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "iptables, nftables")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "sqlite3, docker.io")
include(CPack)
