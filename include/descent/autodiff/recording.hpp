// A function written down on a tape, point after point: its parameters are the tape's first nodes and stay there.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "descent/autodiff/tape.hpp"
#include "descent/autodiff/var.hpp"

namespace descent::autodiff {

/// The tape of one function. Once warm, nothing is allocated. One thread at a time; copies start empty.
template <class Real>
class Recording {
 public:
  using Number = BasicVar<Real>;

  Recording() = default;
  Recording(const Recording& /*other*/) {}
  Recording& operator=(const Recording& /*other*/) { return *this; }

  /// f at the point of n values `at(i)`, and its adjoints there. Gives the value.
  template <class F, class At>
  double run(F&& f, std::size_t n, const At& at) {
    if (parameters_.size() != n) restart(n);
    tape_.rewind(after_parameters_);
    for (std::size_t i = 0; i < n; ++i) parameters_[i].set_value(at(i));
    tape_.clear_adjoints();
    const Number y(std::invoke(f, std::span<const Number>(parameters_)));
    tape_.reverse(y, 1.0, after_parameters_);
    return y.value();
  }
  /// df/dx where it was run last; with Dual<1> their slopes are the product with the Hessian.
  // shape = [n]
  [[nodiscard]] std::span<const Real> adjoints() { return tape_.adjoints().first(parameters_.size()); }

 private:
  void restart(std::size_t n) {
    tape_.rewind({});
    parameters_.clear();
    for (std::size_t i = 0; i < n; ++i) parameters_.push_back(tape_.variable(0.0));
    after_parameters_ = tape_.mark();
  }

  BasicTape<Real> tape_;
  std::vector<Number> parameters_;
  typename BasicTape<Real>::Mark after_parameters_;
};

}  // namespace descent::autodiff
