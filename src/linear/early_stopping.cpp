#include "src/linear/early_stopping.hpp"

#include "descent/core/text.hpp"
#include "descent/simd/reduce.hpp"

namespace descent::linear {

bool EarlyStopping::look(View x, std::uint64_t epoch, std::uint64_t step) {
  if (held_out_ == nullptr) return true;
  const double loss = held_out_->value(x);
  if (best_.x.empty() || loss < best_.loss) {
    best_ = {.loss = loss, .epoch = epoch, .step = step, .x = {x.begin(), x.end()}};
    waited_ = 0;
    return true;
  }
  stopped_ = ++waited_ >= patience_;
  return !stopped_;
}

std::string EarlyStopping::stop_reason() const {
  return "the held-out loss has not improved for " + std::to_string(patience_) + " epochs";
}

std::string EarlyStopping::give_back(Objective& objective, Result& result) const {
  if (result.status == Status::converged && best_.step != result.steps) {
    result.status = Status::small_change;
    result.certificate.reset();
    result.reason += "; the weights given back are those of epoch " + std::to_string(best_.epoch);
  }
  result.x = best_.x;
  result.gradient.resize(result.x.size());
  result.value = objective.evaluate(result.x, result.gradient);
  ++result.value_evaluations;
  ++result.gradient_evaluations;
  result.gradient_norm = simd::max_abs(result.gradient);
  result.best = {.step = best_.step, .value = result.value, .x = result.x};
  return "early stopping: the weights are those of epoch " + std::to_string(best_.epoch) + ", whose held-out loss, " +
         number_text(best_.loss, 6) + ", was the least";
}

}  // namespace descent::linear
