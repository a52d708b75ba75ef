// Options as a table: parsing, checking, `--help` and the error texts of a command come from one list.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/console.hpp"
#include "descent/core/error.hpp"
#include "descent/core/param_table.hpp"

namespace descent::cli {

enum class OptionKind { flag, text, number, integer, choice };

/// Whether a value is the name of a file, and what becomes of the file.
enum class FileUse { none, input, output };

struct OptionSpec {
  std::string name;  ///< `max-steps`; in capitals for a positional argument: `FORMULA`
  OptionKind kind = OptionKind::text;
  std::string placeholder{};
  std::string meaning{};
  std::string group = "Options";
  std::string default_text{};
  Interval interval{};
  std::vector<std::string> choices{};
  char letter = '\0';  ///< `o` for -o
  bool many = false;   ///< takes one or more values
  bool required = false;
  bool allows_auto = false;  ///< a number may be `auto`
  FileUse file = FileUse::none;
  std::string needs{};  ///< the option without which this one has no effect

  [[nodiscard]] bool positional() const { return name[0] >= 'A' && name[0] <= 'Z'; }
  /// `--max-steps`, or the name of a positional.
  [[nodiscard]] std::string spelling() const { return positional() ? name : "--" + name; }
};

class Options;

struct Command {
  std::string name;
  std::string summary;
  std::string description;
  std::vector<OptionSpec> options;
  std::vector<std::string> examples;
  int (*run)(const Options&, Console&);
};

/// What was given, checked against the table.
class Options {
 public:
  explicit Options(const Command& command) : command_(&command) {}

  /// Values as typed; checks kind, interval and choices. Throws: Error(usage).
  void set(std::string_view name, std::vector<std::string> values);
  [[nodiscard]] bool given(std::string_view name) const;
  /// The command has such an option: commands that share code need not have all of each other's.
  [[nodiscard]] bool knows(std::string_view name) const;
  [[nodiscard]] bool flag(std::string_view name) const { return given(name); }
  /// The value, or the table's default; empty when there is none.
  [[nodiscard]] std::string text(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> texts(std::string_view name) const;
  /// The same of a text that may not be empty: `--optimizer "$UNSET"` is a slip. Throws: Error(usage).
  [[nodiscard]] std::string require_text(std::string_view name) const;
  /// Nothing when neither given nor defaulted, or when it is `auto`.
  [[nodiscard]] std::optional<double> number(std::string_view name) const;
  [[nodiscard]] std::optional<long long> integer(std::string_view name) const;
  [[nodiscard]] const Command& command() const { return *command_; }

  [[nodiscard]] const OptionSpec& spec(std::string_view name) const;

 private:
  struct Given {
    std::string name;
    std::vector<std::string> values;
  };
  const Command* command_;
  std::vector<Given> given_;
};

/// `error` of a text that `option` gave, said of the option: `--optimizer:6 'cosine'`, and `--learning-rate` where the
/// library's word for it is learning_rate.
[[nodiscard]] Error said_of(const std::string& option, const Error& error);

/// What `read` makes of the text of an option. Throws: Error naming the option, with the column in its text.
template <class Read>
[[nodiscard]] auto from_option(const Options& options, const std::string& name, const Read& read) {
  const std::string text = options.require_text(name);
  try {
    return read(text);
  } catch (const Error& error) {
    throw said_of(options.spec(name).spelling(), error);
  }
}

/// `a=1,b=2` -> pairs. Throws: Error(usage) naming `option`.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> parse_pairs(const std::string& text,
                                                                           const std::string& option);

/// `text` as a finite number. Throws: Error(usage) naming `option`.
[[nodiscard]] double require_number(const std::string& text, const std::string& option);

}  // namespace descent::cli
