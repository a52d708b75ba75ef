# descent_fuzzer(NAME x MODULE m)
#
# tests/fuzz/<x>_fuzz.cpp defines LLVMFuzzerTestOneInput and may use module m and what m's DEPS reach (of `cli`: the
# commands). Two programs come
# of it: the test fuzz.<x>, which replays tests/fuzz/corpus/<x>/ in every build, and, with DESCENT_FUZZERS (preset
# `fuzz`: clang), the libFuzzer program <x>_fuzz that script/fuzz runs.
function(descent_link_fuzzer TARGET MODULE)
  if(MODULE STREQUAL "cli")
    target_link_libraries(${TARGET} PRIVATE descent_commands)
  else()
    descent_link_closure(${TARGET} ${MODULE})
  endif()
endfunction()

function(descent_fuzzer)
  cmake_parse_arguments(ARG "" "NAME;MODULE" "" ${ARGN})
  set(source "${PROJECT_SOURCE_DIR}/tests/fuzz/${ARG_NAME}_fuzz.cpp")
  set(corpus "${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${ARG_NAME}")

  add_executable(${ARG_NAME}_replay "${source}" "${PROJECT_SOURCE_DIR}/tests/fuzz/replay.cpp")
  descent_link_fuzzer(${ARG_NAME}_replay ${ARG_MODULE})
  add_test(NAME fuzz.${ARG_NAME} COMMAND ${ARG_NAME}_replay "${corpus}")
  set_tests_properties(fuzz.${ARG_NAME} PROPERTIES LABELS fuzz TIMEOUT 120)

  if(DESCENT_FUZZERS)
    add_executable(${ARG_NAME}_fuzz "${source}")
    descent_link_fuzzer(${ARG_NAME}_fuzz ${ARG_MODULE})
    target_link_options(${ARG_NAME}_fuzz PRIVATE -fsanitize=fuzzer)
  endif()
endfunction()
