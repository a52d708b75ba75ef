// The 40 objectives on which rules without a learning rate are judged.
#pragma once

#include <cmath>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "descent/core/elementary.hpp"
#include "descent/core/random.hpp"
#include "descent/core/text.hpp"
#include "descent/linear/objective.hpp"
#include "descent/loss/loss.hpp"
#include "descent/optim/minimize.hpp"
#include "descent/problem/test_functions.hpp"

namespace descent::rate_free {

struct Case {
  std::string name;
  std::vector<double> start;
  std::unique_ptr<linear::DenseRows> rows;  // of a linear model
  std::unique_ptr<Objective> objective;
  double begun = 0.0;   ///< f at the start
  double lowest = 0.0;  ///< f at the minimum that L-BFGS finds from the start
};

inline Case function(const std::string& text) {
  TestProblem problem = make_test_problem(text);
  return {.name = text, .start = std::move(problem.start), .rows = nullptr, .objective = std::move(problem.objective)};
}

struct Model {
  const char* loss = "squared_error";  ///< empty: softmax
  double l2 = 0.0;
  std::size_t outputs = 1;
};

inline Case linear_model(std::string name, linear::DenseRows rows, const Model& model) {
  Case result{.name = std::move(name),
              .start = {},
              .rows = std::make_unique<linear::DenseRows>(std::move(rows)),
              .objective = nullptr};
  linear::LinearObjective::Settings settings{.outputs = model.outputs, .penalty = {.l2 = model.l2}};
  if (*model.loss != '\0') settings.pointwise = loss::parse_loss(model.loss);
  result.objective = std::make_unique<linear::LinearObjective>(*result.rows, std::move(settings));
  result.start.assign(result.objective->num_parameters(), 0.0);
  return result;
}

/// 200 rows whose columns differ in size: the Hessian of the mean squared error has about this condition number.
inline linear::DenseRows drawn_rows(std::size_t columns, double condition, double size, bool classes) {
  const Rng rng(3, RandomStream::test, static_cast<std::uint32_t>(columns));
  linear::DenseRows rows(columns);
  std::vector<double> row(columns);
  for (std::uint64_t i = 0; i < 200; ++i) {
    double score = 0.5;
    for (std::size_t j = 0; j < columns; ++j) {
      const double z = rng.normal(i * 64 + j);
      row[j] = size * z * math::pow(condition, -0.5 * static_cast<double>(j) / static_cast<double>(columns - 1));
      score += z * (j % 2 == 0 ? 1.0 : -0.5);
    }
    score += 0.5 * rng.normal(i * 64 + 63);
    rows.append(row, classes ? (score > 0.0 ? 1.0 : -1.0) : size * score);
  }
  return rows;
}

/// Columns of data/NAME.csv with mean 0 and variance 1; the last one is the target, a number or one of `levels`.
inline linear::DenseRows data_rows(const std::string& name, const std::vector<std::string>& levels) {
  std::ifstream file(std::string(DESCENT_SOURCE_DIR) + "/data/" + name + ".csv");
  if (!file) throw std::runtime_error("cannot open data/" + name + ".csv");
  std::vector<std::vector<double>> table;
  std::vector<double> targets;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    const std::vector<std::string> fields = split(line, ',');
    double target = 0.0;
    if (levels.empty()) {
      target = parse_number(fields.back()).value();
    } else {
      std::size_t code = 0;
      while (code < levels.size() && levels[code] != fields.back()) ++code;
      if (code == levels.size()) continue;  // a class that is left out
      target = levels.size() == 2 ? (code == 1 ? 1.0 : -1.0) : static_cast<double>(code);
    }
    std::vector<double> row;
    for (std::size_t j = 0; j + 1 < fields.size(); ++j) row.push_back(parse_number(fields[j]).value());
    table.push_back(std::move(row));
    targets.push_back(target);
  }
  const double n = static_cast<double>(table.size());
  linear::DenseRows rows(table.front().size());
  for (std::size_t j = 0; j < table.front().size(); ++j) {
    double mean = 0.0, variance = 0.0;
    for (const auto& row : table) mean += row[j] / n;
    for (const auto& row : table) variance += (row[j] - mean) * (row[j] - mean) / n;
    for (auto& row : table) row[j] = (row[j] - mean) / std::sqrt(variance);
  }
  for (std::size_t i = 0; i < table.size(); ++i) rows.append(table[i], targets[i]);
  return rows;
}

inline linear::DenseRows diabetes_classes() {
  const linear::DenseRows numbers = data_rows("diabetes", {});
  linear::DenseRows rows(numbers.num_features());
  for (std::size_t i = 0; i < numbers.num_rows(); ++i)
    rows.append(View(numbers.row(i), numbers.num_features()), numbers.targets()[i] > 140.0 ? 1.0 : -1.0);
  return rows;
}

inline std::vector<Case> objectives() {
  std::vector<Case> all;
  for (const char* text :
       {"sphere", "sphere(50)", "ellipsoid(2, condition=10)", "ellipsoid(10, condition=100)",
        "ellipsoid(50, condition=1000)", "rosenbrock", "rosenbrock(10)", "booth", "matyas", "beale", "himmelblau",
        "goldstein_price", "three_hump_camel", "powell_singular", "wood", "styblinski_tang"})
    all.push_back(function(text));
  // Their customary start is 1 everywhere and their minimum 0: adam(1) would land on it in one update, by chance.
  for (std::size_t i = 0; i < 5; ++i)
    for (double& x : all[i].start) x *= 3.7;

  for (const std::size_t columns : {5U, 20U})
    for (const double condition : {1.0, 10.0, 100.0, 1000.0})
      all.push_back(
          linear_model("least squares, " + std::to_string(columns) + " columns, condition " + number_text(condition),
                       drawn_rows(columns, condition, 1.0, false), {}));
  all.push_back(linear_model("least squares, values of size 1e-3", drawn_rows(5, 10.0, 1e-3, false), {}));
  all.push_back(linear_model("least squares, values of size 1e3", drawn_rows(5, 10.0, 1e3, false), {}));
  all.push_back(linear_model("least squares, diabetes", data_rows("diabetes", {}), {.l2 = 0.01}));
  const std::vector<std::string> tumours{"benign", "malignant"};
  all.push_back(linear_model("least squares, breast_cancer", data_rows("breast_cancer", tumours), {.l2 = 0.01}));

  const auto logistic = [&](std::string name, linear::DenseRows rows, double l2) {
    all.push_back(linear_model("logistic, " + std::move(name) + ", l2 " + number_text(l2), std::move(rows),
                               {.loss = "log_loss", .l2 = l2}));
  };
  for (const std::size_t columns : {5U, 20U})
    for (const double condition : {1.0, 100.0})
      logistic(std::to_string(columns) + " columns, condition " + number_text(condition),
               drawn_rows(columns, condition, 1.0, true), 1e-3);
  logistic("values of size 100", drawn_rows(5, 10.0, 100.0, true), 1e-3);
  for (const double l2 : {0.1, 0.01, 0.001}) logistic("breast_cancer", data_rows("breast_cancer", tumours), l2);
  logistic("iris, two of three", data_rows("iris", {"versicolor", "virginica"}), 0.01);
  logistic("diabetes above 140", diabetes_classes(), 0.01);
  for (const double l2 : {0.1, 0.001})
    all.push_back(linear_model("softmax, iris, l2 " + number_text(l2),
                               data_rows("iris", {"setosa", "versicolor", "virginica"}),
                               {.loss = "", .l2 = l2, .outputs = 3}));

  for (Case& one : all) {
    one.begun = one.objective->value(one.start);
    const Result result = minimize(*one.objective, one.start, parse_optimizer("lbfgs"),
                                   {.max_steps = 2000, .gradient_tolerance = 1e-12 * std::max(1.0, one.begun)});
    one.lowest = result.best.value;
  }
  return all;
}

}  // namespace descent::rate_free
