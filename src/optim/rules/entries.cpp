#include "src/optim/rules/entries.hpp"

#include <utility>

#include "descent/core/error.hpp"
#include "src/optim/rules/basic.hpp"

namespace descent::rules {

ParamSpec number_spec(std::string name, std::string default_text, Interval interval, std::string meaning,
                      std::string why) {
  return {.name = std::move(name),
          .kind = ParamKind::schedule,
          .default_text = std::move(default_text),
          .interval = interval,
          .meaning = std::move(meaning),
          .why = std::move(why)};
}
ParamSpec flag_spec(std::string name, std::string meaning, std::string why) {
  return {.name = std::move(name),
          .kind = ParamKind::flag,
          .default_text = "false",
          .meaning = std::move(meaning),
          .why = std::move(why)};
}
ParamSpec choice_spec(std::string name, std::vector<std::string> choices, std::string meaning, std::string why) {
  const std::string first = choices.front();
  return {.name = std::move(name),
          .kind = ParamKind::choice,
          .default_text = first,
          .choices = std::move(choices),
          .meaning = std::move(meaning),
          .why = std::move(why)};
}
ParamSpec rate_spec(std::string default_text, std::string why) {
  return {.name = "learning_rate",
          .kind = ParamKind::schedule,
          .default_text = std::move(default_text),
          .interval = kPositive,
          .meaning = "r: a number, auto, or a schedule",
          .why = std::move(why),
          .allows_auto = true};
}
ParamSpec rate_factor_spec() {
  return number_spec("learning_rate", "1", kPositive,
                     "r: a factor of the rate that the rule finds, or a schedule of it",
                     "the rule finds the rate; a schedule such as cosine(1, 1000) lets it end at 0");
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
ParamSpec weight_decay_spec(std::string default_text, std::string meaning, std::string why) {
  return number_spec("weight_decay", std::move(default_text), kNotNegative, std::move(meaning), std::move(why));
}
ParamSpec rms_placement_spec() {
  return choice_spec("epsilon_placement", {"outside", "inside"}, "where epsilon is added: to the root or under it",
                     "PyTorch's: epsilon is then in the gradient's own unit");
}
ParamSpec centered_spec() {
  return flag_spec("centered", "subtracts the square of the mean gradient: divides by the standard deviation",
                   "off, as in the lecture; it needs one more vector and blows up where gradients hardly change");
}
ParamSpec coupled_decay_spec() {
  return weight_decay_spec("0", "weight_decay x joins g first: an L2 penalty that everything behind it sees",
                           "off: what is minimised is then f itself");
}
ParamSpec decoupled_decay_spec() {
  return weight_decay_spec("0.01", "pull of every parameter towards 0, times r; the moments do not see it", "as adamw");
}

Hyper Given::operator[](const char* name) const {
  if (!bound.is_auto(name) && bound.call(name) == nullptr) return bound.number(name);
  for (const ParamSpec& spec : entry.params)
    if (spec.name == name) {
      // A rate may fall to 0 on its way, though nobody may begin with it.
      return {bound_schedule(bound, name), spec.name, spec.name == "learning_rate" ? kNotNegative : spec.interval};
    }
  throw Error(ErrorCode::internal, "no such parameter", name);
}

bool Given::uses(const char* name) const { return bound.call(name) != nullptr || bound.number(name) != 0.0; }

Hyper Given::rate_value() const { return {bound_schedule(bound, "learning_rate"), "learning_rate", kNotNegative}; }
Rule Given::rate() const { return {.def = &kLearningRate, .values = {rate_value()}}; }

void Given::append_decay(std::vector<Rule>& rules) const {
  if (uses("weight_decay")) rules.push_back({.def = &kDecay, .values = {(*this)["weight_decay"]}});
}

namespace {

/// What `auto` is as the rate of this chain, read off the rules that decide it: auto_rate.cpp and settle_rate
/// (linear/run_setup.cpp).
std::string meaning_of_auto(const Chain& chain) {
  const bool is_free = is_scale_free(chain);
  const std::string trials = "; in fit of a linear model the best of short trial runs, ";
  const std::string elsewhere =
      std::string("in batches of a network ") +
      (is_free ? "0.01, whatever the units" : "half of what one backtracking search from the start accepts");
  if (is_plain_descent(chain))
    return "alone and with all rows, the steps of gradient_descent (least squares in fit: 1 / L)" + trials +
           "falling to 0 by a cosine; " + elsewhere + "; behind another rule what that rule's entry says";
  return std::string("in minimize what a range test from the start suggests") +
         (is_free && !keeps_rate(chain) ? ", cut to 0.3 of it where the objective no longer falls; " : "; ") +
         elsewhere + trials +
         (keeps_rate(chain)
              ? "the same in every update"
              : std::string("falling to 0 by a cosine in batches") +
                    (is_free ? ", and for most such rules with all rows too (the remarks of the fit say)" : ""));
}

}  // namespace

void add_rule(Registry<OptimizerMaker>& registry, Entry entry, RuleMaker maker) {
  entry.kind = "optimizer";
  for (std::size_t i = 0; i < entry.params.size(); ++i) {
    if (entry.params[i].name != "learning_rate" || !entry.params[i].allows_auto) continue;
    const Call defaults{.name = entry.name};
    const BoundArguments bound = bind(entry, defaults);
    const Chain chain(Chain::Link{.call = defaults, .rules = maker({.entry = entry, .bound = bound})});
    entry.params[i].meaning += ". auto: " + meaning_of_auto(chain);
  }
  Entry copy = entry;
  registry.add(std::move(entry), [maker, kept = std::move(copy)](const Call& canonical, const BoundArguments& bound) {
    return Optimizer(Chain(Chain::Link{.call = canonical, .rules = maker({.entry = kept, .bound = bound})}));
  });
}

}  // namespace descent::rules
