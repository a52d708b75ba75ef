// Rules: what is done to a gradient before it is subtracted from the parameters.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "descent/core/span.hpp"
#include "descent/optim/schedule.hpp"

namespace descent {

/// Elements a chain handles at a time: 2 KiB for each vector, so a long chain's working set stays in L1.
inline constexpr std::size_t kRuleBlock = 256;

/// What a user's rule sees: some elements of every vector. `update` begins as the gradient (or what the rules before
/// made of it) and is what will be subtracted from `x`.
struct RuleBlock {
  std::span<double> update;   ///< to be changed in place
  std::span<const double> x;  ///< parameters before this update
  std::size_t first = 0;      ///< index of the first element
  std::uint64_t step = 0;     ///< updates made before this one
};

enum class RuleKind : std::uint8_t {
  clip_by_value,
  clip_by_global_norm,
  add_decayed_weights,
  scale,
  trace,
  ema,
  scale_by_rms,
  scale_by_adam,
  scale_by_learning_rate,
  custom,
};

/// One primitive rule: a kind and its numbers. Its state lives in ChainState.
struct Rule {
  RuleKind kind = RuleKind::scale;
  /// clip: max. decay: weight. scale: factor. trace: momentum, dampening, nesterov (0 or 1). ema: decay.
  /// rms: rho, epsilon. adam: beta1, beta2, epsilon.
  std::array<double, 3> values{};
  std::shared_ptr<const Schedule> schedule;                       ///< of scale_by_learning_rate
  std::shared_ptr<const std::function<void(RuleBlock&)>> custom;  ///< of custom

  /// Vectors of n elements it remembers: 0, 1 or 2.
  [[nodiscard]] std::size_t num_slots() const {
    if (kind == RuleKind::scale_by_adam) return 2;
    return kind == RuleKind::trace || kind == RuleKind::ema || kind == RuleKind::scale_by_rms ? 1 : 0;
  }
};

}  // namespace descent
