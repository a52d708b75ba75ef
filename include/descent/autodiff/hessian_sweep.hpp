// Products with the Hessian: the tape that gives the gradient, with everything on it moving along v.
//
// Forward over reverse: values and slopes carry their tangents, and one sweep backwards gives adjoints (the gradient)
// and their tangents (H v), exact to rounding, at a few times the cost of the gradient whatever n is.
// Reference: A. Griewank, A. Walther, "Evaluating Derivatives", SIAM 2008, section 5.2.
#pragma once

#include <cstddef>

#include "descent/autodiff/recording.hpp"
#include "descent/core/span.hpp"

namespace descent::autodiff {

/// A point and a direction. // shapes = [n]
struct Direction {
  View x, v;
};

/// The memory of products with a Hessian. Once warm, nothing is allocated. One thread at a time; copies start empty.
class HessianSweep {
 public:
  /// product = H v, H the second derivatives at x of f: a callable with a span of TangentVars that gives one.
  template <class F>
  void run(F&& f, Direction at, MutableView product) {
    recording_.run(f, at.x.size(), [&](std::size_t i) { return Dual<1>(at.x[i], {at.v[i]}); });
    const auto adjoints = recording_.adjoints();
    for (std::size_t i = 0; i < product.size(); ++i) product[i] = adjoints[i].slope(0);
  }

 private:
  Recording<Dual<1>> recording_;
};

}  // namespace descent::autodiff
