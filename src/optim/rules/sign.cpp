// sign_sgd, signum, lion: every coordinate moves by the same length.
#include "src/optim/rules/sign.hpp"

#include "src/optim/rules/basic.hpp"
#include "src/optim/rules/entries.hpp"

namespace descent::rules {
namespace {

double sign_of(double a) { return a > 0.0 ? 1.0 : a < 0.0 ? -1.0 : a; }

const RuleDef kSign{.name = "scale_by_sign",
                    .scale_free = true,
                    .kernel64 = sign_elements,
                    .kernel32 = sign_elements,
                    .reference = [](const Reference& r) {
                      for (double& u : r.u) u = sign_of(u);
                    }};

const RuleDef kLion{.name = "scale_by_lion",
                    .num_slots = 1,
                    .scale_free = true,
                    .prepare =
                        [](Values v, const Update&, std::span<double>, Numbers& k) {
                          k[0] = v[0];
                          k[1] = 1.0 - v[0];
                          k[2] = v[1];
                          k[3] = 1.0 - v[1];
                          return Flow::go_on;
                        },
                    .kernel64 = lion_elements,
                    .kernel32 = lion_elements,
                    .reference =
                        [](const Reference& r) {
                          const double beta1 = r.values[0], beta2 = r.values[1];
                          for (std::size_t i = 0; i < r.u.size(); ++i) {
                            double& m = r.slots[0][i];
                            const double mixed = beta1 * m + (1.0 - beta1) * r.u[i];
                            m = beta2 * m + (1.0 - beta2) * r.u[i];
                            r.u[i] = sign_of(mixed);
                          }
                        }};

const char* const kSignReference =
    "J. Bernstein, Y.-X. Wang, K. Azizzadenesheli, A. Anandkumar, \"signSGD: compressed optimisation for non-convex "
    "problems\", ICML 2018, algorithm 1";
const char* const kLionReference =
    "X. Chen et al., \"Symbolic discovery of optimization algorithms\", NeurIPS 2023, algorithm 2";

ParamSpec lion_beta1_spec() {
  return number_spec("beta1", "0.9", kFraction, "how much of m is in the sign that is taken", "the paper's");
}
ParamSpec lion_beta2_spec() {
  return number_spec("beta2", "0.99", kFraction, "decay of m",
                     "the paper's: m remembers about a hundred gradients, the sign looks at ten");
}
ParamSpec decay_spec() {
  return weight_decay_spec("0", "pull of every parameter towards 0, times r, beside the sign",
                           "off, as in the authors' code: a pull moves the minimum");
}
void add_decay(const Given& given, std::vector<Rule>& rules) {
  if (given.uses("weight_decay")) rules.push_back(Rule{.def = &kDecay, .values = {given["weight_decay"]}});
}
Rule lion_rule(const Given& given) { return {.def = &kLion, .values = {given["beta1"], given["beta2"]}}; }

}  // namespace

void add_sign_rules(Registry<OptimizerMaker>& registry) {
  add_rule(registry,
           {.name = "sign_sgd",
            .summary = "Gradient descent with the signs of the gradient: every coordinate moves by r.",
            .formula = "x = x - r sign(g)",
            .params = {rate_spec()},
            .reference = kSignReference,
            .differs = "none from optax; a fixed r ends within r of a minimum, so let it decay",
            .example = "sign_sgd(cosine(0.01, 1000))"},
           [](const Given& given) {
             return std::vector<Rule>{Rule{.def = &kSign}, given.rate()};
           });
  add_rule(registry,
           {.name = "signum",
            .summary = "Gradient descent with the signs of a decaying mean of gradients.",
            .formula = "m = momentum m + (1 - momentum) g, x = x - r (sign(m) + weight_decay x)",
            .params = {rate_spec(), momentum_spec(), decay_spec()},
            .reference = "J. Bernstein, Y.-X. Wang, K. Azizzadenesheli, A. Anandkumar, \"signSGD: compressed "
                         "optimisation for non-convex problems\", ICML 2018, algorithm 2",
            .differs = "none from the paper; as with every sign rule a fixed r ends within r of a minimum",
            .example = "signum(cosine(0.01, 1000), momentum=0.9)"},
           [](const Given& given) {
             std::vector<Rule> rules{Rule{.def = &kEma, .values = {given["momentum"]}}, Rule{.def = &kSign}};
             add_decay(given, rules);
             rules.push_back(given.rate());
             return rules;
           });
  add_rule(registry,
           {.name = "lion",
            .summary = "The sign of a mix of the gradient and its slow mean; one vector of state.",
            .formula = "x = x - r (sign(beta1 m + (1 - beta1) g) + weight_decay x), then m = beta2 m + (1 - beta2) g",
            .params = {rate_spec(), lion_beta1_spec(), lion_beta2_spec(), decay_spec()},
            .reference = kLionReference,
            .differs = "none from the paper; optax decays by 1e-3 unless told not to. Rates 3 to 10 times smaller than "
                       "adam's, as every coordinate moves by r",
            .example = "lion(cosine(1e-3, 1000), weight_decay=0.1)"},
           [](const Given& given) {
             std::vector<Rule> rules{lion_rule(given)};
             add_decay(given, rules);
             rules.push_back(given.rate());
             return rules;
           });
  add_rule(registry,
           {.name = "scale_by_sign",
            .summary = "The signs of what comes in: -1, 0 or 1.",
            .formula = "u = sign(u)",
            .params = {},
            .reference = kSignReference,
            .differs = "none from optax",
            .example = "trace(0.9) | scale_by_sign | scale_by_learning_rate(0.001)"},
           [](const Given&) { return std::vector<Rule>{Rule{.def = &kSign}}; });
  add_rule(registry,
           {.name = "scale_by_lion",
            .summary = "Lion's direction, without a learning rate.",
            .formula = "u = sign(beta1 m + (1 - beta1) g), then m = beta2 m + (1 - beta2) g",
            .params = {lion_beta1_spec(), lion_beta2_spec()},
            .reference = kLionReference,
            .differs = "none from optax",
            .example = "clip_by_value(1) | scale_by_lion | scale_by_learning_rate(0.001)"},
           [](const Given& given) { return std::vector<Rule>{lion_rule(given)}; });
}

}  // namespace descent::rules
