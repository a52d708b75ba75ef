// Which instruction set the kernels use: the one global state of the library.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace descent::simd {

/// Names of the targets that this build has and this machine can run, best first: `AVX3 AVX2 SSE4 SSSE3 ...`.
[[nodiscard]] std::vector<std::string> supported_targets();
/// The one in use.
[[nodiscard]] std::string active_target();
/// Uses `name` from now on (tests, bug hunts). Throws: Error(usage) if it is not one of supported_targets().
void force_target(std::string_view name);
/// Back to the best one.
void reset_target();

}  // namespace descent::simd
