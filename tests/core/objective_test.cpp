// What an objective offers that only brings its value and gradient.
#include "descent/core/objective.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace descent {
namespace {

/// f = exp(x0) + x0 x1^2, H = [exp(x0), 2 x1; 2 x1, 2 x0]
class Curved final : public Objective {
 public:
  [[nodiscard]] std::size_t num_parameters() const override { return 2; }
  double evaluate(View x, MutableView gradient) override {
    if (!gradient.empty()) {
      ++gradients;
      gradient[0] = std::exp(x[0]) + x[1] * x[1];
      gradient[1] = 2.0 * x[0] * x[1];
    }
    return std::exp(x[0]) + x[0] * x[1] * x[1];
  }
  int gradients = 0;
};

TEST(HessianProduct, IsADifferenceOfGradientsUnlessTheObjectiveKnowsBetter) {
  Curved f;
  const std::vector<double> x{0.5, -2.0}, v{3.0, 1.0};
  std::vector<double> product(2, 7.0);
  f.hessian_product(x, v, product);
  EXPECT_EQ(f.hessian_source(), GradientSource::numeric);
  EXPECT_EQ(f.gradients, 2);
  EXPECT_NEAR(product[0], std::exp(0.5) * 3.0 - 4.0 * 1.0, 1e-8);
  EXPECT_NEAR(product[1], -4.0 * 3.0 + 1.0 * 1.0, 1e-8);
}

TEST(HessianProduct, DoesNotDependOnTheLengthOfTheDirection) {
  Curved f;
  const std::vector<double> x{0.5, -2.0}, v{3e-100, 1e-100};
  std::vector<double> product(2);
  f.hessian_product(x, v, product);
  EXPECT_NEAR(product[0] * 1e100, std::exp(0.5) * 3.0 - 4.0, 1e-8);
}

TEST(HessianProduct, OfNoDirectionIsZero) {
  Curved f;
  std::vector<double> product(2, 7.0);
  f.hessian_product(std::vector<double>{0.5, -2.0}, std::vector<double>{0.0, 0.0}, product);
  EXPECT_THAT(product, testing::ElementsAre(0.0, 0.0));
  EXPECT_EQ(f.gradients, 0);
}

}  // namespace
}  // namespace descent
