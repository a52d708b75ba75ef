// With no options but a loss and a penalty, the optimum is reached within 1e-6 of its value, certified, on raw data.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "tests/linear/rows_from_csv.hpp"

namespace descent::linear {
namespace {

std::map<std::string, std::vector<double>> goldens() {
  std::ifstream file(std::string(DESCENT_SOURCE_DIR) + "/tests/golden/linear.txt");
  std::map<std::string, std::vector<double>> result;
  std::string line, name;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream words(line);
    words >> name;
    for (double value = 0.0; words >> value;) result[name].push_back(value);
  }
  return result;
}

struct Case {
  std::string name, data, loss, penalty;
  LossScale scale = LossScale::mean;
  double coefficients = 1e-4;  ///< relative distance allowed; the flatter the valley, the more
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class Defaults : public testing::TestWithParam<Case> {};

TEST_P(Defaults, ReachTheOptimumThatOtherProgramsFind) {
  const Case& c = GetParam();
  const std::vector<double> golden = goldens().at(c.name);
  const NumberTable table = read_table("data/" + c.data);
  std::vector<std::string> levels;
  if (c.data == "iris.csv") levels = {"setosa", "versicolor", "virginica"};
  LinearModel model({.loss = c.loss, .loss_scale = c.scale, .penalty = loss::parse_penalty(c.penalty)});
  DenseRows rows = rows_of(table, table.names.back(), {}, levels);
  // read_table codes texts by first appearance, where classes are sorted: malignant comes first in the file.
  if (c.data == "breast_cancer.csv")
    for (double& target : rows.mutable_targets()) target = 1.0 - target;
  const Result result = model.fit(std::move(rows));

  EXPECT_EQ(result.status, Status::converged) << result.reason;
  ASSERT_TRUE(result.certificate.has_value());
  EXPECT_LE(result.value, golden[0] * (1 + 1e-6)) << result.reason;
  EXPECT_GE(result.value, golden[0] * (1 - 1e-6)) << result.reason;
  if (c.coefficients == 0.0) return;
  const Coefficients& got = model.report().coefficients;
  std::vector<double> all = got.intercepts;
  all.insert(all.end(), got.coefficients.begin(), got.coefficients.end());
  ASSERT_EQ(all.size() + 1, golden.size());
  double distance = 0.0, size = 0.0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    distance += (all[i] - golden[i + 1]) * (all[i] - golden[i + 1]);
    size += golden[i + 1] * golden[i + 1];
  }
  EXPECT_LE(std::sqrt(distance / size), c.coefficients);
}

INSTANTIATE_TEST_SUITE_P(
    Linear, Defaults,
    testing::Values(Case{"least_squares", "diabetes.csv", "squared_error", "none", LossScale::mean, 1e-6},
                    Case{"ridge", "diabetes.csv", "squared_error", "l2:0.1", LossScale::mean, 1e-6},
                    Case{"lasso", "diabetes.csv", "squared_error", "l1:2", LossScale::half_mean, 1e-5},
                    Case{"elasticnet", "diabetes.csv", "squared_error", "elasticnet:1,0.5", LossScale::half_mean, 1e-5},
                    Case{"huber", "diabetes.csv", "huber(40)", "l2:0.1"},
                    // Where a whole face of a polytope is nearly optimal, only the value is compared.
                    Case{"quantile_0.5", "diabetes.csv", "quantile(0.5)", "none", LossScale::mean, 0.0},
                    Case{"quantile_0.9", "diabetes.csv", "quantile(0.9)", "none", LossScale::mean, 0.0},
                    Case{"epsilon_insensitive", "diabetes.csv", "epsilon_insensitive(10)", "l2:0.01", LossScale::mean,
                         1e-2},
                    Case{"logistic_l2", "breast_cancer.csv", "log_loss", "l2:0.01"},
                    Case{"squared_hinge", "breast_cancer.csv", "squared_hinge", "l2:0.01"},
                    Case{"hinge", "breast_cancer.csv", "hinge", "l2:0.01", LossScale::mean, 1e-2},
                    Case{"logistic_l1", "breast_cancer.csv", "log_loss", "l1:0.01", LossScale::mean, 1e-3},
                    Case{"softmax", "iris.csv", "log_loss", "l2:0.001"}),
    [](const auto& names) {
      std::string name = names.param.name;
      for (char& c : name)
        if (c == '.') c = '_';
      return name;
    });

}  // namespace
}  // namespace descent::linear
