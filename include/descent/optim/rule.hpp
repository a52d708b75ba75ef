// Rules: what is done to a gradient before it is subtracted from the parameters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "descent/core/param_table.hpp"
#include "descent/core/parameter_block.hpp"
#include "descent/core/span.hpp"
#include "descent/optim/schedule.hpp"

namespace descent {

/// Elements a chain handles at a time: 2 KiB for each vector of doubles, so a long chain's working set stays in L1.
inline constexpr std::size_t kRuleBlock = 256;

/// What a user's rule sees: some elements of every vector. `update` begins as the gradient (or what the rules before
/// made of it) and is what will be subtracted from `x`.
struct RuleBlock {
  std::span<double> update;   ///< to be changed in place
  std::span<const double> x;  ///< parameters before this update
  std::size_t first = 0;      ///< index of the first element
  std::uint64_t step = 0;     ///< updates made before this one
};

/// A number of a rule: fixed, or a schedule that is asked once an update.
class Hyper {
 public:
  Hyper(double value) : value_(value) {}  // NOLINT(google-explicit-constructor)
  /// `name` and `allowed` are the parameter's, for the message.
  Hyper(const Schedule& schedule, std::string name, Interval allowed);
  /// Of update k. 0 for `auto`. Throws: Error(usage) if a schedule gives what the parameter does not allow.
  [[nodiscard]] double at(std::uint64_t k) const { return scheduled_ == nullptr ? value_ : scheduled_at(k); }
  [[nodiscard]] const Schedule* schedule() const;  ///< null when fixed
  [[nodiscard]] std::string_view name() const;     ///< the parameter's; empty when fixed
  /// `value`, which somebody else found for update k (a PlateauState). Throws like at().
  [[nodiscard]] double checked(double value, std::uint64_t k) const;

 private:
  struct Scheduled;
  [[nodiscard]] double scheduled_at(std::uint64_t k) const;
  double value_ = 0.0;
  std::shared_ptr<const Scheduled> scheduled_;
};

namespace rules {
struct RuleDef;  // src/optim/rules/rule_def.hpp
}

/// The parameters that a rule is for: those with one of these names, or all others.
struct Restriction {
  std::vector<std::string> names{};
  bool except = false;
};

/// One primitive rule: which one, and its numbers. Its state lives in ChainState.
struct Rule {
  const rules::RuleDef* def = nullptr;
  std::vector<Hyper> values{};                                      ///< in the order the definition says
  std::shared_ptr<const std::function<void(RuleBlock&)>> custom{};  ///< of custom_rule
  std::vector<Restriction> restrictions{};                          ///< all of them hold; none: for all parameters

  [[nodiscard]] std::string_view name() const;
  /// The schedule of its learning rate; null if it has none.
  [[nodiscard]] const Schedule* learning_rate() const;
  /// True if it finds its rate itself; the learning rate is then a factor of what it finds.
  [[nodiscard]] bool finds_rate() const;
  /// True for u = r u and nothing else.
  [[nodiscard]] bool is_learning_rate() const;
  /// True if the size of what it gives does not follow the size of the gradient (adam, rmsprop, sign, ...).
  [[nodiscard]] bool is_scale_free() const;
};

}  // namespace descent
