// One table per named thing: from an Entry come validation, error texts, --help, `descent describe`, reference pages
// and the tests that feed every invalid value.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "descent/core/error.hpp"

namespace descent {

enum class ParamKind {
  number,     ///< a double within `interval`
  integer,    ///< a whole number within `interval`
  flag,       ///< true or false
  choice,     ///< one of `choices`
  schedule,   ///< a number within `interval`, or a call of a schedule: cosine(0.05, 5000); `auto` where allowed
  numbers,    ///< a list: [1, 2, 3]
  schedules,  ///< a list of schedules: [0.1, cosine(0.1, 100)]; a number within `interval` is a constant one
  word,       ///< a name
  names,      ///< a name, or a list of names: [a, b.c]
  chain,      ///< a call that is a link of a chain, or a list of them: [clip_by_value(1), adam(0.01)]
};

[[nodiscard]] const char* to_text(ParamKind kind);

struct Interval {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_open = false;
  bool high_open = false;

  [[nodiscard]] bool contains(double value) const;
};

/// `> 0`, `in [0, 1)`, `>= 1`; empty when everything is allowed.
[[nodiscard]] std::string to_text(const Interval& interval);

struct ParamSpec {
  std::string name;
  ParamKind kind = ParamKind::number;
  std::string default_text;  ///< as a user would type it; empty = required
  Interval interval{};
  std::vector<std::string> choices{};
  std::string meaning;       ///< what it does, with its symbol in the formula
  std::string why;           ///< why that default, or why there is none
  bool allows_auto = false;  ///< a schedule or number that may be left to the program
};

/// What is written about a named thing.
struct Entry {
  std::string name;
  std::string kind;     ///< "optimizer", "schedule", "loss", "penalty", "metric", "reader", ...
  std::string summary;  ///< one line
  std::string formula;
  std::vector<ParamSpec> params;  ///< in the order in which positional arguments fill them
  std::string reference;          ///< author, title, year, equation
  std::string differs;            ///< from the paper and from PyTorch, scikit-learn, liblinear; empty if it does not
  std::string example;            ///< a text that is valid where the thing is used
};

struct Call;
struct Argument;
/// One argument as written: a number, a word (`auto`, `true`, a choice), a list of numbers, a nested call, or a list
/// that holds nested calls.
using ArgumentValue = std::variant<double, std::string, std::vector<double>, std::shared_ptr<const Call>,
                                   std::shared_ptr<const std::vector<Argument>>>;

struct Argument {
  std::string name;  ///< empty when positional
  ArgumentValue value;
  std::size_t column = 0;  ///< from 1, in the text it came from; 0 when it came from code
};

/// `name(value, key=value, ...)`, parsed but not yet judged.
struct Call {
  std::string name;
  std::vector<Argument> arguments;
  std::size_t column = 0;
  /// Of a schedule made from a C++ function, which no text can say; null for all others.
  std::shared_ptr<const std::function<double(std::uint64_t)>> function{};
};

/// `name(value, key=value)` in canonical spacing, numbers in shortest form.
[[nodiscard]] std::string to_text(const Call& call);

/// The arguments of a call, checked against an Entry and completed with its defaults.
class BoundArguments {
 public:
  [[nodiscard]] double number(std::string_view name) const;  ///< of a number, or of a schedule given as a plain number
  [[nodiscard]] long long integer(std::string_view name) const;
  [[nodiscard]] bool flag(std::string_view name) const;
  [[nodiscard]] const std::string& choice(std::string_view name) const;  ///< of a flag or a word, too
  [[nodiscard]] const std::vector<double>& numbers(std::string_view name) const;
  [[nodiscard]] std::vector<Argument> list(std::string_view name) const;  ///< of schedules: numbers and calls, unnamed
  [[nodiscard]] std::vector<std::string> names(std::string_view name) const;
  [[nodiscard]] std::vector<Call> calls(std::string_view name) const;  ///< of a chain
  [[nodiscard]] bool is_auto(std::string_view name) const;
  /// The nested call given for a schedule; null when a plain number or `auto` was given.
  [[nodiscard]] std::shared_ptr<const Call> call(std::string_view name) const;
  /// True if the caller wrote it (not the default).
  [[nodiscard]] bool given(std::string_view name) const;

 private:
  friend BoundArguments bind(const Entry& entry, const Call& call);
  struct Bound {
    std::string name;
    ArgumentValue value;
    bool given = false;
    std::size_t column = 0;  ///< of what was given
  };
  [[nodiscard]] const Bound& at(std::string_view name) const;
  std::vector<Bound> values_;
};

/// Throws: Error(usage) naming the entry, the parameter, what is allowed and what was got: too many positionals,
/// unknown or repeated names (with "did you mean"), wrong kinds, values outside the interval, missing required ones.
[[nodiscard]] BoundArguments bind(const Entry& entry, const Call& call);

/// Parses `name`, `name(...)` and nested calls. Position errors carry the column. Throws: Error(usage).
[[nodiscard]] Call parse_call(std::string_view text);
/// Parses `a(...) | b(...)`: one or more calls. Throws: Error(usage).
[[nodiscard]] std::vector<Call> parse_pipeline(std::string_view text);

/// In a handler: throws `error` again, at the column of `call` if it knows none.
[[noreturn]] void throw_placed(const Error& error, const Call& call);

/// What `make` returns; of what it refuses the place is in `call` at least, or in a call within it.
template <class Make>
[[nodiscard]] auto placed(const Call& call, const Make& make) {
  try {
    return make();
  } catch (const Error& error) {
    throw_placed(error, call);
  }
}

/// Everything in the entry as a page of plain text for `descent describe NAME`.
[[nodiscard]] std::string describe(const Entry& entry);

}  // namespace descent
