// Random formulas with evaluators of their own, which share nothing with the module's parser, graph or programs.
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <type_traits>
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

/// For complex steps: f(x + ih) = f(x) + ih f'(x) wherever f is analytic, with h too small to be seen in f(x). The
/// functions that the standard library lacks, and those that it cuts where the real ones are smooth.
using Complex = std::complex<long double>;

inline Complex log1p(Complex z) {
  return {0.5L * std::log1p(z.real() * (2 + z.real()) + z.imag() * z.imag()), std::atan2(z.imag(), 1 + z.real())};
}
inline Complex expm1(Complex z) {
  const long double s = std::sin(z.imag() / 2);
  return {std::expm1(z.real()) * std::cos(z.imag()) - 2 * s * s, std::exp(z.real()) * std::sin(z.imag())};
}
inline Complex sigmoid(Complex z) {
  const Complex small = std::exp(z.real() < 0 ? z : -z);
  return (z.real() < 0 ? small : Complex(1)) / (Complex(1) + small);
}
inline Complex softplus(Complex z) { return (z.real() > 0 ? z : Complex(0)) + log1p(std::exp(z.real() > 0 ? -z : z)); }
inline Complex atan2(Complex y, Complex x) {
  const long double quarter = std::acos(0.0L);
  if (std::fabs(y.real()) > std::fabs(x.real())) return (y.real() > 0 ? quarter : -quarter) - std::atan(x / y);
  if (x.real() > 0) return std::atan(y / x);
  return std::atan(y / x) + (y.real() < 0 ? -2 * quarter : 2 * quarter);
}
inline Complex pow(Complex base, Complex exponent) {
  if (base == Complex(1)) return 1;  // 1^NaN as well
  if (base == Complex(0) || std::isnan(exponent.real())) return std::pow(base.real(), exponent.real());
  const auto n = static_cast<int>(std::clamp(exponent.real(), -1000.0L, 1000.0L));
  if (exponent != Complex(n)) return std::exp(exponent * std::log(base));  // of a negative base only NaN is real
  Complex product(1);
  for (int k = 0; k < std::abs(n); ++k) product *= base;
  return n < 0 ? Complex(1) / product : product;
}
inline Complex abs(Complex z) { return z.real() < 0 ? -z : z; }
inline Complex min(Complex a, Complex b) { return a.real() <= b.real() || std::isnan(a.real()) ? a : b; }
inline Complex max(Complex a, Complex b) { return a.real() >= b.real() || std::isnan(a.real()) ? a : b; }
inline bool operator<(Complex a, Complex b) { return a.real() < b.real(); }
inline bool operator<=(Complex a, Complex b) { return a.real() <= b.real(); }

/// Outside the real domain, log(-1) or acos(2), a complex function is finite where the real one is NaN. What is
/// infinite has no slope to follow, but may be compared: min(1, x/0).
template <class T>
T on_real_domain(const T& z) {
  if constexpr (std::is_same_v<T, Complex>) {
    if (std::isinf(z.real())) return z.real();
    if (!(std::fabs(z.imag()) <= 1e-500L)) return std::nan("");
  }
  return z;
}

template <class T>
T call_by_name(const std::string& op, const std::vector<T>& a) {
  if (op == "neg") return -a[0];
  if (op == "+") return a[0] + a[1];
  if (op == "-") return a[0] - a[1];
  if (op == "*") return a[0] * a[1];
  if (op == "/") return a[0] / a[1];
  if (op == "^" || op == "pow") return pow(a[0], a[1]);
  if (op == "min" || op == "max") {
    T best = a[0];
    for (std::size_t i = 1; i < a.size(); ++i) best = op == "min" ? min(best, a[i]) : max(best, a[i]);
    return best;
  }
  if (op == "atan2") return atan2(a[0], a[1]);
  if (op == "abs") return abs(a[0]);
  if (op == "exp") return exp(a[0]);
  if (op == "expm1") return expm1(a[0]);
  if (op == "log") return log(a[0]);
  if (op == "log1p") return log1p(a[0]);
  if (op == "sqrt") return sqrt(a[0]);
  if (op == "sin") return sin(a[0]);
  if (op == "cos") return cos(a[0]);
  if (op == "tan") return tan(a[0]);
  if (op == "asin") return asin(a[0]);
  if (op == "acos") return acos(a[0]);
  if (op == "atan") return atan(a[0]);
  if (op == "sinh") return sinh(a[0]);
  if (op == "cosh") return cosh(a[0]);
  if (op == "tanh") return tanh(a[0]);
  return op == "sigmoid" ? sigmoid(a[0]) : softplus(a[0]);
}

/// f at x by the operators and functions of the numbers in x, found by argument.
template <class Numbers>
auto value(const Tree& node, const Numbers& x) {
  using T = std::remove_cvref_t<decltype(x[0])>;
  if (node->op == "number") return T(node->number);
  if (node->op == "variable") return T(x[static_cast<std::size_t>(node->variable)]);
  if (node->op == "where") {
    const Tree& condition = node->args[0];
    const T left = value(condition->args[0], x), right = value(condition->args[1], x);
    const bool holds = condition->op == "<" ? left < right : left <= right;
    return value(node->args[holds ? 1 : 2], x);
  }
  std::vector<T> a;
  for (const Tree& arg : node->args) a.push_back(value(arg, x));
  return on_real_domain(call_by_name(node->op, a));
}

/// A formula with a point where its value and slopes are finite and no kink is near, and where forward differentiation
/// in double agrees with itself in long double to 1e-11: elsewhere the problem, not the derivative, loses the digits.
struct Case {
  Tree tree;
  std::string text;
  std::vector<double> point;
  std::vector<long double> slopes;  ///< by forward differentiation in long double
  long double value = 0.0L;
};

inline bool uses_a_variable(const Tree& node) {
  return node->op == "variable" ||
         std::any_of(node->args.begin(), node->args.end(), [](const Tree& arg) { return uses_a_variable(arg); });
}

/// What became of the formulas drawn.
struct Count {
  int cases = 0;
  int never_finite = 0;  ///< log(-x^2 - 1): none of the points tried is in the domain
  int never_smooth = 0;  ///< some were, but at a kink, beyond 1e100 or ill-conditioned: |x - x|, (1e8 + x) - 1e8
};

/// Tries points until one will do. Nothing when none does; `count` says why.
inline std::optional<Case> draw_case(Generator& random, Count& count) {
  Case drawn{.tree = random.tree(1 + random.below(4))};
  if (!uses_a_variable(drawn.tree)) return {};
  drawn.text = text_of(drawn.tree);
  bool was_finite = false;
  for (int trial = 0; trial < 100; ++trial) {
    drawn.point = {random.uniform(-2.5, 2.5), random.uniform(-2.5, 2.5), random.uniform(-2.5, 2.5)};
    drawn.slopes.clear();
    bool good = true;
    for (std::size_t i = 0; i < 3 && good; ++i) {
      std::vector<Dual<long double>> fine(3);
      std::vector<Dual<double>> coarse(3);
      for (std::size_t j = 0; j < 3; ++j) {
        fine[j] = {drawn.point[j], j == i ? 1.0L : 0.0L};
        coarse[j] = {drawn.point[j], j == i ? 1.0 : 0.0};
      }
      long double margin = 1.0L;
      double coarse_margin = 1.0;
      const auto expected = evaluate(drawn.tree, fine, margin);
      const auto rough = evaluate(drawn.tree, coarse, coarse_margin);
      good = std::isfinite(expected.v) && std::isfinite(expected.d);
      was_finite = was_finite || good;
      const auto agree = [](long double a, long double b) { return std::fabs(a - b) <= 1e-11L * std::fabs(b); };
      good = good && margin >= 1e-3L && std::fabs(expected.v) < 1e100L && std::fabs(expected.d) < 1e100L &&
             agree(rough.v, expected.v) && agree(rough.d, expected.d);
      drawn.value = expected.v;
      drawn.slopes.push_back(expected.d);
    }
    if (good) return ++count.cases, drawn;
  }
  ++(was_finite ? count.never_smooth : count.never_finite);
  return {};
}

}  // namespace descent::expr::testing
