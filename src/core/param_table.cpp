#include "descent/core/param_table.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"

namespace descent {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::string kind_text(const ParamSpec& spec) {
  const std::string range = to_text(spec.interval);
  const std::string suffix = range.empty() ? "" : " " + range;
  const std::string or_auto = spec.allows_auto ? ", or auto" : "";
  switch (spec.kind) {
    case ParamKind::number: return "a number" + suffix + or_auto;
    case ParamKind::integer: return "a whole number" + suffix + or_auto;
    case ParamKind::flag: return "true or false";
    case ParamKind::choice: return "one of " + join(spec.choices);
    case ParamKind::schedule: return "a number" + suffix + or_auto + ", or a schedule such as cosine(0.05, 5000)";
    case ParamKind::numbers: return "a list of numbers such as [1, 2]" + suffix;
    case ParamKind::schedules: return "a list of numbers" + suffix + " and schedules such as [0.1, cosine(0.1, 5000)]";
    case ParamKind::word: return "a name";
    case ParamKind::names: return "a name, or a list of names such as [a, b]";
    case ParamKind::chain: return "a link of a chain such as adam(0.01), or a list of them";
  }
  return "";
}

std::string got_text(const ArgumentValue& value) {
  if (const auto* number = std::get_if<double>(&value)) return number_text(*number);
  if (const auto* word = std::get_if<std::string>(&value)) return quoted(*word);
  if (const auto* call = std::get_if<std::shared_ptr<const Call>>(&value)) return to_text(**call);
  if (std::holds_alternative<std::vector<double>>(value) && std::get<std::vector<double>>(value).size() > 8)
    return "a list of " + std::to_string(std::get<std::vector<double>>(value).size());
  const std::string text = to_text(Call{.name = "v", .arguments = {Argument{.name = "", .value = value}}});
  return text.substr(2, text.size() - 3);
}

/// A list of names is one of calls without arguments.
bool is_list_of_calls(const std::vector<Argument>& items, bool with_arguments) {
  return std::all_of(items.begin(), items.end(), [&](const Argument& item) {
    const auto* call = std::get_if<std::shared_ptr<const Call>>(&item.value);
    return call != nullptr && (with_arguments || (*call)->arguments.empty());
  });
}

bool is_allowed(const ParamSpec& spec, const ArgumentValue& value) {
  if (const auto* word = std::get_if<std::string>(&value)) {
    if (*word == "auto" && spec.allows_auto) return true;
    if (spec.kind == ParamKind::word || spec.kind == ParamKind::names || spec.kind == ParamKind::chain) return true;
    if (spec.kind == ParamKind::flag) return *word == "true" || *word == "false";
    return spec.kind == ParamKind::choice &&
           std::find(spec.choices.begin(), spec.choices.end(), *word) != spec.choices.end();
  }
  if (const auto* number = std::get_if<double>(&value)) {
    const bool whole = std::floor(*number) == *number && std::fabs(*number) <= 0x1.0p53;
    const bool numeric = spec.kind == ParamKind::number || spec.kind == ParamKind::schedule ||
                         (spec.kind == ParamKind::integer && whole);
    return numeric && spec.interval.contains(*number);
  }
  if (std::holds_alternative<std::shared_ptr<const Call>>(value))
    return spec.kind == ParamKind::schedule || spec.kind == ParamKind::chain;
  if (const auto* items = std::get_if<std::shared_ptr<const std::vector<Argument>>>(&value)) {
    if (spec.kind == ParamKind::names) return is_list_of_calls(**items, false);
    if (spec.kind == ParamKind::chain) return is_list_of_calls(**items, true);
    const auto fits = [&](const Argument& item) {
      const auto* number = std::get_if<double>(&item.value);
      return number != nullptr ? spec.interval.contains(*number)
                               : std::holds_alternative<std::shared_ptr<const Call>>(item.value);
    };
    return spec.kind == ParamKind::schedules && std::all_of((*items)->begin(), (*items)->end(), fits);
  }
  const auto& list = std::get<std::vector<double>>(value);
  return (spec.kind == ParamKind::numbers || spec.kind == ParamKind::schedules) &&
         std::all_of(list.begin(), list.end(), [&](double v) { return spec.interval.contains(v); });
}

/// A default as ArgumentValue: what parse_call would make of it as an argument.
ArgumentValue default_value(const ParamSpec& spec) {
  return parse_call("default(" + spec.default_text + ")").arguments.front().value;
}

std::string usage_text(const Entry& entry) {
  std::vector<std::string> parts;
  for (const ParamSpec& spec : entry.params)
    parts.push_back(spec.default_text.empty() ? spec.name : spec.name + "=" + spec.default_text);
  return entry.name + (parts.empty() ? "" : "(" + join(parts) + ")");
}

std::string did_you_mean_text(const Entry& entry, const std::string& name) {
  std::vector<std::string> names;
  for (const ParamSpec& spec : entry.params) names.push_back(spec.name);
  constexpr const char* kOtherNames[][2] = {
      {"lr", "learning_rate"}, {"eta", "learning_rate"},  {"rate", "learning_rate"}, {"eps", "epsilon"},
      {"betas", "beta1"},      {"b1", "beta1"},           {"b2", "beta2"},           {"wd", "weight_decay"},
      {"l2", "weight_decay"},  {"decay", "weight_decay"}, {"mu", "momentum"}};
  for (const auto& [other, here] : kOtherNames)
    if (name == other && std::find(names.begin(), names.end(), here) != names.end())
      return std::string(" (here it is ") + here + ")";
  const std::string suggestion = did_you_mean(name, names);
  if (!suggestion.empty()) return suggestion;
  return names.empty() ? " (it takes no parameters)" : " (it takes " + join(names) + ")";
}

}  // namespace

const char* to_text(ParamKind kind) {
  switch (kind) {
    case ParamKind::number: return "number";
    case ParamKind::integer: return "integer";
    case ParamKind::flag: return "flag";
    case ParamKind::choice: return "choice";
    case ParamKind::schedule: return "number or schedule";
    case ParamKind::numbers: return "list of numbers";
    case ParamKind::schedules: return "list of schedules";
    case ParamKind::word: return "name";
    case ParamKind::names: return "list of names";
    case ParamKind::chain: return "links of a chain";
  }
  return "";
}

bool Interval::contains(double value) const {
  if (std::isnan(value)) return false;
  const bool above = low_open ? value > low : value >= low;
  const bool below = high_open ? value < high : value <= high;
  return above && below;
}

std::string to_text(const Interval& interval) {
  // A limit of a million reads 1000000, as it would be typed, not 1e+06.
  const auto number_text = [](double value) {
    const bool whole = std::fabs(value) < 1e15 && std::floor(value) == value;
    return whole ? std::to_string(static_cast<long long>(value)) : descent::number_text(value);
  };
  const bool has_low = interval.low != -kInfinity, has_high = interval.high != kInfinity;
  const std::string low = number_text(interval.low), high = number_text(interval.high);
  if (has_low && has_high)
    return std::string("in ") + (interval.low_open ? "(" : "[") + low + ", " + high + (interval.high_open ? ")" : "]");
  if (has_low) return (interval.low_open ? "> " : ">= ") + low;
  if (has_high) return (interval.high_open ? "< " : "<= ") + high;
  return "";
}

const BoundArguments::Bound& BoundArguments::at(std::string_view name) const {
  for (const Bound& bound : values_)
    if (bound.name == name) return bound;
  throw Error(ErrorCode::internal, "no such parameter in this entry", std::string(name));
}

double BoundArguments::number(std::string_view name) const {
  const auto* number = std::get_if<double>(&at(name).value);
  if (number == nullptr) throw Error(ErrorCode::internal, "is not a plain number", std::string(name));
  return *number;
}
long long BoundArguments::integer(std::string_view name) const { return static_cast<long long>(number(name)); }
bool BoundArguments::flag(std::string_view name) const { return choice(name) == "true"; }
const std::string& BoundArguments::choice(std::string_view name) const {
  const auto* word = std::get_if<std::string>(&at(name).value);
  if (word == nullptr) throw Error(ErrorCode::internal, "is not a word", std::string(name));
  return *word;
}
const std::vector<double>& BoundArguments::numbers(std::string_view name) const {
  const auto* list = std::get_if<std::vector<double>>(&at(name).value);
  if (list == nullptr) throw Error(ErrorCode::internal, "is not a list", std::string(name));
  return *list;
}
std::vector<Argument> BoundArguments::list(std::string_view name) const {
  if (const auto* items = std::get_if<std::shared_ptr<const std::vector<Argument>>>(&at(name).value)) return **items;
  std::vector<Argument> result;
  for (const double number : numbers(name)) result.push_back({.name = "", .value = number});
  return result;
}
std::vector<Call> BoundArguments::calls(std::string_view name) const {
  const ArgumentValue& value = at(name).value;
  if (const auto* word = std::get_if<std::string>(&value))
    return {Call{.name = *word, .arguments = {}, .column = at(name).column}};
  if (const auto* call = std::get_if<std::shared_ptr<const Call>>(&value)) return {**call};
  std::vector<Call> result;
  for (const Argument& item : list(name)) result.push_back(*std::get<std::shared_ptr<const Call>>(item.value));
  return result;
}
std::vector<std::string> BoundArguments::names(std::string_view name) const {
  std::vector<std::string> result;
  for (Call& call : calls(name)) result.push_back(std::move(call.name));
  return result;
}
bool BoundArguments::is_auto(std::string_view name) const {
  const auto* word = std::get_if<std::string>(&at(name).value);
  return word != nullptr && *word == "auto";
}
std::shared_ptr<const Call> BoundArguments::call(std::string_view name) const {
  const auto* call = std::get_if<std::shared_ptr<const Call>>(&at(name).value);
  return call == nullptr ? nullptr : *call;
}
bool BoundArguments::given(std::string_view name) const { return at(name).given; }

BoundArguments bind(const Entry& entry, const Call& call) {
  BoundArguments result;
  for (const ParamSpec& spec : entry.params)
    result.values_.push_back({.name = spec.name, .value = 0.0, .given = false});

  std::size_t num_positional = 0;
  bool seen_named = false;
  for (const Argument& argument : call.arguments) {
    const Place place{.column = argument.column, .name = entry.name};
    std::size_t index = 0;
    if (argument.name.empty()) {
      if (seen_named)
        throw Error(ErrorCode::usage, "values without a name come first, got " + got_text(argument.value), place);
      index = num_positional++;
      if (index >= entry.params.size())
        throw Error(ErrorCode::usage,
                    "takes at most " + std::to_string(entry.params.size()) +
                        (entry.params.size() == 1 ? " value, got one more: " : " values, got one more: ") +
                        got_text(argument.value) + " (" + usage_text(entry) + ")",
                    place);
    } else {
      seen_named = true;
      while (index < entry.params.size() && entry.params[index].name != argument.name) ++index;
      if (index == entry.params.size())
        throw Error(ErrorCode::usage,
                    "unknown parameter '" + argument.name + "'" + did_you_mean_text(entry, argument.name), place);
    }
    const ParamSpec& spec = entry.params[index];
    BoundArguments::Bound& bound = result.values_[index];
    if (bound.given) throw Error(ErrorCode::usage, "'" + spec.name + "' is given twice", place);
    if (!is_allowed(spec, argument.value))
      throw Error(ErrorCode::usage,
                  "'" + spec.name + "' must be " + kind_text(spec) + ", got " + got_text(argument.value), place);
    bound.value = argument.value;
    bound.given = true;
    bound.column = argument.column;
  }
  for (std::size_t i = 0; i < entry.params.size(); ++i) {
    const ParamSpec& spec = entry.params[i];
    if (result.values_[i].given) continue;
    if (spec.default_text.empty())
      throw Error(ErrorCode::usage,
                  "'" + spec.name + "' is missing; it must be " + kind_text(spec) + " (" + usage_text(entry) + ")",
                  Place{.column = call.column, .name = entry.name});
    result.values_[i].value = default_value(spec);
  }
  return result;
}

void throw_placed(const Error& error, const Call& call) {
  if (call.column == 0 || error.code() != ErrorCode::usage || error.place().column > 0 ||
      (!error.where().empty() && error.place().name.empty()))
    throw;
  Place place = error.place();
  place.column = call.column;
  throw Error(error.code(), error.message(), place);
}

std::string describe(const Entry& entry) {
  std::string text = entry.name + " (" + entry.kind + "): " + entry.summary + "\n";
  if (!entry.formula.empty()) text += "\nFormula\n  " + entry.formula + "\n";
  if (!entry.params.empty()) {
    text += "\nUse\n  " + usage_text(entry) + "\n\nParameters\n";
    for (const ParamSpec& spec : entry.params) {
      text += "  " + spec.name + ": " + kind_text(spec);
      text += spec.default_text.empty() ? "; required" : "; default " + spec.default_text;
      text += "\n";
      if (!spec.meaning.empty()) text += "      " + spec.meaning + "\n";
      if (spec.why.empty()) continue;
      text += spec.default_text.empty() ? "      Why no default: " : "      Why this default: ";
      text += spec.why + "\n";
    }
  }
  if (!entry.differs.empty()) text += "\nDiffers\n  " + entry.differs + "\n";
  if (!entry.reference.empty()) text += "\nReference\n  " + entry.reference + "\n";
  if (!entry.example.empty()) text += "\nExample\n  " + entry.example + "\n";
  return text;
}

}  // namespace descent
