#include "descent/curve/curve.hpp"

#include <algorithm>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "src/curve/sums.hpp"

namespace descent::curve {
namespace {

/// Where `=` stands alone, outside of backquotes; npos if nowhere.
std::size_t find_equals(std::string_view text, std::size_t from = 0) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '`') quoted = !quoted;
    if (i < from || quoted || text[i] != '=') continue;
    const char before = i > 0 ? text[i - 1] : ' ', after = i + 1 < text.size() ? text[i + 1] : ' ';
    if (after == '=') {
      ++i;
    } else if (before != '<' && before != '>' && before != '!' && before != '=') {
      return i;
    }
  }
  return std::string_view::npos;
}

std::string unquoted(std::string_view name) {
  name = trim(name);
  if (name.size() >= 2 && name.front() == '`' && name.back() == '`') name = name.substr(1, name.size() - 2);
  return std::string(name);
}

/// Both sides, read.
Curve read(std::string_view text, const std::vector<std::string>& columns, std::string_view target) {
  Curve result{.text = std::string(trim(text))};
  const std::string& whole = result.text;
  const std::size_t equals = find_equals(whole);
  // Blanks in place of what is not read keep the columns of messages right.
  std::string left, right = whole;
  if (equals == std::string::npos) {
    if (target.empty())
      throw Error(
          ErrorCode::formula,
          "expected RESPONSE = FORMULA, as in y = a*exp(-b*x) + c, got no '='; or name the response with --target",
          "model");
    left = "`" + std::string(target) + "`";
  } else {
    if (find_equals(whole, equals + 1) != std::string::npos)
      throw Error(ErrorCode::formula, "expected one '=', got two; to compare, write ==", "model");
    left = whole.substr(0, equals);
    right = std::string(equals + 1, ' ') + whole.substr(equals + 1);
    if (trim(left).empty())
      throw Error(ErrorCode::formula, "nothing stands on the left of '=': write the column that is fitted", "model");
    if (!target.empty() && unquoted(left) != target)
      throw Error(ErrorCode::usage,
                  "the formula's left side is '" + unquoted(left) + "', and --target says '" + std::string(target) +
                      "': give one of them",
                  "model");
  }
  const expr::ParseOptions options{.columns = columns, .per_row = true};
  result.response = expr::parse(left, options);
  result.formula = expr::parse(right, options);
  result.response_text = unquoted(left);
  result.formula_text = std::string(trim(right));
  return result;
}

/// Fills in parameters and columns of a curve without sums.
void look_through(Curve& result, const std::vector<std::string>& columns) {
  if (result.formula.needs_rows() || result.response.needs_rows())  // 2e3sum(x), which find_sums() reads otherwise
    throw Error(ErrorCode::formula, "to multiply by a sum, write * before it", "model");
  if (!result.response.variables().empty()) {
    const std::string& name = result.response.variables().front();
    throw Error(ErrorCode::formula,
                "'" + name + "' on the left of '=' is no column of numbers" + did_you_mean(name, columns) +
                    (columns.empty() ? "" : "; there are " + join(columns)),
                "model");
  }
  result.parameters = result.formula.variables();
  result.inputs = expr::used_columns(result.formula);
  result.response_columns = expr::used_columns(result.response);
  if (result.response_columns.empty())
    throw Error(ErrorCode::formula, "the left side of '=' names no column, so there is nothing to fit", "model");
  if (result.parameters.empty())
    throw Error(ErrorCode::formula,
                "the right side has no parameters, so there is nothing to choose: every name in it is a column",
                "model");
  if (result.inputs.empty())
    throw Error(ErrorCode::formula,
                "the right side uses no column, so it is the same in every row; there are " + join(columns), "model");
  for (const std::string& column : result.inputs)
    if (result.plain_response() && column == result.response_columns[0])
      throw Error(ErrorCode::formula, "the column '" + column + "' stands on both sides of '='", "model");
}

/// Sums of columns alone are numbers; one with parameters would tie every row to all others.
void check_sum(const std::string& call, const std::vector<std::string>& columns) {
  const expr::Formula sum = expr::parse(call, {.columns = columns, .per_row = true});
  if (sum.variables().empty()) return;
  throw Error(ErrorCode::formula,
              call + " holds the parameter '" + sum.variables().front() +
                  "': sums in a curve are over columns alone, numbers that are the same at every step" +
                  did_you_mean(sum.variables().front(), columns) +
                  "; a sum with parameters can be minimised as it stands: descent minimize 'sum((...)^2)' --data",
              "model");
}

}  // namespace

bool is_curve(std::string_view text) { return find_equals(text) != std::string_view::npos; }

Curve parse_curve(std::string_view text, const std::vector<std::string>& columns, std::string_view target) {
  Curve result = read(text, columns, target);
  const std::vector<SumCall> calls = find_sums(result.text);
  if (calls.empty()) {
    look_through(result, columns);
    return result;
  }
  // What the curve is with numbers in place of the sums decides what it reads and how it is called.
  const std::vector<std::string> in_sums = [&] {
    std::vector<std::string> names;
    for (const SumCall& call : calls) {
      const std::string sum = result.text.substr(call.begin, call.end - call.begin);
      check_sum(sum, columns);
      for (const std::string& name : expr::used_columns(expr::parse(sum, {.columns = columns, .per_row = true})))
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
    return names;
  }();
  double some = 0.7310585786300049;  // no two the same: simplification makes nothing of them, as in (sum(u) - sum(v))*x
  Curve flat =
      read(replace_sums(result.text, [&](const std::string&) { return some *= 1.1331484530668263; }), columns, target);
  look_through(flat, columns);
  result.parameters = flat.parameters;
  result.inputs = flat.inputs;
  result.response_columns = flat.response_columns;
  result.sum_columns = in_sums;
  return result;
}

}  // namespace descent::curve
