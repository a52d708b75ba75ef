// Rules whose move is measured against the size of each block: lars and lamb.
#include <cmath>
#include <span>
#include <string>

#include "src/optim/rules/basic.hpp"
#include "src/optim/rules/entries.hpp"
#include "src/optim/rules/matrix.hpp"
#include "src/optim/rules/norm.hpp"

namespace descent::rules {
namespace {

// values: trust_coefficient, epsilon, weight_decay
template <class T>
void trust_ratio(const Whole<T>& w) {
  for_each_block(w.blocks, [&](const ParameterBlock& block, std::size_t first) {
    const std::span<T> u = w.u.subspan(first, block.size());
    const std::span<const T> x = w.x.subspan(first, block.size());
    const double size = norm(x), move = norm(std::span<const T>(u));
    const double ratio =
        size > 0.0 && move > 0.0 ? (w.values[0] * size) / ((move + w.values[2] * size) + w.values[1]) : 1.0;
    const T factor = static_cast<T>(ratio), decay = static_cast<T>(w.values[2]);
    for (std::size_t i = 0; i < u.size(); ++i) u[i] = factor * (u[i] + decay * x[i]);
  });
}

void textbook_trust_ratio(const Reference& r) {
  const double coefficient = r.values[0], epsilon = r.values[1], decay = r.values[2];
  std::size_t at = 0;
  for (const ParameterBlock& block : r.blocks) {
    const std::size_t end = at + block.rows * block.columns;
    const double x_norm = reference_norm(r.x.subspan(at, end - at));
    const double u_norm = reference_norm(r.u.subspan(at, end - at));
    double ratio = 1.0;
    if (x_norm > 0.0 && u_norm > 0.0) ratio = coefficient * x_norm / (u_norm + decay * x_norm + epsilon);
    for (; at < end; ++at) r.u[at] = ratio * (r.u[at] + decay * r.x[at]);
  }
}

const RuleDef kTrustRatio{.name = "scale_by_trust_ratio",
                          .scale_free = true,
                          .whole64 = trust_ratio<double>,
                          .whole32 = trust_ratio<float>,
                          .reference = textbook_trust_ratio};

const char* const kLarsReference =
    "Y. You, I. Gitman, B. Ginsburg, \"Large batch training of convolutional networks\", 2017, algorithm 1";
const char* const kLambReference =
    "Y. You et al., \"Large batch optimization for deep learning: training BERT in 76 minutes\", ICLR 2020, algorithm "
    "2";

std::vector<Rule> lars_rules(const Given& given) {
  const bool apart = given.choice("denominator") == "sum_of_norms";
  std::vector<Rule> rules;
  if (!apart && given.uses("weight_decay")) rules.push_back({.def = &kDecay, .values = {given["weight_decay"]}});
  rules.push_back(
      {.def = &kTrustRatio,
       .values = {given["trust_coefficient"], given["epsilon"], apart ? given["weight_decay"] : Hyper(0.0)}});
  rules.push_back(given.rate());
  if (given.uses("momentum")) rules.push_back(trace_rule(given["momentum"], 0.0, given.flag("nesterov")));
  return rules;
}

}  // namespace

void add_layerwise(Registry<OptimizerMaker>& registry) {
  const ParamSpec epsilon =
      number_spec("epsilon", "0", kNotNegative, "added to the denominator", "off, as in the paper");
  add_rule(
      registry,
      {.name = "lars",
       .summary = "Momentum whose moves are a fixed share of each block's size.",
       .formula =
           "of each block: q = trust_coefficient ||x|| / (||g|| + weight_decay ||x|| + epsilon), or 1 where x or "
           "g is 0;  v = momentum v + r q (g + weight_decay x), x = x - v",
       .params = {rate_spec("10", "with trust_coefficient 0.001, a first move of 1 % of the block's norm"),
                  momentum_spec(),
                  weight_decay_spec("0", "pull towards 0, joins g before the norm", "off, as in optax"),
                  number_spec("trust_coefficient", "0.001", kPositive, "how far a block moves against its norm",
                              "the paper's"),
                  epsilon,
                  {.name = "denominator",
                   .kind = ParamKind::choice,
                   .default_text = "sum_of_norms",
                   .choices = {"sum_of_norms", "norm_of_sum"},
                   .meaning = "||g|| + weight_decay ||x||, or ||g + weight_decay x||",
                   .why = "the paper's"},
                  flag_spec("nesterov", "look ahead along v", "off, as in the paper")},
       .reference = kLarsReference,
       .differs = "optax: denominator=norm_of_sum; every block is scaled, also those of one column (the authors leave "
                  "out intercepts). PyTorch has no lars",
       .example = "lars(10, momentum=0.9, weight_decay=0.0005)"},
      lars_rules);
  add_rule(
      registry,
      {.name = "lamb",
       .summary = "Adam whose moves are measured against each block's size.",
       .formula = "d = adam's direction + weight_decay x;  of each block: x = x - r (||x|| / ||d||) d, the quotient 1 "
                  "where x or d is 0",
       .params = {rate_spec(), weight_decay_spec("0.01", "pull towards 0, joins d before the norm", "the paper's"),
                  beta1_spec(), beta2_spec(),
                  number_spec("epsilon", "1e-6", kPositive, "keeps the quotient finite; added outside the root",
                              "the authors'")},
       .reference = kLambReference,
       .differs = "optax: weight_decay 0; the paper's bounds on ||x|| are left out, as there. PyTorch has no lamb",
       .example = "lamb(0.01, weight_decay=0.01)"},
      [](const Given& given) {
        std::vector<Rule> rules{adam_rule(given["beta1"], given["beta2"], given["epsilon"])};
        if (given.uses("weight_decay")) rules.push_back({.def = &kDecay, .values = {given["weight_decay"]}});
        rules.push_back({.def = &kTrustRatio, .values = {1.0, 0.0, 0.0}});
        rules.push_back(given.rate());
        return rules;
      });
  add_rule(
      registry,
      {.name = "scale_by_trust_ratio",
       .summary = "Gives the move of each block a length that is a share of the block's own.",
       .formula = "of each block: u = u trust_coefficient ||x|| / (||u|| + epsilon); as it is where x or u is 0",
       .params = {number_spec("trust_coefficient", "1", kPositive, "length of the move against that of the block",
                              "lamb's: the learning rate is the share"),
                  epsilon},
       .reference = kLambReference,
       .differs = "none from optax, which also has a least norm of x",
       .example = "scale_by_adam | add_decayed_weights(0.01) | scale_by_trust_ratio | scale_by_learning_rate(0.01)"},
      [](const Given& given) {
        return std::vector<Rule>{
            {.def = &kTrustRatio, .values = {given["trust_coefficient"], given["epsilon"], Hyper(0.0)}}};
      });
}

}  // namespace descent::rules
