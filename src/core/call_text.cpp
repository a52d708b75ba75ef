// The text of a call: `name(value, key=value, ...)`, and of a pipeline of calls: `a(...) | b(...)`.
#include <string>
#include <utility>

#include "descent/core/error.hpp"
#include "descent/core/param_table.hpp"
#include "descent/core/text.hpp"

namespace descent {
namespace {

// Not those of <cctype>: they change with the locale.
bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr int kMaxDepth = 16;  // chain(chain(chain(...))): deeper than anything meant, shallower than the stack

class CallParser {
 public:
  explicit CallParser(std::string_view text) : text_(text) {}

  std::vector<Call> pipeline() {
    std::vector<Call> calls;
    calls.push_back(call(0));
    while (accept('|')) calls.push_back(call(0));
    expect_end("',' inside brackets, '|' or the end");
    return calls;
  }

  Call single() {
    Call result = call(0);
    expect_end("the end");
    return result;
  }

 private:
  [[noreturn]] void fail(const std::string& expected) const {
    const std::string got = at_ >= text_.size() ? "the end" : quoted(text_.substr(at_));
    throw Error(ErrorCode::usage, "expected " + expected + ", got " + got + " in " + quoted(text_),
                Place{.column = at_ + 1});
  }
  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }
  [[nodiscard]] char peek() {
    skip_blanks();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool accept(char c) {
    if (peek() != c || at_ >= text_.size()) return false;
    ++at_;
    return true;
  }
  void expect_end(const std::string& expected) {
    skip_blanks();
    if (at_ < text_.size()) fail(expected);
  }
  static bool starts_name(char c) { return is_letter(c) || c == '_'; }
  static bool continues_name(char c) { return starts_name(c) || is_digit(c); }
  /// The dot of torch.adam.
  [[nodiscard]] bool joins_names(std::size_t at) const {
    return text_[at] == '.' && at + 1 < text_.size() && starts_name(text_[at + 1]);
  }

  std::string name(const std::string& expected) {
    if (!starts_name(peek())) fail(expected);
    const std::size_t begin = at_;
    while (at_ < text_.size() && (continues_name(text_[at_]) || joins_names(at_))) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  Call call(int depth) {
    Call result;
    skip_blanks();
    result.column = at_ + 1;
    result.name = name("a name");
    if (accept('(')) result.arguments = arguments(depth);
    return result;
  }

  std::vector<Argument> arguments(int depth) {
    if (depth >= kMaxDepth) fail("at most " + std::to_string(kMaxDepth) + " nested brackets");
    std::vector<Argument> result;
    if (accept(')')) return result;
    do result.push_back(argument(depth));
    while (accept(','));
    if (peek() == '|') fail("',' or ')' (several links inside brackets are a list: [first, second])");
    if (!accept(')')) fail("',' or ')'");
    return result;
  }

  Argument argument(int depth) {
    Argument result;
    const char first = peek();
    result.column = at_ + 1;
    if (starts_name(first)) {
      const std::size_t begin = at_;
      std::string word = name("a name");
      if (accept('=')) {
        result.name = std::move(word);
        result.value = value(depth);
        return result;
      }
      at_ = begin;
    }
    result.value = value(depth);
    return result;
  }

  ArgumentValue value(int depth) {
    const char first = peek();
    if (first == '[') return list(depth);
    if (!starts_name(first)) return number();
    const std::size_t begin = at_;
    std::string word = name("a value");
    if (peek() != '(') return word;
    at_ = begin;
    return std::make_shared<const Call>(call(depth + 1));
  }

  double number() {
    skip_blanks();
    std::size_t end = at_;
    while (end < text_.size()) {
      const char c = text_[end];
      const bool sign = (c == '+' || c == '-') && (end == at_ || text_[end - 1] == 'e' || text_[end - 1] == 'E');
      if (!sign && c != '.' && !is_letter(c) && !is_digit(c)) break;
      ++end;
    }
    const auto value = parse_number(text_.substr(at_, end - at_));
    if (!value) fail("a number" + why_no_number(text_.substr(at_, end - at_)));
    at_ = end;
    return *value;
  }

  ArgumentValue list(int depth) {
    std::vector<double> numbers;
    std::vector<Argument> items;
    accept('[');
    if (accept(']')) return numbers;
    do {
      Argument item;
      const char first = peek();
      item.column = at_ + 1;
      if (starts_name(first)) {
        item.value = std::make_shared<const Call>(call(depth + 1));  // a word is a call without arguments
      } else {
        numbers.push_back(number());
        item.value = numbers.back();
      }
      items.push_back(std::move(item));
    } while (accept(','));
    if (!accept(']')) fail("',' or ']'");
    if (numbers.size() == items.size()) return numbers;
    return std::make_shared<const std::vector<Argument>>(std::move(items));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

std::string value_text(const ArgumentValue& value) {
  if (const auto* number = std::get_if<double>(&value)) return number_text(*number);
  if (const auto* word = std::get_if<std::string>(&value)) return *word;
  if (const auto* call = std::get_if<std::shared_ptr<const Call>>(&value)) return to_text(**call);
  std::vector<std::string> parts;
  if (const auto* items = std::get_if<std::shared_ptr<const std::vector<Argument>>>(&value)) {
    for (const Argument& item : **items) parts.push_back(value_text(item.value));
  } else {
    for (const double number : std::get<std::vector<double>>(value)) parts.push_back(number_text(number));
  }
  return "[" + join(parts) + "]";
}

}  // namespace

Call parse_call(std::string_view text) { return CallParser(text).single(); }

std::vector<Call> parse_pipeline(std::string_view text) { return CallParser(text).pipeline(); }

std::string to_text(const Call& call) {
  std::vector<std::string> parts;
  for (const Argument& argument : call.arguments)
    parts.push_back((argument.name.empty() ? "" : argument.name + "=") + value_text(argument.value));
  return call.name + (parts.empty() ? "" : "(" + join(parts) + ")");
}

}  // namespace descent
