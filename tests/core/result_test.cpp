#include "descent/core/result.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace descent {
namespace {

using testing::HasSubstr;
using testing::Not;

Result example() {
  Result result;
  result.status = Status::converged;
  result.reason = "the gradient's largest component is 3e-09 <= gradient_tolerance 1e-08 after 7 updates";
  result.certificate = Certificate{.kind = "gradient", .bound = 3e-9};
  result.x = {1.0, -0.0, 2.5};
  result.value = 0.125;
  result.gradient_norm = 3e-9;
  result.best = {.step = 7, .value = 0.125, .x = result.x};
  result.steps = 7;
  result.value_evaluations = 9;
  result.gradient_evaluations = 1;
  result.gradient_source = GradientSource::autodiff;
  result.optimizer = "lbfgs";
  result.learning_rate = 1.0;
  result.seconds = 0.25;
  result.objective_seconds = 0.2;
  return result;
}

TEST(Result, PrintsItsEndingPointCountsAndTimes) {
  std::ostringstream out;
  out << example();
  EXPECT_EQ(out.str(),
            "converged: the gradient's largest component is 3e-09 <= gradient_tolerance 1e-08 after 7 updates\n"
            "  x              [1, 0, 2.5]\n"
            "  value          0.125\n"
            "  gradient norm  3e-09 (largest component)\n"
            "  certificate    gradient, 3e-09\n"
            "  optimizer      lbfgs\n"
            "  learning rate  1 at the last update\n"
            "  steps          7\n"
            "  evaluations    9 values, 1 gradient (autodiff)\n"
            "  seconds        0.25, in the objective 0.2\n");
}

TEST(Result, PrintsWhatElseThereIs) {
  Result result = example();
  result.status = Status::step_limit;
  result.certificate.reset();
  result.suggestion = "allow more steps";
  result.iterate = {1.5, 0.0, 2.0};
  result.best = {.step = 4, .value = 0.0625, .x = {0.5, 0.0, 2.0}};
  result.hessian_products = 3;
  result.observer_seconds = 0.01;
  const std::string text = to_text(result);
  EXPECT_THAT(text, HasSubstr("  suggestion     allow more steps\n"));
  EXPECT_THAT(text, HasSubstr("  iterate        [1.5, 0, 2], of which x is the average\n"));
  EXPECT_THAT(text, HasSubstr("  best           0.0625 after step 4, at [0.5, 0, 2]\n"));
  EXPECT_THAT(text, HasSubstr("9 values, 1 gradient (autodiff), 3 products with the Hessian (numeric)\n"));
  EXPECT_THAT(text, HasSubstr("in the observer 0.01\n"));
  EXPECT_THAT(text, Not(HasSubstr("certificate")));
}

TEST(Result, OfManyParametersPrintsTheFirstTen) {
  Result result = example();
  result.x.assign(1000, 1.0);
  EXPECT_THAT(to_text(result), HasSubstr("[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, ... 990 more]"));
}

}  // namespace
}  // namespace descent
