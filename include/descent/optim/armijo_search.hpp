// Backtracking: the first step that lowers f enough.
#pragma once

#include "descent/optim/search_base.hpp"

namespace descent {

/// Steps with phi(a) <= phi(0) + c1 a phi'(0); else shorter ones by the parabola through what is known, kept within
/// [0.1, 0.5] of the step before. Asks for values only, and leaves curvature to chance: the pairs of a quasi-Newton
/// method may have to be skipped.
/// Reference: L. Armijo, "Minimization of functions having Lipschitz continuous first partial derivatives", Pacific J.
/// Math. 16(1), 1966; the interpolation is J. E. Dennis, R. B. Schnabel, "Numerical Methods for Unconstrained
/// Optimization and Nonlinear Equations", 1983, algorithm A6.3.1.
class ArmijoSearch : public SearchBase {
 public:
  ArmijoSearch(double value, double slope, double first_step, const LineSearchOptions& options = {})
      : SearchBase(value, slope, first_step, options) {}

  void report(double value);
};

}  // namespace descent
