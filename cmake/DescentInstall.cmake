# What `cmake --install` lays down: the library, its headers, the command, a CMake package and a pkg-config file.
# Both find their way from where they lie, so an installed tree may be moved.
include(CMakePackageConfigHelpers)

install(TARGETS descent EXPORT descentTargets ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.hpp")
if(TARGET descent_cli)
  install(TARGETS descent_cli RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/descent")
install(EXPORT descentTargets NAMESPACE descent:: DESTINATION "${package_dir}")
configure_package_config_file(cmake/descentConfig.cmake.in "${PROJECT_BINARY_DIR}/descentConfig.cmake"
                              INSTALL_DESTINATION "${package_dir}" NO_SET_AND_CHECK_MACRO)
# Before 1.0 a minor version may break what used the one before.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/descentConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/descentConfig.cmake" "${PROJECT_BINARY_DIR}/descentConfigVersion.cmake"
        DESTINATION "${package_dir}")

file(RELATIVE_PATH DESCENT_PC_TO_PREFIX "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/prefix")
configure_file(cmake/descent.pc.in descent.pc @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/descent.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
