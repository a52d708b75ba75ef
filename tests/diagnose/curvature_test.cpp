#include "descent/diagnose/curvature.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "descent/core/random.hpp"
#include "src/diagnose/eigen.hpp"
#include "tests/diagnose/function.hpp"

namespace descent::diagnose {
namespace {

/// sum of c_i x_i^2 / 2.
Function diagonal(std::vector<double> curvatures) {
  const std::size_t n = curvatures.size();
  return Function(n, [c = std::move(curvatures)](View x, MutableView g) {
    double value = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      value += 0.5 * c[i] * x[i] * x[i];
      if (!g.empty()) g[i] = c[i] * x[i];
    }
    return value;
  });
}

TEST(SymmetricEigen, GivesTheMatrixBack) {
  constexpr std::size_t n = 12;
  const Rng rng(3, RandomStream::general);
  std::vector<double> matrix(n * n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j) matrix[i * n + j] = matrix[j * n + i] = rng.normal(i * n + j);
  const Eigen eigen = symmetric_eigen(matrix, n);
  for (std::size_t k = 1; k < n; ++k) EXPECT_LE(eigen.values[k - 1], eigen.values[k]);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      double sum = 0.0;
      double product = 0.0;
      for (std::size_t k = 0; k < n; ++k) {
        sum += eigen.values[k] * eigen.vectors[k * n + i] * eigen.vectors[k * n + j];
        product += eigen.vectors[i * n + k] * eigen.vectors[j * n + k];
      }
      EXPECT_NEAR(sum, matrix[i * n + j], 1e-13);
      EXPECT_NEAR(product, i == j ? 1.0 : 0.0, 1e-14);
    }
}

TEST(Spectrum, OfASmallProblemIsTheWholeHessian) {
  // 3x^2 + 4xy: Hessian {{6, 4}, {4, 0}}, eigenvalues 8 along (2, 1) and -2 along (1, -2).
  Function f(2, [](View x, MutableView g) {
    if (!g.empty()) {
      g[0] = 6.0 * x[0] + 4.0 * x[1];
      g[1] = 4.0 * x[0];
    }
    return 3.0 * x[0] * x[0] + 4.0 * x[0] * x[1];
  });
  const auto seen = spectrum(f, std::vector<double>{0.5, -2.0});
  ASSERT_TRUE(seen);
  EXPECT_TRUE(seen->complete);
  EXPECT_NEAR(seen->values[0], -2.0, 1e-8);
  EXPECT_NEAR(seen->values[1], 8.0, 1e-8);
  EXPECT_NEAR(seen->vectors[1][0] / seen->vectors[1][1], 2.0, 1e-8);
  EXPECT_LT(seen->uncertainty, 1e-5);
  EXPECT_EQ(seen->evaluations, f.evaluations);
}

TEST(Spectrum, OfALargeProblemHasTheEndsWithinABoundedNumberOfGradients) {
  std::vector<double> curvatures;
  for (int i = 0; i < 300; ++i) curvatures.push_back(1.0 + 0.01 * i);
  curvatures[137] = -5.0;
  curvatures[11] = 50.0;
  Function f = diagonal(curvatures);
  const auto seen = spectrum(f, std::vector<double>(300, 0.0));
  ASSERT_TRUE(seen);
  EXPECT_FALSE(seen->complete);
  EXPECT_NEAR(seen->values.front(), -5.0, 1e-5);
  EXPECT_NEAR(seen->values.back(), 50.0, 1e-5);
  EXPECT_NEAR(std::fabs(seen->vectors.front()[137]), 1.0, 1e-5);
  EXPECT_LE(f.evaluations, 86U);
}

TEST(Spectrum, ChargesItsUncertaintyAtAKink) {
  Function f(1, [](View x, MutableView g) {
    if (!g.empty()) g[0] = x[0] > 0 ? 1.0 : x[0] < 0 ? -1.0 : 0.0;
    return std::fabs(x[0]);
  });
  const auto seen = spectrum(f, std::vector<double>{0.0});
  ASSERT_TRUE(seen);
  EXPECT_GT(seen->uncertainty, seen->values[0]);
}

TEST(Spectrum, StaysInsideTheRegionAndLeavesHeldVariablesAlone) {
  Function f(2, [](View x, MutableView g) {
    EXPECT_GE(x[0], 1.0);
    EXPECT_EQ(x[1], 7.0);
    if (!g.empty()) {
      g[0] = 2.0 * x[0];
      g[1] = 100.0;
    }
    return x[0] * x[0] + 100.0 * x[1];
  });
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<double> low{1.0, -infinity}, high{infinity, infinity};
  const auto seen = spectrum(f, std::vector<double>{1.0, 7.0}, {.low = low, .high = high}, {false, true});
  ASSERT_TRUE(seen);
  ASSERT_EQ(seen->values.size(), 1U);
  EXPECT_NEAR(seen->values[0], 2.0, 1e-6);
  EXPECT_EQ(seen->vectors[0], (std::vector<double>{1.0, 0.0}));
}

TEST(Spectrum, SaysNothingWhereTheGradientIsNotFinite) {
  Function f(1, [](View x, MutableView g) {
    if (!g.empty()) g[0] = 0.5 / std::sqrt(x[0]);
    return std::sqrt(x[0]);
  });
  EXPECT_FALSE(spectrum(f, std::vector<double>{0.0}));
  Function large = diagonal(std::vector<double>(kMaxSpectrumVariables + 1, 1.0));
  EXPECT_FALSE(spectrum(large, std::vector<double>(kMaxSpectrumVariables + 1, 0.0)));
  EXPECT_EQ(large.evaluations, 0U);
}

}  // namespace
}  // namespace descent::diagnose
