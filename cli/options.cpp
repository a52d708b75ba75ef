#include "cli/options.hpp"

#include <algorithm>
#include <cmath>

#include "descent/core/text.hpp"

namespace descent::cli {
namespace {

std::string allowed(const OptionSpec& spec) {
  std::string text;
  if (spec.kind == OptionKind::choice) text = "one of " + join(spec.choices);
  if (spec.kind == OptionKind::number || spec.kind == OptionKind::integer) {
    text = spec.kind == OptionKind::number ? "a number" : "a whole number";
    const std::string range = to_text(spec.interval);
    if (!range.empty()) text += " " + range;
    if (spec.allows_auto) text += ", or auto";
  }
  return text;
}

void check(const OptionSpec& spec, const std::string& value) {
  const auto refuse = [&](const std::string& hint) {
    throw Error(ErrorCode::usage, "expected " + allowed(spec) + ", got " + descent::quoted(value) + hint,
                spec.spelling());
  };
  if (spec.kind == OptionKind::choice &&
      std::find(spec.choices.begin(), spec.choices.end(), value) == spec.choices.end())
    refuse(did_you_mean(value, spec.choices));
  if (spec.kind != OptionKind::number && spec.kind != OptionKind::integer) return;
  if (spec.allows_auto && value == "auto") return;
  const auto number = parse_number(value);
  const std::string why = why_no_number(value);  // 1e-400 would be 0, which switches rules off
  if (!number || !why.empty() || !spec.interval.contains(*number)) refuse(why);
  if (spec.kind != OptionKind::integer) return;
  if (std::floor(*number) != *number) refuse("");
  if (std::fabs(*number) > 0x1.0p53) refuse(" (at most 9007199254740992)");
}

}  // namespace

const OptionSpec& Options::spec(std::string_view name) const {
  for (const OptionSpec& option : command_->options)
    if (option.name == name) return option;
  throw Error(ErrorCode::internal, "no such option in the table of " + command_->name, std::string(name));
}

void Options::set(std::string_view name, std::vector<std::string> values) {
  const OptionSpec& option = spec(name);
  for (const std::string& value : values) check(option, value);
  given_.push_back({option.name, std::move(values)});
}

bool Options::knows(std::string_view name) const {
  return std::any_of(command_->options.begin(), command_->options.end(),
                     [&](const OptionSpec& option) { return option.name == name; });
}

bool Options::given(std::string_view name) const {
  (void)spec(name);
  return std::any_of(given_.begin(), given_.end(), [&](const Given& g) { return g.name == name; });
}

std::vector<std::string> Options::texts(std::string_view name) const {
  for (const Given& g : given_)
    if (g.name == name) return g.values;
  const OptionSpec& option = spec(name);
  if (option.default_text.empty()) return {};
  return {option.default_text};
}

std::string Options::text(std::string_view name) const {
  const auto values = texts(name);
  return values.empty() ? "" : values.front();
}

std::string Options::require_text(std::string_view name) const {
  std::string value = text(name);
  if (!trim(value).empty()) return value;
  const OptionSpec& option = spec(name);
  throw Error(ErrorCode::usage,
              "expected " + (option.placeholder.empty() ? "a text" : option.placeholder) + ", got an empty text (" +
                  option.meaning + ")",
              option.spelling());
}

std::optional<double> Options::number(std::string_view name) const {
  const std::string value = text(name);
  return value.empty() || value == "auto" ? std::nullopt : parse_number(value);
}

std::optional<long long> Options::integer(std::string_view name) const {
  const auto value = number(name);
  if (!value) return {};
  return static_cast<long long>(*value);
}

Error said_of(const std::string& option, const Error& error) {
  if (error.code() != ErrorCode::usage) return error;
  const Place& place = error.place();
  std::string where = option;
  if (place.column > 0) {
    where += ":" + std::to_string(place.column);
    if (!place.name.empty()) where += " '" + place.name + "'";
    return {error.code(), error.message(), where};
  }
  std::string snake = option.substr(option.find_first_not_of('-'));
  std::replace(snake.begin(), snake.end(), '-', '_');
  if (error.where().starts_with(snake))
    where += error.where().substr(snake.size());
  else if (!error.where().empty() && !error.where().starts_with(option))
    where += " " + error.where();
  return {error.code(), error.message(), where};
}

std::vector<std::pair<std::string, std::string>> parse_pairs(const std::string& text, const std::string& option) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string& part : split(text, ',')) {
    const std::size_t equals = part.rfind('=');  // one-hot columns are called column=level
    if (equals == std::string::npos || trim(part.substr(0, equals)).empty() || trim(part.substr(equals + 1)).empty())
      throw Error(ErrorCode::usage, "expected name=value,name=value, got " + descent::quoted(text), option);
    pairs.emplace_back(trim(std::string_view(part).substr(0, equals)), trim(std::string_view(part).substr(equals + 1)));
    for (std::size_t i = 0; i + 1 < pairs.size(); ++i)
      if (pairs[i].first == pairs.back().first)
        throw Error(ErrorCode::usage, "'" + pairs[i].first + "' is given twice", option);
  }
  return pairs;
}

double require_number(const std::string& text, const std::string& option) {
  const auto value = parse_number(text);
  if (!value)
    throw Error(ErrorCode::usage, "expected a number, got " + descent::quoted(text) + why_no_number(text), option);
  return *value;
}

}  // namespace descent::cli
