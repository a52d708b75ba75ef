// A method of minimising, chosen by name: `auto`, `lbfgs(memory=10)`, `gradient_descent`, or a chain of rules.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "descent/core/param_table.hpp"
#include "descent/core/registry.hpp"
#include "descent/optim/chain.hpp"
#include "descent/optim/line_search.hpp"

namespace descent {

enum class Method {
  automatic,            ///< levenberg_marquardt for residuals, else lbfgs
  lbfgs,                ///< limited-memory quasi-Newton with a line search; within bounds L-BFGS-B
  bfgs,                 ///< quasi-Newton with the whole matrix
  cg,                   ///< nonlinear conjugate gradients
  newton_cg,            ///< truncated Newton with a line search, on products with the Hessian
  trust_region,         ///< truncated Newton within a radius (Steihaug)
  spectral_gradient,    ///< spectral projected gradient: bounds are held exactly
  proximal_gradient,    ///< ISTA: a gradient step, then the proximal map of what is added to f
  fista,                ///< the same with Nesterov's momentum and restarts
  coordinate_descent,   ///< one coordinate after the other
  gradient_descent,     ///< steepest descent with a backtracking step that grows again: sgd(auto)
  levenberg_marquardt,  ///< linear models of the residuals within a radius, for a ResidualObjective
  svrg,                 ///< batches corrected by a whole gradient now and then; in minimize_sum, like the next two
  saga,                 ///< batches corrected by a remembered gradient of each
  sarah,                ///< a whole gradient carried on by the changes that batches see
  chain,                ///< update rules
};

[[nodiscard]] const char* to_text(Method method);
/// svrg, saga and sarah: for sums over rows, in batches.
[[nodiscard]] bool is_variance_reduced(Method method);

/// beta in d' = -g' + beta d, y = g' - g.
enum class ConjugateBeta {
  hager_zhang,       ///< (y - 2 d y'y / d'y)'g' / d'y, bounded below
  polak_ribiere,     ///< max(0, g''y / g'g): PR+
  hestenes_stiefel,  ///< max(0, g''y / d'y)
  fletcher_reeves,   ///< g''g' / g'g, 0 where g''g >= 0.2 g''g' (Powell)
};

[[nodiscard]] const char* to_text(ConjugateBeta beta);

/// Barzilai and Borwein's steps, with s = x' - x.
enum class SpectralStep {
  long_step,    ///< s's / s'y
  short_step,   ///< s'y / y'y
  alternating,  ///< the one, then the other
};

[[nodiscard]] const char* to_text(SpectralStep step);

enum class CoordinateOrder {
  cyclic,
  random,  ///< a new order for every sweep
  greedy,  ///< the coordinate that would change f most (Gauss-Southwell)
};

[[nodiscard]] const char* to_text(CoordinateOrder order);

struct Optimizer {
  Method method = Method::automatic;
  std::size_t memory = 10;                                    ///< of lbfgs
  LineSearchKind line_search = LineSearchKind::more_thuente;  ///< of lbfgs, bfgs, cg, newton_cg
  double curvature = 0.9;                                     ///< c2 of that search; 0.1 in cg
  ConjugateBeta beta = ConjugateBeta::polak_ribiere;          ///< of cg
  double first_radius = 1.0;                                  ///< of levenberg_marquardt and trust_region
  SpectralStep spectral_step = SpectralStep::long_step;       ///< of spectral_gradient
  std::size_t look_back = 10;                                 ///< values it compares with; 1: f never rises
  double first_step = 0.0;                                    ///< of proximal_gradient and fista; 0: found
  CoordinateOrder order = CoordinateOrder::cyclic;            ///< of coordinate_descent
  double learning_rate = 0.0;                                 ///< of svrg, saga and sarah; 0: found
  std::size_t inner_epochs = 1;                               ///< of svrg and sarah, between two whole gradients
  Chain chain{};                                              ///< of chain

  Optimizer() = default;
  /// With the method's defaults.
  explicit Optimizer(Method m) : method(m), curvature(m == Method::cg ? 0.1 : 0.9) {}
  Optimizer(Chain c) : method(Method::chain), chain(std::move(c)) {}  // NOLINT(google-explicit-constructor)
};

/// Throws: Error(usage) with column and "did you mean".
[[nodiscard]] Optimizer parse_optimizer(std::string_view text);
/// Canonical text; parse_optimizer(to_text(o)) gives o again (custom rules excepted).
[[nodiscard]] std::string to_text(const Optimizer& optimizer);
/// The optimizer with another learning rate; `gradient_descent` with a number is sgd(number). Throws: Error(usage) if
/// the method chooses its own steps (auto, lbfgs), or for a schedule where the method keeps one rate (svrg, saga,
/// sarah).
[[nodiscard]] Optimizer with_learning_rate(const Optimizer& optimizer, const Schedule& learning_rate);

/// Presets, primitive rules and methods, each with formula, parameters, reasons, references.
using OptimizerMaker = std::function<Optimizer(const Call& canonical, const BoundArguments& arguments)>;
[[nodiscard]] const Registry<OptimizerMaker>& optimizer_registry();

}  // namespace descent
