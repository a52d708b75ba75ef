// Is a gradient right? Compared with extrapolated differences, component by component.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "descent/core/objective.hpp"

namespace descent {

struct GradientCheckOptions {
  /// Relative difference that is allowed, > 0. 1e-6: extrapolated differences are good to about 1e-10 where f is
  /// smooth.
  double tolerance = 1e-6;
};

/// One component of the gradient.
struct GradientComponent {
  enum class Verdict {
    agrees,
    differs,
    uncertain,  ///< the differences themselves do not settle: a kink, a jump, noise, or the edge of the domain
  };
  double given = 0.0;        ///< by the objective
  double numeric = 0.0;      ///< by differences; NaN where f is not finite nearby
  double uncertainty = 0.0;  ///< estimated error of `numeric`
  Verdict verdict = Verdict::agrees;

  [[nodiscard]] double difference() const;  ///< |given - numeric| over max(1, |given|, |numeric|)
};

struct GradientCheck {
  bool ok = true;  ///< no component differs
  std::vector<GradientComponent> components;
  std::size_t worst = 0;  ///< the component that differs most, or is the most uncertain when none differs
  /// One sentence that names the worst component and both values.
  std::string text;
};

/// Compares the gradient of `objective` at x with central differences, extrapolated to step 0.
/// Costs up to 20 n values. Throws: Error(usage) when x has another size or is not finite.
/// Reference: C. J. F. Ridders, "Accurate computation of F'(x) and F'(x) F''(x)", Advances in Engineering Software
/// 4(2), 1982.
[[nodiscard]] GradientCheck check_gradient(Objective& objective, View x, const GradientCheckOptions& options = {});

}  // namespace descent
