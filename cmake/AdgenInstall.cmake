# What `cmake --install` puts where: bin/adgen, lib/libadgen.a, the headers, the CMake package, adgen.pc.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/adgen)

install(TARGETS adgen adgen_runtime EXPORT adgenTargets)
if(TARGET adgen_blas)
  install(TARGETS adgen_blas EXPORT adgenTargets)
endif()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/runtime/include/adgen TYPE INCLUDE)
install(EXPORT adgenTargets NAMESPACE adgen:: DESTINATION ${package_dir})

configure_package_config_file(cmake/adgenConfig.cmake.in ${PROJECT_BINARY_DIR}/adgenConfig.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/adgenConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/adgenConfig.cmake
              ${PROJECT_BINARY_DIR}/adgenConfigVersion.cmake
              ${PROJECT_SOURCE_DIR}/cmake/adgen_generate.cmake
        DESTINATION ${package_dir})

# adgen.pc finds its prefix from its own place, so that an installed tree can be moved.
file(RELATIVE_PATH prefix_from_pc /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(cmake/adgen.pc.in ${PROJECT_BINARY_DIR}/adgen.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/adgen.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
