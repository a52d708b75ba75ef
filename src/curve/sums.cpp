#include "src/curve/sums.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/curve/objective.hpp"
#include "descent/expr/program.hpp"
#include "descent/parallel/reduce.hpp"

namespace descent::curve {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Behind the bracket that closes the one at `open`.
std::size_t behind_bracket(std::string_view text, std::size_t open) {
  bool quoted = false;
  std::size_t depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    if (text[i] == '`') quoted = !quoted;
    if (quoted) continue;
    if (text[i] == '(') ++depth;
    if (text[i] == ')' && --depth == 0) return i + 1;
  }
  return text.size();
}

}  // namespace

std::vector<SumCall> find_sums(std::string_view text) {
  std::vector<SumCall> calls;
  std::size_t i = 0;
  while (i < text.size()) {
    if (text[i] == '`') {
      i = std::min(text.find('`', i + 1), text.size() - 1) + 1;
      continue;
    }
    if (!is_letter(text[i])) {
      ++i;
      continue;
    }
    const std::size_t begin = i;
    while (i < text.size() && (is_letter(text[i]) || is_digit(text[i]))) ++i;
    const std::string_view name = text.substr(begin, i - begin);
    std::size_t open = i;
    while (open < text.size() && is_blank(text[open])) ++open;
    if ((name != "sum" && name != "mean") || open == text.size() || text[open] != '(') continue;
    i = behind_bracket(text, open);
    calls.push_back({begin, i});
  }
  return calls;
}

std::string replace_sums(std::string_view text, const std::function<double(const std::string&)>& value) {
  std::string result;
  std::size_t from = 0;
  for (const SumCall& call : find_sums(text)) {
    result += text.substr(from, call.begin - from);
    const double number = value(std::string(text.substr(call.begin, call.end - call.begin)));
    const std::size_t before = result.find_last_not_of(" \t\r\n");
    const std::size_t after = std::min(text.find_first_not_of(" \t\r\n", call.end), text.size());
    // 2mean(x), mean(x)e
    const bool joins = (before != std::string::npos && (is_digit(result[before]) || result[before] == ')')) ||
                       (after < text.size() && (is_letter(text[after]) || text[after] == '`'));
    const bool bare = number >= 0.0 && !joins;
    result += bare ? number_text(number) : "(" + number_text(number) + ")";
    from = call.end;
  }
  return result + std::string(text.substr(from));
}

Curve settle_sums(const Curve& curve, const CurveRows& rows) {
  if (find_sums(curve.text).empty()) return curve;
  const std::vector<std::string>& names = curve.formula.columns();
  const std::vector<View> columns(rows.columns.begin(), rows.columns.end());
  std::map<std::string, double> known;
  std::vector<ColumnSum> sums;
  const auto value = [&](const std::string& call) {
    const auto [at, fresh] = known.try_emplace(call, 0.0);
    if (!fresh) return at->second;
    expr::RowProgram program(expr::parse(call, {.columns = names, .per_row = true}));
    const auto reduce = [&](std::span<double> totals, const auto& block) {
      parallel::reduce_rows(nullptr, rows.size(), totals, block);
    };
    at->second = program.evaluate({}, {}, columns, rows.size(), reduce);
    if (!std::isfinite(at->second))
      throw Error(ErrorCode::data, call + " is " + number_text(at->second) + " over these rows", "model");
    sums.push_back({call, at->second});
    return at->second;
  };
  const std::string text = replace_sums(curve.text, value);
  Curve result = parse_curve(text, names, is_curve(text) ? std::string_view() : std::string_view(curve.response_text));
  result.sums = std::move(sums);
  return result;
}

}  // namespace descent::curve
