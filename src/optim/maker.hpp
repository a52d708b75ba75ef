// A call of the optimizer table, from C++ values: what every maker is written with.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <type_traits>

#include "descent/optim/chain.hpp"
#include "descent/optim/number.hpp"
#include "src/optim/call_building.hpp"

namespace descent {

class Maker {
 public:
  explicit Maker(const char* name) { call_.name = name; }

  Maker& rate(const Schedule& learning_rate) { return add("learning_rate", learning_rate.argument()); }
  Maker& number(const char* name, const Number& value) { return add(name, value.argument()); }
  /// Nothing is the table's `auto`.
  Maker& number_or_auto(const char* name, const std::optional<Number>& value) {
    return value ? add(name, value->argument()) : add(name, std::string("auto"));
  }
  Maker& flag(const char* name, bool value) { return add(name, std::string(value ? "true" : "false")); }
  Maker& word(const char* name, const std::string& value) { return add(name, value); }
  /// Enumerators stand in the order of the entry's choices.
  template <class Choice>
  Maker& choice(const char* name, Choice value) {
    static_assert(std::is_enum_v<Choice>);
    return choice_number(name, static_cast<std::size_t>(value));
  }
  /// Throws: Error(usage) where the text would.
  [[nodiscard]] Chain chain() const { return make_chain(call_); }

 private:
  [[nodiscard]] const ParamSpec& spec(const char* name) const;
  Maker& add(const char* name, ArgumentValue value);
  Maker& choice_number(const char* name, std::size_t index);

  Call call_;
};

}  // namespace descent
