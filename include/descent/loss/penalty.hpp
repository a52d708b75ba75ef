// Penalties on coefficients: none, l1, l2, elasticnet.
#pragma once

#include <string>
#include <string_view>

#include "descent/core/registry.hpp"
#include "descent/core/span.hpp"

namespace descent::loss {

/// p(w) = l1 ||w||_1 + l2/2 ||w||^2.
///
/// `l2:a` is {0, a}; `l1:a` is {a, 0}; `elasticnet:a,r` is {a r, a (1 - r)}.
/// Differs: scikit-learn's Ridge multiplies ||w||^2 by alpha without the 1/2 and does not scale the loss
/// (docs/design/loss.md has the table).
struct Penalty {
  double l1 = 0.0;  ///< >= 0; default 0: no penalty unless asked
  double l2 = 0.0;  ///< >= 0; default 0

  [[nodiscard]] bool none() const { return l1 == 0.0 && l2 == 0.0; }
  [[nodiscard]] bool smooth() const { return l1 == 0.0; }
  [[nodiscard]] double value(View w) const;
  /// gradient += l2 w + l1 sign(w), with sign(0) = 0: the gradient where p has one, a subgradient elsewhere.
  void add_gradient(View w, MutableView gradient) const;
  /// w = argmin_v p(v) + ||v - w||^2 / (2 step); exact zeros where l1 > 0.
  void prox(double step, MutableView w) const;
  /// As a user would type it: `none`, `l2:0.0001`, `elasticnet:1,0.5`.
  [[nodiscard]] std::string text() const;

  bool operator==(const Penalty&) const = default;
};

using PenaltyMaker = Penalty (*)(const BoundArguments&);

[[nodiscard]] const Registry<PenaltyMaker>& penalty_registry();

/// `none`, `l2:1e-4` or `l2(1e-4)`, `l1:..`, `elasticnet:a,r`. Throws: Error(usage).
[[nodiscard]] Penalty parse_penalty(std::string_view text);

}  // namespace descent::loss
