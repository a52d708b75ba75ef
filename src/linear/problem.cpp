#include "src/linear/problem.hpp"

#include <algorithm>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/loss/loss.hpp"

namespace descent::linear {
namespace {

constexpr std::size_t kMaxNumberClasses = 1000;
constexpr double kDefaultL2 = 1e-4;

/// The distinct values of a number target, in order of value.
std::vector<double> distinct(View targets, const std::string& name) {
  std::vector<double> values;
  for (const double target : targets) {
    const auto at = std::lower_bound(values.begin(), values.end(), target);
    if (at != values.end() && *at == target) continue;
    values.insert(at, target);
    if (values.size() > kMaxNumberClasses)
      throw Error(ErrorCode::data,
                  "more than " + std::to_string(kMaxNumberClasses) +
                      " different values: too many for classes (for numbers, choose a loss such as squared_error)",
                  Place{.name = name});
  }
  return values;
}

}  // namespace

LinearObjective::Settings Problem::settings(const LinearOptions& options, parallel::Pool* pool) const {
  return {.pointwise = pointwise,
          .outputs = outputs,
          .scale = options.loss_scale,
          .penalty = penalty,
          .intercept = options.intercept,
          .pool = pool};
}

Problem make_problem(const DenseRows& rows, const LinearOptions& options) {
  Problem problem;
  const bool named = !rows.levels().empty();
  std::string text = options.loss;
  if (text == "auto") text = named ? "log_loss" : "squared_error";
  problem.pointwise = loss::parse_loss(text, options.compat);
  problem.loss_text = problem.pointwise->text();
  const bool classes = problem.pointwise->target() == loss::TargetKind::sign;
  if (named && !classes)
    throw Error(ErrorCode::usage,
                "the loss " + problem.loss_text + " needs a number target; '" + rows.target_name() +
                    "' holds classes (use log_loss, hinge, squared_hinge, modified_huber or perceptron)",
                "loss");
  problem.penalty = options.penalty.value_or(classes ? loss::Penalty{.l2 = kDefaultL2} : loss::Penalty{});
  problem.least_squares = problem.pointwise->quadratic();
  if (!classes) return problem;

  problem.probabilistic = problem.loss_text == "log_loss";
  if (named) {
    problem.classes = rows.levels();
  } else {
    for (const double value : distinct(rows.targets(), rows.target_name()))
      problem.classes.push_back(number_text(value));
  }
  const std::size_t count = problem.classes.size();
  if (count < 2)
    throw Error(ErrorCode::data,
                "expected at least two classes, got " +
                    (count == 0 ? std::string("none") : "only " + quoted(problem.classes[0])),
                Place{.name = rows.target_name()});
  problem.task = count == 2 ? Task::binary : Task::multiclass;
  problem.outputs = count == 2 ? 1 : count;
  if (count > 2 && problem.probabilistic) problem.pointwise = nullptr;
  return problem;
}

std::vector<double> class_codes(const std::vector<std::string>& classes, const DenseRows& rows) {
  std::vector<double> codes(rows.targets().begin(), rows.targets().end());
  if (classes.empty()) return codes;
  const auto refuse = [&](std::size_t row, const std::string& got) {
    throw Error(ErrorCode::data,
                "row " + std::to_string(row + 1) + ": " + quoted(got) + " is not one of the classes " + join(classes),
                Place{.name = rows.target_name()});
  };
  if (rows.levels() == classes) return codes;
  if (!rows.levels().empty()) {  // other levels, or in another order
    for (std::size_t i = 0; i < codes.size(); ++i) {
      const std::string& name = rows.levels()[static_cast<std::size_t>(codes[i])];
      const auto at = std::find(classes.begin(), classes.end(), name);
      if (at == classes.end()) refuse(i, name);
      codes[i] = static_cast<double>(at - classes.begin());
    }
    return codes;
  }
  std::vector<double> values;
  for (const std::string& name : classes) {
    const auto value = parse_number(name);
    if (!value) refuse(0, number_text(codes[0]));
    values.push_back(*value);
  }
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const auto at = std::find(values.begin(), values.end(), codes[i]);
    if (at == values.end()) refuse(i, number_text(codes[i]));
    codes[i] = static_cast<double>(at - values.begin());
  }
  return codes;
}

void code_targets(const Problem& problem, DenseRows& rows) {
  if (problem.task == Task::regression) return;
  std::vector<double> codes = class_codes(problem.classes, rows);
  if (problem.task == Task::binary)
    for (double& code : codes) code = code == 1.0 ? 1.0 : -1.0;
  std::copy(codes.begin(), codes.end(), rows.mutable_targets().begin());
}

void weigh_classes(const Problem& problem, const ClassWeights& weights, View codes, DenseRows& rows) {
  if (weights.kind == ClassWeight::none) return;
  if (problem.task == Task::regression)
    throw Error(ErrorCode::usage, "there are no classes: the loss " + problem.loss_text + " is for numbers",
                "class_weight");
  const std::size_t count = problem.classes.size();
  std::vector<double> factor(count, 1.0);
  if (weights.kind == ClassWeight::balanced) {
    std::vector<double> present(count, 0.0);
    double total = 0.0;
    for (std::size_t i = 0; i < codes.size(); ++i) {
      const double weight = rows.weights().empty() ? 1.0 : rows.weights()[i];
      present[static_cast<std::size_t>(codes[i])] += weight;
      total += weight;
    }
    for (std::size_t k = 0; k < count; ++k)
      factor[k] = present[k] > 0.0 ? total / (static_cast<double>(count) * present[k]) : 0.0;
  } else {
    for (const auto& [name, value] : weights.values) {
      const auto at = std::find(problem.classes.begin(), problem.classes.end(), name);
      if (at == problem.classes.end())
        throw Error(
            ErrorCode::usage,
            "no class " + quoted(name) + did_you_mean(name, problem.classes) + "; there are " + join(problem.classes),
            "class_weight");
      factor[static_cast<std::size_t>(at - problem.classes.begin())] = value;
    }
  }
  std::vector<double> result(codes.size());
  for (std::size_t i = 0; i < codes.size(); ++i)
    result[i] = (rows.weights().empty() ? 1.0 : rows.weights()[i]) * factor[static_cast<std::size_t>(codes[i])];
  if (std::all_of(result.begin(), result.end(), [](double w) { return w == 0.0; }))
    throw Error(ErrorCode::usage, "every row would count nothing", "class_weight");
  rows.set_weights(std::move(result));
}

}  // namespace descent::linear
