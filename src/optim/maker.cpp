#include "src/optim/maker.hpp"

#include <utility>

#include "descent/optim/optimizer.hpp"

namespace descent {

const ParamSpec& Maker::spec(const char* name) const {
  for (const ParamSpec& spec : optimizer_registry().at(call_.name).entry.params)
    if (spec.name == name) return spec;
  throw Error(ErrorCode::internal, "no such parameter of " + call_.name, name);
}

/// Options that were left at their defaults are as if not given.
Maker& Maker::add(const char* name, ArgumentValue value) {
  if (!is_default(spec(name), value)) call_.arguments.push_back({.name = name, .value = std::move(value), .column = 0});
  return *this;
}

Maker& Maker::choice_number(const char* name, std::size_t index) { return add(name, spec(name).choices.at(index)); }

}  // namespace descent
