// Products with the Hessian: the tape that gives the gradient, with everything on it moving along v.
//
// Forward over reverse: values and slopes carry their tangents, and one sweep backwards gives adjoints (the gradient)
// and their tangents (H v), exact to rounding, at a few times the cost of the gradient whatever n is.
// Reference: A. Griewank, A. Walther, "Evaluating Derivatives", SIAM 2008, section 5.2.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "descent/autodiff/tape.hpp"
#include "descent/autodiff/var.hpp"
#include "descent/core/span.hpp"

namespace descent::autodiff {

/// A point and a direction. // shapes = [n]
struct Direction {
  View x, v;
};

/// The memory of products with a Hessian. Once warm, nothing is allocated. One thread at a time; copies start empty.
class HessianSweep {
 public:
  HessianSweep() = default;
  HessianSweep(const HessianSweep& /*other*/) {}
  HessianSweep& operator=(const HessianSweep& /*other*/) { return *this; }

  /// product = H v, H the second derivatives at x of f: a callable with a span of TangentVars that gives one.
  template <class F>
  void run(F&& f, Direction at, MutableView product) {
    tape_.rewind({});
    recorded_.clear();
    for (std::size_t i = 0; i < at.x.size(); ++i) recorded_.push_back(tape_.variable(Dual<1>(at.x[i], {at.v[i]})));
    tape_.clear_adjoints();
    const TangentTape::Mark parameters = tape_.mark();
    tape_.reverse(TangentVar(std::invoke(f, std::span<const TangentVar>(recorded_))), 1.0, parameters);
    for (std::size_t i = 0; i < product.size(); ++i) product[i] = tape_.adjoint(recorded_[i]).slope(0);
  }

 private:
  TangentTape tape_;
  std::vector<TangentVar> recorded_;
};

}  // namespace descent::autodiff
