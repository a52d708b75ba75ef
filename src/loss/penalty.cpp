#include "descent/loss/penalty.hpp"

#include <cmath>
#include <limits>

#include "descent/simd/reduce.hpp"

namespace descent::loss {

double Penalty::value(View w) const {
  double total = 0.0;
  if (l2 != 0.0) total += 0.5 * l2 * simd::squared_norm(w);
  if (l1 != 0.0) {
    double absolute = 0.0;
    for (const double value : w) absolute += std::fabs(value);
    total += l1 * absolute;
  }
  return total;
}

void Penalty::add_gradient(View w, MutableView gradient) const {
  if (l2 != 0.0)
    for (std::size_t i = 0; i < w.size(); ++i) gradient[i] += l2 * w[i];
  if (l1 != 0.0)
    for (std::size_t i = 0; i < w.size(); ++i) gradient[i] += w[i] > 0.0 ? l1 : w[i] < 0.0 ? -l1 : 0.0;
}

void Penalty::prox(double step, MutableView w) const {
  const double threshold = step * l1;
  const double shrink = 1.0 / (1.0 + step * l2);
  for (double& value : w) {
    const double size = std::fabs(value) - threshold;
    // A NaN stays a NaN: it must not turn into a zero that looks like a choice.
    value = size <= 0.0 ? 0.0 : std::copysign(size, value) * shrink;
  }
}

std::string Penalty::text() const {
  if (none()) return "none";
  if (l1 == 0.0) return "l2:" + number_text(l2);
  if (l2 == 0.0) return "l1:" + number_text(l1);
  const double strength = l1 + l2;
  return "elasticnet:" + number_text(strength) + "," + number_text(l1 / strength);
}

const Registry<PenaltyMaker>& penalty_registry() {
  static const Registry<PenaltyMaker> registry = [] {
    const ParamSpec strength{
        .name = "alpha",
        .kind = ParamKind::number,
        .default_text = "0.0001",
        .interval = {0.0, std::numeric_limits<double>::infinity(), false, true},
        .meaning = "strength a, beside the scaled loss",
        .why = "as scikit-learn's stochastic learners: hardly visible, enough to make a minimum exist"};
    Registry<PenaltyMaker> all("penalty");
    all.add({.name = "none",
             .kind = "penalty",
             .summary = "No penalty",
             .formula = "p = 0",
             .params = {},
             .reference = "",
             .differs = "",
             .example = "none"},
            [](const BoundArguments&) { return Penalty{}; });
    all.add({.name = "l2",
             .kind = "penalty",
             .summary = "Ridge: small weights, all of them",
             .formula = "p = a/2 ||w||^2",
             .params = {strength},
             .reference = "A. E. Hoerl, R. W. Kennard, Ridge Regression, Technometrics 12, 1970",
             .differs =
                 "scikit-learn's Ridge has alpha ||w||^2 beside the sum of squares; LogisticRegression has 1/C beside "
                 "the sum (a = 1 / (C n) with --loss-scale mean)",
             .example = "l2:0.001"},
            [](const BoundArguments& arguments) {
              return Penalty{0.0, arguments.number("alpha")};
            });
    all.add(
        {.name = "l1",
         .kind = "penalty",
         .summary = "Lasso: few weights, the rest exactly zero",
         .formula = "p = a ||w||_1",
         .params = {strength},
         .reference = "R. Tibshirani, Regression Shrinkage and Selection via the Lasso, J. R. Statist. Soc. B 58, 1996",
         .differs = "scikit-learn's Lasso is l1:alpha with --loss-scale half_mean",
         .example = "l1:0.001"},
        [](const BoundArguments& arguments) {
          return Penalty{arguments.number("alpha"), 0.0};
        });
    all.add({.name = "elasticnet",
             .kind = "penalty",
             .summary = "Between lasso and ridge: few weights, and related columns enter together",
             .formula = "p = a (r ||w||_1 + (1 - r)/2 ||w||^2)",
             .params = {strength,
                        {.name = "ratio",
                         .kind = ParamKind::number,
                         .default_text = "0.5",
                         .interval = {0.0, 1.0, false, false},
                         .meaning = "share r of l1",
                         .why = "half and half"}},
             .reference = "H. Zou, T. Hastie, Regularization and Variable Selection via the Elastic Net, J. R. "
                          "Statist. Soc. B 67, 2005",
             .differs = "scikit-learn's stochastic learners have ratio 0.15 by default",
             .example = "elasticnet:0.001,0.5"},
            [](const BoundArguments& arguments) {
              const double alpha = arguments.number("alpha");
              const double ratio = arguments.number("ratio");
              return Penalty{alpha * ratio, alpha * (1.0 - ratio)};
            });
    return all;
  }();
  return registry;
}

Penalty parse_penalty(std::string_view text) {
  std::string call_text(trim(text));
  if (const auto colon = call_text.find(':'); colon != std::string::npos && call_text.find('(') == std::string::npos)
    call_text = call_text.substr(0, colon) + "(" + call_text.substr(colon + 1) + ")";
  const Call call = parse_call(call_text);
  return placed(call, [&] {
    const auto& named = penalty_registry().at(call.name);
    return named.item(bind(named.entry, call));
  });
}

}  // namespace descent::loss
