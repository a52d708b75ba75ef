// From C++ values to calls and to canonical text.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>

#include "descent/core/param_table.hpp"

namespace descent {

/// `name(key=value, ...)` as if it had been typed.
[[nodiscard]] Call named_call(std::string name, std::initializer_list<std::pair<const char*, ArgumentValue>> arguments);

/// The call in its shortest form: required parameters by position, others by name and only if they are not the default.
[[nodiscard]] Call canonical_call(const Entry& entry, const BoundArguments& bound);

}  // namespace descent
