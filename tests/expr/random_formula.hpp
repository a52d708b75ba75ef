// Random formulas with an evaluator of their own, which shares nothing with the module's parser, graph or programs.
#pragma once

#include <cmath>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace descent::expr::testing {

/// value + slope * epsilon: forward differentiation.
template <class T>
struct Dual {
  T v{};
  T d{};
};

struct Node {
  std::string op;
  double number = 0.0;
  int variable = 0;
  std::vector<std::shared_ptr<Node>> args;
};
using Tree = std::shared_ptr<Node>;

inline std::string text_of(const Tree& node) {
  const auto& op = node->op;
  if (op == "number") {
    const std::string s = std::to_string(node->number);
    return node->number < 0 ? "(" + s + ")" : s;
  }
  if (op == "variable") return std::string(1, "xyz"[node->variable]);
  if (op == "neg") return "(-" + text_of(node->args[0]) + ")";
  if (op.size() == 1 || op == "<=") return "(" + text_of(node->args[0]) + " " + op + " " + text_of(node->args[1]) + ")";
  std::string s = op + "(";
  for (std::size_t i = 0; i < node->args.size(); ++i) s += (i > 0 ? ", " : "") + text_of(node->args[i]);
  return s + ")";
}

class Generator {
 public:
  explicit Generator(unsigned seed) : engine_(seed) {}
  double uniform(double low, double high) { return std::uniform_real_distribution<double>(low, high)(engine_); }
  int below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(engine_); }

  Tree tree(int depth) {
    auto node = std::make_shared<Node>();
    const int kind = depth == 0 ? below(3) : 3 + below(22);
    if (kind < 2) {
      node->op = "variable";
      node->variable = below(3);
    } else if (kind == 2) {
      node->op = "number";
      node->number = below(2) != 0 ? below(7) - 3 : below(4000) / 1000.0;
    } else if (kind < 13) {
      constexpr const char* kOps[] = {"+", "-", "*", "/", "^", "+", "-", "*", "neg", "*"};
      node->op = kOps[kind - 3];
      node->args.push_back(tree(depth - 1));
      if (node->op == "^") {
        auto exponent = std::make_shared<Node>();
        exponent->op = "number";
        constexpr double kExponents[] = {2, 3, 4, -1, -2, 0.5, 1.5, 0, 1, 6};
        exponent->number = kExponents[below(10)];
        node->args.push_back(below(8) == 0 ? tree(depth - 1) : exponent);
      } else if (node->op != "neg") {
        node->args.push_back(tree(depth - 1));
      }
    } else if (kind < 22) {
      constexpr const char* kNames[] = {"exp",  "log",  "log1p", "expm1", "sqrt", "abs",  "sin",     "cos",     "tan",
                                        "asin", "acos", "atan",  "sinh",  "cosh", "tanh", "sigmoid", "softplus"};
      node->op = kNames[below(17)];
      node->args.push_back(tree(depth - 1));
    } else {
      constexpr const char* kNames[] = {"min", "max", "atan2", "pow", "where"};
      node->op = kNames[below(5)];
      if (node->op == "where") {
        auto condition = std::make_shared<Node>();
        condition->op = below(2) != 0 ? "<" : "<=";
        condition->args = {tree(depth - 1), tree(depth - 1)};
        node->args.push_back(condition);
      }
      const int count = node->op == "min" || node->op == "max" ? 2 + below(4) : 2;
      for (int i = 0; i < count; ++i) node->args.push_back(tree(depth - 1));
    }
    return node;
  }

 private:
  std::mt19937 engine_;
};

/// f and df at x by the rules of forward differentiation, in T. `margin` falls to how near a kink or branch was.
template <class T>
Dual<T> evaluate(const Tree& node, const std::vector<Dual<T>>& x, T& margin) {
  const auto& op = node->op;
  if (op == "number") return {static_cast<T>(node->number), T(0)};
  if (op == "variable") return x[static_cast<std::size_t>(node->variable)];
  std::vector<Dual<T>> a;
  for (const Tree& arg : node->args) a.push_back(evaluate(arg, x, margin));
  const auto near = [&](T distance) { margin = std::min(margin, std::fabs(distance)); };
  const Dual<T> u = a[0], w = a.size() > 1 ? a[1] : Dual<T>{};
  const T one(1);
  if (op == "neg") return {-u.v, -u.d};
  if (op == "+") return {u.v + w.v, u.d + w.d};
  if (op == "-") return {u.v - w.v, u.d - w.d};
  if (op == "*") return {u.v * w.v, u.d * w.v + u.v * w.d};
  if (op == "/") return {u.v / w.v, (u.d - u.v / w.v * w.d) / w.v};
  if (op == "^" || op == "pow") {
    const T value = std::pow(u.v, w.v);
    T slope = w.v == 0 ? T(0) : w.v * std::pow(u.v, w.v - one) * u.d;
    if (w.d != 0 || node->args[1]->op != "number") slope += value * std::log(u.v) * w.d;
    return {value, slope};
  }
  if (op == "<" || op == "<=") {
    near(u.v - w.v);
    return {op == "<" ? T(u.v < w.v) : T(u.v <= w.v), T(0)};
  }
  if (op == "where") return u.v != 0 ? a[1] : a[2];
  if (op == "min" || op == "max") {
    Dual<T> best = a[0];
    for (const Dual<T>& each : a)
      if (std::isnan(each.v)) return each;
    for (std::size_t i = 1; i < a.size(); ++i) {
      if (a[i].v == best.v && a[i].d == best.d) continue;
      near(a[i].v - best.v);
      if (op == "min" ? a[i].v < best.v : a[i].v > best.v) best = a[i];
    }
    return best;
  }
  if (op == "atan2" && w.v < 0) near(u.v);  // the cut, where the sign of a zero decides
  if (op == "atan2") return {std::atan2(u.v, w.v), (u.d * w.v - u.v * w.d) / (u.v * u.v + w.v * w.v)};
  if (op == "abs") {
    near(u.v);
    return {std::fabs(u.v), u.v > 0 ? u.d : -u.d};
  }
  if (op == "exp") return {std::exp(u.v), std::exp(u.v) * u.d};
  if (op == "expm1") return {std::expm1(u.v), std::exp(u.v) * u.d};
  if (op == "log") return {std::log(u.v), u.d / u.v};
  if (op == "log1p") return {std::log1p(u.v), u.d / (one + u.v)};
  if (op == "sqrt") return {std::sqrt(u.v), u.d / (2 * std::sqrt(u.v))};
  if (op == "sin") return {std::sin(u.v), std::cos(u.v) * u.d};
  if (op == "cos") return {std::cos(u.v), -std::sin(u.v) * u.d};
  if (op == "tan") return {std::tan(u.v), u.d / (std::cos(u.v) * std::cos(u.v))};
  if (op == "asin") return {std::asin(u.v), u.d / std::sqrt(one - u.v * u.v)};
  if (op == "acos") return {std::acos(u.v), -u.d / std::sqrt(one - u.v * u.v)};
  if (op == "atan") return {std::atan(u.v), u.d / (one + u.v * u.v)};
  if (op == "sinh") return {std::sinh(u.v), std::cosh(u.v) * u.d};
  if (op == "cosh") return {std::cosh(u.v), std::sinh(u.v) * u.d};
  if (op == "tanh") return {std::tanh(u.v), u.d / (std::cosh(u.v) * std::cosh(u.v))};
  const T s = u.v >= 0 ? one / (one + std::exp(-u.v)) : std::exp(u.v) / (one + std::exp(u.v));
  const T t = u.v >= 0 ? std::exp(-u.v) / (one + std::exp(-u.v)) : one / (one + std::exp(u.v));
  if (op == "sigmoid") return {s, s * t * u.d};
  return {std::max(u.v, T(0)) + std::log1p(std::exp(-std::fabs(u.v))), s * u.d};  // softplus
}

}  // namespace descent::expr::testing
