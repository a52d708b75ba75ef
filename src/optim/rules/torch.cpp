// PyTorch 2's optimizers under its names: its defaults, its order, its trajectory. Hyper-parameters in this library's
// spelling.
#include <limits>

#include "descent/core/error.hpp"
#include "src/optim/rules/adam_family.hpp"
#include "src/optim/rules/adaptive.hpp"
#include "src/optim/rules/basic.hpp"
#include "src/optim/rules/entries.hpp"

namespace descent::rules {
namespace {

const char* const kWhy = "torch's";

ParamSpec spec(std::string name, std::string default_text, Interval interval, std::string meaning) {
  return number_spec(std::move(name), std::move(default_text), interval, std::move(meaning), kWhy);
}
ParamSpec rate(std::string default_text) { return rate_spec(std::move(default_text), kWhy); }
ParamSpec flag(std::string name, std::string meaning) { return flag_spec(std::move(name), std::move(meaning), kWhy); }
ParamSpec beta1() { return spec("beta1", "0.9", kFraction, "betas[0]: decay of the mean of gradients"); }
ParamSpec beta2() {
  return spec("beta2", "0.999", kFraction, "betas[1]: decay of the mean of squares, or of the maximum");
}
ParamSpec epsilon(std::string default_text) {
  return spec("epsilon", std::move(default_text), kPositive, "eps: keeps the quotient finite");
}
ParamSpec decay(std::string default_text = "0") {
  return spec("weight_decay", std::move(default_text), kNotNegative, "pull of every parameter towards 0");
}
ParamSpec decoupled() {
  return flag("decoupled_weight_decay", "weight_decay joins the direction instead of the gradient");
}
ParamSpec maximize() { return flag("maximize", "goes uphill: the gradient's sign is changed first"); }

/// The first links of every chain: maximize, and decay where it is coupled.
std::vector<Rule> beginning(const Given& given, bool decays = true) {
  std::vector<Rule> rules;
  if (given.flag("maximize")) rules.push_back({.def = &kScale, .values = {Hyper(-1.0)}});
  if (decays) given.append_decay(rules);
  return rules;
}
/// ... | rule | [decay] | learning rate
std::vector<Rule> around(const Given& given, Rule rule, bool decoupled_decay = false) {
  std::vector<Rule> rules = beginning(given, !decoupled_decay);
  rules.push_back(std::move(rule));
  if (decoupled_decay) given.append_decay(rules);
  rules.push_back(given.rate());
  return rules;
}

std::vector<Rule> sgd_rules(const Given& given) {
  const bool nesterov = given.flag("nesterov");
  if (nesterov && (!given.uses("momentum") || given.uses("dampening")))
    throw Error(ErrorCode::usage, "'nesterov' needs a momentum and no dampening", Place{.name = given.entry.name});
  if (given.uses("momentum")) return around(given, trace_rule(given["momentum"], given["dampening"], nesterov));
  std::vector<Rule> rules = beginning(given);
  rules.push_back(given.rate());
  return rules;
}
Rule adam_or_amsgrad(const Given& given) {
  if (!given.flag("amsgrad")) return adam_rule(given["beta1"], given["beta2"], given["epsilon"]);
  return {.def = &kAmsgrad, .values = {given["beta1"], given["beta2"], given["epsilon"], Hyper(0.0)}};
}
std::vector<Rule> rmsprop_rules(const Given& given) {
  std::vector<Rule> rules = beginning(given);
  rules.push_back(rms_rule(given["rho"], given["epsilon"], false, given.flag("centered")));
  if (given.uses("momentum")) rules.push_back(trace_rule(given["momentum"]));
  rules.push_back(given.rate());
  return rules;
}
std::vector<Rule> rprop_rules(const Given& given) {
  std::vector<Rule> rules = beginning(given, false);
  rules.push_back(rprop_rule(given));
  return rules;
}
std::vector<Rule> asgd_rules(const Given& given) {
  std::vector<Rule> rules = beginning(given);
  const Hyper learning_rate(bound_schedule(given.bound, "learning_rate"), "learning_rate", kNotNegative);
  rules.push_back(
      {.def = &kAsgd, .values = {learning_rate, given["lambda"], given["alpha"], given["t0"], given["lambda"]}});
  return rules;
}

struct Preset {
  const char* name;
  const char* of;  ///< the class of torch.optim
  const char* formula;
  std::vector<ParamSpec> params;
  const char* differs;
  const char* example;
};

void add_preset(Registry<OptimizerMaker>& registry, Preset preset, RuleMaker maker) {
  preset.params.push_back(maximize());
  add_rule(registry,
           {.name = std::string("torch.") + preset.name,
            .summary = std::string("The steps of torch.optim.") + preset.of + " of PyTorch 2, to rounding.",
            .formula = preset.formula,
            .params = std::move(preset.params),
            .reference = std::string("PyTorch 2, torch.optim.") + preset.of,
            .differs = preset.differs,
            .example = preset.example},
           maker);
}

}  // namespace

void add_torch(Registry<OptimizerMaker>& registry) {
  add_preset(registry,
             {.name = "sgd",
              .of = "SGD",
              .formula = "g = g + weight_decay x, b = momentum b + (1 - dampening) g (b = g the first time), "
                         "x = x - r b, or x - r (g + momentum b) with nesterov",
              .params = {rate("0.001"), spec("momentum", "0", kFraction, "how much of the buffer stays"),
                         spec("dampening", "0", kFraction, "how much of g is held back, but for the first time"),
                         decay(), flag("nesterov", "look ahead; needs a momentum and no dampening")},
              .differs = "torch takes any momentum >= 0 and any dampening",
              .example = "torch.sgd(0.01, momentum=0.9, weight_decay=0.0001, nesterov=true)"},
             sgd_rules);
  add_preset(
      registry,
      {.name = "adam",
       .of = "Adam",
       .formula = "g = g + weight_decay x, m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2, "
                  "d = (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon), x = x - r d; amsgrad: the largest v "
                  "so far in place of v; decoupled_weight_decay: x = x - r (d + weight_decay x), g as it is",
       .params = {rate("0.001"), beta1(), beta2(), epsilon("1e-8"), decay(),
                  flag("amsgrad", "divides by the largest mean square so far"), decoupled()},
       .differs = "torch's eps may be 0",
       .example = "torch.adam(0.01, weight_decay=0.1, amsgrad=true)"},
      [](const Given& given) { return around(given, adam_or_amsgrad(given), given.flag("decoupled_weight_decay")); });
  add_preset(registry,
             {.name = "adamw",
              .of = "AdamW",
              .formula = "m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2, d = (m / (1 - beta1^t)) / "
                         "(sqrt(v / (1 - beta2^t)) + epsilon), x = x - r (d + weight_decay x); amsgrad: the largest v "
                         "so far in place of v",
              .params = {rate("0.001"), beta1(), beta2(), epsilon("1e-8"), decay("0.01"),
                         flag("amsgrad", "divides by the largest mean square so far")},
              .differs = "torch multiplies x by 1 - r weight_decay first: the same but for rounding",
              .example = "torch.adamw(0.01, weight_decay=0.1)"},
             [](const Given& given) { return around(given, adam_or_amsgrad(given), true); });
  add_preset(registry,
             {.name = "adagrad",
              .of = "Adagrad",
              .formula = "g = g + weight_decay x, s = s + g^2, x = x - r / (1 + lr_decay (t - 1)) g / (sqrt(s) + "
                         "epsilon); s = initial_accumulator at first",
              .params = {rate("0.01"),
                         spec("lr_decay", "0", kNotNegative, "the rate falls as 1 / (1 + lr_decay (t - 1))"), decay(),
                         spec("initial_accumulator", "0", kNotNegative, "what the sums begin with"), epsilon("1e-10")},
              .differs = "none; sparse gradients are not in it",
              .example = "torch.adagrad(0.1, lr_decay=0.5, weight_decay=0.1)"},
             [](const Given& given) {
               return around(
                   given, {.def = &kAdagrad,
                           .values = {given["initial_accumulator"], given["epsilon"], given["lr_decay"], Hyper(0.0)}});
             });
  add_preset(registry,
             {.name = "adadelta",
              .of = "Adadelta",
              .formula = "g = g + weight_decay x, s = rho s + (1 - rho) g^2, d = sqrt(a + epsilon) / sqrt(s + epsilon) "
                         "g, a = rho a + (1 - rho) d^2, x = x - r d",
              .params = {rate("1"), spec("rho", "0.9", kFraction, "decay of both means"), epsilon("1e-6"), decay()},
              .differs = "none",
              .example = "torch.adadelta(rho=0.95, weight_decay=0.9)"},
             [](const Given& given) {
               return around(given, {.def = &kAdadelta, .values = {given["rho"], given["epsilon"]}});
             });
  add_preset(registry,
             {.name = "rmsprop",
              .of = "RMSprop",
              .formula = "g = g + weight_decay x, s = rho s + (1 - rho) g^2, u = g / (sqrt(s) + epsilon), v = momentum "
                         "v + u, x = x - r v; centered: a = rho a + (1 - rho) g, and s - a^2 in place of s",
              .params = {rate("0.01"), spec("rho", "0.99", kFraction, "alpha: decay of the mean of squares"),
                         epsilon("1e-8"), decay(), spec("momentum", "0", kFraction, "of the quotient's buffer"),
                         flag("centered", "divides by the standard deviation")},
              .differs = "centered: a variance below 0 by rounding is 0 here and NaN in torch",
              .example = "torch.rmsprop(0.01, weight_decay=0.1, momentum=0.1, centered=true)"},
             rmsprop_rules);
  add_preset(registry,
             {.name = "adamax",
              .of = "Adamax",
              .formula = "g = g + weight_decay x, m = beta1 m + (1 - beta1) g, s = max(beta2 s, |g| + epsilon), "
                         "x = x - r (m / (1 - beta1^t)) / s",
              .params = {rate("0.002"), beta1(), beta2(), epsilon("1e-8"), decay()},
              .differs = "none",
              .example = "torch.adamax(0.1, weight_decay=0.1)"},
             [](const Given& given) {
               return around(given, {.def = &kAdamax, .values = {given["beta1"], given["beta2"], given["epsilon"]}});
             });
  add_preset(registry,
             {.name = "nadam",
              .of = "NAdam",
              .formula = "g = g + weight_decay x, m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2, mu_t = "
                         "beta1 (1 - 0.96^(t momentum_decay) / 2), P_t = mu_1 ... mu_t, d = ((1 - mu_t) g / (1 - P_t) "
                         "+ mu_(t+1) m / (1 - P_(t+1))) / (sqrt(v / (1 - beta2^t)) + epsilon), x = x - r d; "
                         "decoupled_weight_decay: x = x - r (d + weight_decay x), g as it is",
              .params = {rate("0.002"), beta1(), beta2(), epsilon("1e-8"), decay(),
                         spec("momentum_decay", "0.004", kNotNegative, "how fast mu rises to beta1"), decoupled()},
              .differs = "none; version 1.13 multiplies mu_t in twice",
              .example = "torch.nadam(0.001, weight_decay=0.1, momentum_decay=0.006)"},
             [](const Given& given) {
               return around(
                   given,
                   {.def = &kNadam,
                    .values = {given["beta1"], given["beta2"], given["epsilon"], given["momentum_decay"], Hyper(0.0)}},
                   given.flag("decoupled_weight_decay"));
             });
  add_preset(registry,
             {.name = "radam",
              .of = "RAdam",
              .formula = "g = g + weight_decay x, m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2, n = 2 / "
                         "(1 - beta2) - 1, n_t = n - 2 t beta2^t / (1 - beta2^t); if n_t > 5 d = sqrt((n_t - 4) (n_t - "
                         "2) n / ((n - 4) (n - 2) n_t)) (m / (1 - beta1^t)) sqrt(1 - beta2^t) / (sqrt(v) + epsilon), "
                         "else d = m / (1 - beta1^t); x = x - r d; decoupled_weight_decay: x = x - r (d + "
                         "weight_decay x), g as it is",
              .params = {rate("0.001"), beta1(), beta2(), epsilon("1e-8"), decay(), decoupled()},
              .differs = "none",
              .example = "torch.radam(0.002, weight_decay=0.1, decoupled_weight_decay=true)"},
             [](const Given& given) {
               return around(given,
                             {.def = &kRadam,
                              .values = {given["beta1"], given["beta2"], given["epsilon"], Hyper(5.0), Hyper(0.0)}},
                             given.flag("decoupled_weight_decay"));
             });
  add_preset(registry,
             {.name = "rprop",
              .of = "Rprop",
              .formula = "step = step eta_plus where g kept its sign, step eta_minus where it changed, within "
                         "[min_step, max_step]; x = x - sign(g) step, and no move where it changed",
              .params = rprop_specs("1e-6", kWhy),
              .differs = "a product of two gradients that underflows is not taken for 0",
              .example = "torch.rprop(0.001)"},
             rprop_rules);
  add_preset(
      registry,
      {.name = "asgd",
       .of = "ASGD",
       .formula = "eta = r / (1 + lambda r (t - 1))^alpha, x = x - eta (g + weight_decay x + lambda x); reported: "
                  "a = a + (x - a) / max(1, t - 1 - t0)",
       .params = {rate("0.01"), spec("lambda", "1e-4", kNotNegative, "lambd: fall of the rate, and a pull towards 0"),
                  spec("alpha", "0.75",
                       {.low = 0.0, .high = std::numeric_limits<double>::infinity(), .high_open = true},
                       "power of the fall"),
                  spec("t0", "1e6", kNotNegative, "updates before averaging begins"), decay()},
       .differs = "with a schedule torch's eta is made of the rate of the update before",
       .example = "torch.asgd(0.02, t0=100)"},
      asgd_rules);
}

}  // namespace descent::rules
