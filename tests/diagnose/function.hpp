// An objective from a function, which counts how often it is asked.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>

#include "descent/core/objective.hpp"

namespace descent::diagnose {

/// Up to three variables are called x, y, z.
class Function final : public Objective {
 public:
  using F = std::function<double(View, MutableView)>;
  Function(std::size_t n, F f) : n_(n), f_(std::move(f)) {}
  [[nodiscard]] std::size_t num_parameters() const override { return n_; }
  [[nodiscard]] std::string parameter_name(std::size_t i) const override {
    return n_ > 3 ? "x" + std::to_string(i) : std::string(1, static_cast<char>('x' + i));
  }
  double evaluate(View x, MutableView gradient) override {
    ++evaluations;
    return f_(x, gradient);
  }
  std::size_t evaluations = 0;

 private:
  std::size_t n_;
  F f_;
};

}  // namespace descent::diagnose
