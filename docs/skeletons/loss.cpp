// A loss of one score and one target. Two places, both in the file that holds its kind: src/loss/regression.cpp
// (numbers) or src/loss/classification.cpp (signs). The fits, their certificates and the tests take it from the
// registry.
#include <memory>
#include <string>

#include "descent/core/elementary.hpp"
#include "descent/core/text.hpp"
#include "src/loss/makers.hpp"

namespace descent::loss {
namespace {

// 1. The formula: value, slope and curvature at one point, with functions from descent::math only.

/// scale^2 log(cosh(r / scale)): quadratic near 0, linear far away, smooth everywhere.
struct LogCosh {
  double scale;
  Point operator()(double s, double y) const {
    const double z = (s - y) / scale;
    const double t = math::tanh(z);
    // log(cosh(z)) = |z| + log1p(exp(-2 |z|)) - log(2) does not overflow.
    const double size = z < 0.0 ? -z : z;
    constexpr double kLog2 = 0.693147180559945309417232121458;
    return {scale * scale * (size + math::log1p(math::exp(-2.0 * size)) - kLog2), scale * t, 1.0 - t * t};
  }
};

class LogCoshLoss : public Loss {  // the losses of regression.cpp share one template for this: NumberLoss
 public:
  explicit LogCoshLoss(double scale) : formula_{scale} {}
  [[nodiscard]] std::string text() const override { return "log_cosh(" + number_text(formula_.scale) + ")"; }
  [[nodiscard]] TargetKind target() const override { return TargetKind::number; }
  void evaluate(View scores, View targets, MutableView values, MutableView slopes) const override {
    evaluate_formula(scores, targets, values, slopes, formula_);
  }
  void curvature(View scores, View targets, MutableView out) const override {
    curvature_formula(scores, targets, out, formula_);
  }
  [[nodiscard]] double max_curvature() const override { return 1.0; }

 private:
  LogCosh formula_;
};

}  // namespace

// 2. Its entry in the list.

void add_log_cosh(Registry<LossMaker>& registry);
void add_log_cosh(Registry<LossMaker>& registry) {
  registry.add({.name = "log_cosh",
                .kind = "loss",
                .summary = "Between squared and absolute error, without a kink",
                .formula = "l = scale^2 log(cosh((s - y) / scale))",
                .params = {{.name = "scale",
                            .kind = ParamKind::number,
                            .default_text = "1",
                            .interval = {.low = 0.0, .low_open = true},
                            .meaning = "residual at which it turns from quadratic to linear, in units of the target",
                            .why = "the unit of the target; choose the size of the usual noise"}},
                .reference = "P. J. Green, Bayesian reconstructions from emission tomography data using a modified EM "
                             "algorithm, IEEE Trans. Med. Imaging 9, 1990, eq. 8",
                .example = "log_cosh(2)"},
               [](const BoundArguments& arguments, Compat) -> std::shared_ptr<const Loss> {
                 return std::make_shared<LogCoshLoss>(arguments.number("scale"));
               });
}

}  // namespace descent::loss
