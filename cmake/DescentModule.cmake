# descent_module(NAME x LAYER n DEPS a b SOURCES .. LIBRARIES .. TESTS .. BENCHMARKS ..)
#
# One module = one OBJECT library `descent_<x>`, its test program `<x>_test` and its benchmark program `<x>_bench`.
# DEPS are other modules and must lie in a lower layer: an arrow that does not point downward fails here, at configure.
# OBJECT libraries do not hand on their objects, so the closure of DEPS is kept in a property and the test program is
# linked from exactly that closure: a use of a module that DEPS does not name fails at link.
# LIBRARIES are third-party targets, private to the module's sources.
define_property(GLOBAL PROPERTY DESCENT_MODULES BRIEF_DOCS "all modules" FULL_DOCS "all modules, lowest first")

function(descent_module)
  cmake_parse_arguments(ARG "" "NAME;LAYER" "DEPS;SOURCES;LIBRARIES;TESTS;BENCHMARKS" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "descent_module(${ARG_NAME}): unknown arguments: ${ARG_UNPARSED_ARGUMENTS}")
  endif()

  set(closure ${ARG_NAME})
  set(libraries ${ARG_LIBRARIES})
  foreach(dep IN LISTS ARG_DEPS)
    if(NOT TARGET descent_${dep})
      message(FATAL_ERROR "descent_module(${ARG_NAME}): depends on '${dep}', which is not declared before it")
    endif()
    get_target_property(dep_layer descent_${dep} DESCENT_LAYER)
    if(NOT dep_layer LESS ARG_LAYER)
      message(FATAL_ERROR "descent_module(${ARG_NAME}): layer ${ARG_LAYER} may not depend on '${dep}' of layer "
                          "${dep_layer}: arrows point downward only (HACKING.md, \"Layers\")")
    endif()
    get_target_property(dep_closure descent_${dep} DESCENT_CLOSURE)
    get_target_property(dep_libraries descent_${dep} DESCENT_LIBRARIES)
    list(APPEND closure ${dep_closure})
    if(dep_libraries)
      list(APPEND libraries ${dep_libraries})
    endif()
  endforeach()
  list(REMOVE_DUPLICATES closure)
  list(REMOVE_DUPLICATES libraries)

  add_library(descent_${ARG_NAME} OBJECT ${ARG_SOURCES})
  target_include_directories(descent_${ARG_NAME} PUBLIC "${PROJECT_SOURCE_DIR}/include" PRIVATE "${PROJECT_SOURCE_DIR}")
  target_link_libraries(descent_${ARG_NAME} PRIVATE descent_flags ${ARG_LIBRARIES})
  if(TARGET descent_std_headers)  # tests/layers uses this file without them
    target_link_libraries(descent_${ARG_NAME} PRIVATE descent_precompiled_flags)
    target_precompile_headers(descent_${ARG_NAME} REUSE_FROM descent_std_headers)
  endif()
  set_target_properties(descent_${ARG_NAME} PROPERTIES
    DESCENT_LAYER ${ARG_LAYER} DESCENT_CLOSURE "${closure}" DESCENT_LIBRARIES "${libraries}" DESCENT_DEPS "${ARG_DEPS}")
  set_property(GLOBAL APPEND PROPERTY DESCENT_MODULES ${ARG_NAME})

  if(DESCENT_TESTS AND ARG_TESTS)
    list(TRANSFORM ARG_TESTS PREPEND "${PROJECT_SOURCE_DIR}/tests/${ARG_NAME}/")
    add_executable(${ARG_NAME}_test ${ARG_TESTS})
    descent_link_closure(${ARG_NAME}_test ${ARG_NAME})
    target_include_directories(${ARG_NAME}_test PRIVATE "${PROJECT_SOURCE_DIR}/tests")
    target_link_libraries(${ARG_NAME}_test PRIVATE descent_test_flags GTest::gtest_main)
    if(TARGET descent_test_headers)
      target_precompile_headers(${ARG_NAME}_test REUSE_FROM descent_test_headers)
    endif()
    gtest_discover_tests(${ARG_NAME}_test DISCOVERY_MODE PRE_TEST PROPERTIES LABELS ${ARG_NAME} TIMEOUT 300)
  endif()
  if(DESCENT_BENCHMARKS AND ARG_BENCHMARKS)
    list(TRANSFORM ARG_BENCHMARKS PREPEND "${PROJECT_SOURCE_DIR}/benchmarks/${ARG_NAME}/")
    add_executable(${ARG_NAME}_bench ${ARG_BENCHMARKS})
    descent_link_closure(${ARG_NAME}_bench ${ARG_NAME})
    target_link_libraries(${ARG_NAME}_bench PRIVATE benchmark::benchmark benchmark::benchmark_main)
    # One place and one target for all of them: script/bench.
    set_target_properties(${ARG_NAME}_bench PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/benchmarks")
    if(NOT TARGET benchmarks)
      add_custom_target(benchmarks)
    endif()
    add_dependencies(benchmarks ${ARG_NAME}_bench)
  endif()
endfunction()

# Links TARGET from the objects of MODULE and of everything MODULE's DEPS reach, and from nothing else of ours.
function(descent_link_closure TARGET MODULE)
  get_target_property(closure descent_${MODULE} DESCENT_CLOSURE)
  get_target_property(libraries descent_${MODULE} DESCENT_LIBRARIES)
  foreach(name IN LISTS closure)
    target_link_libraries(${TARGET} PRIVATE $<TARGET_OBJECTS:descent_${name}>)
  endforeach()
  target_include_directories(${TARGET} PRIVATE "${PROJECT_SOURCE_DIR}/include" "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${TARGET} PRIVATE descent_flags Threads::Threads)
  if(libraries)
    target_link_libraries(${TARGET} PRIVATE ${libraries})
  endif()
endfunction()

# All modules become the one library that is installed, descent::descent: static, so a program that uses it is one file.
# What the sources need to compile ends with this build; what a user's link needs is named once more for the installed
# package (cmake/DescentInstall.cmake finds it there).
function(descent_library)
  get_property(modules GLOBAL PROPERTY DESCENT_MODULES)
  add_library(descent STATIC)
  add_library(descent::descent ALIAS descent)
  set(libraries)
  foreach(name IN LISTS modules)
    target_sources(descent PRIVATE $<TARGET_OBJECTS:descent_${name}>)
    get_target_property(module_libraries descent_${name} DESCENT_LIBRARIES)
    if(module_libraries)
      list(APPEND libraries ${module_libraries})
    endif()
  endforeach()
  list(REMOVE_DUPLICATES libraries)
  foreach(library IN LISTS libraries)
    target_link_libraries(descent PRIVATE $<BUILD_INTERFACE:${library}>)
  endforeach()
  target_link_libraries(descent PRIVATE $<BUILD_INTERFACE:descent_flags> Threads::Threads
                        INTERFACE "$<INSTALL_INTERFACE:${DESCENT_INSTALLED_LIBRARIES}>")
  target_include_directories(descent PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
                                            $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_compile_features(descent PUBLIC cxx_std_20)
endfunction()
