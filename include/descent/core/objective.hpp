// The seam between what is minimised and what minimises it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "descent/core/gradient_source.hpp"
#include "descent/core/parameter_block.hpp"
#include "descent/core/span.hpp"

namespace descent {

class ResidualObjective;

/// A function R^n -> R to be minimised.
///
/// Evaluation may use scratch memory of the object: one object is used by one thread at a time. Equal x give equal
/// bits.
class Objective {
 public:
  Objective() = default;
  Objective(const Objective&) = default;
  Objective& operator=(const Objective&) = default;
  virtual ~Objective() = default;

  /// n >= 1, the same for the life of the object.
  [[nodiscard]] virtual std::size_t num_parameters() const = 0;

  /// f(x). When `gradient` has n elements (it has 0 or n) it is filled with df/dx; every element is written.
  /// A value or gradient that is not finite is returned as it is. It is how a function says "infeasible here": NaN or
  /// infinity. Searches take such a point for too far and step back; update rules, which never step back, end there.
  virtual double evaluate(View x, MutableView gradient) = 0;

  [[nodiscard]] double value(View x) { return evaluate(x, {}); }

  /// The part of the last evaluate() that came from a penalty; the rest is the loss. Traces show both.
  [[nodiscard]] virtual double last_penalty() const { return 0.0; }

  /// Names in results and messages; `x0`, `x1`, ... unless the problem knows better.
  [[nodiscard]] virtual std::string parameter_name(std::size_t index) const { return "x" + std::to_string(index); }

  /// What belongs together, in the order of the parameters; sizes add up to n. One vector unless the problem knows
  /// better. Rules that see matrices (lamb, adafactor, muon, soap, ...) get them from here.
  [[nodiscard]] virtual std::vector<ParameterBlock> parameter_blocks() const {
    return {{.name = "", .rows = num_parameters(), .columns = 1}};
  }

  [[nodiscard]] virtual GradientSource gradient_source() const { return GradientSource::analytic; }

  /// True where somebody wrote the gradient by hand and nobody has compared it yet: minimize() does, at its start.
  [[nodiscard]] virtual bool wants_gradient_check() const { return false; }

  /// product = H v, H the second derivatives of f at x: all that Newton's methods ask for. Unless the problem knows
  /// better: (g(x + h v) - g(x - h v)) / 2h with h = eps^(1/3) max(1, max |x_i|) / max |v_i|, two gradients, about 10
  /// digits where f is smooth and of size 1. v = 0 gives 0.
  virtual void hessian_product(View x, View v, MutableView product);
  [[nodiscard]] virtual GradientSource hessian_source() const { return GradientSource::numeric; }

  /// f as half a sum of squares, but for rounding, if it is known to be one: of the same parameters, alive as long as
  /// this. What `auto` then takes is levenberg_marquardt.
  [[nodiscard]] virtual ResidualObjective* as_residuals() { return nullptr; }
};

}  // namespace descent
