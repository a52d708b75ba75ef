# Configured, not built: that would be this build once more.
include("${CMAKE_CURRENT_LIST_DIR}/run.cmake")
file(REMOVE_RECURSE "${BUILD}")
run("${CMAKE_COMMAND}" -G Ninja -S "${CMAKE_CURRENT_LIST_DIR}/embedding" -B "${BUILD}" -D "CMAKE_CXX_COMPILER=${CXX}"
    -D "DESCENT_ROOT=${ROOT}")
