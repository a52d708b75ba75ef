// ftrl: the parameters are formed anew from sums of gradients, with zeros that are exactly 0.
#include "src/optim/rules/ftrl.hpp"

#include <cmath>

#include "src/optim/rules/entries.hpp"

namespace descent::rules {
namespace {

const RuleDef kFtrl{
    .name = "ftrl",
    .num_slots = 2,  // z, n
    .rate = 0,
    .scale_free = true,
    .x_slots = 1,
    .x_factor = [](Values v) { return -(v[1] / v[0]); },  // z of the start
    .place = 1,
    .keeps_rate = true,
    .prepare =
        [](Values v, const Update&, std::span<double>, Numbers& k) {
          for (std::size_t i = 0; i < 4; ++i) k[i] = v[i];
          return Flow::go_on;
        },
    .kernel64 = ftrl_elements,
    .kernel32 = ftrl_elements,
    .reference =
        [](const Reference& r) {
          const double rate = r.values[0], beta = r.values[1], l1 = r.values[2], l2 = r.values[3];
          for (std::size_t i = 0; i < r.u.size(); ++i) {
            double &z = r.slots[0][i], &n = r.slots[1][i];
            const double g = r.u[i], x = r.x[i];
            const double sigma = (std::sqrt(n + g * g) - std::sqrt(n)) / rate;
            n = n + g * g;
            z = z + (g - sigma * x);
            const double q = (beta + std::sqrt(n)) / rate + l2;
            r.u[i] = std::fabs(z) <= l1 ? x : x + ((z > 0.0 ? 1.0 : z < 0.0 ? -1.0 : z) * (std::fabs(z) - l1)) / q;
          }
        }};

}  // namespace

void add_ftrl(Registry<OptimizerMaker>& registry) {
  add_rule(
      registry,
      {.name = "ftrl",
       .summary = "Follow the proximally regularised leader: steps per coordinate, sparse solutions with l1.",
       .formula = "z = z + g - (sqrt(n + g^2) - sqrt(n)) / r x, n = n + g^2, "
                  "x = 0 if |z| <= l1, else -sign(z) (|z| - l1) / ((beta + sqrt(n)) / r + l2); "
                  "at the start z = -beta / r x",
       .params = {rate_spec(), number_spec("beta", "1", kPositive, "keeps the first steps short", "the paper's"),
                  number_spec("l1", "0", kNotNegative,
                              "weight of ||x||_1 beside the sum of all losses: makes exact zeros",
                              "off: it moves the minimum"),
                  number_spec("l2", "0", kNotNegative, "weight of ||x||_2^2 / 2 beside the sum of all losses",
                              "off: it moves the minimum")},
       .reference = "H. B. McMahan et al., \"Ad click prediction: a view from the trenches\", KDD 2013, algorithm 1 (r "
                    "is its alpha)",
       .differs = "the paper starts at 0; here the term beta / r is centred at the start, which is the same there. "
                  "TensorFlow centres it at 0, has beta 0 and starts n at 0.1. A schedule gives the r of both places",
       .example = "ftrl(0.1, l1=0.01)"},
      [](const Given& given) {
        // Divided by, so not 0 even at the end of a schedule.
        Rule rule{.def = &kFtrl,
                  .values = {Hyper(bound_schedule(given.bound, "learning_rate"), "learning_rate", kPositive)}};
        for (const char* name : {"beta", "l1", "l2"}) rule.values.push_back(given[name]);
        return std::vector<Rule>{rule};
      });
}

}  // namespace descent::rules
