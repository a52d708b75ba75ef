#include "descent/simd/target.hpp"

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "src/simd/dispatch_simd.hpp"

namespace descent::simd {

constinit std::atomic<std::size_t> chosen_version{0};

namespace {

/// Highway's numbers of targets: one bit each, better ones lower.
using Targets = std::int64_t;

/// What this machine runs. Each target's instructions are those that Highway compiles it for.
Targets targets_of_machine() {
  Targets targets = HWY_STATIC_TARGET;  // the rest of the program is compiled for it, too
#if HWY_ARCH_X86
  __builtin_cpu_init();
  const auto and_then = [&](Targets target, bool has) {
    if (has) targets |= target;
    return has;
  };
  // Every processor with AVX2, FMA and BMI2 has F16C, which clang 14 does not know by name.
  static_cast<void>(and_then(HWY_SSSE3, __builtin_cpu_supports("ssse3")) &&
                    and_then(HWY_SSE4, __builtin_cpu_supports("sse4.1") && __builtin_cpu_supports("sse4.2") &&
                                           __builtin_cpu_supports("aes") && __builtin_cpu_supports("pclmul")) &&
                    and_then(HWY_AVX2, __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                                           __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2")) &&
                    and_then(HWY_AVX3, __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                                           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw")));
#endif
  return targets & HWY_TARGETS;
}

Targets all_targets() {
  static const Targets targets = targets_of_machine();
  return targets;
}

/// The place in a kernel's table, plus 1, that belongs to one target: the table has the target of the lowest bit that a
/// kernel can be compiled for first, and the plain version last.
std::size_t version_of(Targets target) {
  const auto bits = static_cast<std::uint64_t>(HWY_CHOSEN_TARGET_SHIFT(target) | HWY_CHOSEN_TARGET_MASK_SCALAR);
  return static_cast<std::size_t>(hwy::Num0BitsBelowLS1Bit_Nonzero64(bits));
}

}  // namespace

std::size_t choose_version() {
  std::size_t none = 0;
  const std::size_t best = version_of(all_targets() & -all_targets());
  return chosen_version.compare_exchange_strong(none, best) ? best : none;
}

std::vector<std::string> supported_targets() {
  std::vector<std::string> names;
  for (Targets rest = all_targets(); rest != 0; rest &= rest - 1) names.emplace_back(hwy::TargetName(rest & -rest));
  return names;
}

std::string active_target() {
  const std::size_t version = version_to_run() + 1;
  for (Targets rest = all_targets(); rest != 0; rest &= rest - 1)
    if (version_of(rest & -rest) == version) return hwy::TargetName(rest & -rest);
  return {};  // not reached: only versions of all_targets() are ever chosen
}

void force_target(std::string_view name) {
  for (Targets rest = all_targets(); rest != 0; rest &= rest - 1) {
    const Targets target = rest & -rest;
    if (name != hwy::TargetName(target)) continue;
    chosen_version = version_of(target);
    return;
  }
  const std::vector<std::string> names = supported_targets();
  throw Error(ErrorCode::usage,
              "unknown CPU target " + quoted(name) + did_you_mean(name, names) + "; this machine has " + join(names));
}

void reset_target() { chosen_version = version_of(all_targets() & -all_targets()); }

}  // namespace descent::simd
