#include "src/expr/lexer.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "descent/core/text.hpp"
#include "src/expr/diagnostic.hpp"
#include "src/expr/functions.hpp"

namespace descent::expr {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// What people mean by signs that a formula does not have.
struct Sign {
  std::string_view bytes;
  std::string_view hint;
};
/// Looked for before the operators, which some of them begin with.
constexpr Sign kLookalikes[] = {
    {"**", "'**' is not an operator: use ^ for powers"},
    {"===", "'===' is not an operator: compare with =="},
    {"!==", "'!==' is not an operator: compare with !="},
    {"<>", "'<>' is not an operator: compare with !="},
    {"=>", "'=>' is not an operator: compare with >="},
    {"=<", "'=<' is not an operator: compare with <="},
    {"&&", "there is no 'and': multiply conditions, (a < b)*(b < c)"},
    {"||", "there is no 'or': take the larger condition, max(a < b, b < c)"},
    {"//", "'//', Python's division to whole numbers, is not an operator: / divides"},
};

constexpr Sign kSigns[] = {
    {"\xE2\x88\x92", "this minus sign is a typographic one: use the plain -"},
    {"\xE2\x80\x93", "this is a dash: use the plain -"},
    {"\xE2\x80\x94", "this is a dash: use the plain -"},
    {"\xC3\x97", "use * to multiply"},
    {"\xC2\xB7", "use * to multiply"},
    {"\xE2\x8B\x85", "use * to multiply"},
    {"\xC3\xB7", "use / to divide"},
    {"\xC2\xB2", "write ^2"},
    {"\xC2\xB3", "write ^3"},
    {"\xCF\x80", "write pi"},
    {"\xE2\x88\x9A", "write sqrt(...)"},
    {"\xE2\x89\xA4", "write <="},
    {"\xE2\x89\xA5", "write >="},
    {"\xE2\x89\xA0", "write !="},
    {"\xC2\xA0", "this blank is a non-breaking one: use a plain space"},
    {"&", "there is no 'and': multiply conditions, (a < b)*(b < c)"},
    {"|", "write abs(...) for an absolute value"},
    {"!", "there is neither a factorial nor a 'not': compare with 0, (a < b) == 0"},
    {"[", "brackets are round: use ( )"},
    {"]", "brackets are round: use ( )"},
    {"{", "brackets are round: use ( )"},
    {"}", "brackets are round: use ( )"},
    {"=", "'=' alone means nothing here: compare with =="},
    {"%", "there is neither a remainder nor per cent: 5 % is 0.05"},
    {";", "a formula is one expression; arguments are separated by commas"},
    {"?", "there is no '?': write where(condition, value, otherwise)"},
    {"\"", "names stand without quotes; odd ones go into backquotes, as in `petal length`"},
    {"'", "names stand without quotes; odd ones go into backquotes, as in `petal length`"},
    {".", "a decimal point needs a digit beside it; names with a point go into backquotes, as in `petal.length`"},
};

}  // namespace

bool is_identifier(std::string_view name) {
  if (name.empty() || is_digit(name.front())) return false;
  return std::all_of(name.begin(), name.end(), [](char c) { return is_letter(c) || is_digit(c); });
}

Token Lexer::take() {
  last_ = next_;
  advance();
  return last_;
}

void Lexer::advance() {
  while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  next_ = {TokenKind::end, at_, {}, 0.0};
  if (at_ == text_.size()) return;
  const char c = text_[at_];
  if (is_digit(c) || (c == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))) return read_number();
  if (c == '`') return read_quoted_name();
  if (!is_letter(c)) return read_symbol();
  std::size_t end = at_;
  while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) ++end;
  next_ = {TokenKind::name, at_, text_.substr(at_, end - at_), 0.0};
  at_ = end;
}

void Lexer::read_number() {
  const std::size_t begin = at_;
  const auto peek = [&](std::size_t i) { return i < text_.size() ? text_[i] : '\0'; };
  const auto skip_digits = [&](std::size_t i) {
    while (is_digit(peek(i))) ++i;
    return i;
  };
  std::size_t end = skip_digits(begin);
  if (text_.substr(begin, end - begin) == "0" && (peek(end) == 'x' || peek(end) == 'X') && is_digit(peek(end + 1)))
    refuse(text_, begin, "numbers are decimal: there is no 0x form");
  if (peek(end) == '.') end = skip_digits(end + 1);
  if (peek(end) == 'e' || peek(end) == 'E') {
    const std::size_t sign = peek(end + 1) == '+' || peek(end + 1) == '-' ? 1 : 0;
    if (is_digit(peek(end + 1 + sign))) {
      end = skip_digits(end + 1 + sign);
    } else {
      // 2e could be a number cut short or 2 times e. Only a function, as in 3exp(x), is beyond doubt.
      std::size_t name_end = end;
      while (is_letter(peek(name_end)) || is_digit(peek(name_end))) ++name_end;
      const std::string_view name = text_.substr(end, name_end - end);
      if (find_function(name) == nullptr) {
        const std::string mantissa(text_.substr(begin, end - begin));
        refuse(text_, end,
               quoted(text_.substr(begin, name_end - begin)) + " is not a number: an exponent needs digits, as in " +
                   mantissa + "e3; for a product write " + mantissa + "*" + std::string(name));
      }
    }
  }
  if (peek(end) == '.')
    refuse(text_, end,
           text_.substr(begin, end - begin).find_first_of("eE") == std::string_view::npos
               ? "a number has one decimal point"
               : "an exponent is a whole number");
  if (peek(end) == '_' && is_digit(peek(end + 1))) refuse(text_, end, "the digits of a number stand together: no _");
  double value = 0.0;
  const auto written = text_.substr(begin, end - begin);
  const auto parsed = parse_number(written);
  if (!parsed) refuse(text_, begin, quoted(written) + " is too large for a number: the limit is about 1.8e308");
  value = *parsed;
  next_ = {TokenKind::number, begin, written, value};
  at_ = end;
}

void Lexer::read_quoted_name() {
  const std::size_t end = text_.find('`', at_ + 1);
  if (end == std::string_view::npos) refuse(text_, at_, "this backquote is never closed");
  const std::string_view name = text_.substr(at_ + 1, end - at_ - 1);
  if (name.empty()) refuse(text_, at_, "a name in backquotes may not be empty");
  if (!is_utf8(name) ||
      std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }))
    refuse(text_, at_, "a name may hold neither control characters nor bytes that are no UTF-8");
  next_ = {TokenKind::quoted_name, at_, name, 0.0};
  at_ = end + 1;
}

void Lexer::read_symbol() {
  const std::string_view rest = text_.substr(at_);
  const auto take = [&](std::size_t length) {
    next_ = {TokenKind::symbol, at_, rest.substr(0, length), 0.0};
    at_ += length;
  };
  for (const Sign& sign : kLookalikes)
    if (rest.starts_with(sign.bytes)) refuse(text_, at_, std::string(sign.hint));
  if (std::string_view("+-/^(),").find(rest.front()) != std::string_view::npos) return take(1);
  const bool after_name = at_ > 0 && (is_letter(text_[at_ - 1]) || is_digit(text_[at_ - 1]));
  if (after_name && rest.front() == '[')
    refuse(text_, at_, "there are no indices: give each variable a name of its own, such as x0 and x1");
  if (after_name && rest.front() == '.' && rest.size() > 1 && is_letter(rest[1]))
    refuse(text_, at_,
           "names have no points: leave out a module's name (np., math.), and put a column's name in backquotes, as in "
           "`petal.length`");
  for (const std::string_view two : {"<=", ">=", "==", "!="})
    if (rest.starts_with(two)) return take(2);
  for (const Sign& sign : kSigns)
    if (rest.starts_with(sign.bytes)) refuse(text_, at_, std::string(sign.hint));
  if (std::string_view("*<>").find(rest.front()) != std::string_view::npos) return take(1);
  const auto byte = static_cast<unsigned char>(rest.front());
  std::size_t length = 1;
  if (byte >= 0x80)
    while (length < std::min<std::size_t>(4, rest.size()) && !is_utf8(rest.substr(0, length))) ++length;
  if (!is_utf8(rest.substr(0, length))) length = 1;
  const std::string shown = quoted(rest.substr(0, length));
  if (!is_utf8(rest.substr(0, length))) refuse(text_, at_, "the byte " + shown + " is no UTF-8");
  if (byte < 0x20 || byte == 0x7F) refuse(text_, at_, "a control character, " + shown + ", has no place in a formula");
  refuse(text_, at_, "unexpected character " + shown + "; names with other signs go into backquotes");
}

}  // namespace descent::expr
