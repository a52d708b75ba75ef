include("${CMAKE_CURRENT_LIST_DIR}/run.cmake")
file(REMOVE_RECURSE "${BUILD}")
run("${CMAKE_COMMAND}" -G Ninja -S "${SOURCE}" -B "${BUILD}" -D "CMAKE_CXX_COMPILER=${CXX}" -D "CMAKE_CXX_FLAGS=${FLAGS}"
    -D "CMAKE_PREFIX_PATH=${PREFIX}")
run("${CMAKE_COMMAND}" --build "${BUILD}")
run("${BUILD}/program")
