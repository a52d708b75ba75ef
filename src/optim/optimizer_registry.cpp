// What there is to choose from: the table that validation, help, reference pages and tests are made of.
#include <limits>
#include <memory>
#include <utility>

#include "descent/core/error.hpp"
#include "descent/optim/optimizer.hpp"

namespace descent {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
const Interval kPositive{.low = 0.0, .high = kInfinity, .low_open = true, .high_open = true};
const Interval kNotNegative{.low = 0.0, .high = kInfinity, .high_open = true};
const Interval kFraction{.low = 0.0, .high = 1.0, .high_open = true};

const char* const kAdamReference =
    "D. P. Kingma, J. Ba, \"Adam: a method for stochastic optimization\", ICLR 2015, algorithm 1";
const char* const kPolyakReference =
    "B. T. Polyak, \"Some methods of speeding up the convergence of iteration methods\", USSR Comput. Math. 4(5), 1964";
const char* const kNesterovReference =
    "I. Sutskever, J. Martens, G. Dahl, G. Hinton, \"On the importance of initialization and momentum in deep "
    "learning\", "
    "ICML 2013, eq. 3-4";

ParamSpec number_spec(std::string name, std::string default_text, Interval interval, std::string meaning,
                      std::string why) {
  return {.name = std::move(name),
          .kind = ParamKind::number,
          .default_text = std::move(default_text),
          .interval = interval,
          .meaning = std::move(meaning),
          .why = std::move(why)};
}
ParamSpec rate_spec() {
  return {.name = "learning_rate",
          .kind = ParamKind::schedule,
          .default_text = "auto",
          .interval = kPositive,
          .meaning = "r: a number, auto, or a schedule",
          .why = "nobody should have to choose one",
          .allows_auto = true};
}
ParamSpec momentum_spec() {
  return number_spec("momentum", "0.9", kFraction, "how much of the last move stays",
                     "averages about ten gradients; the value of nearly all published runs");
}
ParamSpec beta1_spec() {
  return number_spec("beta1", "0.9", kFraction, "decay of m, the mean of gradients",
                     "the paper's: averages about ten gradients");
}
ParamSpec beta2_spec() {
  return number_spec("beta2", "0.999", kFraction, "decay of v, the mean of squares",
                     "the paper's: a scale over about a thousand gradients hardly changes between two");
}
ParamSpec epsilon_spec() {
  return number_spec("epsilon", "1e-8", kPositive, "keeps the quotient finite; added outside the root",
                     "far below any gradient that matters in double precision");
}

Rule rule(RuleKind kind, double a = 0.0, double b = 0.0, double c = 0.0) {
  Rule result;
  result.kind = kind;
  result.values = {a, b, c};
  return result;
}
Rule rate_rule(const BoundArguments& bound) {
  Rule result = rule(RuleKind::scale_by_learning_rate);
  result.schedule = std::make_shared<const Schedule>(bound_schedule(bound, "learning_rate"));
  return result;
}
Rule adam_rule(const BoundArguments& bound) {
  return rule(RuleKind::scale_by_adam, bound.number("beta1"), bound.number("beta2"), bound.number("epsilon"));
}

std::vector<Rule> momentum_rules(const BoundArguments& bound) {
  const std::string& form = bound.choice("form");
  const double momentum = bound.number("momentum"), dampening = bound.number("dampening");
  if (form != "heavy_ball" && dampening != 0.0)
    throw Error(ErrorCode::usage, "momentum: 'dampening' belongs to form=heavy_ball, got form=" + form +
                                      " (form=ema is what dampening=momentum is meant to be)");
  if (form == "velocity") return {rate_rule(bound), rule(RuleKind::trace, momentum)};
  if (form == "ema") return {rule(RuleKind::ema, momentum), rate_rule(bound)};
  return {rule(RuleKind::trace, momentum, dampening), rate_rule(bound)};
}
std::vector<Rule> rmsprop_rules(const BoundArguments& bound) {
  std::vector<Rule> rules{rule(RuleKind::scale_by_rms, bound.number("rho"), bound.number("epsilon"))};
  if (bound.number("momentum") != 0.0) rules.push_back(rule(RuleKind::trace, bound.number("momentum")));
  rules.push_back(rate_rule(bound));
  return rules;
}

using RuleMaker = std::vector<Rule> (*)(const BoundArguments&);

void add(Registry<OptimizerMaker>& registry, Entry entry, RuleMaker maker) {
  entry.kind = "optimizer";
  registry.add(std::move(entry), [maker](const Call& canonical, const BoundArguments& bound) {
    return Optimizer(Chain(Chain::Link{.call = canonical, .rules = maker(bound)}));
  });
}

void add_presets(Registry<OptimizerMaker>& registry) {
  add(registry,
      {.name = "sgd",
       .summary = "Plain gradient descent; with batches, stochastic gradient descent.",
       .formula = "x = x - r g",
       .params = {rate_spec()},
       .reference = "H. Robbins, S. Monro, \"A stochastic approximation method\", Ann. Math. Statist. 22, 1951",
       .differs = "auto on a full batch is gradient_descent",
       .example = "sgd(0.1)"},
      [](const BoundArguments& bound) { return std::vector<Rule>{rate_rule(bound)}; });
  add(registry,
      {.name = "momentum",
       .summary = "Gradient descent that keeps a part of its last move.",
       .formula = "heavy_ball: v = momentum v + (1 - dampening) g (v = g the first time), x = x - r v;  "
                  "ema: v = momentum v + (1 - momentum) g, x = x - r v;  velocity: v = momentum v + r g, x = x - v",
       .params = {rate_spec(),
                  momentum_spec(),
                  {.name = "form",
                   .kind = ParamKind::choice,
                   .default_text = "heavy_ball",
                   .choices = {"heavy_ball", "ema", "velocity"},
                   .meaning = "what the buffer v holds",
                   .why =
                       "torch's; velocity is the same while r stays the same, ema takes steps (1 - momentum) as long"},
                  number_spec("dampening", "0", kFraction, "how much of g is held back (heavy_ball only)",
                              "off: it only rescales r, and not in the first update")},
       .reference = kPolyakReference,
       .differs = "PyTorch: none in form=heavy_ball; Keras is form=velocity",
       .example = "momentum(0.01, momentum=0.9, form=ema)"},
      momentum_rules);
  add(registry,
      {.name = "nesterov",
       .summary = "Momentum that looks ahead along its move.",
       .formula = "v = momentum v + g, x = x - r (g + momentum v)",
       .params = {rate_spec(), momentum_spec()},
       .reference = kNesterovReference,
       .differs = "the paper takes the gradient at the point ahead; like PyTorch, x here is that point",
       .example = "nesterov(0.01, momentum=0.9)"},
      [](const BoundArguments& bound) {
        return std::vector<Rule>{rule(RuleKind::trace, bound.number("momentum"), 0.0, 1.0), rate_rule(bound)};
      });
  add(registry,
      {.name = "rmsprop",
       .summary = "Divides every gradient by its root mean square.",
       .formula = "s = rho s + (1 - rho) g^2, u = g / (sqrt(s) + epsilon), v = momentum v + u, x = x - r v",
       .params = {rate_spec(),
                  number_spec("rho", "0.9", kFraction, "decay of s, the mean of squares",
                              "the lecture's; torch takes 0.99"),
                  epsilon_spec(),
                  number_spec("momentum", "0", kFraction, "of the quotient's buffer", "off, as in the lecture")},
       .reference =
           "T. Tieleman, G. Hinton, \"Lecture 6.5: rmsprop\", COURSERA: Neural networks for machine learning, 2012",
       .differs = "PyTorch: rho (there alpha) is 0.99; optax puts epsilon inside the root and momentum after r",
       .example = "rmsprop(0.01, rho=0.9, epsilon=1e-8)"},
      rmsprop_rules);
  add(registry,
      {.name = "adam",
       .summary = "Momentum, divided by the gradients' root mean square, both free of start-up bias.",
       .formula = "m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2, "
                  "x = x - r (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)",
       .params = {rate_spec(), beta1_spec(), beta2_spec(), epsilon_spec()},
       .reference = kAdamReference,
       .differs = "PyTorch: none but rounding; ensmallen divides epsilon by sqrt(1 - beta2^t), which is another rule "
                  "in the first steps",
       .example = "adam(cosine(0.05, 5000), beta2=0.99)"},
      [](const BoundArguments& bound) {
        return std::vector<Rule>{adam_rule(bound), rate_rule(bound)};
      });
  add(registry,
      {.name = "adamw",
       .summary = "Adam with weight decay that is not divided by the root mean square.",
       .formula = "x = x - r (adam's direction + weight_decay x)",
       .params = {rate_spec(),
                  number_spec("weight_decay", "0.01", kNotNegative, "pull of every parameter towards 0, times r",
                              "torch's; optax takes 1e-4"),
                  beta1_spec(), beta2_spec(), epsilon_spec()},
       .reference = "I. Loshchilov, F. Hutter, \"Decoupled weight decay regularization\", ICLR 2019, algorithm 2",
       .differs = "the paper's decay is not scaled by r; PyTorch's and optax's are, and so is this one",
       .example = "adamw(cosine(1e-3, 10000))"},
      [](const BoundArguments& bound) {
        return std::vector<Rule>{adam_rule(bound), rule(RuleKind::add_decayed_weights, bound.number("weight_decay")),
                                 rate_rule(bound)};
      });
}

void add_transforms(Registry<OptimizerMaker>& registry) {
  add(registry,
      {.name = "clip_by_value",
       .summary = "Cuts every component to [-max_value, max_value].",
       .formula = "u_i = min(max(u_i, -max_value), max_value)",
       .params = {number_spec("max_value", "", kPositive, "largest absolute value", "")},
       .differs = "none from torch.nn.utils.clip_grad_value_",
       .example = "clip_by_value(1) | sgd(0.1)"},
      [](const BoundArguments& bound) {
        return std::vector<Rule>{rule(RuleKind::clip_by_value, bound.number("max_value"))};
      });
  add(registry,
      {.name = "clip_by_global_norm",
       .summary = "Shortens the whole vector to max_norm if it is longer.",
       .formula = "u = u min(1, max_norm / ||u||_2)",
       .params = {number_spec("max_norm", "", kPositive, "largest length", "")},
       .reference = "R. Pascanu, T. Mikolov, Y. Bengio, \"On the difficulty of training recurrent neural networks\", "
                    "ICML 2013, algorithm 1",
       .differs = "PyTorch divides by ||u|| + 1e-6, so its result is a little shorter than max_norm",
       .example = "clip_by_global_norm(1) | adam(0.01)"},
      [](const BoundArguments& bound) {
        return std::vector<Rule>{rule(RuleKind::clip_by_global_norm, bound.number("max_norm"))};
      });
  add(registry,
      {.name = "add_decayed_weights",
       .summary = "Adds a multiple of the parameters: weight decay.",
       .formula = "u = u + weight_decay x",
       .params = {number_spec("weight_decay", "", kNotNegative, "pull towards 0", "")},
       .differs =
           "before scale_by_adam it is the L2 penalty of PyTorch's Adam(weight_decay), after it the decoupled one",
       .example = "add_decayed_weights(1e-4) | adam(0.01)"},
      [](const BoundArguments& bound) {
        return std::vector<Rule>{rule(RuleKind::add_decayed_weights, bound.number("weight_decay"))};
      });
  add(registry,
      {.name = "scale",
       .summary = "Multiplies by a number.",
       .formula = "u = factor u",
       .params = {number_spec("factor", "", kPositive, "a chain descends, so it is positive", "")},
       .example = "scale_by_adam | scale(0.01)"},
      [](const BoundArguments& bound) { return std::vector<Rule>{rule(RuleKind::scale, bound.number("factor"))}; });
  add(registry,
      {.name = "scale_by_learning_rate",
       .summary = "Multiplies by the learning rate.",
       .formula = "u = r u",
       .params = {rate_spec()},
       .differs = "optax also changes the sign here; this chain subtracts u at its end",
       .example = "scale_by_adam | scale_by_learning_rate(0.01)"},
      [](const BoundArguments& bound) { return std::vector<Rule>{rate_rule(bound)}; });
  add(registry,
      {.name = "trace",
       .summary = "A decaying sum of what comes in: momentum.",
       .formula = "v = momentum v + (1 - dampening) u (v = u the first time), u = v, or u + momentum v with nesterov",
       .params = {momentum_spec(),
                  number_spec("dampening", "0", kFraction, "how much of u is held back", "off, as in PyTorch"),
                  {.name = "nesterov",
                   .kind = ParamKind::flag,
                   .default_text = "false",
                   .meaning = "look ahead along the sum",
                   .why = "off, as in PyTorch"}},
       .reference = kPolyakReference,
       .example = "trace(0.9) | scale_by_learning_rate(0.01)"},
      [](const BoundArguments& bound) {
        return std::vector<Rule>{rule(RuleKind::trace, bound.number("momentum"), bound.number("dampening"),
                                      bound.flag("nesterov") ? 1.0 : 0.0)};
      });
  add(registry,
      {.name = "ema",
       .summary = "A decaying mean of what comes in, starting from 0.",
       .formula = "v = decay v + (1 - decay) u, u = v",
       .params = {number_spec("decay", "0.9", kFraction, "how much of the mean stays", "averages about ten gradients")},
       .differs = "optax divides by 1 - decay^t unless told not to",
       .example = "ema(0.9) | scale_by_learning_rate(0.1)"},
      [](const BoundArguments& bound) { return std::vector<Rule>{rule(RuleKind::ema, bound.number("decay"))}; });
  add(registry,
      {.name = "scale_by_rms",
       .summary = "Divides by the root mean square.",
       .formula = "s = rho s + (1 - rho) u^2, u = u / (sqrt(s) + epsilon)",
       .params = {number_spec("rho", "0.9", kFraction, "decay of s, the mean of squares", "as rmsprop"),
                  epsilon_spec()},
       .differs = "optax puts epsilon inside the root",
       .example = "scale_by_rms | scale_by_learning_rate(0.01)"},
      [](const BoundArguments& bound) {
        return std::vector<Rule>{rule(RuleKind::scale_by_rms, bound.number("rho"), bound.number("epsilon"))};
      });
  add(registry,
      {.name = "scale_by_adam",
       .summary = "Adam's direction, without a learning rate.",
       .formula = "u = (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)",
       .params = {beta1_spec(), beta2_spec(), epsilon_spec()},
       .reference = kAdamReference,
       .example = "scale_by_adam(beta2=0.99) | add_decayed_weights(0.01) | scale_by_learning_rate(0.001)"},
      [](const BoundArguments& bound) { return std::vector<Rule>{adam_rule(bound)}; });
}

void add_methods(Registry<OptimizerMaker>& registry) {
  const auto add_method = [&](Entry entry, OptimizerMaker maker) {
    entry.kind = "optimizer";
    registry.add(std::move(entry), std::move(maker));
  };
  add_method({.name = "auto",
              .summary = "lbfgs; spectral_gradient when there are bounds.",
              .formula = "",
              .params = {},
              .example = "auto"},
             [](const Call&, const BoundArguments&) { return Optimizer(Method::automatic); });
  add_method({.name = "lbfgs",
              .summary = "Quasi-Newton with limited memory and a strong Wolfe line search; for smooth functions.",
              .formula = "x = x - a H g, H from the last `memory` pairs (dx, dg); H itself when n <= memory (BFGS)",
              .params = {{.name = "memory",
                          .kind = ParamKind::integer,
                          .default_text = "10",
                          .interval = {.low = 1, .high = 1000},
                          .meaning = "pairs kept",
                          .why = "scipy's and ensmallen's; more seldom pays"}},
              .reference = "D. C. Liu, J. Nocedal, \"On the limited memory BFGS method for large scale optimization\", "
                           "Math. Prog. 45, 1989; "
                           "J. J. More, D. J. Thuente, \"Line search algorithms with guaranteed sufficient decrease\", "
                           "ACM TOMS 20(3), 1994",
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
       .example = "spectral_gradient"},
      [](const Call&, const BoundArguments&) { return Optimizer(Method::spectral_gradient); });
  add_method({.name = "gradient_descent",
              .summary = "Steepest descent with a step that needs no tuning: halved until it pays, grown when it did.",
              .formula = "x = P(x - r g), f(x - r g) <= f(x) - r ||g||^2 / 2, then r = 2 r for the next",
              .params = {},
              .reference = "L. Armijo, \"Minimization of functions having Lipschitz continuous first partial "
                           "derivatives\", Pacific J. Math. 16(1), 1966",
              .example = "gradient_descent"},
             [](const Call&, const BoundArguments&) { return Optimizer(Method::gradient_descent); });
}

}  // namespace

const Registry<OptimizerMaker>& optimizer_registry() {
  static const Registry<OptimizerMaker> registry = [] {
    Registry<OptimizerMaker> result("optimizer");
    add_presets(result);
    add_transforms(result);
    add_methods(result);
    return result;
  }();
  return registry;
}

}  // namespace descent
