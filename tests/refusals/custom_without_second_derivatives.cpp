#include <array>

#include "descent/autodiff/gradient.hpp"

// The gradient of this alone would compile.
const auto squared = [](const auto& x) {
  const std::array partials{2.0 * x[0].value()};
  return descent::autodiff::custom(x, {.value = x[0].value() * x[0].value(), .partials = partials});
};

auto product = descent::autodiff::hessian_product(squared, std::array{1.0}, std::array{1.0});
