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
ParamSpec rate_spec(std::string default_text, std::string why) {
  return {.name = "learning_rate",
          .kind = ParamKind::schedule,
          .default_text = std::move(default_text),
          .interval = kPositive,
          .meaning = "r: a number, auto, or a schedule",
          .why = std::move(why),
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
ParamSpec weight_decay_spec(std::string default_text, std::string meaning, std::string why) {
  return number_spec("weight_decay", std::move(default_text), kNotNegative, std::move(meaning), std::move(why));
}

Hyper Given::operator[](const char* name) const {
  if (!bound.is_auto(name) && bound.call(name) == nullptr) return bound.number(name);
  for (const ParamSpec& spec : entry.params)
    if (spec.name == name) return {bound_schedule(bound, name), spec.name, spec.interval};
  throw Error(ErrorCode::internal, "no such parameter", name);
}

bool Given::uses(const char* name) const { return bound.call(name) != nullptr || bound.number(name) != 0.0; }

Rule Given::rate() const {
  // Always a schedule, so that whoever asks for the chain's learning rate finds one.
  return {.def = &kLearningRate,
          .values = {Hyper(bound_schedule(bound, "learning_rate"), "learning_rate", kNotNegative)}};
}

void add_rule(Registry<OptimizerMaker>& registry, Entry entry, RuleMaker maker) {
  entry.kind = "optimizer";
  Entry copy = entry;
  registry.add(std::move(entry), [maker, kept = std::move(copy)](const Call& canonical, const BoundArguments& bound) {
    return Optimizer(Chain(Chain::Link{.call = canonical, .rules = maker({.entry = kept, .bound = bound})}));
  });
}

}  // namespace descent::rules
