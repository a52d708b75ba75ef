#include "src/optim/method_entries.hpp"

#include <array>
#include <utility>

#include "descent/core/text.hpp"

namespace descent {
namespace {

constexpr std::array kSearches{LineSearchKind::more_thuente, LineSearchKind::zoom, LineSearchKind::hager_zhang,
                               LineSearchKind::armijo};
constexpr std::array kBetas{ConjugateBeta::polak_ribiere, ConjugateBeta::hager_zhang, ConjugateBeta::hestenes_stiefel,
                            ConjugateBeta::fletcher_reeves};

constexpr std::array kSpectralSteps{SpectralStep::long_step, SpectralStep::short_step, SpectralStep::alternating};
constexpr std::array kOrders{CoordinateOrder::cyclic, CoordinateOrder::random, CoordinateOrder::greedy};

template <class Enum, std::size_t N>
std::vector<std::string> texts(const std::array<Enum, N>& values) {
  std::vector<std::string> result;
  for (const Enum value : values) result.emplace_back(to_text(value));
  return result;
}

template <class Enum, std::size_t N>
Enum chosen(const std::array<Enum, N>& values, const std::string& text) {
  for (const Enum value : values)
    if (text == to_text(value)) return value;
  return values[0];
}

constexpr const char* kSearchReference =
    "searches: J. J. More, D. J. Thuente, ACM TOMS 20(3), 1994; J. Nocedal, S. J. Wright, \"Numerical Optimization\", "
    "2nd ed., 2006, algorithms 3.5-3.6 (zoom); W. W. Hager, H. Zhang, ACM TOMS 32(1), 2006; L. Armijo, Pacific J. "
    "Math. 16(1), 1966";

ParamSpec line_search_spec() {
  return {.name = "line_search",
          .kind = ParamKind::choice,
          .default_text = "more_thuente",
          .choices = texts(kSearches),
          .meaning = "how the step a is found; where it fails hager_zhang, then steepest descent is tried",
          .why =
              "on More, Garbow and Hillstrom's functions cg needs the fewest evaluations with it (79; zoom 111, "
              "hager_zhang 117), lbfgs and bfgs as many as with zoom (41, 48)"};
}

ParamSpec curvature_spec(const char* fallback, const char* why) {
  return {.name = "curvature",
          .kind = ParamKind::number,
          .default_text = fallback,
          .interval = {.low = 0.0, .high = 1.0, .low_open = true, .high_open = true},
          .meaning = "c2: the slope at the step is at most c2 of that at the start (not asked by armijo)",
          .why = why};
}

ParamSpec first_radius_spec(const char* meaning, const char* why) {
  return {.name = "first_radius",
          .default_text = "1",
          .interval = {.low = 0, .low_open = true},
          .meaning = meaning,
          .why = why};
}

void read_search(Optimizer& optimizer, const BoundArguments& bound) {
  optimizer.line_search = chosen(kSearches, bound.choice("line_search"));
  optimizer.curvature = bound.number("curvature");
}

ParamSpec first_step_spec() {
  return {.name = "first_step",
          .kind = ParamKind::number,
          .default_text = "auto",
          .interval = {.low = 0.0, .low_open = true, .high_open = true},
          .meaning = "r of the first update; halved where it is too long, doubled every eighth update",
          .why = "a move of at most 1",
          .allows_auto = true};
}

template <class Add>
void add_proximal_methods(const Add& add_method) {
  const auto with_first_step = [](Method method) {
    return [method](const Call&, const BoundArguments& bound) {
      Optimizer result(method);
      if (!bound.is_auto("first_step")) result.first_step = bound.number("first_step");
      return result;
    };
  };
  add_method({.name = "fista",
              .summary = "Accelerated (proximal) gradient with restarts: Nesterov's momentum, no rate to choose.",
              .formula = "x = prox_r(y - r g(y)), y = x + (t - 1)/t' (x - x_before), t' = (1 + sqrt(1 + 4 t^2))/2; t = "
                         "1 again where the momentum points uphill; r halved until f(x) lies below its parabola",
              .params = {first_step_spec()},
              .reference = "A. Beck, M. Teboulle, \"A fast iterative shrinkage-thresholding algorithm for linear "
                           "inverse problems\", SIAM J. Imaging Sci. 2(1), 2009; B. O'Donoghue, E. Candes, \"Adaptive "
                           "restart for accelerated gradient schemes\", Found. Comput. Math. 15, 2015",
              .differs = "the paper's step only shrinks, and it does not restart",
              .example = "fista"},
             with_first_step(Method::fista));
  add_method({.name = "proximal_gradient",
              .summary = "A gradient step, then the proximal map of the penalty or set (ISTA); without one, descent.",
              .formula = "x = prox_r(x - r g), r halved until f(x) lies below its parabola",
              .params = {first_step_spec()},
              .reference = "A. Beck, M. Teboulle, SIAM J. Imaging Sci. 2(1), 2009, section 3",
              .differs = "the paper's step only shrinks",
              .example = "proximal_gradient"},
             with_first_step(Method::proximal_gradient));
  add_method(
      {.name = "coordinate_descent",
       .summary = "One coordinate after the other, with a step of its own for each; l1 and bounds are held exactly.",
       .formula =
           "x_i = prox(x_i - g_i / L_i), L_i doubled until f lies below its parabola; a step is a sweep of n moves",
       .params = {{.name = "order",
                   .kind = ParamKind::choice,
                   .default_text = "cyclic",
                   .choices = texts(kOrders),
                   .meaning = "which coordinate is next",
                   .why = "nothing to be drawn or compared"}},
       .reference = "S. J. Wright, \"Coordinate descent algorithms\", Math. Prog. 151, 2015; Y. Nesterov, "
                    "\"Efficiency of coordinate descent methods on huge-scale optimization problems\", SIAM J. Optim. "
                    "22(2), 2012, section 6.1",
       .differs = "each move here costs a whole gradient: the objective is any function",
       .example = "coordinate_descent(order=greedy)"},
      [](const Call&, const BoundArguments& bound) {
        Optimizer result(Method::coordinate_descent);
        result.order = chosen(kOrders, bound.choice("order"));
        return result;
      });
}

const char* const kQuasiNewtonSteps = "Nocedal and Wright's: quasi-Newton steps are good as they come";

}  // namespace

const char* to_text(ConjugateBeta beta) {
  switch (beta) {
    case ConjugateBeta::hager_zhang: return "hager_zhang";
    case ConjugateBeta::polak_ribiere: return "polak_ribiere";
    case ConjugateBeta::hestenes_stiefel: return "hestenes_stiefel";
    case ConjugateBeta::fletcher_reeves: return "fletcher_reeves";
  }
  return "";
}

const char* to_text(SpectralStep step) {
  switch (step) {
    case SpectralStep::long_step: return "long";
    case SpectralStep::short_step: return "short";
    case SpectralStep::alternating: return "alternating";
  }
  return "";
}

const char* to_text(CoordinateOrder order) {
  switch (order) {
    case CoordinateOrder::cyclic: return "cyclic";
    case CoordinateOrder::random: return "random";
    case CoordinateOrder::greedy: return "greedy";
  }
  return "";
}

void add_methods(Registry<OptimizerMaker>& registry) {
  const auto add_method = [&](Entry entry, OptimizerMaker maker) {
    entry.kind = "optimizer";
    registry.add(std::move(entry), std::move(maker));
  };
  add_method(
      {.name = "auto",
       .summary = "lbfgs, of squares summed over rows levenberg_marquardt; in fit what suits loss and batches.",
       .formula =
           "minimize: lbfgs; for residuals, and for a formula such as sum((y - a*exp(-b*x))^2) over rows, "
           "levenberg_marquardt; with a penalty fista, within a set spectral_gradient.  fit with all rows in "
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
       .formula = "x = x - a H g, H from the last `memory` pairs (dx, dg); the matrix itself (bfgs) when n <= 2. "
                  "Within bounds "
                  "L-BFGS-B: x = x + a (z - x), z the least point of the model with the parameters held that reach a "
                  "bound along the projected gradient",
       .params = {{.name = "memory",
                   .kind = ParamKind::integer,
                   .default_text = "10",
                   .interval = {.low = 1, .high = 1000},
                   .meaning = "pairs kept",
                   .why = "scipy's and ensmallen's; more seldom pays"},
                  line_search_spec(),
                  curvature_spec("0.9", kQuasiNewtonSteps)},
       .reference = std::string("D. C. Liu, J. Nocedal, \"On the limited memory BFGS method for large scale "
                                "optimization\", Math. Prog. 45, 1989; R. H. Byrd, P. Lu, J. Nocedal, C. Zhu, \"A "
                                "limited memory algorithm for bound constrained optimization\", SIAM J. Sci. Comput. "
                                "16(5), 1995; ") +
                    kSearchReference,
       .differs = "torch.optim.LBFGS has no line search by default; scipy always keeps pairs; within bounds the search "
                  "is more_thuente",
       .example = "lbfgs(memory=20)"},
      [](const Call&, const BoundArguments& bound) {
        Optimizer result(Method::lbfgs);
        result.memory = static_cast<std::size_t>(bound.integer("memory"));
        read_search(result, bound);
        return result;
      });
  add_method({.name = "bfgs",
              .summary = "Quasi-Newton with the whole matrix; for smooth functions of up to some thousand variables.",
              .formula = "x = x - a H g,  H = (I - rho s y') H (I - rho y s') + rho s s',  rho = 1 / y's",
              .params = {line_search_spec(), curvature_spec("0.9", kQuasiNewtonSteps)},
              .reference = std::string("J. Nocedal, S. J. Wright, \"Numerical Optimization\", 2nd ed., 2006, algorithm "
                                       "6.1 and eq. 6.20; ") +
                           kSearchReference,
              .differs = "scipy's BFGS starts from the identity, here from (y's / y'y) I",
              .example = "bfgs"},
             [](const Call&, const BoundArguments& bound) {
               Optimizer result(Method::bfgs);
               read_search(result, bound);
               return result;
             });
  add_method(
      {.name = "cg",
       .summary =
           "Nonlinear conjugate gradients: three vectors of memory, for smooth functions of very many variables.",
       .formula = "x = x + a d,  d = -g + beta d.  hager_zhang: beta = (y - 2 d y'y / d'y)'g / d'y;  polak_ribiere: "
                  "max(0, g'y / g_before'g_before);  hestenes_stiefel: max(0, g'y / d'y);  fletcher_reeves: g'g / "
                  "g_before'g_before",
       .params =
           {{.name = "beta",
             .kind = ParamKind::choice,
             .default_text = "polak_ribiere",
             .choices = texts(kBetas),
             .meaning = "how much of the last direction is kept",
             .why =
                 "fewer evaluations than hager_zhang on More, Garbow and Hillstrom's functions (80 to 91), and up to n "
                 "= 200 (74 to 106); fletcher_reeves, with Powell's restarts, took 70 and 78"},
            line_search_spec(),
            curvature_spec("0.1", "directions stay conjugate only where steps are nearly exact")},
       .reference = std::string("W. W. Hager, H. Zhang, \"A survey of nonlinear conjugate gradient methods\", Pacific "
                                "J. Optim. 2(1), 2006; M. J. D. Powell, \"Restart procedures for the conjugate "
                                "gradient method\", Math. Prog. 12, 1977 (fletcher_reeves); ") +
                    kSearchReference,
       .differs = "CG_DESCENT begins a search by a quadratic step of its own; scipy's CG is polak_ribiere with a "
                  "search of its own",
       .example = "cg(beta=polak_ribiere)"},
      [](const Call&, const BoundArguments& bound) {
        Optimizer result(Method::cg);
        result.beta = chosen(kBetas, bound.choice("beta"));
        read_search(result, bound);
        return result;
      });
  add_method(
      {.name = "newton_cg",
       .summary = "Newton's method with a line search, by conjugate gradients on products with the Hessian.",
       .formula = "x = x + a p, ||H p + g|| <= min(1/2, sqrt ||g||) ||g||, or p as far as H is positive definite",
       .params = {line_search_spec(), curvature_spec("0.9", "Newton's steps are good as they come")},
       .reference = std::string("R. S. Dembo, T. Steihaug, \"Truncated-Newton algorithms for large-scale unconstrained "
                                "optimization\", Math. Prog. 26, 1983; ") +
                    kSearchReference,
       .differs = "scipy's Newton-CG follows the first direction of negative curvature; so does this, from 0 only",
       .example = "newton_cg"},
      [](const Call&, const BoundArguments& bound) {
        Optimizer result(Method::newton_cg);
        read_search(result, bound);
        return result;
      });
  add_method(
      {.name = "trust_region",
       .summary = "Newton's method within a radius, by conjugate gradients on products with the Hessian.",
       .formula = "p = argmin g'p + p'H p / 2 with ||p|| <= radius (Steihaug), x = x + p if f falls by 1e-4 of that; "
                  "radius = ||p|| / 4 below a quarter, 2 ||p|| above three quarters",
       .params = {first_radius_spec("over the length of the model's step along -g", "the model itself says how far")},
       .reference =
           "T. Steihaug, \"The conjugate gradient method and trust regions in large scale optimization\", SIAM "
           "J. Numer. Anal. 20(3), 1983; J. Nocedal, S. J. Wright, \"Numerical Optimization\", 2nd ed., 2006, "
           "algorithm 4.1",
       .differs = "scipy's trust-ncg begins with a radius of 1, whatever the units",
       .example = "trust_region"},
      [](const Call&, const BoundArguments& bound) {
        Optimizer result(Method::trust_region);
        result.first_radius = bound.number("first_radius");
        return result;
      });
  add_method(
      {.name = "spectral_gradient",
       .summary = "Spectral projected gradient: a Barzilai-Borwein step, projected onto bounds or a set.",
       .formula = "d = P(x - a g) - x, x = x + b d, a = s's / s'y (long), s'y / y'y (short) or one after the other, b "
                  "from a non-monotone search over the last `look_back` values",
       .params = {{.name = "step",
                   .kind = ParamKind::choice,
                   .default_text = "long",
                   .choices = texts(kSpectralSteps),
                   .meaning = "which of Barzilai and Borwein's steps a is",
                   .why = "the paper's"},
                  {.name = "look_back",
                   .kind = ParamKind::integer,
                   .default_text = "10",
                   .interval = {.low = 1, .high = 1000},
                   .meaning = "values of which f must not exceed the largest; 1: f never rises",
                   .why = "the paper's M: the steps are good because f may rise"}},
       .reference = "E. G. Birgin, J. M. Martinez, M. Raydan, \"Nonmonotone spectral projected gradient methods on "
                    "convex sets\", SIAM J. Optim. 10(4), 2000; J. Barzilai, J. M. Borwein, \"Two-point step size "
                    "gradient methods\", IMA J. Numer. Anal. 8, 1988",
       .differs = "where no curvature is seen the paper takes its longest step, 1e30; here a move of about 10 max(1, "
                  "max |x|)",
       .example = "spectral_gradient(step=alternating)"},
      [](const Call&, const BoundArguments& bound) {
        Optimizer result(Method::spectral_gradient);
        result.spectral_step = chosen(kSpectralSteps, bound.choice("step"));
        result.look_back = static_cast<std::size_t>(bound.integer("look_back"));
        return result;
      });
  add_proximal_methods(add_method);
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
       .params = {first_radius_spec("length of the first step over that of the start, both scaled by D",
                                    "MINPACK's 100 throws the first step of NIST's BoxBOD onto a plateau")},
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

std::string to_text(const Optimizer& optimizer) {
  if (optimizer.method == Method::chain) return to_text(optimizer.chain);
  const Optimizer usual(optimizer.method);
  std::vector<std::string> given;
  const auto put = [&](const char* name, const std::string& text) { given.push_back(std::string(name) + "=" + text); };
  if (optimizer.memory != usual.memory) put("memory", std::to_string(optimizer.memory));
  if (optimizer.beta != usual.beta) put("beta", to_text(optimizer.beta));
  if (optimizer.line_search != usual.line_search) put("line_search", to_text(optimizer.line_search));
  if (optimizer.curvature != usual.curvature) put("curvature", number_text(optimizer.curvature));
  if (optimizer.spectral_step != usual.spectral_step) put("step", to_text(optimizer.spectral_step));
  if (optimizer.look_back != usual.look_back) put("look_back", std::to_string(optimizer.look_back));
  if (optimizer.first_step != usual.first_step) put("first_step", number_text(optimizer.first_step));
  if (optimizer.order != usual.order) put("order", to_text(optimizer.order));
  if (optimizer.first_radius != usual.first_radius) put("first_radius", number_text(optimizer.first_radius));
  if (optimizer.learning_rate != usual.learning_rate) put("learning_rate", number_text(optimizer.learning_rate));
  if (optimizer.inner_epochs != usual.inner_epochs) put("inner_epochs", std::to_string(optimizer.inner_epochs));
  const std::string name = to_text(optimizer.method);
  return given.empty() ? name : name + "(" + join(given) + ")";
}

const char* to_text(Method method) {
  switch (method) {
    case Method::automatic: return "auto";
    case Method::lbfgs: return "lbfgs";
    case Method::bfgs: return "bfgs";
    case Method::cg: return "cg";
    case Method::newton_cg: return "newton_cg";
    case Method::trust_region: return "trust_region";
    case Method::spectral_gradient: return "spectral_gradient";
    case Method::proximal_gradient: return "proximal_gradient";
    case Method::fista: return "fista";
    case Method::coordinate_descent: return "coordinate_descent";
    case Method::gradient_descent: return "gradient_descent";
    case Method::levenberg_marquardt: return "levenberg_marquardt";
    case Method::svrg: return "svrg";
    case Method::saga: return "saga";
    case Method::sarah: return "sarah";
    case Method::chain: return "chain";
  }
  return "";
}

}  // namespace descent
