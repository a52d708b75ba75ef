#include "src/expr/functions.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "descent/expr/formula.hpp"

namespace descent::expr {
namespace {

constexpr Function kFunctions[] = {
    {"abs", Op::abs, 1, 1, ""},           {"acos", Op::acos, 1, 1, "\\arccos"}, {"asin", Op::asin, 1, 1, "\\arcsin"},
    {"atan", Op::atan, 1, 1, "\\arctan"}, {"atan2", Op::atan2, 2, 2, ""},       {"cos", Op::cos, 1, 1, "\\cos"},
    {"cosh", Op::cosh, 1, 1, "\\cosh"},   {"exp", Op::exp, 1, 1, "\\exp"},      {"expm1", Op::expm1, 1, 1, ""},
    {"log", Op::log, 1, 1, "\\log"},      {"log1p", Op::log1p, 1, 1, ""},       {"max", Op::max, 2, 0, "\\max"},
    {"mean", Op::mean, 1, 1, ""},         {"min", Op::min, 2, 0, "\\min"},      {"pow", Op::pow, 2, 2, ""},
    {"sigmoid", Op::sigmoid, 1, 1, ""},   {"sin", Op::sin, 1, 1, "\\sin"},      {"sinh", Op::sinh, 1, 1, "\\sinh"},
    {"softplus", Op::softplus, 1, 1, ""}, {"sqrt", Op::sqrt, 1, 1, ""},         {"sum", Op::sum, 1, 1, ""},
    {"tan", Op::tan, 1, 1, "\\tan"},      {"tanh", Op::tanh, 1, 1, "\\tanh"},   {"where", Op::where, 3, 3, ""},
    {"sign", Op::sign, 1, 1, ""},
};

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
};

}  // namespace

std::span<const Function> functions() { return kFunctions; }

const Function* find_function(std::string_view name) {
  const auto* at = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                [&](const Function& function) { return function.name == name; });
  return at == std::end(kFunctions) ? nullptr : at;
}

std::string_view function_name(Op op) {
  for (const Function& function : kFunctions)
    if (function.op == op && op != Op::pow) return function.name;
  return {};
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
