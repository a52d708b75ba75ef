// Losses of the residual r = s - y.
#include <algorithm>
#include <cmath>

#include "src/loss/makers.hpp"

namespace descent::loss {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double sign(double x) { return static_cast<double>(x > 0.0) - static_cast<double>(x < 0.0); }

/// Losses whose formula is a function object `Point operator()(double s, double y) const`.
template <class Formula>
class NumberLoss : public Loss {
 public:
  NumberLoss(Formula formula, std::string text, double max_curvature)
      : formula_(formula), text_(std::move(text)), max_curvature_(max_curvature) {}
  [[nodiscard]] std::string text() const override { return text_; }
  [[nodiscard]] TargetKind target() const override { return TargetKind::number; }
  void evaluate(View scores, View targets, MutableView values, MutableView slopes) const override {
    evaluate_formula(scores, targets, values, slopes, formula_);
  }
  void curvature(View scores, View targets, MutableView out) const override {
    curvature_formula(scores, targets, out, formula_);
  }
  [[nodiscard]] double max_curvature() const override { return max_curvature_; }
  [[nodiscard]] bool quadratic() const override;
  [[nodiscard]] std::shared_ptr<const Loss> smoothed(double width) const override;

 private:
  Formula formula_;
  std::string text_;
  double max_curvature_;
};

struct Squared {
  Point operator()(double s, double y) const {
    const double r = s - y;
    return {r * r, 2.0 * r, 2.0};
  }
};

struct Huber {
  double epsilon;
  Point operator()(double s, double y) const {
    const double r = s - y;
    const double size = std::fabs(r);
    if (size <= epsilon) return {0.5 * r * r, r, 1.0};
    return {epsilon * size - 0.5 * epsilon * epsilon, epsilon * sign(r), 0.0};
  }
};

/// Piecewise linear with slopes -low below -dead, 0 between, high above dead (dead >= 0).
struct Pinball {
  double low, high, dead;
  Point operator()(double s, double y) const {
    const double r = s - y;
    if (r > dead) return {high * (r - dead), high, 0.0};
    if (r < -dead) return {low * (-r - dead), -low, 0.0};
    return {0.0, 0.0, 0.0};
  }
};

/// Pinball whose jumps of slope become ramps: max over slopes u in [0, top] of u t - ramp u^2 / 2 for each side.
struct SmoothPinball {
  double low, high, dead, ramp;
  static Point side(double t, double top, double ramp) {
    if (t <= 0.0) return {0.0, 0.0, 0.0};
    if (t >= ramp * top) return {top * t - 0.5 * ramp * top * top, top, 0.0};
    return {0.5 * t * t / ramp, t / ramp, 1.0 / ramp};
  }
  Point operator()(double s, double y) const {
    const double r = s - y;
    const Point above = side(r - dead, high, ramp);
    const Point below = side(-r - dead, low, ramp);
    return {above.value + below.value, above.slope - below.slope, above.curvature + below.curvature};
  }
};

struct SquaredInsensitive {
  double epsilon;
  Point operator()(double s, double y) const {
    const double r = s - y;
    const double excess = std::fabs(r) - epsilon;
    if (excess <= 0.0) return {0.0, 0.0, 0.0};
    return {excess * excess, 2.0 * excess * sign(r), 2.0};
  }
};

template <class Formula>
bool NumberLoss<Formula>::quadratic() const {
  return std::is_same_v<Formula, Squared>;
}

template <class Formula>
std::shared_ptr<const Loss> NumberLoss<Formula>::smoothed(double width) const {
  if constexpr (std::is_same_v<Formula, Pinball>) {
    const double steepest = std::max(formula_.low, formula_.high);
    const double ramp = 2.0 * width / (steepest * steepest);  // so that ramp * slope^2 / 2 <= width
    const SmoothPinball formula{formula_.low, formula_.high, formula_.dead, ramp};
    return std::make_shared<NumberLoss<SmoothPinball>>(formula, "smoothed " + text_, 1.0 / ramp);
  } else {
    return nullptr;
  }
}

template <class Formula>
std::shared_ptr<const Loss> make(Formula formula, std::string text, double max_curvature) {
  return std::make_shared<NumberLoss<Formula>>(formula, std::move(text), max_curvature);
}

}  // namespace

void add_regression_losses(Registry<LossMaker>& registry) {
  const Interval positive{0.0, kInfinity, true, true};
  const Interval not_negative{0.0, kInfinity, false, true};

  registry.add({.name = "squared_error",
                .kind = "loss",
                .summary = "Least squares: the mean of the target given the features",
                .formula = "l = (s - y)^2",
                .params = {},
                .reference = "C. F. Gauss, Theoria combinationis observationum erroribus minimis obnoxiae, 1821",
                .differs = "scikit-learn's SGDRegressor has 1/2 (s - y)^2: use --loss-scale half_mean for that",
                .example = "squared_error"},
               [](const BoundArguments&, Compat) { return make(Squared{}, "squared_error", 2.0); });

  registry.add(
      {.name = "huber",
       .kind = "loss",
       .summary = "Quadratic for small residuals, linear for large ones: outliers pull with a bounded force",
       .formula = "l = r^2 / 2 if |r| <= epsilon, else epsilon |r| - epsilon^2 / 2, r = s - y",
       .params = {{.name = "epsilon",
                   .kind = ParamKind::number,
                   .default_text = "1.35",
                   .interval = positive,
                   .meaning = "residual beyond which the loss is linear, in units of the target",
                   .why = "95 % of the efficiency of least squares when the noise is normal with deviation 1"}},
       .reference = "P. J. Huber, Robust Estimation of a Location Parameter, Ann. Math. Statist. 35, 1964",
       .differs = "scikit-learn's SGDRegressor has epsilon 0.1; its HuberRegressor also fits the scale of the noise",
       .example = "huber(1.35)"},
      [](const BoundArguments& arguments, Compat) {
        const double epsilon = arguments.number("epsilon");
        return make(Huber{epsilon}, "huber(" + number_text(epsilon) + ")", 1.0);
      });

  const ParamSpec tube{.name = "epsilon",
                       .kind = ParamKind::number,
                       .default_text = "0.1",
                       .interval = not_negative,
                       .meaning = "half width of the tube within which nothing is lost, in units of the target",
                       .why = "as scikit-learn and libsvm; choose it near the size of the noise that does not matter"};
  registry.add(
      {.name = "epsilon_insensitive",
       .kind = "loss",
       .summary = "Support vector regression: absolute error beyond a tube; epsilon 0 gives the median",
       .formula = "l = max(0, |s - y| - epsilon)",
       .params = {tube},
       .reference = "V. Vapnik, The Nature of Statistical Learning Theory, 1995",
       .differs = "",
       .example = "epsilon_insensitive(0.1)"},
      [](const BoundArguments& arguments, Compat) {
        const double epsilon = arguments.number("epsilon");
        return make(Pinball{1.0, 1.0, epsilon}, "epsilon_insensitive(" + number_text(epsilon) + ")", kInfinity);
      });
  registry.add({.name = "squared_epsilon_insensitive",
                .kind = "loss",
                .summary = "Squared error beyond a tube",
                .formula = "l = max(0, |s - y| - epsilon)^2",
                .params = {tube},
                .reference = "C.-H. Ho, C.-J. Lin, Large-scale Linear Support Vector Regression, JMLR 13, 2012",
                .differs = "",
                .example = "squared_epsilon_insensitive(0.1)"},
               [](const BoundArguments& arguments, Compat) {
                 const double epsilon = arguments.number("epsilon");
                 return make(SquaredInsensitive{epsilon}, "squared_epsilon_insensitive(" + number_text(epsilon) + ")",
                             2.0);
               });

  registry.add({.name = "quantile",
                .kind = "loss",
                .summary = "Pinball loss: the q-quantile of the target given the features",
                .formula = "l = q (y - s) if y >= s, else (1 - q) (s - y)",
                .params = {{.name = "q",
                            .kind = ParamKind::number,
                            .default_text = "0.5",
                            .interval = {0.0, 1.0, true, true},
                            .meaning = "which quantile",
                            .why = "the median"}},
                .reference = "R. Koenker, G. Bassett, Regression Quantiles, Econometrica 46, 1978",
                .differs = "",
                .example = "quantile(0.9)"},
               [](const BoundArguments& arguments, Compat) {
                 const double q = arguments.number("q");
                 return make(Pinball{q, 1.0 - q, 0.0}, "quantile(" + number_text(q) + ")", kInfinity);
               });
}

}  // namespace descent::loss
