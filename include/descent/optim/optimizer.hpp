// A method of minimising, chosen by name: `auto`, `lbfgs(memory=10)`, `gradient_descent`, or a chain of rules.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "descent/core/param_table.hpp"
#include "descent/core/registry.hpp"
#include "descent/optim/chain.hpp"

namespace descent {

enum class Method {
  automatic,            ///< levenberg_marquardt for residuals, else lbfgs
  lbfgs,                ///< limited-memory quasi-Newton with a strong Wolfe line search; within bounds L-BFGS-B
  spectral_gradient,    ///< spectral projected gradient: bounds are held exactly
  gradient_descent,     ///< steepest descent with a backtracking step that grows again: sgd(auto)
  levenberg_marquardt,  ///< linear models of the residuals within a radius, for a ResidualObjective
  chain,                ///< update rules
};

struct Optimizer {
  Method method = Method::automatic;
  std::size_t memory = 10;    ///< of lbfgs
  double first_radius = 1.0;  ///< of levenberg_marquardt
  Chain chain{};              ///< of chain

  Optimizer() = default;
  explicit Optimizer(Method m) : method(m) {}
  Optimizer(Chain c) : method(Method::chain), chain(std::move(c)) {}  // NOLINT(google-explicit-constructor)
};

/// Throws: Error(usage) with column and "did you mean".
[[nodiscard]] Optimizer parse_optimizer(std::string_view text);
/// Canonical text; parse_optimizer(to_text(o)) gives o again (custom rules excepted).
[[nodiscard]] std::string to_text(const Optimizer& optimizer);
/// The optimizer with another learning rate; `gradient_descent` with a number is sgd(number). Throws: Error(usage) if
/// the method chooses its own steps (auto, lbfgs).
[[nodiscard]] Optimizer with_learning_rate(const Optimizer& optimizer, const Schedule& learning_rate);

/// Presets, primitive rules and methods, each with formula, parameters, reasons, references.
using OptimizerMaker = std::function<Optimizer(const Call& canonical, const BoundArguments& arguments)>;
[[nodiscard]] const Registry<OptimizerMaker>& optimizer_registry();

}  // namespace descent
