// The optimizers that everyone uses, each a chain of primitive rules.
#include "descent/core/error.hpp"
#include "src/optim/rules/basic.hpp"
#include "src/optim/rules/entries.hpp"

namespace descent::rules {
namespace {

const char* const kAdamReference =
    "D. P. Kingma, J. Ba, \"Adam: a method for stochastic optimization\", ICLR 2015, algorithm 1";
const char* const kPolyakReference =
    "B. T. Polyak, \"Some methods of speeding up the convergence of iteration methods\", USSR Comput. Math. 4(5), 1964";
const char* const kNesterovReference =
    "I. Sutskever, J. Martens, G. Dahl, G. Hinton, \"On the importance of initialization and momentum in deep "
    "learning\", "
    "ICML 2013, eq. 3-4";

std::vector<Rule> momentum_rules(const Given& given) {
  const std::string& form = given.choice("form");
  const Hyper momentum = given["momentum"], dampening = given["dampening"];
  if (form != "heavy_ball" && given.uses("dampening"))
    throw Error(ErrorCode::usage,
                "'dampening' belongs to form=heavy_ball, got form=" + form +
                    " (form=ema is what dampening=momentum is meant to be)",
                Place{.name = "momentum"});
  if (form == "velocity") return {given.rate(), trace_rule(momentum)};
  if (form == "ema") return {Rule{.def = &kEma, .values = {momentum}}, given.rate()};
  return {trace_rule(momentum, dampening), given.rate()};
}
std::vector<Rule> rmsprop_rules(const Given& given) {
  std::vector<Rule> rules;
  given.append_decay(rules);
  rules.push_back(
      rms_rule(given["rho"], given["epsilon"], given.choice("epsilon_placement") == "inside", given.flag("centered")));
  const bool rate_first = given.choice("form") == "velocity";
  if (rate_first) rules.push_back(given.rate());
  if (given.uses("momentum")) rules.push_back(trace_rule(given["momentum"]));
  if (!rate_first) rules.push_back(given.rate());
  return rules;
}

}  // namespace

void add_presets(Registry<OptimizerMaker>& registry) {
  add_rule(registry,
           {.name = "sgd",
            .summary = "Plain gradient descent; with batches, stochastic gradient descent.",
            .formula = "x = x - r g",
            .params = {rate_spec()},
            .reference = "H. Robbins, S. Monro, \"A stochastic approximation method\", Ann. Math. Statist. 22, 1951",
            .differs = "auto on a full batch is gradient_descent",
            .example = "sgd(0.1)"},
           [](const Given& given) { return std::vector<Rule>{given.rate()}; });
  add_rule(
      registry,
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
  add_rule(registry,
           {.name = "nesterov",
            .summary = "Momentum that looks ahead along its move.",
            .formula = "v = momentum v + g, x = x - r (g + momentum v)",
            .params = {rate_spec(), momentum_spec()},
            .reference = kNesterovReference,
            .differs = "the paper takes the gradient at the point ahead; like PyTorch, x here is that point",
            .example = "nesterov(0.01, momentum=0.9)"},
           [](const Given& given) {
             return std::vector<Rule>{trace_rule(given["momentum"], 0.0, true), given.rate()};
           });
  add_rule(
      registry,
      {.name = "rmsprop",
       .summary = "Divides every gradient by its root mean square.",
       .formula = "g = g + weight_decay x, s = rho s + (1 - rho) g^2, u = g / (sqrt(s) + epsilon), v = momentum v + u, "
                  "x = x - r v; "
                  "centered: a = rho a + (1 - rho) g, and s - a^2 in place of s; inside: u = g / sqrt(s + epsilon); "
                  "velocity: v = momentum v + r u, x = x - v",
       .params = {rate_spec(),
                  number_spec("rho", "0.9", kFraction, "decay of s, the mean of squares",
                              "the lecture's; torch takes 0.99"),
                  epsilon_spec(),
                  number_spec("momentum", "0", kFraction, "of the quotient's buffer", "off, as in the lecture"),
                  centered_spec(), rms_placement_spec(),
                  choice_spec("form", {"heavy_ball", "velocity"}, "what the buffer v holds, as in momentum",
                              "torch's; the same while r stays the same"),
                  coupled_decay_spec()},
       .reference =
           "T. Tieleman, G. Hinton, \"Lecture 6.5: rmsprop\", COURSERA: Neural networks for machine learning, 2012",
       .differs = "PyTorch: rho (there alpha) is 0.99 (torch.rmsprop); optax: epsilon_placement=inside, form=velocity",
       .example = "rmsprop(0.01, rho=0.9, epsilon=1e-8)"},
      rmsprop_rules);
  add_rule(
      registry,
      {.name = "adam",
       .summary = "Momentum, divided by the gradients' root mean square, both free of start-up bias.",
       .formula = "g = g + weight_decay x, m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2, "
                  "x = x - r (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)",
       .params = {rate_spec(), beta1_spec(), beta2_spec(), epsilon_spec(), coupled_decay_spec()},
       .reference = kAdamReference,
       .differs = "PyTorch: none but rounding; ensmallen divides epsilon by sqrt(1 - beta2^t), which is another rule "
                  "in the first steps",
       .example = "adam(cosine(0.05, 5000), beta2=0.99)"},
      [](const Given& given) {
        std::vector<Rule> rules;
        given.append_decay(rules);
        rules.push_back(adam_rule(given["beta1"], given["beta2"], given["epsilon"]));
        rules.push_back(given.rate());
        return rules;
      });
  add_rule(registry,
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
           [](const Given& given) {
             return std::vector<Rule>{adam_rule(given["beta1"], given["beta2"], given["epsilon"]),
                                      Rule{.def = &kDecay, .values = {given["weight_decay"]}}, given.rate()};
           });
}

}  // namespace descent::rules
