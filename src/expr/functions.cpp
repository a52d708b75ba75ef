#include "src/expr/functions.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>
#include <vector>

#include "descent/expr/formula.hpp"

namespace descent::expr {
namespace {

/// A line of function_list.hpp, beside what Function says of it.
struct Elementary {
  double at_zero;
  std::string_view slopes;
};

constexpr double inexact = std::numeric_limits<double>::quiet_NaN();
constexpr Elementary kElementary[] = {
#define DESCENT_EXPR_ELEMENTARY(name, arguments, at_zero, latex, slopes) {at_zero, slopes},
    DESCENT_EXPR_FUNCTIONS(DESCENT_EXPR_ELEMENTARY)
#undef DESCENT_EXPR_ELEMENTARY
};

constexpr auto kFunctions = [] {
  std::array all = std::to_array<Function>({
#define DESCENT_EXPR_FUNCTION(name, arguments, at_zero, latex, slopes) {#name, Op::name, arguments, false, latex},
      DESCENT_EXPR_FUNCTIONS(DESCENT_EXPR_FUNCTION)
#undef DESCENT_EXPR_FUNCTION
          {"max", Op::max, "a, b", true, "\\max"},
      {"mean", Op::mean, "x"},
      {"min", Op::min, "a, b", true, "\\min"},
      {"pow", Op::pow, "base, exponent"},
      {"sum", Op::sum, "x"},
      {"where", Op::where, "condition, value, otherwise"},
  });
  std::sort(all.begin(), all.end(), [](const Function& a, const Function& b) {
    if ((a.op == Op::sign) != (b.op == Op::sign)) return b.op == Op::sign;
    return a.name < b.name;
  });
  return all;
}();

const Elementary& elementary(Op op) {
  return kElementary[static_cast<std::size_t>(op) - static_cast<std::size_t>(Op::abs)];
}

/// Functions whose names are as often a variable's.
constexpr std::string_view kAlsoNames[] = {"gamma", "j0", "j1", "jn", "y0", "y1"};

constexpr std::pair<std::string_view, std::string_view> kAliases[] = {
    {"ln", "the natural logarithm is log(x)"},
    {"log10", "write log(x)/log(10)"},
    {"log2", "write log(x)/log(2)"},
    {"lg", "write log(x)/log(10)"},
    {"arcsin", "write asin(x)"},
    {"arccos", "write acos(x)"},
    {"arctan", "write atan(x)"},
    {"tg", "write tan(x)"},
    {"cot", "write 1/tan(x)"},
    {"sec", "write 1/cos(x)"},
    {"csc", "write 1/sin(x)"},
    {"fabs", "write abs(x)"},
    {"sgn", "write sign(x)"},
    {"relu", "write max(0, x)"},
    {"logistic", "write sigmoid(x)"},
    {"average", "write mean(...)"},
    {"avg", "write mean(...)"},
    {"if", "write where(condition, value, otherwise)"},
    {"cbrt", "write x^(1/3)"},
    {"square", "write x^2"},
    {"power", "write x^y or pow(x, y)"},
    {"tgamma", "write gamma(x)"},
    {"factorial", "write gamma(x + 1)"},
    {"gammaln", "write lgamma(x)"},
    {"loggamma", "write lgamma(x)"},
    {"psi", "write digamma(x)"},
    {"besselj", "write j0(x), j1(x) or jn(n, x)"},
    {"bessely", "write y0(x) or y1(x)"},
    {"step", "write heaviside(x)"},
};

}  // namespace

std::span<const Function> functions() { return kFunctions; }

const Function* find_function(std::string_view name) {
  const auto at = std::find_if(kFunctions.begin(), kFunctions.end(),
                               [&](const Function& function) { return function.name == name; });
  return at == kFunctions.end() ? nullptr : &*at;
}

bool is_also_a_name(const Function& function) {
  return std::find(std::begin(kAlsoNames), std::end(kAlsoNames), function.name) != std::end(kAlsoNames);
}

const Function* find_function(Op op) {
  const auto at =
      std::find_if(kFunctions.begin(), kFunctions.end(), [&](const Function& function) { return function.op == op; });
  return at == kFunctions.end() ? nullptr : &*at;
}

std::size_t num_arguments(Operation op) {
  if (is_function(op)) return num_arguments(*find_function(to_op(op)));
  if (op == Operation::select) return 3;
  return op == Operation::neg ? 1 : 2;
}

double value_at_zero(Op op) { return elementary(op).at_zero; }

std::string_view slope_text(Op op, std::size_t i) {
  std::string_view text = elementary(op).slopes;
  for (; i > 0; --i) text.remove_prefix(text.find("; ") + 2);
  return text.substr(0, text.find("; "));
}

std::string_view alias_hint(std::string_view name) {
  for (const auto& [alias, hint] : kAliases)
    if (alias == name) return hint;
  return {};
}

std::vector<std::string> function_names() {
  std::vector<std::string> names;
  for (const Function& function : kFunctions) names.emplace_back(function.name);
  return names;
}

}  // namespace descent::expr
