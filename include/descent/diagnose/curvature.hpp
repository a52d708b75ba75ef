// The Hessian around a point, from gradients alone.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "descent/core/objective.hpp"
#include "descent/core/span.hpp"

namespace descent::diagnose {

/// Where the variables may be; empty: anywhere.
struct Region {
  View low;   ///< shape = [n]
  View high;  ///< shape = [n]
};

/// Eigenvalues and unit eigenvectors of the Hessian, rising. Variables that cannot move have 0 in every vector.
struct Spectrum {
  std::vector<double> values;
  std::vector<std::vector<double>> vectors;
  /// Values no larger than this cannot be told from 0: what two differences of unlike width disagree by, and at least
  /// 1e-7 of the largest value in size.
  double uncertainty = 0.0;
  /// All of them; else the ends of the spectrum, by Lanczos: the smallest is then no smaller than it should be.
  bool complete = true;
  std::size_t evaluations = 0;  ///< gradients
};

/// Most variables that are looked at: what is remembered stays below 1 MiB.
inline constexpr std::size_t kMaxSpectrumVariables = 1000;

/// Central differences of the gradient, h = 2^-17 max(1, |x_i|): the whole Hessian for up to 32 variables (2n + 6
/// gradients), else at most 40 steps of Lanczos with full reorthogonalisation (86 gradients).
/// `held`: variables that stay where they are; empty: none. Points outside `region` are not evaluated.
/// Nothing if a gradient is not finite, no variable is free, or there are more than kMaxSpectrumVariables.
/// Reference: B. N. Parlett, "The Symmetric Eigenvalue Problem", SIAM 1998, ch. 9 and 13.
[[nodiscard]] std::optional<Spectrum> spectrum(Objective& objective, View x, const Region& region = {},
                                               const std::vector<bool>& held = {});

}  // namespace descent::diagnose
