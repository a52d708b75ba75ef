// Losses of one score and one target.
#pragma once

#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include "descent/core/registry.hpp"
#include "descent/core/span.hpp"

namespace descent::loss {

/// What the target of a loss is.
enum class TargetKind {
  number,  ///< any finite number; the residual is r = s - y
  sign,    ///< -1 or +1; the margin is z = y s
};

/// Whose reading of a kink is used. Values agree; subgradients at one point differ.
enum class Compat {
  native,       ///< hinge slopes where the margin is < 1
  sklearn_1_2,  ///< hinge slopes where the margin is <= 1, as scikit-learn 1.2
};

[[nodiscard]] const char* to_text(Compat compat);
/// `none` (native) or `sklearn-1.2`. Throws: Error(usage).
[[nodiscard]] Compat parse_compat(std::string_view text);

/// l(s, y): the loss of score s for target y, convex in s except where `convex` says no.
///
/// Over spans of equal size; the same bits on every machine (elementary functions from core/elementary.hpp).
class Loss {
 public:
  Loss() = default;
  Loss(const Loss&) = delete;
  Loss& operator=(const Loss&) = delete;
  virtual ~Loss() = default;

  /// As a user would type it: `huber(1.35)`.
  [[nodiscard]] virtual std::string text() const = 0;
  [[nodiscard]] virtual TargetKind target() const = 0;

  /// values_i = l(s_i, y_i), slopes_i = dl/ds (one subgradient at a kink). `slopes` may be empty.
  virtual void evaluate(View scores, View targets, MutableView values, MutableView slopes) const = 0;

  /// out_i = d2l/ds2 (0 at a kink).
  virtual void curvature(View scores, View targets, MutableView out) const = 0;

  /// sup d2l/ds2, the Lipschitz constant of the slope; infinity when the slope jumps.
  [[nodiscard]] virtual double max_curvature() const = 0;
  [[nodiscard]] bool smooth() const { return max_curvature() < std::numeric_limits<double>::infinity(); }

  /// d2l/ds2 is the same everywhere (least squares).
  [[nodiscard]] virtual bool quadratic() const { return false; }

  /// A smooth convex function below this loss: 0 <= l - smoothed <= width for every score, with slopes that are
  /// slopes of l somewhere. Null when the loss is smooth already or no such function is known.
  /// It turns a loss with kinks into a sequence of smooth ones, and its minimum is a proven bound (duality).
  [[nodiscard]] virtual std::shared_ptr<const Loss> smoothed(double width) const;
};

using LossMaker = std::function<std::shared_ptr<const Loss>(const BoundArguments&, Compat)>;

/// All losses, in the order in which they are listed.
[[nodiscard]] const Registry<LossMaker>& loss_registry();

/// `huber(1.35)`, `huber:1.35` or `huber`. Throws: Error(usage).
[[nodiscard]] std::shared_ptr<const Loss> parse_loss(std::string_view text, Compat compat = Compat::native);

}  // namespace descent::loss
