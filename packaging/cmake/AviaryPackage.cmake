# SPDX-License-Identifier: GPL-3.0-or-later
# What is installed where, and the binary package: cpack --config build/release/CPackConfig.cmake
include(GNUInstallDirs)
# The package takes what is built: programs, completions, manual pages.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)
set(packaging ${CMAKE_SOURCE_DIR}/packaging)

foreach(program aviary aviaryd aviary-console aviary-sample aviary-load)
  if(TARGET ${program})
    install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    list(APPEND programs ${program})
  endif()
endforeach()

add_custom_target(aviary_programs DEPENDS ${programs})

# Debian wants manual pages and the changelog compressed, and without the time in it.
function(aviary_install_gz file destination name)
  set(packed ${CMAKE_BINARY_DIR}/packaging/${name}.gz)
  add_custom_command(OUTPUT ${packed} DEPENDS ${file} VERBATIM
                     COMMAND sh -c "mkdir -p '${CMAKE_BINARY_DIR}/packaging' && gzip -9nc '${file}' > '${packed}'")
  set_property(GLOBAL APPEND PROPERTY AVIARY_PACKED ${packed})
  install(FILES ${packed} DESTINATION ${destination})
endfunction()

file(GLOB pages CONFIGURE_DEPENDS ${packaging}/man/*.[1-8])
foreach(page IN LISTS pages)
  get_filename_component(name ${page} NAME)
  string(REGEX REPLACE ".*\\." "" section ${name})
  aviary_install_gz(${page} ${CMAKE_INSTALL_MANDIR}/man${section} ${name})
endforeach()
aviary_install_gz(${packaging}/debian/changelog ${CMAKE_INSTALL_DATADIR}/doc/aviary changelog)
install(FILES ${packaging}/debian/copyright README.md DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/aviary)
get_property(packed GLOBAL PROPERTY AVIARY_PACKED)
add_custom_target(aviary_packed ALL DEPENDS ${packed})

# Completions come from the command line itself.
add_custom_target(aviary_completions ALL)
if(TARGET aviary)
  foreach(shell_place "bash|bash-completion/completions|aviary" "zsh|zsh/vendor-completions|_aviary"
                      "fish|fish/vendor_completions.d|aviary.fish")
    string(REPLACE "|" ";" shell_place "${shell_place}")
    list(GET shell_place 0 shell)
    list(GET shell_place 1 place)
    list(GET shell_place 2 name)
    set(script ${CMAKE_BINARY_DIR}/packaging/${shell}/${name})
    add_custom_command(OUTPUT ${script} DEPENDS aviary VERBATIM
                       COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/packaging/${shell}
                       COMMAND aviary completion ${shell} > ${script})
    add_custom_target(aviary_completion_${shell} DEPENDS ${script})
    add_dependencies(aviary_completions aviary_completion_${shell})
    install(FILES ${script} DESTINATION ${CMAKE_INSTALL_DATADIR}/${place})
  endforeach()
endif()

install(DIRECTORY ${CMAKE_SOURCE_DIR}/resources/schemas ${CMAKE_SOURCE_DIR}/resources/samples DESTINATION ${CMAKE_INSTALL_DATADIR}/aviary)
install(FILES ${packaging}/systemd/aviaryd.service DESTINATION lib/systemd/user)
if(TARGET aviary-console)
  install(FILES ${packaging}/desktop/org.aviary.Console.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
  install(FILES ${packaging}/desktop/org.aviary.Console.metainfo.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
  install(FILES ${packaging}/icons/org.aviary.Console.svg
          DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps)
  install(FILES ${packaging}/desktop/org.aviary.Console.mime.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/mime/packages
          RENAME org.aviary.Console.xml)
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME aviary)
set(CPACK_PACKAGE_CONTACT "Aviary maintainers <maintainers@aviary.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "operations console for software rollouts on edge clusters")
set(CPACK_PACKAGE_DESCRIPTION
"Aviary rehearses, runs and reverses software rollouts on the nodes of edge
clusters: rolling, canary, blue-green and feature-flag, from one plan, with
health checks and a statistical comparison of the new revision and the old.
A daemon keeps a journal that survives a crash; the command line tool and the
console are its clients. A local cluster of processes behind HAProxy works
out of the box.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# The SQLite driver is a plug-in, which no link names.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libqt6sql6-sqlite")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "haproxy, openssh-client, fonts-inter")
include(CPack)

add_custom_target(aviary_package COMMAND ${CMAKE_CPACK_COMMAND} --config ${CMAKE_BINARY_DIR}/CPackConfig.cmake
                  WORKING_DIRECTORY ${CMAKE_BINARY_DIR} USES_TERMINAL
                  DEPENDS aviary_programs aviary_packed aviary_completions)
