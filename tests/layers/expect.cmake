# Configures and builds the fixture for CASE and expects it to fail at STAGE (none, configure or link) saying WORDS.
file(REMOVE_RECURSE "${BUILD}")

function(expect stage result output)
  if(result EQUAL 0 AND stage STREQUAL STAGE)
    message(FATAL_ERROR "case '${CASE}' did not fail at ${stage}")
  elseif(NOT result EQUAL 0 AND NOT stage STREQUAL STAGE)
    message(FATAL_ERROR "case '${CASE}' failed at ${stage}, where it should not:\n${output}")
  elseif(NOT result EQUAL 0 AND NOT output MATCHES "${WORDS}")
    message(FATAL_ERROR "case '${CASE}' failed at ${stage} without saying '${WORDS}':\n${output}")
  endif()
endfunction()

execute_process(
  COMMAND "${CMAKE_COMMAND}" -G Ninja -S "${SOURCE}" -B "${BUILD}" -D "CASE=${CASE}" -D "CMAKE_CXX_COMPILER=${CXX}"
          -D "CMAKE_MODULE_PATH=${MODULE_PATH}"
  RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
expect(configure "${result}" "${output}")
if(NOT result EQUAL 0)
  return()
endif()

# All objects compile: what fails after that is the link.
execute_process(COMMAND "${CMAKE_COMMAND}" --build "${BUILD}" --target compiled
                RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
expect(compile "${result}" "${output}")
execute_process(COMMAND "${CMAKE_COMMAND}" --build "${BUILD}"
                RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
expect(link "${result}" "${output}")
if(result EQUAL 0)
  execute_process(COMMAND "${BUILD}/top_test" RESULT_VARIABLE result)
  expect(run "${result}" "")
endif()
