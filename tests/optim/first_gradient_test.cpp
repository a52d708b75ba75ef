// Gradients written by hand are compared with differences where a run begins.
#include "src/optim/first_gradient.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "descent/core/error.hpp"
#include "descent/optim/minimize.hpp"
#include "tests/optim/objectives.hpp"

namespace descent {
namespace {

using ::testing::HasSubstr;

class HandWritten final : public testing::Given {
 public:
  using Given::Given;
  [[nodiscard]] bool wants_gradient_check() const override { return true; }
};

std::string refusal(Objective& f, std::vector<double> start, const MinimizeOptions& options = {}) {
  try {
    (void)minimize(f, std::move(start), options);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(FirstGradient, OfAFunctionThatBringsItsOwnIsRefusedWhereItIsWrong) {
  HandWritten f(3, [](View x, MutableView g) {
    if (!g.empty()) {
      g[0] = 2.0 * x[0];
      g[1] = 2.0 * x[1] + x[2];
      g[2] = x[2];  // x[1] is forgotten
    }
    return x[0] * x[0] + x[1] * x[1] + x[1] * x[2] + 0.5 * x[2] * x[2];
  });
  EXPECT_THAT(refusal(f, {1.0, 3.0, 2.0}),
              HasSubstr("is wrong at the start: the slope along x2 is 2 as given and 5 by differences"));
  EXPECT_EQ(refusal(f, {1.0, 3.0, 2.0}, {.max_steps = 5, .check_gradient = false}), "");
}

TEST(FirstGradient, CostsTwoEvaluationsWhereItIsRight) {
  int calls = 0;
  HandWritten f(2, [&](View x, MutableView g) {
    ++calls;
    if (!g.empty()) {
      g[0] = 2.0 * x[0];
      g[1] = 8e6 * x[1];
    }
    return x[0] * x[0] + 4e6 * x[1] * x[1];
  });
  const Result result = minimize(f, {1.0, 1e-3}, {.max_steps = 0});
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(result.value_evaluations, 3U);
  EXPECT_EQ(result.gradient_evaluations, 1U);
}

TEST(FirstGradient, SaysNothingOfKinksBoundsAndPlacesWithoutAValue) {
  HandWritten kink(1, [](View x, MutableView g) {
    if (!g.empty()) g[0] = x[0] < 0.0 ? -1.0 : 1.0;
    return std::fabs(x[0]);
  });
  EXPECT_EQ(refusal(kink, {0.0}, {.max_steps = 1}), "");
  HandWritten edge(1, [](View x, MutableView g) {  // no value beyond the bound
    if (!g.empty()) g[0] = 1.0;
    return x[0] < 0.0 ? std::nan("") : x[0];
  });
  EXPECT_EQ(refusal(edge, {0.0}, {.max_steps = 1, .bounds = {{0.0, 1.0}}}), "");
  EXPECT_EQ(refusal(edge, {1e-9}, {.max_steps = 1}), "");
}

}  // namespace
}  // namespace descent
