#include "src/optim/rules/adaptive.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "descent/core/elementary.hpp"
#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "src/optim/rules/basic.hpp"
#include "src/optim/rules/entries.hpp"

namespace descent::rules {
namespace {

double adagrad_factor(Values v, const Update& now) { return 1.0 / (1.0 + static_cast<double>(now.step) * v[2]); }

Flow prepare_adagrad(Values v, const Update& now, std::span<double>, Numbers& k) {
  k[0] = v[1];
  k[1] = adagrad_factor(v, now);
  k[2] = v[3];
  return Flow::go_on;
}
Flow prepare_adadelta(Values v, const Update&, std::span<double>, Numbers& k) {
  k[0] = v[0];
  k[1] = 1.0 - v[0];
  k[2] = v[1];
  return Flow::go_on;
}
Flow prepare_rprop(Values v, const Update&, std::span<double>, Numbers& k) {
  std::copy(v.begin() + 1, v.end(), k.begin());
  return Flow::go_on;
}
Flow prepare_asgd(Values v, const Update& now, std::span<double>, Numbers& k) {
  const auto done = static_cast<double>(now.step);
  k[0] = v[0] / math::pow(1.0 + v[1] * v[0] * done, v[2]);
  k[1] = v[4];
  k[2] = 1.0 / std::max(1.0, done - v[3]);
  return Flow::go_on;
}

}  // namespace

const RuleDef kAdagrad{.name = "scale_by_adagrad",
                       .num_slots = 1,  // the sum of squares
                       .scale_free = true,
                       .slot_start = [](Values v, std::size_t) { return v[0]; },
                       .prepare = prepare_adagrad,
                       .kernel64 = adagrad_elements,
                       .kernel32 = adagrad_elements,
                       .reference =
                           [](const Reference& r) {
                             const double epsilon = r.values[1], factor = adagrad_factor(r.values, r.now);
                             for (std::size_t i = 0; i < r.u.size(); ++i) {
                               double& sum = r.slots[0][i];
                               sum = sum + r.u[i] * r.u[i];
                               if (r.values[3] == 0.0) {
                                 r.u[i] = factor * (r.u[i] / (std::sqrt(sum) + epsilon));
                               } else {
                                 r.u[i] = sum == 0.0 ? 0.0 : factor * (r.u[i] / std::sqrt(sum + epsilon));
                               }
                             }
                           }};

const RuleDef kAdadelta{.name = "scale_by_adadelta",
                        .num_slots = 2,  // means of squared gradients and of squared moves
                        .scale_free = true,
                        .prepare = prepare_adadelta,
                        .kernel64 = adadelta_elements,
                        .kernel32 = adadelta_elements,
                        .reference = [](const Reference& r) {
                          const double rho = r.values[0], epsilon = r.values[1];
                          for (std::size_t i = 0; i < r.u.size(); ++i) {
                            double &squares = r.slots[0][i], &moves = r.slots[1][i];
                            squares = rho * squares + (1.0 - rho) * (r.u[i] * r.u[i]);
                            const double move = (std::sqrt(moves + epsilon) / std::sqrt(squares + epsilon)) * r.u[i];
                            moves = rho * moves + (1.0 - rho) * (move * move);
                            r.u[i] = move;
                          }
                        }};

const RuleDef kRprop{.name = "rprop",
                     .num_slots = 2,  // the step of each coordinate, the sign of its last gradient
                     .rate = 0,
                     .scale_free = true,
                     .slot_start = [](Values v, std::size_t slot) { return slot == 0 ? v[0] : 0.0; },
                     .prepare = prepare_rprop,
                     .kernel64 = rprop_elements,
                     .kernel32 = rprop_elements,
                     .reference =
                         [](const Reference& r) {
                           const double low = r.values[3], high = r.values[4];
                           for (std::size_t i = 0; i < r.u.size(); ++i) {
                             double &step = r.slots[0][i], &last = r.slots[1][i];
                             double now = r.u[i] > 0.0 ? 1.0 : r.u[i] < 0.0 ? -1.0 : r.u[i];
                             const double turn = now * last;
                             step = step * (turn < 0.0 ? r.values[1] : turn > 0.0 ? r.values[2] : 1.0);
                             step = step < high ? step : high;
                             step = step > low ? step : low;
                             if (turn < 0.0) now = 0.0;
                             last = now;
                             r.u[i] = now * step;
                           }
                         }};

const RuleDef kAsgd{.name = "asgd",
                    .num_slots = 1,  // the average
                    .rate = 0,
                    .solution_slot = 0,
                    .place = 3,
                    .prepare = prepare_asgd,
                    .kernel64 = asgd_elements,
                    .kernel32 = asgd_elements,
                    .reference = [](const Reference& r) {
                      const double rate = r.values[0], decay = r.values[1], alpha = r.values[2], t0 = r.values[3];
                      const auto done = static_cast<double>(r.now.step);
                      const double eta = rate / math::pow(1.0 + decay * rate * done, alpha);
                      const double mu = 1.0 / std::max(1.0, done - t0);
                      for (std::size_t i = 0; i < r.u.size(); ++i) {
                        double& average = r.slots[0][i];
                        r.u[i] = eta * (r.u[i] + r.values[4] * r.x[i]);
                        const double next = r.x[i] - r.u[i];
                        average = mu == 1.0 ? next : average + mu * (next - average);
                      }
                    }};

namespace {

const char* const kAdagradReference =
    "J. Duchi, E. Hazan, Y. Singer, \"Adaptive subgradient methods for online learning and stochastic optimization\", "
    "JMLR 12, 2011, figure 1 (diagonal)";
const char* const kAdadeltaReference =
    "M. D. Zeiler, \"ADADELTA: an adaptive learning rate method\", arXiv:1212.5701, 2012, algorithm 1";

std::vector<ParamSpec> adagrad_specs() {
  return {number_spec("initial_accumulator", "0", kNotNegative, "what s begins with",
                      "the paper's and torch's; optax takes 0.1, so that the first steps are shorter than r"),
          number_spec("epsilon", "1e-10", kPositive, "keeps the quotient finite",
                      "torch's: far below any gradient that matters"),
          number_spec("lr_decay", "0", kNotNegative, "c: the rate falls as 1 / (1 + c (t - 1)) besides",
                      "off: s grows, which is decay enough"),
          choice_spec("epsilon_placement", {"outside", "inside"}, "where epsilon is added: to the root or under it",
                      "the paper's and PyTorch's")};
}
Rule adagrad_rule(const Given& given) {
  return {.def = &kAdagrad,
          .values = {given["initial_accumulator"], given["epsilon"], given["lr_decay"],
                     Hyper(given.choice("epsilon_placement") == "inside" ? 1.0 : 0.0)}};
}
std::vector<ParamSpec> adadelta_specs() {
  return {number_spec("rho", "0.9", kFraction, "decay of both means", "torch's and optax's; the paper takes 0.95"),
          number_spec("epsilon", "1e-6", kPositive, "under both roots; the first move is about as long as its root",
                      "the paper's: smaller, and the start takes longer")};
}

template <class... Specs>
std::vector<ParamSpec> join_specs(ParamSpec first, std::vector<ParamSpec> middle, Specs... last) {
  middle.insert(middle.begin(), std::move(first));
  (middle.push_back(std::move(last)), ...);
  return middle;
}

}  // namespace

Rule rprop_rule(const Given& given) {
  const double low = given.bound.number("min_step"), high = given.bound.number("max_step");
  if (low > high)
    throw Error(ErrorCode::usage,
                "'min_step' must be at most max_step, got " + number_text(low) + " and " + number_text(high),
                Place{.name = given.entry.name});
  // As a schedule, so that whoever asks for the chain's learning rate finds one; only its start is used.
  return {.def = &kRprop,
          .values = {Hyper(Schedule(given.bound.number("learning_rate")), "learning_rate", kPositive),
                     given["eta_minus"], given["eta_plus"], Hyper(low), Hyper(high)}};
}
std::vector<ParamSpec> rprop_specs(std::string min_step, std::string why) {
  const auto plain = [](ParamSpec spec) {
    spec.kind = ParamKind::number;
    return spec;
  };
  return {
      plain(number_spec("learning_rate", "0.01", kPositive, "first step of every coordinate; not a factor",
                        "torch's; it is forgotten after ten or twenty updates")),
      number_spec("eta_minus", "0.5", {.low = 0.0, .high = 1.0, .low_open = true, .high_open = true},
                  "factor of a step whose gradient changed sign", "the paper's: halving finds what was passed"),
      number_spec("eta_plus", "1.2",
                  {.low = 1.0, .high = std::numeric_limits<double>::infinity(), .low_open = true, .high_open = true},
                  "factor of a step whose gradient kept its sign", "the paper's"),
      plain(number_spec("min_step", std::move(min_step), kPositive, "no step is shorter", std::move(why))),
      plain(number_spec("max_step", "50", kPositive, "no step is longer", "the paper's and torch's"))};
}

void add_adaptive(Registry<OptimizerMaker>& registry) {
  add_rule(
      registry,
      {.name = "adagrad",
       .summary = "Divides every gradient by the root of the sum of all squares so far; for sparse features.",
       .formula = "g = g + weight_decay x, s = s + g^2, x = x - r / (1 + lr_decay (t - 1)) g / (sqrt(s) + epsilon); "
                  "inside: g / sqrt(s + epsilon), 0 where s is 0",
       .params = join_specs(rate_spec("0.5",
                                      "steps fall as 1 / sqrt(t), so it begins with long ones: in theory the "
                                      "distance to go / sqrt(2) is best; torch's 0.01 hardly moves"),
                            adagrad_specs(), coupled_decay_spec()),
       .reference = kAdagradReference,
       .differs = "PyTorch: none; optax: initial_accumulator=0.1, epsilon=1e-7, epsilon_placement=inside",
       .example = "adagrad(0.1)"},
      [](const Given& given) {
        std::vector<Rule> rules;
        given.append_decay(rules);
        rules.insert(rules.end(), {adagrad_rule(given), given.rate()});
        return rules;
      });
  add_rule(
      registry,
      {.name = "adadelta",
       .summary = "Moves as long as the last moves, relative to the gradients: no unit, and hardly a rate.",
       .formula = "g = g + weight_decay x, s = rho s + (1 - rho) g^2, d = sqrt(a + epsilon) / sqrt(s + epsilon) g, "
                  "a = rho a + (1 - rho) d^2, x = x - r d",
       .params = join_specs(rate_spec("1", "the paper's: it has none"), adadelta_specs(), coupled_decay_spec()),
       .reference = kAdadeltaReference,
       .differs = "the paper has no r; PyTorch and optax: none",
       .example = "adadelta(1, rho=0.95)"},
      [](const Given& given) {
        std::vector<Rule> rules;
        given.append_decay(rules);
        rules.insert(rules.end(), {Rule{.def = &kAdadelta, .values = {given["rho"], given["epsilon"]}}, given.rate()});
        return rules;
      });
  add_rule(registry,
           {.name = "rprop",
            .summary = "Steps of each coordinate's own length, from signs alone; for full batches.",
            .formula = "step = step eta_plus where g kept its sign, step eta_minus where it changed, within [min_step, "
                       "max_step]; x = x - sign(g) step, and no move where it changed",
            .params = rprop_specs("1e-12", "the paper's and torch's 1e-6 would leave the last digits of x undone"),
            .reference = "M. Riedmiller, H. Braun, \"A direct adaptive method for faster backpropagation learning: the "
                         "RPROP algorithm\", ICNN 1993; C. Igel, M. Huesken, \"Improving the Rprop learning "
                         "algorithm\", 2000 (iRprop-)",
            .differs = "the paper of 1993 takes the last move back where the sign changed; this is iRprop-, as in "
                       "PyTorch and optax",
            .example = "rprop(0.01)"},
           [](const Given& given) { return std::vector<Rule>{rprop_rule(given)}; });
  add_rule(
      registry,
      {.name = "asgd",
       .summary = "Gradient descent whose average is reported: noise averages out. Stands last in a chain.",
       .formula = "x = x - r / (1 + lr_decay r (t - 1))^alpha (g + weight_decay x); reported: a = a + (x - a) / max(1, "
                  "t - 1 - t0)",
       .params = {rate_spec(),
                  number_spec("lr_decay", "1e-4", kNotNegative, "how fast the rate falls",
                              "torch's lambd: at r = 1 the rate halves after some 15,000 updates"),
                  number_spec("alpha", "0.75", {.low = 0.0, .high = 1.0}, "power of the fall",
                              "between 1/2 and 1, where averaging reaches the best possible variance"),
                  number_spec("t0", "100", kNotNegative, "updates before averaging begins",
                              "the first iterates are the way there, not the place"),
                  coupled_decay_spec()},
       .reference = "B. T. Polyak, A. B. Juditsky, \"Acceleration of stochastic approximation by averaging\", SIAM "
                    "J. Control Optim. 30(4), 1992; W. Xu, \"Towards optimal one pass large scale learning with "
                    "averaged stochastic gradient descent\", arXiv:1107.2490, 2011",
       .differs = "PyTorch (torch.asgd) ties lr_decay to a pull of the same strength towards 0, never averages "
                  "before update 1,000,000, and leaves the average in the optimizer's state",
       .example = "asgd(0.1, t0=10)"},
      [](const Given& given) {
        std::vector<Rule> rules;
        given.append_decay(rules);
        const Hyper rate(bound_schedule(given.bound, "learning_rate"), "learning_rate", kNotNegative);
        rules.push_back({.def = &kAsgd, .values = {rate, given["lr_decay"], given["alpha"], given["t0"], Hyper(0.0)}});
        return rules;
      });
}

void add_adaptive_transforms(Registry<OptimizerMaker>& registry) {
  add_rule(registry,
           {.name = "scale_by_adagrad",
            .summary = "Divides by the root of the sum of all squares so far.",
            .formula = "s = s + u^2, u = u / (sqrt(s) + epsilon) / (1 + lr_decay (t - 1))",
            .params = adagrad_specs(),
            .reference = kAdagradReference,
            .differs = "optax (scale_by_rss): initial_accumulator=0.1, epsilon=1e-7, epsilon_placement=inside",
            .example = "scale_by_adagrad(0.1) | scale_by_learning_rate(0.1)"},
           [](const Given& given) { return std::vector<Rule>{adagrad_rule(given)}; });
  add_rule(
      registry,
      {.name = "scale_by_adadelta",
       .summary = "Moves as long as the last moves, relative to the gradients.",
       .formula = "s = rho s + (1 - rho) u^2, u = sqrt(a + epsilon) / sqrt(s + epsilon) u, a = rho a + (1 - rho) u^2",
       .params = adadelta_specs(),
       .reference = kAdadeltaReference,
       .differs = "none from optax",
       .example = "scale_by_adadelta | scale_by_learning_rate(1)"},
      [](const Given& given) {
        return std::vector<Rule>{Rule{.def = &kAdadelta, .values = {given["rho"], given["epsilon"]}}};
      });
}

}  // namespace descent::rules
