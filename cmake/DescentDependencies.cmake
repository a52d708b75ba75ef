# What the library is built from; every one is a Debian 12 package (named by script/setup).
# None of them appears in a public header, so users of an installed descent need them at link time only.
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(fmt REQUIRED)
find_package(Eigen3 REQUIRED NO_MODULE)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)

# Highway's headers alone: src/simd/dispatch_simd.hpp says why its library is not linked.
find_package(PkgConfig REQUIRED)
pkg_check_modules(hwy REQUIRED libhwy)
if(NOT TARGET descent_hwy)
  add_library(descent_hwy INTERFACE IMPORTED GLOBAL)
  target_include_directories(descent_hwy SYSTEM INTERFACE ${hwy_INCLUDE_DIRS})
endif()

# By hand: the CMake package of Debian's libzstd-dev names its targets otherwise than those of other systems.
find_library(ZSTD_LIBRARY zstd REQUIRED)
find_path(ZSTD_INCLUDE_DIR zstd.h REQUIRED)
if(NOT TARGET descent_zstd)
  add_library(descent_zstd INTERFACE IMPORTED GLOBAL)
  target_link_libraries(descent_zstd INTERFACE "${ZSTD_LIBRARY}")
  target_include_directories(descent_zstd SYSTEM INTERFACE "${ZSTD_INCLUDE_DIR}")
endif()

# Debian's libsleef-dev ships no CMake package and no usable pkg-config file.
find_library(SLEEF_LIBRARY sleef REQUIRED)
find_path(SLEEF_INCLUDE_DIR sleef.h REQUIRED)
if(NOT TARGET descent_sleef)
  add_library(descent_sleef INTERFACE IMPORTED GLOBAL)
  target_link_libraries(descent_sleef INTERFACE "${SLEEF_LIBRARY}")
  target_include_directories(descent_sleef SYSTEM INTERFACE "${SLEEF_INCLUDE_DIR}")
endif()

# What a program that links an installed descent needs besides it (Highway, Eigen, nlohmann-json and CLI11 are headers only).
# cmake/descentConfig.cmake.in finds these, cmake/descent.pc.in names them for pkg-config.
set(DESCENT_INSTALLED_LIBRARIES descent::sleef descent::zstd fmt::fmt ZLIB::ZLIB)
