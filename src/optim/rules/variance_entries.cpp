// The entries of Adam's kin: presets, and their directions as links.
#include "src/optim/rules/variance_entries.hpp"

#include "descent/core/error.hpp"
#include "src/optim/rules/basic.hpp"
#include "src/optim/rules/entries.hpp"

namespace descent::rules {
namespace {

using Params = std::vector<ParamSpec>;

ParamSpec decay_spec(std::string meaning = "pull of every parameter towards 0, times r, beside the direction") {
  return weight_decay_spec("0", std::move(meaning), "off, as in the authors' code: a pull moves the minimum");
}
Params with_rate(Params direction, ParamSpec decay) {
  Params params{rate_spec()};
  params.insert(params.end(), direction.begin(), direction.end());
  params.push_back(std::move(decay));
  return params;
}
std::vector<Rule> stepping(const Given& given, Rule direction, const RuleDef& decay = kDecay) {
  std::vector<Rule> rules{std::move(direction)};
  if (given.uses("weight_decay")) rules.push_back(Rule{.def = &decay, .values = {given["weight_decay"]}});
  rules.push_back(given.rate());
  return rules;
}
Rule rule_of(const RuleDef& def, const Given& given, std::initializer_list<const char*> names) {
  Rule rule{.def = &def, .values = {}};
  for (const char* name : names) rule.values.push_back(given[name]);
  return rule;
}

/// The preset NAME with its learning rate and decay, and the link scale_by_NAME.
void add_both(Registry<OptimizerMaker>& registry, Entry preset, Entry link, RuleMaker make_preset,
              RuleMaker make_link) {
  link.name = "scale_by_" + link.name;
  link.reference = preset.reference;
  link.differs = preset.differs;
  add_rule(registry, std::move(preset), make_preset);
  add_rule(registry, std::move(link), make_link);
}

Rule belief_rule(const Given& given) { return rule_of(kBelief, given, {"beta1", "beta2", "epsilon", "epsilon_root"}); }

Params yogi_params() {
  return {
      beta1_spec(),
      beta2_spec(),
      number_spec("epsilon", "1e-3", kPositive, "keeps the quotient finite; added outside the root",
                  "the paper's: v may stay small for long, so Adam's is too little"),
      {.name = "form",
       .kind = ParamKind::choice,
       .default_text = "corrected",
       .choices = {"corrected", "plain"},
       .meaning = "corrected: means start at initial_accumulator and are divided by 1 - beta^t (optax); plain: they "
                  "start at 0 and are used as they are (the paper's algorithm, ensmallen)",
       .why = "the first steps are then as long as later ones"},
      number_spec("initial_accumulator", "1e-6", kPositive, "start of m and v (form=corrected only)",
                  "optax's and the authors' code's")};
}
Rule yogi_rule(const Given& given) {
  const bool corrected = given.choice("form") == "corrected";
  if (!corrected && given.bound.given("initial_accumulator"))
    throw Error(ErrorCode::usage, "'initial_accumulator' belongs to form=corrected; with form=plain it is 0",
                Place{.name = "yogi"});
  return {.def = &kYogi,
          .values = {given["beta1"], given["beta2"], given["epsilon"], corrected ? 1.0 : 0.0,
                     corrected ? given["initial_accumulator"] : Hyper(0.0)}};
}

Params adan_params() {
  return {number_spec("beta1", "0.98", kFraction, "decay of m, the mean of gradients", "the authors'"),
          number_spec("beta2", "0.92", kFraction, "decay of v, the mean of differences of gradients", "the authors'"),
          number_spec("beta3", "0.99", kFraction, "decay of n, the mean of squares", "the authors'"), epsilon_spec()};
}
Rule adan_rule(const Given& given) { return rule_of(kAdan, given, {"beta1", "beta2", "beta3", "epsilon"}); }

Params ademamix_params() {
  return {beta1_spec(),
          beta2_spec(),
          number_spec("beta3", "0.9999", kFraction, "decay of the slow mean", "the paper's, for runs of 1e5 updates"),
          number_spec("alpha", "5", kNotNegative, "weight of the slow mean", "the paper's; its code has 2"),
          epsilon_spec(),
          {.name = "alpha_warm_up",
           .kind = ParamKind::integer,
           .default_text = "0",
           .interval = kNotNegative,
           .meaning = "updates over which alpha grows from 0 along a straight line",
           .why = "off; the paper takes all updates of the run"},
          {.name = "beta3_warm_up",
           .kind = ParamKind::integer,
           .default_text = "0",
           .interval = kNotNegative,
           .meaning = "updates over which the half-life of the slow mean grows from that of beta1 to that of beta3",
           .why = "off; the paper takes all updates of the run"}};
}
Rule ademamix_rule(const Given& given) {
  return rule_of(kAdemamix, given, {"beta1", "beta2", "beta3", "alpha", "epsilon", "alpha_warm_up", "beta3_warm_up"});
}

Params adopt_params() {
  return {beta1_spec(),
          number_spec("beta2", "0.9999", kFraction, "decay of v, the mean of squares", "the paper's"),
          number_spec("epsilon", "1e-6", kPositive, "smallest divisor", "the paper's"),
          {.name = "clipping",
           .kind = ParamKind::choice,
           .default_text = "root",
           .choices = {"root", "none"},
           .meaning = "root: every quotient is cut to [-c, c], c = (t - 1)^(1/4) in update t; none: the paper's first "
                      "version",
           .why = "the authors' since their second version: a first gradient near 0 no longer makes a huge step"}};
}
Rule adopt_rule(const Given& given) {
  return {.def = &kAdopt,
          .values = {given["beta1"], given["beta2"], given["epsilon"], given.choice("clipping") == "root" ? 1.0 : 0.0}};
}

}  // namespace

void add_variance_rules(Registry<OptimizerMaker>& registry) {
  const Params belief{beta1_spec(), beta2_spec(),
                      number_spec("epsilon", "1e-16", kPositive, "keeps the quotient finite; added outside the root",
                                  "the authors' code's and optax's; the paper says 1e-8"),
                      number_spec("epsilon_root", "1e-16", kNotNegative,
                                  "added to s in every update, so it adds up to epsilon_root / (1 - beta2)",
                                  "the authors' code's and optax's; the paper has one epsilon for both")};
  add_both(
      registry,
      {.name = "adabelief",
       .summary = "Adam that divides by how far gradients are from their mean: long steps where they agree.",
       .formula = "m = beta1 m + (1 - beta1) g, s = beta2 s + (1 - beta2) (g - m)^2 + epsilon_root, "
                  "x = x - r ((m / (1 - beta1^t)) / (sqrt(s / (1 - beta2^t)) + epsilon) + weight_decay x)",
       .params = with_rate(belief, decay_spec()),
       .reference = "J. Zhuang et al., \"AdaBelief optimizer: adapting stepsizes by the belief in observed "
                    "gradients\", NeurIPS 2020, algorithm 2",
       .differs = "the paper is epsilon_root = epsilon; optax none (0.1 and older took g minus the old m); "
                  "ensmallen starts from epsilon 1e-8 for both",
       .example = "adabelief(0.001, epsilon=1e-8, epsilon_root=1e-8)"},
      {.name = "belief",
       .summary = "AdaBelief's direction, without a learning rate.",
       .formula = "u = (m / (1 - beta1^t)) / (sqrt(s / (1 - beta2^t)) + epsilon)",
       .params = belief,
       .example = "scale_by_belief | scale_by_learning_rate(0.001)"},
      [](const Given& given) { return stepping(given, belief_rule(given)); },
      [](const Given& given) { return std::vector<Rule>{belief_rule(given)}; });

  add_both(
      registry,
      {.name = "yogi",
       .summary = "Adam whose mean of squares moves by at most g^2, up or down: it forgets slowly.",
       .formula = "m = beta1 m + (1 - beta1) g, v = v - (1 - beta2) sign(v - g^2) g^2, "
                  "x = x - r ((m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon) + weight_decay x); "
                  "form=plain: x = x - r (m / (sqrt(v) + epsilon) + weight_decay x)",
       .params = with_rate(yogi_params(), decay_spec()),
       .reference = "M. Zaheer, S. Reddi, D. Sachan, S. Kale, S. Kumar, \"Adaptive methods for nonconvex "
                    "optimization\", NeurIPS 2018, algorithm 2",
       .differs = "form=corrected is optax's, form=plain ensmallen's (with its epsilon, 1e-8)",
       .example = "yogi(0.01, form=plain, epsilon=1e-8)"},
      {.name = "yogi",
       .summary = "Yogi's direction, without a learning rate.",
       .formula = "u = (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon); form=plain: m / (sqrt(v) + epsilon)",
       .params = yogi_params(),
       .example = "scale_by_yogi | scale_by_learning_rate(0.01)"},
      [](const Given& given) { return stepping(given, yogi_rule(given)); },
      [](const Given& given) { return std::vector<Rule>{yogi_rule(given)}; });

  Params adan = with_rate(adan_params(), decay_spec("pull of every parameter towards 0, as `decay` says"));
  adan.push_back(
      {.name = "decay",
       .kind = ParamKind::choice,
       .default_text = "proximal",
       .choices = {"proximal", "decoupled"},
       .meaning = "proximal: x = (x - r d) / (1 + r weight_decay); decoupled: x = x - r (d + weight_decay x)",
       .why = "the paper's and the authors' code's"});
  add_both(
      registry,
      {.name = "adan",
       .summary = "Nesterov's look ahead from differences of gradients, divided by its root mean square.",
       .formula = "d = g - g_before (0 the first time), m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) d, "
                  "n = beta3 n + (1 - beta3) (g + beta2 d)^2, x = x - r (m / (1 - beta1^t) + beta2 v / (1 - "
                  "beta2^t)) / (sqrt(n / (1 - beta3^t)) + epsilon)",
       .params = std::move(adan),
       .reference = "X. Xie, P. Zhou, H. Li, Z. Lin, S. Yan, \"Adan: adaptive Nesterov momentum algorithm for "
                    "faster optimizing deep models\", IEEE TPAMI 46(12), 2024, algorithm 1 (its betas are 1 minus "
                    "these)",
       .differs = "none from the authors' code; optax has decay=decoupled",
       .example = "adan(0.01, weight_decay=0.02)"},
      {.name = "adan",
       .summary = "Adan's direction, without a learning rate.",
       .formula = "u = (m / (1 - beta1^t) + beta2 v / (1 - beta2^t)) / (sqrt(n / (1 - beta3^t)) + epsilon)",
       .params = adan_params(),
       .example = "scale_by_adan | scale_by_learning_rate(0.01)"},
      [](const Given& given) {
        return stepping(given, adan_rule(given), given.choice("decay") == "proximal" ? kProximalDecay : kDecay);
      },
      [](const Given& given) { return std::vector<Rule>{adan_rule(given)}; });

  add_both(
      registry,
      {.name = "ademamix",
       .summary = "Adam with a second, slow mean of gradients: old gradients still count after 10,000 updates.",
       .formula = "m1 = beta1 m1 + (1 - beta1) g, m2 = beta3(t) m2 + (1 - beta3(t)) g, v = beta2 v + (1 - beta2) g^2, "
                  "x = x - r ((m1 / (1 - beta1^t) + alpha(t) m2) / (sqrt(v / (1 - beta2^t)) + epsilon) + "
                  "weight_decay x)",
       .params = with_rate(ademamix_params(), decay_spec()),
       .reference = "M. Pagliardini, P. Ablin, D. Grangier, \"The AdEMAMix optimizer: better, faster, older\", ICLR "
                    "2025, algorithm 1 and its schedules of alpha and beta3",
       .differs = "the authors' code adds 1e-8 to each beta before its half-life is taken while beta3 warms up",
       .example = "ademamix(0.001, alpha_warm_up=10000, beta3_warm_up=10000)"},
      {.name = "ademamix",
       .summary = "AdEMAMix's direction, without a learning rate.",
       .formula = "u = (m1 / (1 - beta1^t) + alpha(t) m2) / (sqrt(v / (1 - beta2^t)) + epsilon)",
       .params = ademamix_params(),
       .example = "scale_by_ademamix(beta3=0.999) | scale_by_learning_rate(0.001)"},
      [](const Given& given) { return stepping(given, ademamix_rule(given)); },
      [](const Given& given) { return std::vector<Rule>{ademamix_rule(given)}; });

  add_both(
      registry,
      {.name = "adopt",
       .summary = "Adam that divides by the mean of squares before this gradient, then averages: converges for any "
                  "beta2.",
       .formula = "first update: v = g^2, x stays; then n = g / max(sqrt(v), epsilon) cut to [-c, c], "
                  "m = beta1 m + (1 - beta1) n, x = x - r (m + weight_decay x), v = beta2 v + (1 - beta2) g^2",
       .params = with_rate(adopt_params(), decay_spec()),
       .reference = "S. Taniguchi et al., \"ADOPT: modified Adam can converge with any beta2 with the optimal rate\", "
                    "NeurIPS 2024, algorithm 2",
       .differs = "none from the authors' code with decouple=True; its coupled decay is add_decayed_weights in front. "
                  "The first update does not count for the schedule of r",
       .example = "adopt(0.001, clipping=none)"},
      {.name = "adopt",
       .summary = "ADOPT's direction, without a learning rate.",
       .formula = "u = m, m = beta1 m + (1 - beta1) n, n = g / max(sqrt(v), epsilon) cut to [-c, c]",
       .params = adopt_params(),
       .example = "scale_by_adopt | scale_by_learning_rate(0.001)"},
      [](const Given& given) { return stepping(given, adopt_rule(given)); },
      [](const Given& given) { return std::vector<Rule>{adopt_rule(given)}; });

  add_rule(
      registry,
      {.name = "add_proximal_decay",
       .summary = "Weight decay as a proximal step: never past 0, however large r.",
       .formula = "u = (u + weight_decay x) / (1 + r weight_decay), which makes x = (x - r u) / (1 + r weight_decay)",
       .params = {number_spec("weight_decay", "", kNotNegative, "pull towards 0",
                              "it moves the minimum, so whoever adds it says how far")},
       .reference = "Z. Zhuang, M. Liu, A. Cutkosky, F. Orabona, \"Understanding AdamW through proximal methods and "
                    "scale-freeness\", TMLR 2022, eq. 2",
       .differs = "stands directly before the learning rate, whose value it uses",
       .example = "scale_by_adam | add_proximal_decay(0.01) | scale_by_learning_rate(0.001)"},
      [](const Given& given) {
        return std::vector<Rule>{Rule{.def = &kProximalDecay, .values = {given["weight_decay"]}}};
      });
}

}  // namespace descent::rules
