// A number in the options of a rule.
#pragma once

#include "descent/core/param_table.hpp"
#include "descent/optim/schedule.hpp"

namespace descent {

/// Fixed, or a schedule that is asked once an update: `{.momentum = 0.9}`, `{.weight_decay = cosine(0.1, 1000)}`. What
/// is allowed is said by the rule.
class Number {
 public:
  Number(double value) : argument_(value) {}                                 // NOLINT(google-explicit-constructor)
  Number(const Schedule& schedule) : argument_(schedule.argument()) {}       // NOLINT(google-explicit-constructor)
  [[nodiscard]] const ArgumentValue& argument() const { return argument_; }  ///< as it stands in a call

 private:
  ArgumentValue argument_;
};

}  // namespace descent
