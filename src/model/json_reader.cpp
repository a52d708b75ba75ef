#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <utility>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/model/json_model.hpp"
#include "src/model/canonical_json.hpp"

namespace descent::model {
namespace {

using nlohmann::json;

[[noreturn]] void refuse(std::string message, const Place& place) {
  throw Error(ErrorCode::model, std::move(message), place);
}

/// Line and column of byte `offset`, both from 1.
Place place_of(std::string_view text, std::size_t offset, std::string file) {
  Place place{.file = std::move(file), .line = 1, .column = 1};
  for (std::size_t i = 0; i < offset && i < text.size(); ++i) {
    if (text[i] == '\n') {
      ++place.line;
      place.column = 1;
    } else {
      ++place.column;
    }
  }
  return place;
}

/// Strict where nlohmann-json is lenient: members that repeat and deep nesting are refused.
class Strictness {
 public:
  explicit Strictness(const std::string& file) : file_(file) {}

  bool operator()(int depth, json::parse_event_t event, json& parsed) {
    using Event = json::parse_event_t;
    if ((event == Event::object_start || event == Event::array_start) && depth >= static_cast<int>(kMaxDepth))
      refuse("damaged: nested deeper than " + std::to_string(kMaxDepth), {.file = file_});
    if (event == Event::object_start) names_.emplace_back();
    if (event == Event::object_end) names_.pop_back();
    if (event == Event::key && !names_.back().insert(parsed.get<std::string>()).second)
      refuse("damaged: " + descent::quoted(parsed.get<std::string>()) + " occurs twice in one section",
             {.file = file_});
    return true;
  }

 private:
  const std::string& file_;
  std::vector<std::set<std::string>> names_;
};

json parse_strictly(std::string_view text, const std::string& file) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    refuse("the file is empty: not a descent model", {.file = file});
  try {
    return json::parse(text.begin(), text.end(), Strictness(file));
  } catch (const json::parse_error& error) {
    if (error.byte > text.size())
      refuse("damaged: the text ends before the model does (was the file cut off?)", {.file = file});
    refuse("not a descent model: this is no JSON", place_of(text, error.byte == 0 ? 0 : error.byte - 1, file));
  } catch (const json::exception&) {
    refuse("damaged: a number does not fit a double", {.file = file});
  }
}

std::optional<double> as_number(const json& value) {
  if (value.is_number()) return value.get<double>();
  if (!value.is_string()) return std::nullopt;
  const auto& text = value.get_ref<const std::string&>();
  if (text == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (text == "inf") return std::numeric_limits<double>::infinity();
  if (text == "-inf") return -std::numeric_limits<double>::infinity();
  return std::nullopt;
}

std::optional<std::string> as_text(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_object() || value.size() != 1) return std::nullopt;
  const auto found = value.find("latin1");
  if (found == value.end() || !found->is_string()) return std::nullopt;
  const auto& utf8 = found->get_ref<const std::string&>();
  std::string bytes;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    if (lead < 0x80) {
      bytes += utf8[i];
    } else if ((lead == 0xC2 || lead == 0xC3) && i + 1 < utf8.size()) {
      bytes += static_cast<char>((lead & 0x3) << 6 | (static_cast<unsigned char>(utf8[++i]) & 0x3F));
    } else {
      return std::nullopt;
    }
  }
  return bytes;
}

}  // namespace

struct JsonReader::State {
  std::string file;
  json root;
  std::vector<const json*> sections;
  std::vector<std::string> path;

  [[nodiscard]] Place place(std::string_view name) const {
    std::string full;
    for (const std::string& part : path) full += part + '.';
    return {.file = file, .name = full + std::string(name)};
  }
  [[nodiscard]] const json& at(std::string_view name, const char* kind) const {
    const json& section = *sections.back();
    const auto found = section.find(std::string(name));
    if (found == section.end()) refuse(std::string("missing: expected ") + kind, place(name));
    return *found;
  }
  [[noreturn]] void wrong(std::string_view name, const std::string& kind, const json& got) const {
    refuse("expected " + kind + ", got " + got.type_name(), place(name));
  }
};

JsonReader::JsonReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
JsonReader::JsonReader(JsonReader&& other) noexcept : state_(std::move(other.state_)) {}
JsonReader::~JsonReader() = default;

JsonReader JsonReader::parse(std::string_view text, std::string_view name) {
  auto state = std::make_unique<State>();
  state->file = std::string(name);
  const Place file{.file = state->file};
  state->root = parse_strictly(text, state->file);

  const json& root = state->root;
  if (!root.is_object() || !root.contains("format") || root["format"] != kFormatName)
    refuse("not a descent model: expected an object with \"format\": \"descent-model\"", file);
  if (!root.contains("version") || !root["version"].is_number_unsigned() || root["version"] == 0U)
    refuse("damaged: \"version\" must be a whole number >= 1", file);
  if (root["version"].get<std::uint64_t>() > static_cast<std::uint64_t>(kFormatVersion))
    refuse("written by a later descent (format " + root["version"].dump() + "; this one reads up to " +
               std::to_string(kFormatVersion) + ")",
           file);
  if (!root.contains("content") || !root["content"].is_object()) refuse("damaged: \"content\" is missing", file);
  const std::string checksum = checksum_text(canonical_text(root["content"]));
  if (!root.contains("checksum") || root["checksum"] != checksum)
    refuse("damaged: the content does not match its checksum (expected " +
               (root.contains("checksum") && root["checksum"].is_string()
                    ? descent::quoted(root["checksum"].get_ref<const std::string&>())
                    : std::string("one")) +
               ", got \"" + checksum + "\"; a model file is not to be edited)",
           file);
  state->sections.push_back(&root["content"]);
  return JsonReader(std::move(state));
}

void JsonReader::enter(std::string_view section) {
  const json& found = state_->at(section, "a section");
  if (!found.is_object()) state_->wrong(section, "a section", found);
  state_->sections.push_back(&found);
  state_->path.emplace_back(section);
}

void JsonReader::leave() {
  if (state_->path.empty()) throw Error(ErrorCode::internal, "leave() without enter()", "reading a model");
  state_->sections.pop_back();
  state_->path.pop_back();
}

bool JsonReader::has(std::string_view name) const { return state_->sections.back()->contains(std::string(name)); }

double JsonReader::number(std::string_view name) const {
  const json& value = state_->at(name, "a number");
  if (const auto number = as_number(value)) return *number;
  state_->wrong(name, "a number", value);
}

long long JsonReader::integer(std::string_view name) const {
  const json& value = state_->at(name, "a whole number");
  const bool fits = value.is_number_integer() &&
                    (!value.is_number_unsigned() ||
                     value.get<std::uint64_t>() <= static_cast<std::uint64_t>(std::numeric_limits<long long>::max()));
  if (!fits) state_->wrong(name, "a whole number of 64 bits", value);
  return value.get<long long>();
}

bool JsonReader::flag(std::string_view name) const {
  const json& value = state_->at(name, "true or false");
  if (!value.is_boolean()) state_->wrong(name, "true or false", value);
  return value.get<bool>();
}

std::string JsonReader::text(std::string_view name) const {
  const json& value = state_->at(name, "a text");
  if (auto text = as_text(value)) return *std::move(text);
  state_->wrong(name, "a text", value);
}

std::vector<double> JsonReader::numbers(std::string_view name) const {
  const json& value = state_->at(name, "a list of numbers");
  if (!value.is_array()) state_->wrong(name, "a list of numbers", value);
  std::vector<double> result;
  result.reserve(value.size());
  for (const json& element : value) {
    const auto number = as_number(element);
    if (!number) state_->wrong(std::string(name) + "[" + std::to_string(result.size()) + "]", "a number", element);
    result.push_back(*number);
  }
  return result;
}

std::vector<std::string> JsonReader::texts(std::string_view name) const {
  const json& value = state_->at(name, "a list of texts");
  if (!value.is_array()) state_->wrong(name, "a list of texts", value);
  std::vector<std::string> result;
  result.reserve(value.size());
  for (const json& element : value) {
    auto text = as_text(element);
    if (!text) state_->wrong(std::string(name) + "[" + std::to_string(result.size()) + "]", "a text", element);
    result.push_back(*std::move(text));
  }
  return result;
}

}  // namespace descent::model
