// What there is to choose from: the table that validation, help, reference pages and tests are made of.
#include <utility>

#include "descent/optim/optimizer.hpp"
#include "src/optim/rules/entries.hpp"

namespace descent {
namespace {

void add_methods(Registry<OptimizerMaker>& registry) {
  const auto add_method = [&](Entry entry, OptimizerMaker maker) {
    entry.kind = "optimizer";
    registry.add(std::move(entry), std::move(maker));
  };
  add_method(
      {.name = "auto",
       .summary = "lbfgs, within bounds too; in fit what suits loss and batches.",
       .formula =
           "minimize: lbfgs; for residuals levenberg_marquardt.  fit with all rows in "
           "every update: with l1 the "
           "accelerated proximal gradient method (exact zeros), for a loss with kinks and up to 500 features "
           "Newton's method on the loss with its kinks rounded ever more sharply, else lbfgs.  fit in batches: "
           "adam(auto), whose rate is the best of short trial runs and falls to 0 by a cosine.  fit of a network: "
           "adam(cosine(0.01, updates)), or lbfgs with all rows in every update.  tune: sgd for a formula, adam "
           "for a fit",
       .params = {},
       .reference = "see lbfgs, spectral_gradient and adam; A. Beck, M. Teboulle, \"A fast iterative "
                    "shrinkage-thresholding algorithm for linear inverse problems\", SIAM J. Imaging Sci. 2(1), "
                    "2009",
       .differs = "scipy.optimize.minimize takes BFGS, within bounds L-BFGS-B",
       .example = "auto"},
      [](const Call&, const BoundArguments&) { return Optimizer(Method::automatic); });
  add_method(
      {.name = "lbfgs",
       .summary =
           "Quasi-Newton with limited memory and a strong Wolfe line search; for smooth functions, within bounds too.",
       .formula =
           "x = x - a H g, H from the last `memory` pairs (dx, dg); H itself when n <= memory (BFGS). Within bounds "
           "L-BFGS-B: x = x + a (z - x), z the least point of the model with the parameters held that reach a "
           "bound along the projected gradient",
       .params = {{.name = "memory",
                   .kind = ParamKind::integer,
                   .default_text = "10",
                   .interval = {.low = 1, .high = 1000},
                   .meaning = "pairs kept",
                   .why = "scipy's and ensmallen's; more seldom pays"}},
       .reference =
           "D. C. Liu, J. Nocedal, \"On the limited memory BFGS method for large scale optimization\", "
           "Math. Prog. 45, 1989; "
           "J. J. More, D. J. Thuente, \"Line search algorithms with guaranteed sufficient decrease\", "
           "ACM TOMS 20(3), 1994; R. H. Byrd, P. Lu, J. Nocedal, C. Zhu, \"A limited memory algorithm for bound "
           "constrained optimization\", SIAM J. Sci. Comput. 16(5), 1995",
       .differs = "torch.optim.LBFGS has no line search by default; scipy always keeps pairs",
       .example = "lbfgs(memory=20)"},
      [](const Call&, const BoundArguments& bound) {
        Optimizer result(Method::lbfgs);
        result.memory = static_cast<std::size_t>(bound.integer("memory"));
        return result;
      });
  add_method(
      {.name = "spectral_gradient",
       .summary = "Spectral projected gradient: a Barzilai-Borwein step, projected onto the bounds.",
       .formula =
           "d = P(x - a g) - x, x = x + b d, a = s's / s'y, b from a non-monotone search over the last 10 values",
       .params = {},
       .reference = "E. G. Birgin, J. M. Martinez, M. Raydan, \"Nonmonotone spectral projected gradient methods on "
                    "convex sets\", SIAM J. Optim. 10(4), 2000",
       .differs = "where no curvature is seen the paper takes its longest step, 1e30; here a move of about 10 max(1, "
                  "max |x|)",
       .example = "spectral_gradient"},
      [](const Call&, const BoundArguments&) { return Optimizer(Method::spectral_gradient); });
  add_method({.name = "gradient_descent",
              .summary = "Steepest descent with a step that needs no tuning: halved until it pays, grown when it did.",
              .formula = "x = P(x - r g), f(x - r g) <= f(x) - r ||g||^2 / 2, then r = 2 r for the next",
              .params = {},
              .reference = "L. Armijo, \"Minimization of functions having Lipschitz continuous first partial "
                           "derivatives\", Pacific J. Math. 16(1), 1966",
              .differs = "the paper begins every search at the same rate",
              .example = "gradient_descent"},
             [](const Call&, const BoundArguments&) { return Optimizer(Method::gradient_descent); });
  add_method(
      {.name = "levenberg_marquardt",
       .summary = "Least squares by a linear model of the residuals within a radius; for curves and their parameters.",
       .formula =
           "p = argmin ||J p + r||^2 with ||D p|| <= radius, D the largest column norms so far; x = P(x + p); then "
           "Gauss-Newton steps while they bring r nearer to right angles with J",
       .params = {{.name = "first_radius",
                   .default_text = "1",
                   .interval = {.low = 0, .low_open = true},
                   .meaning = "length of the first step over that of the start, both scaled by D",
                   .why = "MINPACK's 100 throws the first step of NIST's BoxBOD onto a plateau"}},
       .reference = "J. J. More, \"The Levenberg-Marquardt algorithm: implementation and theory\", Lecture Notes in "
                    "Mathematics 630, 1978; D. M. Bates, D. G. Watts, \"A relative offset orthogonality convergence "
                    "criterion for nonlinear least squares\", Technometrics 23(2), 1981",
       .differs =
           "MINPACK and scipy end at a relative change of 1e-8; here it goes on to rounding, and begins again with "
           "other radii where nothing proves a minimum. Bounds are held by projection",
       .example = "levenberg_marquardt"},
      [](const Call&, const BoundArguments& bound) {
        Optimizer result(Method::levenberg_marquardt);
        result.first_radius = bound.number("first_radius");
        return result;
      });
}

}  // namespace

const Registry<OptimizerMaker>& optimizer_registry() {
  static const Registry<OptimizerMaker> registry = [] {
    Registry<OptimizerMaker> result("optimizer");
    rules::add_presets(result);
    rules::add_adaptive(result);
    rules::add_adam_family(result);
    rules::add_sign_rules(result);
    rules::add_variance_rules(result);
    rules::add_ftrl(result);
    rules::add_rate_free(result);
    rules::add_rate_free_adam(result);
    rules::add_schedule_free(result);
    rules::add_layerwise(result);
    rules::add_adafactor(result);
    rules::add_muon(result);
    rules::add_soap(result);
    rules::add_torch(result);
    rules::add_sparse_adam(result);
    rules::add_transforms(result);
    rules::add_adaptive_transforms(result);
    rules::add_adam_family_transforms(result);
    rules::add_block_transforms(result);
    rules::add_wrappers(result);
    rules::add_sam(result);
    rules::add_restrictions(result);
    add_methods(result);
    return result;
  }();
  return registry;
}

}  // namespace descent
