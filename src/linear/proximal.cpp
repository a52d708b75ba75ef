#include "src/linear/proximal.hpp"

#include <cmath>
#include <memory>
#include <string>
#include <utility>

#include "descent/core/text.hpp"
#include "descent/optim/proximal.hpp"

namespace descent::linear {
namespace {

/// l1 ||.||_1 of the first coordinates: intercepts are not penalised.
class PenalisedCoordinates final : public ProximalTerm {
 public:
  PenalisedCoordinates(double l1, std::size_t count) : penalty_{.l1 = l1}, count_(count) {}
  [[nodiscard]] std::string text() const override { return penalty_.text(); }
  [[nodiscard]] double value(View x) const override { return penalty_.value(x.first(count_)); }
  void prox(double step, MutableView x) const override { penalty_.prox(step, x.first(count_)); }
  void stationarity(View x, View gradient, MutableView out) const override {
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double g = gradient[i], l1 = penalty_.l1;
      if (i >= count_)
        out[i] = g;
      else if (x[i] != 0.0)
        out[i] = g + std::copysign(l1, x[i]);
      else
        out[i] = std::fabs(g) <= l1 ? 0.0 : g - std::copysign(l1, g);
    }
  }

 private:
  loss::Penalty penalty_;
  std::size_t count_;
};

}  // namespace

Result proximal_gradient(Objective& smooth, double l1, std::size_t penalised, std::vector<double> start,
                         double first_step, const MinimizeOptions& options) {
  MinimizeOptions run = options;
  run.term = std::make_shared<PenalisedCoordinates>(l1, penalised);
  if (options.observer) {
    run.observer = [&](const StepInfo& info) {
      StepInfo epoch = info;
      epoch.epoch = info.step;
      return options.observer(epoch);
    };
  }
  Optimizer optimizer(Method::fista);
  if (first_step > 0.0 && std::isfinite(first_step)) optimizer.first_step = first_step;
  Result result = minimize(smooth, std::move(start), optimizer, run);
  const std::vector<double> gradient = result.gradient;
  run.term->stationarity(result.x, gradient, result.gradient);
  result.epochs = result.steps;
  result.optimizer = "fista";
  return result;
}

}  // namespace descent::linear
