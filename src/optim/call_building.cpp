#include "src/optim/call_building.hpp"

#include <memory>
#include <utility>
#include <vector>

#include "descent/core/text.hpp"
#include "descent/optim/schedule.hpp"

namespace descent {
namespace {

ArgumentValue value_of(const ParamSpec& spec, const BoundArguments& bound) {
  if (bound.is_auto(spec.name)) return std::string("auto");
  if (spec.kind == ParamKind::schedule && bound.call(spec.name) != nullptr)
    return bound_schedule(bound, spec.name).argument();  // canonical, too
  switch (spec.kind) {
    case ParamKind::flag:
    case ParamKind::word:
    case ParamKind::choice: return bound.choice(spec.name);
    case ParamKind::names: {
      std::vector<Argument> items;
      for (const std::string& name : bound.names(spec.name))
        items.push_back({.name = "", .value = std::make_shared<const Call>(Call{.name = name, .arguments = {}})});
      return std::make_shared<const std::vector<Argument>>(std::move(items));
    }
    case ParamKind::chain: {
      std::vector<Argument> items;
      for (const Call& link : bound.calls(spec.name))
        items.push_back({.name = "", .value = std::make_shared<const Call>(link)});
      return std::make_shared<const std::vector<Argument>>(std::move(items));
    }
    case ParamKind::numbers: return bound.numbers(spec.name);
    case ParamKind::schedules: {
      std::vector<Argument> items;
      for (const Schedule& schedule : bound_schedules(bound, spec.name))
        items.push_back({.name = "", .value = schedule.argument()});
      return std::make_shared<const std::vector<Argument>>(std::move(items));
    }
    default: return bound.number(spec.name);
  }
}

std::string value_text(const ArgumentValue& value) {
  return to_text(Call{.name = "v", .arguments = {{.name = "", .value = value, .column = 0}}, .column = 0});
}

}  // namespace

bool is_default(const ParamSpec& spec, const ArgumentValue& value) {
  return !spec.default_text.empty() &&
         value_text(value) == value_text(parse_call("v(" + spec.default_text + ")").arguments.front().value);
}

Call named_call(std::string name, std::initializer_list<std::pair<const char*, ArgumentValue>> arguments) {
  Call call;
  call.name = std::move(name);
  for (const auto& [key, value] : arguments) call.arguments.push_back({.name = key, .value = value, .column = 0});
  return call;
}

Call canonical_call(const Entry& entry, const BoundArguments& bound) {
  Call call;
  call.name = entry.name;
  for (const ParamSpec& spec : entry.params) {
    ArgumentValue value = value_of(spec, bound);
    const bool by_position = spec.default_text.empty() || &spec == &entry.params.front();
    if (is_default(spec, value)) continue;
    call.arguments.push_back({.name = by_position ? "" : spec.name, .value = std::move(value), .column = 0});
  }
  return call;
}

}  // namespace descent
