# Flags of every target of this project.
#
# -ffp-contract=off, and no -ffast-math anywhere: the same bits on every CPU target and from every compiler is a
# promise (HACKING.md, "The same bits"). -fno-math-errno -fno-trapping-math let sqrt become one instruction without
# changing any result.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release, RelWithDebInfo or Debug" FORCE)
endif()

add_library(descent_flags INTERFACE)
target_compile_options(descent_flags INTERFACE
  -ffp-contract=off -fno-math-errno -fno-trapping-math
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
  # Designated initialisers with defaults for the rest are this project's way to pass options.
  -Wno-missing-field-initializers
  # g++ 12 invents overlaps in string concatenation (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
if(DESCENT_WERROR)
  target_compile_options(descent_flags INTERFACE -Werror)
endif()
if(DESCENT_SANITIZE)
  target_compile_options(descent_flags INTERFACE -fsanitize=${DESCENT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(descent_flags INTERFACE -fsanitize=${DESCENT_SANITIZE})
endif()

# For what uses precompiled headers: from them g++ 12 shows what it invents about std::string (bug 105651 again), as if it
# were ours.
add_library(descent_precompiled_flags INTERFACE)
target_compile_options(descent_precompiled_flags INTERFACE
  $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds;-Wno-stringop-overflow;-Wno-stringop-overread>)

# The standard headers that most sources of the modules include, compiled once: they were a third of what a source took to
# compile. Headers are also compiled without them, one by one (tests/hygiene), and so is everything in preset clang.
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/std_headers.cpp" CONTENT "" @ONLY)
add_library(descent_std_headers OBJECT "${PROJECT_BINARY_DIR}/std_headers.cpp")
target_link_libraries(descent_std_headers PRIVATE descent_flags descent_precompiled_flags)
target_precompile_headers(descent_std_headers PRIVATE <algorithm> <array> <cmath> <cstddef> <cstdint> <functional> <limits>
                          <memory> <optional> <span> <string> <string_view> <utility> <vector>)

if(DESCENT_TESTS)
  # After descent_flags: EXPECT_THROW(f(x), Error) drops f's value on purpose.
  add_library(descent_test_flags INTERFACE)
  # What is tested is the library, at -O3; the tests themselves compile in half the time at -O1.
  target_compile_options(descent_test_flags INTERFACE -Wno-unused-result $<$<CONFIG:Release>:-O1>)
  target_compile_definitions(descent_test_flags INTERFACE DESCENT_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(descent_test_flags INTERFACE descent_precompiled_flags GTest::gtest GTest::gmock)

  # GoogleTest's headers, compiled once for all test programs: they were more than half of what a test took to compile.
  # Whoever reuses them has to be compiled with the same flags: descent_flags and descent_test_flags.
  file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/test_headers.cpp" CONTENT "int main() {}\n" @ONLY)
  add_executable(descent_test_headers "${PROJECT_BINARY_DIR}/test_headers.cpp")
  target_link_libraries(descent_test_headers PRIVATE descent_flags descent_test_flags)
  target_precompile_headers(descent_test_headers PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
endif()
