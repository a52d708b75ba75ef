#include "descent/linear/objective.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "descent/optim/chain_state.hpp"
#include "descent/optim/minimize.hpp"
#include "descent/optim/minimize_sum.hpp"

namespace descent::linear {
namespace {

DenseRows some_rows() {
  DenseRows rows(3);
  for (int i = 0; i < 12; ++i) {
    const double a[] = {((i * 5) % 7 - 3) / 2.0, ((i * 3) % 11 - 5) / 4.0, ((i * 2) % 5 - 2) / 2.0};
    rows.append(a, (i * 7) % 4);
  }
  return rows;
}

using Shape = std::vector<std::pair<std::string, std::pair<std::size_t, std::size_t>>>;
Shape shape_of(const Objective& objective) {
  Shape result;
  for (const ParameterBlock& block : objective.parameter_blocks())
    result.push_back({block.name, {block.rows, block.columns}});
  return result;
}

TEST(LinearObjective, TellsItsCoefficientsAndInterceptsAsBlocks) {
  const DenseRows rows = some_rows();
  EXPECT_EQ(shape_of(LinearObjective(rows, {.outputs = 4})), (Shape{{"coefficients", {4, 3}}, {"intercepts", {4, 1}}}));
  EXPECT_EQ(shape_of(LinearObjective(rows, {.outputs = 4, .intercept = false})), (Shape{{"coefficients", {4, 3}}}));
  EXPECT_EQ(shape_of(LinearObjective(rows, {.pointwise = loss::parse_loss("squared_error")})),
            (Shape{{"coefficients", {3, 1}}, {"intercepts", {1, 1}}}));
}

TEST(LinearObjective, IsTheMeanOfItsBatchesByTheirRowsWhereItsScaleIsAMean) {
  const DenseRows rows = some_rows();
  for (const LossScale scale : {LossScale::mean, LossScale::half_mean, LossScale::sum, LossScale::half_sum}) {
    LinearObjective objective(rows,
                              {.pointwise = loss::parse_loss("squared_error"), .scale = scale, .penalty = {.l2 = 0.3}});
    const std::vector<double> x(objective.num_parameters(), 0.7);
    double mean = 0.0;
    for (const std::vector<std::uint32_t>& batch :
         {std::vector<std::uint32_t>{3, 1, 5, 7, 0, 2, 11}, std::vector<std::uint32_t>{4, 6, 8, 9}, {10}})
      mean += static_cast<double>(batch.size()) / 12.0 * objective.evaluate_rows(batch, x, {});
    EXPECT_EQ(objective.is_mean(), std::fabs(mean - objective.value(x)) < 1e-12) << to_text(scale);
  }
}

TEST(LinearObjective, BatchesHandItsBlocksToMatrixRules) {
  const DenseRows rows = some_rows();
  LinearObjective objective(rows, {.outputs = 4});
  const std::vector<double> start(objective.num_parameters(), 0.1);
  SumOptions options;
  options.batch_size = 4;
  options.shuffle = Shuffle::none;
  options.max_epochs = 2;
  options.run.gradient_tolerance = 0.0;
  const Result result = minimize_sum(objective, start, parse_optimizer("muon(0.01)"), options);

  ChainState state(parse_chain("muon(0.01)"), start.size(), {.blocks = {{"W", 4, 3}, {"b", 4, 1}}});
  std::vector<double> x = start, gradient(start.size());
  for (std::uint32_t k = 0; k < 6; ++k) {
    const std::uint32_t first = k % 3 * 4;
    const std::vector<std::uint32_t> batch{first, first + 1, first + 2, first + 3};
    objective.evaluate_rows(batch, x, gradient);
    state.update(gradient, x);
  }
  EXPECT_EQ(result.x, x);
}

}  // namespace
}  // namespace descent::linear
