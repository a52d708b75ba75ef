// The primitive rules, as links of a chain.
#include "descent/core/error.hpp"
#include "src/optim/rules/basic.hpp"
#include "src/optim/rules/entries.hpp"

namespace descent::rules {
namespace {

const char* const kAdamReference =
    "D. P. Kingma, J. Ba, \"Adam: a method for stochastic optimization\", ICLR 2015, algorithm 1";
const char* const kRmspropReference =
    "T. Tieleman, G. Hinton, \"Lecture 6.5: rmsprop\", COURSERA: Neural networks for machine learning, 2012";
const char* const kPolyakReference =
    "B. T. Polyak, \"Some methods of speeding up the convergence of iteration methods\", USSR Comput. Math. 4(5), 1964";

}  // namespace

void add_transforms(Registry<OptimizerMaker>& registry) {
  add_rule(
      registry,
      {.name = "clip_by_value",
       .summary = "Cuts every component to [-max_value, max_value].",
       .formula = "u_i = min(max(u_i, -max_value), max_value)",
       .params = {number_spec("max_value", "", kPositive, "largest absolute value", "only the problem's units say it")},
       .reference = "PyTorch, torch.nn.utils.clip_grad_value_; optax, clip",
       .differs = "none from either",
       .example = "clip_by_value(1) | sgd(0.1)"},
      [](const Given& given) { return std::vector<Rule>{Rule{.def = &kClipByValue, .values = {given["max_value"]}}}; });
  add_rule(
      registry,
      {.name = "clip_by_global_norm",
       .summary = "Shortens the whole vector to max_norm if it is longer.",
       .formula = "exact: u = u min(1, max_norm / ||u||_2);  torch: u = u min(1, max_norm / (||u||_2 + 1e-6))",
       .params = {number_spec("max_norm", "", kPositive, "largest length", "only the problem's units say it"),
                  choice_spec("form", {"exact", "torch"}, "what the length is divided by",
                              "the result is then exactly as long as was asked for")},
       .reference = "R. Pascanu, T. Mikolov, Y. Bengio, \"On the difficulty of training recurrent neural networks\", "
                    "ICML 2013, algorithm 1",
       .differs = "PyTorch is form=torch: its result is a little shorter than max_norm (0.9999998 for 1 and ||u|| = 5)",
       .example = "clip_by_global_norm(1) | adam(0.01)"},
      [](const Given& given) {
        return std::vector<Rule>{
            Rule{.def = &kClipByGlobalNorm,
                 .values = {given["max_norm"], Hyper(given.choice("form") == "torch" ? 1.0 : 0.0)}}};
      });
  add_rule(
      registry,
      {.name = "add_decayed_weights",
       .summary = "Adds a multiple of the parameters: weight decay.",
       .formula = "u = u + weight_decay x",
       .params = {number_spec("weight_decay", "", kNotNegative, "pull towards 0",
                              "it moves the minimum, so whoever adds it says how far")},
       .reference = "optax, add_decayed_weights",
       .differs =
           "before scale_by_adam it is the L2 penalty of PyTorch's Adam(weight_decay), after it the decoupled one",
       .example = "add_decayed_weights(1e-4) | adam(0.01)"},
      [](const Given& given) { return std::vector<Rule>{Rule{.def = &kDecay, .values = {given["weight_decay"]}}}; });
  add_rule(registry,
           {.name = "scale",
            .summary = "Multiplies by a number.",
            .formula = "u = factor u",
            .params = {number_spec("factor", "", kPositive, "a chain descends, so it is positive",
                                   "without a factor the link would do nothing")},
            .reference = "optax, scale",
            .differs = "optax takes any factor, and needs a negative one to descend",
            .example = "scale_by_adam | scale(0.01)"},
           [](const Given& given) { return std::vector<Rule>{Rule{.def = &kScale, .values = {given["factor"]}}}; });
  add_rule(registry,
           {.name = "scale_by_learning_rate",
            .summary = "Multiplies by the learning rate.",
            .formula = "u = r u",
            .params = {rate_spec()},
            .reference = "optax, scale_by_learning_rate",
            .differs = "optax also changes the sign here; this chain subtracts u at its end",
            .example = "scale_by_adam | scale_by_learning_rate(0.01)"},
           [](const Given& given) { return std::vector<Rule>{given.rate()}; });
  add_rule(
      registry,
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
       .differs = "none from torch.optim.SGD, which refuses nesterov with a dampening; optax has no dampening",
       .example = "trace(0.9) | scale_by_learning_rate(0.01)"},
      [](const Given& given) {
        return std::vector<Rule>{trace_rule(given["momentum"], given["dampening"], given.flag("nesterov"))};
      });
  add_rule(
      registry,
      {.name = "ema",
       .summary = "A decaying mean of what comes in, starting from 0.",
       .formula = "v = decay v + (1 - decay) u, u = v",
       .params = {number_spec("decay", "0.9", kFraction, "how much of the mean stays", "averages about ten gradients")},
       .reference = "optax, ema with debias=False",
       .differs = "optax divides by 1 - decay^t unless told not to",
       .example = "ema(0.9) | scale_by_learning_rate(0.1)"},
      [](const Given& given) { return std::vector<Rule>{Rule{.def = &kEma, .values = {given["decay"]}}}; });
  add_rule(registry,
           {.name = "scale_by_rms",
            .summary = "Divides by the root mean square.",
            .formula = "s = rho s + (1 - rho) u^2, u = u / (sqrt(s) + epsilon); centered: a = rho a + (1 - rho) u, and "
                       "s - a^2 in place of s; inside: u / sqrt(s + epsilon)",
            .params = {number_spec("rho", "0.9", kFraction, "decay of s, the mean of squares", "as rmsprop"),
                       epsilon_spec(), rms_placement_spec(), centered_spec()},
            .reference = kRmspropReference,
            .differs = "optax: epsilon_placement=inside, and centered is its scale_by_stddev",
            .example = "scale_by_rms | scale_by_learning_rate(0.01)"},
           [](const Given& given) {
             return std::vector<Rule>{rms_rule(given["rho"], given["epsilon"],
                                               given.choice("epsilon_placement") == "inside", given.flag("centered"))};
           });
  add_rule(registry,
           {.name = "scale_by_adam",
            .summary = "Adam's direction, without a learning rate.",
            .formula = "u = (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)",
            .params = {beta1_spec(), beta2_spec(), epsilon_spec()},
            .reference = kAdamReference,
            .differs = "none but rounding from optax with eps_root 0",
            .example = "scale_by_adam(beta2=0.99) | add_decayed_weights(0.01) | scale_by_learning_rate(0.001)"},
           [](const Given& given) {
             return std::vector<Rule>{adam_rule(given["beta1"], given["beta2"], given["epsilon"])};
           });
}

}  // namespace descent::rules
