// Which of a kernel's versions runs: DESCENT_EXPORT(F) once, then DESCENT_DISPATCH(F)(arguments).
//
// As Highway's own HWY_EXPORT and HWY_DYNAMIC_DISPATCH, and with its tables; but those need its shared library (Debian
// has no other), which times its clock for 3.9 of the 5.9 ms that `descent --version` then took. Without it Highway is
// headers only, and nobody who links descent needs it.
#pragma once

#include <hwy/highway.h>

#include <atomic>
#include <cstddef>

namespace descent::simd {

/// Place of the version to run in a kernel's table, plus 1; 0 before anybody asked.
extern std::atomic<std::size_t> chosen_version;
/// Chooses the best this machine has, unless one is chosen already.
std::size_t choose_version();

inline std::size_t version_to_run() {
  const std::size_t chosen = chosen_version.load(std::memory_order_relaxed);
  return (chosen != 0 ? chosen : choose_version()) - 1;
}

}  // namespace descent::simd

#define DESCENT_EXPORT(F)                                                                               \
  static decltype(&HWY_STATIC_DISPATCH(F)) const HWY_DISPATCH_TABLE(F)[HWY_MAX_DYNAMIC_TARGETS + 1] = { \
      HWY_CHOOSE_TARGET_LIST(F), HWY_CHOOSE_FALLBACK(F)}
#define DESCENT_DISPATCH(F) (*(HWY_DISPATCH_TABLE(F)[descent::simd::version_to_run()]))
