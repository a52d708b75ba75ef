// Losses of the margin z = y s, y in {-1, +1}. dl/ds = y dl/dz, d2l/ds2 = d2l/dz2.
#include <algorithm>
#include <cmath>
#include <type_traits>

#include "descent/core/elementary.hpp"
#include "descent/simd/math.hpp"
#include "src/loss/makers.hpp"

namespace descent::loss {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Logistic {
  Point operator()(double z) const {
    // One exponential for everything: t = exp(-|z|) never overflows and keeps small losses to full precision.
    const double t = math::exp(-std::fabs(z));
    const double inverse = 1.0 / (1.0 + t);
    const double value = math::log1p(t) + (z < 0.0 ? -z : 0.0);
    const double slope = z < 0.0 ? -inverse : -t * inverse;
    return {value, slope, t * inverse * inverse};
  }
};

/// The same bits as Logistic, value by value, with the two elementary functions taken in vectors.
void evaluate_logistic(View scores, View targets, MutableView values, MutableView slopes) {
  constexpr std::size_t kChunk = 256;
  double t[kChunk], logs[kChunk];
  for (std::size_t begin = 0; begin < scores.size(); begin += kChunk) {
    const std::size_t count = std::min(kChunk, scores.size() - begin);
    const double* s = scores.data() + begin;
    const double* y = targets.data() + begin;
    for (std::size_t i = 0; i < count; ++i) t[i] = -std::fabs(y[i] * s[i]);
    simd::exp({t, count}, {t, count});
    simd::log1p({t, count}, {logs, count});
    for (std::size_t i = 0; i < count; ++i) {
      const double z = y[i] * s[i];
      values[begin + i] = logs[i] + (z < 0.0 ? -z : 0.0);
    }
    if (slopes.empty()) continue;
    for (std::size_t i = 0; i < count; ++i) {
      const double inverse = 1.0 / (1.0 + t[i]);
      slopes[begin + i] = (y[i] * s[i] < 0.0 ? -inverse : -t[i] * inverse) * y[i];
    }
  }
}

template <class Formula>
class SignLoss : public Loss {
 public:
  SignLoss(Formula formula, std::string text, double max_curvature)
      : formula_(formula), text_(std::move(text)), max_curvature_(max_curvature) {}
  [[nodiscard]] std::string text() const override { return text_; }
  [[nodiscard]] TargetKind target() const override { return TargetKind::sign; }
  void evaluate(View scores, View targets, MutableView values, MutableView slopes) const override {
    if constexpr (std::is_same_v<Formula, Logistic>)
      evaluate_logistic(scores, targets, values, slopes);
    else
      evaluate_formula(scores, targets, values, slopes, on_scores());
  }
  void curvature(View scores, View targets, MutableView out) const override {
    curvature_formula(scores, targets, out, on_scores());
  }
  [[nodiscard]] double max_curvature() const override { return max_curvature_; }
  [[nodiscard]] std::shared_ptr<const Loss> smoothed(double width) const override;

 private:
  [[nodiscard]] auto on_scores() const {
    return [formula = formula_](double s, double y) {
      Point point = formula(y * s);
      point.slope *= y;
      return point;
    };
  }
  Formula formula_;
  std::string text_;
  double max_curvature_;
};

/// max(0, top - z), with the slope -1 at the kink if `at_kink`.
struct Hinge {
  double top;
  bool at_kink;
  Point operator()(double z) const {
    const bool active = at_kink ? z <= top : z < top;
    return {active ? top - z : 0.0, active ? -1.0 : 0.0, 0.0};
  }
};

/// max over u in [0, 1] of u (top - z) - ramp u^2 / 2.
struct SmoothHinge {
  double top, ramp;
  Point operator()(double z) const {
    const double t = top - z;
    if (t <= 0.0) return {0.0, 0.0, 0.0};
    if (t >= ramp) return {t - 0.5 * ramp, -1.0, 0.0};
    return {0.5 * t * t / ramp, -t / ramp, 1.0 / ramp};
  }
};

struct SquaredHinge {
  Point operator()(double z) const {
    const double t = 1.0 - z;
    if (t <= 0.0) return {0.0, 0.0, 0.0};
    return {t * t, -2.0 * t, 2.0};
  }
};

struct ModifiedHuber {
  Point operator()(double z) const {
    if (z >= 1.0) return {0.0, 0.0, 0.0};
    if (z >= -1.0) return {(1.0 - z) * (1.0 - z), -2.0 * (1.0 - z), 2.0};
    return {-4.0 * z, -4.0, 0.0};
  }
};

template <class Formula>
std::shared_ptr<const Loss> SignLoss<Formula>::smoothed(double width) const {
  if constexpr (std::is_same_v<Formula, Hinge>) {
    const double ramp = 2.0 * width;  // the gap is at most ramp / 2
    return std::make_shared<SignLoss<SmoothHinge>>(SmoothHinge{formula_.top, ramp}, "smoothed " + text_, 1.0 / ramp);
  } else {
    return nullptr;
  }
}

template <class Formula>
std::shared_ptr<const Loss> make(Formula formula, std::string text, double max_curvature) {
  return std::make_shared<SignLoss<Formula>>(formula, std::move(text), max_curvature);
}

}  // namespace

void add_classification_losses(Registry<LossMaker>& registry) {
  registry.add(
      {.name = "log_loss",
       .kind = "loss",
       .summary = "Logistic regression: probabilities of classes; softmax when there are more than two",
       .formula = "l = log(1 + exp(-y s)), y = -1 or 1; with K classes l = log(sum_j exp(s_j)) - s_y",
       .params = {},
       .reference = "D. R. Cox, The Regression Analysis of Binary Sequences, J. R. Statist. Soc. B 20, 1958",
       .differs = "scikit-learn's SGDClassifier fits one class against the rest; here K classes are one joint model",
       .example = "log_loss"},
      [](const BoundArguments&, Compat) { return make(Logistic{}, "log_loss", 0.25); });

  registry.add({.name = "hinge",
                .kind = "loss",
                .summary = "Support vector machine: nothing is lost beyond a margin of 1",
                .formula = "l = max(0, 1 - y s), slope -y where y s < 1",
                .params = {},
                .reference = "C. Cortes, V. Vapnik, Support-Vector Networks, Machine Learning 20, 1995",
                .differs = "scikit-learn 1.2 takes the slope -y at y s = 1 too: --compat sklearn-1.2",
                .example = "hinge"},
               [](const BoundArguments&, Compat compat) {
                 return make(Hinge{1.0, compat == Compat::sklearn_1_2}, "hinge", kInfinity);
               });

  registry.add(
      {.name = "squared_hinge",
       .kind = "loss",
       .summary = "Hinge, squared: smooth, and harder on points far on the wrong side",
       .formula = "l = max(0, 1 - y s)^2",
       .params = {},
       .reference = "R.-E. Fan et al., LIBLINEAR: A Library for Large Linear Classification, JMLR 9, 2008 (L2-loss)",
       .differs = "",
       .example = "squared_hinge"},
      [](const BoundArguments&, Compat) { return make(SquaredHinge{}, "squared_hinge", 2.0); });

  registry.add({.name = "modified_huber",
                .kind = "loss",
                .summary = "Squared hinge that becomes linear for points far on the wrong side: tolerates outliers",
                .formula = "l = max(0, 1 - y s)^2 if y s >= -1, else -4 y s",
                .params = {},
                .reference = "T. Zhang, Solving Large Scale Linear Prediction Problems Using SGD, ICML 2004",
                .differs = "",
                .example = "modified_huber"},
               [](const BoundArguments&, Compat) { return make(ModifiedHuber{}, "modified_huber", 2.0); });

  registry.add({.name = "perceptron",
                .kind = "loss",
                .summary = "Rosenblatt's rule: only points on the wrong side count",
                .formula = "l = max(0, -y s), slope -y where y s < 0",
                .params = {},
                .reference = "F. Rosenblatt, The Perceptron, Psychological Review 65, 1958",
                .differs = "scikit-learn 1.2 takes the slope -y at y s = 0 too (else nothing moves from zero weights): "
                           "--compat sklearn-1.2, or start elsewhere",
                .example = "perceptron"},
               [](const BoundArguments&, Compat compat) {
                 return make(Hinge{0.0, compat == Compat::sklearn_1_2}, "perceptron", kInfinity);
               });
}

}  // namespace descent::loss
