// From C++ values to calls and to canonical text.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>

#include "descent/core/param_table.hpp"
#include "descent/optim/chain.hpp"

namespace descent {

/// The link that a call stands for. Throws: Error(usage) for a method of its own (lbfgs).
[[nodiscard]] Chain make_chain(const Call& call);
/// `only` or `except` around the chain.
[[nodiscard]] Chain restricted(const Restriction& restriction, const Chain& chain);
/// The chain with `rate` in place of each auto.
[[nodiscard]] Chain with_auto_rate(const Chain& chain, const Schedule& rate);

/// True if the value is what the entry takes when nothing is given.
[[nodiscard]] bool is_default(const ParamSpec& spec, const ArgumentValue& value);

/// `name(key=value, ...)` as if it had been typed.
[[nodiscard]] Call named_call(std::string name, std::initializer_list<std::pair<const char*, ArgumentValue>> arguments);

/// The call in its shortest form: required parameters by position, others by name and only if they are not the default.
[[nodiscard]] Call canonical_call(const Entry& entry, const BoundArguments& bound);

}  // namespace descent
