#include "descent/autodiff/custom.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "descent/autodiff/gradient.hpp"

namespace descent::autodiff {
namespace {

using Values = std::vector<double>;

/// x0^2 x1 + sin(x1), by hand.
template <class T>
T by_hand(std::span<const T> x) {
  const double a = x[0].value(), b = x[1].value();
  const std::array partials{2 * a * b, a * a + std::cos(b)};
  return custom(x, {.value = a * a * b + std::sin(b), .partials = partials}, [&](View v, MutableView product) {
    product[0] = 2 * b * v[0] + 2 * a * v[1];
    product[1] = 2 * a * v[0] - std::sin(b) * v[1];
  });
}
template <class T>
T recorded(std::span<const T> x) {
  return x[0] * x[0] * x[1] + sin(x[1]);
}

/// The node amid others, its operands not parameters; `inner` in both forms.
const auto around = [](const auto& x, const auto& inner) {
  using T = std::remove_cvref_t<decltype(x[0])>;
  const std::array<T, 2> operands{x[0] * x[1], exp(x[2])};
  const std::array<T, 2> half_constant{T(0.5), x[2]};
  return inner(std::span<const T>(operands)) * x[2] + inner(std::span<const T>(half_constant)) * x[0];
};
const auto with_custom = [](const auto& x) { return around(x, [](auto y) { return by_hand(y); }); };
const auto with_recorded = [](const auto& x) { return around(x, [](auto y) { return recorded(y); }); };

TEST(Custom, NodesGiveTheGradientAndTheHessianOfTheirFunction) {
  for (const std::size_t n : {std::size_t{3}, kForwardLimit + 1}) {  // duals, and the tape
    Values x(n, 0.0), v(n, 0.0), product(n);
    x[0] = 0.7, x[1] = -1.1, x[2] = 0.4;
    v[0] = 1.0, v[1] = 2.0, v[2] = -0.5;
    const Values wanted = gradient(with_recorded, x), got = gradient(with_custom, x);
    const Values wanted_product = hessian_product(with_recorded, x, v),
                 got_product = hessian_product(with_custom, x, v);
    for (std::size_t i = 0; i < n; ++i) {
      EXPECT_NEAR(got[i], wanted[i], 1e-14 * (1 + std::fabs(wanted[i])));
      EXPECT_NEAR(got_product[i], wanted_product[i], 1e-13 * (1 + std::fabs(wanted_product[i])));
    }
  }
}

TEST(Custom, NodesOfFirstOrderGiveGradients) {
  const auto f = [](const auto& x) {
    const std::array partials{2.0 * x[0].value(), 3.0};
    return custom(x, {.value = x[0].value() * x[0].value() + 3.0 * x[1].value(), .partials = partials});
  };
  EXPECT_EQ(gradient(f, Values{5.0, 1.0}), (Values{10.0, 3.0}));
}

TEST(Custom, NodesOfConstantsAreConstants) {
  Tape tape;
  const std::array<Var, 2> x{Var(1.0), Var(2.0)};
  const Var y = by_hand(std::span<const Var>(x));
  EXPECT_EQ(y.tape(), nullptr);
  EXPECT_EQ(tape.num_nodes(), 0U);
}

}  // namespace
}  // namespace descent::autodiff
