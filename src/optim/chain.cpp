#include "descent/optim/chain.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/optim/optimizer.hpp"
#include "src/optim/call_building.hpp"
#include "src/optim/rules/basic.hpp"

namespace descent {
namespace {

Optimizer make_optimizer(const Call& call) {
  return placed(call, [&call] {
    if (optimizer_registry().find(call.name) == nullptr && schedule_registry().find(call.name) != nullptr)
      throw Error(
          ErrorCode::usage,
          quoted(call.name) + " is a schedule, which stands in place of a learning rate: sgd(" + call.name + "(...))");
    const auto& named = optimizer_registry().at(call.name);
    const BoundArguments bound = bind(named.entry, call);
    return named.item(canonical_call(named.entry, bound), bound);
  });
}

constexpr const char* kRate = "learning_rate";

bool has_rate(const Chain::Link& link, bool only_auto) {
  for (const Rule& rule : link.rules)
    if (rule.learning_rate() != nullptr && (!only_auto || rule.learning_rate()->is_auto())) return true;
  return false;
}

/// Of all rates, or of those that are auto.
Chain replace_rates(const std::vector<Chain::Link>& links, const Schedule& rate, bool only_auto) {
  Chain result;
  for (const Chain::Link& link : links) {
    if (!has_rate(link, only_auto)) {
      result.append(Chain(link));
    } else if (!link.inner.empty()) {
      const Restriction& restriction = link.rules.front().restrictions.back();
      result.append(restricted(restriction, replace_rates(link.inner, rate, only_auto)));
    } else {
      Call call = link.call;
      std::erase_if(call.arguments, [&](const Argument& argument) {
        return argument.name == kRate || (argument.name.empty() && &argument == &call.arguments.front());
      });
      call.arguments.insert(call.arguments.begin(), Argument{.name = "", .value = rate.argument(), .column = 0});
      result.append(make_chain(call));
    }
  }
  return result;
}

}  // namespace

Chain make_chain(const Call& call) {
  const Optimizer part = make_optimizer(call);
  if (part.method != Method::chain)
    throw Error(ErrorCode::usage, "'" + call.name + "' chooses its own steps and cannot be part of a chain",
                Place{.column = call.column});
  return part.chain;
}

Chain restricted(const Restriction& restriction, const Chain& chain) {
  std::vector<Argument> names, links;
  for (const std::string& name : restriction.names)
    names.push_back({.name = "", .value = std::make_shared<const Call>(Call{.name = name, .arguments = {}})});
  Chain::Link link{.call = {.name = restriction.except ? "except" : "only", .arguments = {}}, .rules = chain.rules()};
  for (const Chain::Link& inner : chain.links()) {
    links.push_back({.name = "", .value = std::make_shared<const Call>(inner.call)});
    link.inner.push_back(inner);
  }
  for (Rule& rule : link.rules) rule.restrictions.push_back(restriction);
  const auto value_of = [](std::vector<Argument> items, bool is_word) -> ArgumentValue {
    if (items.size() > 1) return std::make_shared<const std::vector<Argument>>(std::move(items));
    const auto& one = std::get<std::shared_ptr<const Call>>(items.front().value);
    if (is_word) return one->name;
    return one;
  };
  if (names.empty() || links.empty())
    throw Error(ErrorCode::usage, link.call.name + ": needs the names of blocks and a chain for them", "optimizer");
  link.call.arguments = {{.name = "", .value = value_of(std::move(names), true)},
                         {.name = "", .value = value_of(std::move(links), false)}};
  return Chain(std::move(link));
}

Chain first_group(const Chain& chain) {
  Chain result;
  std::string group;  // the call's restriction, as text
  const auto restriction_of = [](const Chain::Link& link) {
    return link.call.name + to_text(Call{.name = "", .arguments = {link.call.arguments.front()}});
  };
  for (const Chain::Link& link : chain.links())
    if (group.empty() && !link.inner.empty() && has_rate(link, false)) group = restriction_of(link);
  for (const Chain::Link& link : chain.links()) {
    if (link.inner.empty()) {
      if (link.call.name != "freeze") result.append(Chain(link));
    } else if (restriction_of(link) == group) {
      Chain inner;
      for (const Chain::Link& one : link.inner) inner.append(Chain(one));
      result.append(first_group(inner));
    }
  }
  return result;
}

std::vector<Rule> Chain::rules() const {
  std::vector<Rule> result;
  for (const Link& link : links_) result.insert(result.end(), link.rules.begin(), link.rules.end());
  return result;
}

void Chain::append(const Chain& other) {
  const std::vector<Link> copy = other.links_;  // `other` may be this chain
  links_.insert(links_.end(), copy.begin(), copy.end());
}

const Schedule* Chain::learning_rate() const {
  const Schedule* result = nullptr;
  for (const Link& link : links_)
    for (const Rule& rule : link.rules)
      if (rule.learning_rate() != nullptr) result = rule.learning_rate();
  return result;
}

Chain custom_rule(std::string name, std::function<void(RuleBlock&)> apply) {
  if (!apply) throw Error(ErrorCode::usage, "a custom rule needs a function", name);
  Rule rule;
  rule.def = &rules::kCustom;
  rule.custom = std::make_shared<const std::function<void(RuleBlock&)>>(std::move(apply));
  return Chain(Chain::Link{.call = Call{.name = std::move(name), .arguments = {}, .column = 0}, .rules = {rule}});
}

bool is_plain_descent(const Chain& chain) {
  const std::vector<Rule> rules = chain.rules();
  return rules.size() == 1 && rules.front().is_learning_rate() && rules.front().restrictions.empty();
}
bool is_scale_free(const Chain& chain) {
  for (const Rule& rule : chain.rules())
    if (rule.is_scale_free()) return true;
  return false;
}

bool keeps_rate(const Chain& chain) {
  for (const Rule& rule : chain.rules())
    if (rule.def->keeps_rate) return true;
  return false;
}
std::string_view rule_for_whole_gradients(const Chain& chain) {
  for (const Rule& rule : chain.rules())
    if (rule.def->whole_gradients) return rule.name();
  return {};
}
bool has_length(const Chain& chain) {
  for (const Rule& rule : chain.rules())
    if (rule.def->rate >= 0 || rule.def == &rules::kScale || rule.custom != nullptr) return true;
  return false;
}

Chain parse_chain(std::string_view text) {
  const Optimizer optimizer = parse_optimizer(text);
  if (optimizer.method != Method::chain)
    throw Error(ErrorCode::usage, "'" + to_text(optimizer) + "' is a method of its own, not a chain of rules",
                "optimizer");
  return optimizer.chain;
}

Optimizer parse_optimizer(std::string_view text) {
  const std::vector<Call> calls = parse_pipeline(text);
  if (calls.size() == 1) return make_optimizer(calls.front());
  Chain result;
  for (const Call& call : calls) {
    result.append(make_chain(call));
  }
  return result;
}

std::string to_text(const Chain& chain) {
  std::vector<std::string> parts;
  for (const Chain::Link& link : chain.links()) parts.push_back(to_text(link.call));
  return join(parts, " | ");
}

Chain with_learning_rate(const Chain& chain, const Schedule& learning_rate) {
  const auto& links = chain.links();
  if (std::any_of(links.begin(), links.end(), [](const Chain::Link& link) { return has_rate(link, false); }))
    return replace_rates(links, learning_rate, false);
  throw Error(ErrorCode::usage,
              "the chain " + quoted(to_text(chain)) +
                  " has no rule with a learning rate (append scale_by_learning_rate(0.01), or use sgd, adam, ...)",
              kRate);
}

Chain with_auto_rate(const Chain& chain, const Schedule& rate) { return replace_rates(chain.links(), rate, true); }

namespace {

Optimizer with_constant_rate(Optimizer optimizer, const Schedule& learning_rate) {
  if (!learning_rate.is_auto() && !learning_rate.is_constant())
    throw Error(ErrorCode::usage,
                to_text(optimizer.method) + std::string(" converges with a constant rate, so it takes a number, got ") +
                    to_text(learning_rate) + ": a schedule is for sgd, momentum, adam or another chain",
                kRate);
  const double rate = learning_rate.is_auto() ? 0.0 : learning_rate(0);
  if (!learning_rate.is_auto() && !(rate > 0.0 && std::isfinite(rate)))
    throw Error(ErrorCode::usage, "must be a number > 0, got " + number_text(rate), kRate);
  optimizer.learning_rate = rate;
  return optimizer;
}

}  // namespace

Optimizer with_learning_rate(const Optimizer& optimizer, const Schedule& learning_rate) {
  switch (optimizer.method) {
    case Method::chain: return with_learning_rate(optimizer.chain, learning_rate);
    case Method::gradient_descent: return learning_rate.is_auto() ? optimizer : Optimizer(sgd(learning_rate));
    case Method::svrg:
    case Method::saga:
    case Method::sarah: return with_constant_rate(optimizer, learning_rate);
    default:
      if (learning_rate.is_auto()) return optimizer;
      throw Error(ErrorCode::usage,
                  "the optimizer " + to_text(optimizer) + " chooses its own steps; a learning rate of " +
                      to_text(learning_rate) + " needs sgd, momentum, adam or another chain",
                  kRate);
  }
}

}  // namespace descent
