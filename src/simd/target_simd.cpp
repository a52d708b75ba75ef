#include <hwy/highway.h>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/simd/target.hpp"

namespace descent::simd {
namespace {

/// The targets of `supported` that this build has. The static one is always there: the machine runs what the rest of
/// the program was compiled for. Highway numbers better targets lower.
std::int64_t generated(std::int64_t supported) { return (supported | HWY_STATIC_TARGET) & HWY_TARGETS; }

/// Whatever is forced at the moment.
std::int64_t all_targets() {
  static const std::int64_t targets = [] {
    hwy::SetSupportedTargetsForTest(0);
    return generated(hwy::SupportedTargets());
  }();
  return targets;
}

}  // namespace

std::vector<std::string> supported_targets() {
  std::vector<std::string> names;
  for (std::int64_t rest = all_targets(); rest != 0; rest &= rest - 1)
    names.emplace_back(hwy::TargetName(rest & -rest));
  return names;
}

std::string active_target() {
  all_targets();
  // The one that HWY_DYNAMIC_DISPATCH takes.
  const std::int64_t targets = generated(hwy::SupportedTargets());
  return hwy::TargetName(targets & -targets);
}

void force_target(std::string_view name) {
  for (std::int64_t rest = all_targets(); rest != 0; rest &= rest - 1) {
    const std::int64_t target = rest & -rest;
    if (name != hwy::TargetName(target)) continue;
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(target);
    return;
  }
  const std::vector<std::string> names = supported_targets();
  throw Error(ErrorCode::usage,
              "unknown CPU target " + quoted(name) + did_you_mean(name, names) + "; this machine has " + join(names));
}

void reset_target() {
  const std::int64_t targets = all_targets();
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(targets);
}

}  // namespace descent::simd
