#include "descent/optim/proximal.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include "descent/core/text.hpp"
#include "descent/simd/reduce.hpp"

namespace descent {

void ProximalTerm::stationarity(View x, View gradient, MutableView out) const {
  for (std::size_t i = 0; i < x.size(); ++i) out[i] = x[i] - gradient[i];
  prox(1.0, out);
  for (std::size_t i = 0; i < x.size(); ++i) out[i] = x[i] - out[i];
}

std::optional<double> ProximalTerm::gap(View, View) const { return std::nullopt; }

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// max(|t| - threshold, 0) with t's sign; NaN stays NaN.
double soft_threshold(double t, double threshold) {
  const double size = std::fabs(t) - threshold;
  return size <= 0.0 ? 0.0 : std::copysign(size, t);
}

/// l1 ||x||_1 + l2/2 ||x||^2
class ElasticNet final : public ProximalTerm {
 public:
  ElasticNet(double l1, double l2, std::string text) : l1_(l1), l2_(l2), text_(std::move(text)) {}
  [[nodiscard]] std::string text() const override { return text_; }
  [[nodiscard]] bool is_separable() const override { return true; }
  [[nodiscard]] double value(View x) const override {
    double absolute = 0.0;
    for (const double v : x) absolute += std::fabs(v);
    return l1_ * absolute + 0.5 * l2_ * simd::squared_norm(x);
  }
  void prox(double step, MutableView x) const override {
    const double shrink = 1.0 / (1.0 + step * l2_);
    for (double& v : x) v = soft_threshold(v, step * l1_) * shrink;
  }
  void stationarity(View x, View gradient, MutableView out) const override {
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double g = gradient[i] + l2_ * x[i];
      out[i] = x[i] != 0.0 ? g + std::copysign(l1_, x[i]) : soft_threshold(g, l1_);
    }
  }

 private:
  double l1_, l2_;
  std::string text_;
};

/// weight ||x||_2: all of x is 0, or nothing.
class Norm final : public ProximalTerm {
 public:
  explicit Norm(double weight) : weight_(weight) {}
  [[nodiscard]] std::string text() const override { return "norm(" + number_text(weight_) + ")"; }
  [[nodiscard]] double value(View x) const override { return weight_ * std::sqrt(simd::squared_norm(x)); }
  void prox(double step, MutableView x) const override {
    const double length = std::sqrt(simd::squared_norm(x));
    const double kept = length > step * weight_ ? 1.0 - step * weight_ / length : 0.0;
    if (!std::isfinite(length)) return;
    for (double& v : x) v *= kept;
  }
  void stationarity(View x, View gradient, MutableView out) const override {
    const double length = std::sqrt(simd::squared_norm(x));
    std::copy(gradient.begin(), gradient.end(), out.begin());
    if (length > 0.0) {
      for (std::size_t i = 0; i < x.size(); ++i) out[i] += weight_ * x[i] / length;
    } else {
      prox(1.0, out);  // what the ball of subgradients leaves of the gradient
    }
  }

 private:
  double weight_;
};

class IntervalSet final : public ProximalTerm {
 public:
  IntervalSet(double low, double high, std::string text) : low_(low), high_(high), text_(std::move(text)) {}
  [[nodiscard]] std::string text() const override { return text_; }
  [[nodiscard]] bool is_set() const override { return true; }
  [[nodiscard]] bool is_separable() const override { return true; }
  [[nodiscard]] std::optional<Ends> interval() const override { return Ends{low_, high_}; }
  [[nodiscard]] double value(View) const override { return 0.0; }
  void prox(double, MutableView x) const override {
    for (double& v : x) v = v < low_ ? low_ : v > high_ ? high_ : v;
  }

 private:
  double low_, high_;
  std::string text_;
};

/// Of finite x: the theta with sum_i max(x_i - largest - theta, 0) = total, and -total <= theta < 0. From the largest
/// x_i on and as a running mean, so that neither a sum overflows nor the total is lost beside large coordinates.
/// Reference: M. Held, P. Wolfe, H. P. Crowder, "Validation of subgradient optimization", Math. Prog. 6, 1974.
struct SimplexThreshold {
  double largest, theta;
  [[nodiscard]] double kept(double x) const { return std::max(x - largest - theta, 0.0); }
};
SimplexThreshold simplex_threshold(std::vector<double> x, double total) {
  std::sort(x.begin(), x.end(), std::greater<>());
  SimplexThreshold result{.largest = x.front(), .theta = -total};
  for (std::size_t i = 1; i < x.size() && x[i] - result.largest > result.theta; ++i)
    result.theta += (x[i] - result.largest - result.theta) / static_cast<double>(i + 1);
  return result;
}

/// x >= 0, sum_i x_i = total
class Simplex final : public ProximalTerm {
 public:
  explicit Simplex(double total) : total_(total) {}
  [[nodiscard]] std::string text() const override {
    return total_ == 1.0 ? "simplex" : "simplex(total=" + number_text(total_) + ")";
  }
  [[nodiscard]] bool is_set() const override { return true; }
  [[nodiscard]] double value(View) const override { return 0.0; }
  void prox(double, MutableView x) const override {
    if (!simd::all_finite(x) || x.empty()) return;
    const SimplexThreshold threshold = simplex_threshold({x.begin(), x.end()}, total_);
    for (double& v : x) v = threshold.kept(v);
  }
  [[nodiscard]] std::optional<double> gap(View x, View gradient) const override {
    return simd::dot(gradient, x) - total_ * *std::min_element(gradient.begin(), gradient.end());
  }

 private:
  double total_;
};

/// ||x||_2 <= radius
class Ball final : public ProximalTerm {
 public:
  explicit Ball(double radius) : radius_(radius) {}
  [[nodiscard]] std::string text() const override {
    return radius_ == 1.0 ? "ball" : "ball(radius=" + number_text(radius_) + ")";
  }
  [[nodiscard]] bool is_set() const override { return true; }
  [[nodiscard]] double value(View) const override { return 0.0; }
  void prox(double, MutableView x) const override {
    const double largest = simd::max_abs(x);
    if (!std::isfinite(largest) || largest == 0.0) return;
    // Divided by the largest first: squares of large numbers are not finite.
    double squares = 0.0;
    for (const double v : x) squares += (v / largest) * (v / largest);
    const double share = radius_ / largest / std::sqrt(squares);
    if (share < 1.0)
      for (double& v : x) v *= share;
  }
  [[nodiscard]] std::optional<double> gap(View x, View gradient) const override {
    return simd::dot(gradient, x) + radius_ * std::sqrt(simd::squared_norm(gradient));
  }

 private:
  double radius_;
};

/// ||x||_1 <= radius
class L1Ball final : public ProximalTerm {
 public:
  explicit L1Ball(double radius) : radius_(radius) {}
  [[nodiscard]] std::string text() const override {
    return radius_ == 1.0 ? "l1_ball" : "l1_ball(radius=" + number_text(radius_) + ")";
  }
  [[nodiscard]] bool is_set() const override { return true; }
  [[nodiscard]] double value(View) const override { return 0.0; }
  void prox(double, MutableView x) const override {
    if (!simd::all_finite(x)) return;
    std::vector<double> sizes;
    double sum = 0.0;
    for (const double v : x) {
      sizes.push_back(std::fabs(v));
      sum += sizes.back();
    }
    if (sum <= radius_) return;
    const SimplexThreshold threshold = simplex_threshold(std::move(sizes), radius_);
    for (double& v : x) v = std::copysign(threshold.kept(std::fabs(v)), v) + 0.0;  // no -0
  }
  [[nodiscard]] std::optional<double> gap(View x, View gradient) const override {
    return simd::dot(gradient, x) + radius_ * simd::max_abs(gradient);
  }

 private:
  double radius_;
};

constexpr const char* kProximalAlgorithms =
    "N. Parikh, S. Boyd, \"Proximal algorithms\", Foundations and Trends in Optimization 1(3), 2014, section 6";

ParamSpec number(const char* name, const char* fallback, Interval interval, const char* meaning, const char* why) {
  return {.name = name, .default_text = fallback, .interval = interval, .meaning = meaning, .why = why};
}

constexpr Interval kPositive{.low = 0.0, .low_open = true, .high_open = true};
constexpr Interval kNotNegative{.low = 0.0, .high_open = true};

void add_terms(Registry<ProximalTermMaker>& all) {
  all.add({.name = "l1",
           .kind = "term",
           .summary = "Many coordinates exactly 0 (lasso).",
           .formula = "p = weight ||x||_1;  prox: max(|x_i| - step weight, 0) sign(x_i)",
           .params = {number("weight", "", kNotNegative, "how strong", "there is none: it is the problem's")},
           .reference = kProximalAlgorithms,
           .example = "l1(0.1)"},
          [](const BoundArguments& bound) {
            const double weight = bound.number("weight");
            return std::make_shared<ElasticNet>(weight, 0.0, "l1(" + number_text(weight) + ")");
          });
  all.add({.name = "elastic_net",
           .kind = "term",
           .summary = "Exact zeros, and correlated coordinates that stay together.",
           .formula = "p = weight (ratio ||x||_1 + (1 - ratio)/2 ||x||^2)",
           .params = {number("weight", "", kNotNegative, "how strong", "there is none: it is the problem's"),
                      number("ratio", "0.5", {.low = 0.0, .high = 1.0}, "share of l1", "half of each")},
           .reference = "H. Zou, T. Hastie, \"Regularization and variable selection via the elastic net\", J. Royal "
                        "Statist. Soc. B 67(2), 2005",
           .example = "elastic_net(0.1, ratio=0.7)"},
          [](const BoundArguments& bound) {
            const double weight = bound.number("weight"), ratio = bound.number("ratio");
            std::string text = "elastic_net(" + number_text(weight);
            if (ratio != 0.5) text += ", ratio=" + number_text(ratio);
            return std::make_shared<ElasticNet>(weight * ratio, weight * (1.0 - ratio), text + ")");
          });
  all.add({.name = "norm",
           .kind = "term",
           .summary = "All coordinates 0 together, or none (the group lasso of one group).",
           .formula = "p = weight ||x||_2;  prox: max(1 - step weight / ||x||, 0) x",
           .params = {number("weight", "", kNotNegative, "how strong", "there is none: it is the problem's")},
           .reference = kProximalAlgorithms,
           .example = "norm(0.5)"},
          [](const BoundArguments& bound) { return std::make_shared<Norm>(bound.number("weight")); });
}

void add_sets(Registry<ProximalTermMaker>& all) {
  const ParamSpec radius = number("radius", "1", kPositive, "its radius", "the unit ball");
  all.add({.name = "nonnegative",
           .kind = "term",
           .summary = "The set of points without a negative coordinate.",
           .formula = "x_i >= 0",
           .reference = kProximalAlgorithms,
           .example = "nonnegative"},
          [](const BoundArguments&) { return std::make_shared<IntervalSet>(0.0, kInfinity, "nonnegative"); });
  all.add({.name = "box",
           .kind = "term",
           .summary = "The same interval for every coordinate (--bounds has one for each).",
           .formula = "low <= x_i <= high",
           .params = {number("low", "0", {}, "least value", "the unit box"),
                      number("high", "1", {}, "largest value", "the unit box")},
           .reference = kProximalAlgorithms,
           .example = "box(-1, 1)"},
          [](const BoundArguments& bound) {
            const double low = bound.number("low"), high = bound.number("high");
            if (!(low <= high))
              throw Error(ErrorCode::usage,
                          "low must be <= high, got " + number_text(low) + " and " + number_text(high), "box");
            return std::make_shared<IntervalSet>(low, high, "box(" + number_text(low) + ", " + number_text(high) + ")");
          });
  all.add({.name = "simplex",
           .kind = "term",
           .summary = "Shares of a total: probabilities, portfolios, mixtures.",
           .formula = "x_i >= 0, sum_i x_i = total",
           .params = {number("total", "1", kPositive, "what the coordinates add up to", "probabilities")},
           .reference = "M. Held, P. Wolfe, H. P. Crowder, \"Validation of subgradient optimization\", Math. Prog. 6, "
                        "1974",
           .example = "simplex"},
          [](const BoundArguments& bound) { return std::make_shared<Simplex>(bound.number("total")); });
  all.add({.name = "ball",
           .kind = "term",
           .summary = "Points at most `radius` from 0.",
           .formula = "||x||_2 <= radius",
           .params = {radius},
           .reference = kProximalAlgorithms,
           .example = "ball(radius=2)"},
          [](const BoundArguments& bound) { return std::make_shared<Ball>(bound.number("radius")); });
  all.add({.name = "l1_ball",
           .kind = "term",
           .summary = "Points whose absolute values add up to at most `radius`: the lasso as a constraint.",
           .formula = "||x||_1 <= radius",
           .params = {radius},
           .reference = "J. Duchi, S. Shalev-Shwartz, Y. Singer, T. Chandra, \"Efficient projections onto the l1-ball "
                        "for learning in high dimensions\", ICML 2008",
           .example = "l1_ball(radius=3)"},
          [](const BoundArguments& bound) { return std::make_shared<L1Ball>(bound.number("radius")); });
}

}  // namespace

const Registry<ProximalTermMaker>& proximal_registry() {
  static const Registry<ProximalTermMaker> registry = [] {
    Registry<ProximalTermMaker> all("term");
    add_terms(all);
    add_sets(all);
    return all;
  }();
  return registry;
}

std::shared_ptr<const ProximalTerm> parse_proximal_term(std::string_view text) {
  std::string written(text);
  // `l1:0.1` as in fit's --penalty
  if (const auto colon = written.find(':'); colon != std::string::npos && written.find('(') == std::string::npos)
    written = written.substr(0, colon) + "(" + written.substr(colon + 1) + ")";
  const Call call = parse_call(written);
  return placed(call, [&] {
    const auto& named = proximal_registry().at(call.name);
    return named.item(bind(named.entry, call));
  });
}

}  // namespace descent
