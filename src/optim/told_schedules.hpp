// The schedules of a chain that must be told the objective, for one run.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "descent/optim/chain.hpp"
#include "descent/optim/plateau_state.hpp"

namespace descent {

class ToldSchedules {
 public:
  explicit ToldSchedules(const Chain& chain) : chain_(chain) {
    bool any = false;
    for (const Rule& rule : chain.rules())
      for (const Hyper& value : rule.values) any = any || needs_value(value);
    if (!any) return;
    chain_ = Chain();
    for (Chain::Link link : chain.links()) {
      for (Rule& rule : link.rules)
        for (Hyper& value : rule.values)
          if (needs_value(value)) value = value.with(follow(*value.schedule()));
      chain_.append(Chain(std::move(link)));
    }
  }

  /// The chain with these schedules replaced by functions of what was told: what a ChainState is made of. Its text is
  /// that of the chain given.
  [[nodiscard]] const Chain& chain() const { return chain_; }
  [[nodiscard]] bool empty() const { return followed_.empty(); }
  /// Before update k, for update k + 1: a ChainState looks at its next rate at the end of an update. A rule behind one
  /// that holds back counts its own updates, so k is what was asked for last.
  void tell(double value) {
    for (const std::shared_ptr<Followed>& one : followed_) one->state.tell(value, one->asked + 1);
  }

 private:
  struct Followed {
    PlateauState state;
    std::uint64_t asked = 0;
  };
  static bool needs_value(const Hyper& value) { return value.schedule() != nullptr && value.schedule()->needs_value(); }
  Schedule follow(const Schedule& schedule) {
    const auto one = std::make_shared<Followed>(Followed{.state = PlateauState(schedule)});
    followed_.push_back(one);
    return Schedule::function([one](std::uint64_t k) {
      one->asked = k;
      return one->state.rate(k);
    });
  }

  Chain chain_;
  std::vector<std::shared_ptr<Followed>> followed_;
};

}  // namespace descent
