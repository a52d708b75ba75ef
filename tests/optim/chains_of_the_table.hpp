// Every entry of the optimizer table that is a chain, with each of its options: a new rule is tested by being listed.
#pragma once

#include <string>
#include <vector>

#include "descent/core/error.hpp"
#include "descent/optim/chain_state.hpp"
#include "descent/optim/optimizer.hpp"

namespace descent {

/// Options that are not allowed beside the defaults of the others, and stand in an example instead.
inline bool stands_alone(const std::string& text) {
  try {
    return parse_optimizer(text).method == Method::chain;
  } catch (const Error&) {
    return false;
  }
}

/// The chain with a number where its rate is `auto`.
inline std::string with_a_rate(const std::string& text) {
  const Chain chain = parse_chain(text);
  const Schedule* rate = chain.learning_rate();
  return rate != nullptr && rate->is_auto() ? to_text(with_learning_rate(chain, 0.05)) : text;
}

/// False for what is only for matrices (torch.muon): matrix_rules_test.cpp has those.
inline bool takes_vectors(const std::string& text) {
  try {
    return ChainState(parse_chain(text), 3).steps() == 0;
  } catch (const Error&) {
    return false;
  }
}

/// The example of each entry, and `name(option=value)` for each value of each flag and choice.
inline std::vector<std::string> chains_of_the_table() {
  std::vector<std::string> result;
  for (const auto& named : optimizer_registry().items()) {
    const Entry& entry = named.entry;
    const Optimizer example = parse_optimizer(entry.example);
    if (example.method != Method::chain || !takes_vectors(with_a_rate(entry.example))) continue;
    result.push_back(with_a_rate(entry.example));
    std::string given;
    for (const ParamSpec& spec : entry.params)
      if (spec.name == "learning_rate") {
        given += "learning_rate=0.05, ";
      } else if (spec.default_text.empty()) {
        given += spec.name + "=0.5, ";
      }
    for (const ParamSpec& spec : entry.params) {
      std::vector<std::string> values = spec.choices;
      if (spec.kind == ParamKind::flag) values = {"true"};
      for (const std::string& value : values) {
        const std::string text = entry.name + "(" + given + spec.name + "=" + value + ")";
        if (stands_alone(text) && takes_vectors(text)) result.push_back(text);
      }
    }
  }
  return result;
}

}  // namespace descent
