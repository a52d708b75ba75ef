// One update, three ways with the same bits.
#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>
#include <utility>

#include "descent/core/error.hpp"
#include "descent/optim/chain_state.hpp"
#include "descent/parallel/reduce.hpp"
#include "src/optim/rules/basic.hpp"
#include "src/optim/rules/kernels.hpp"
#include "src/optim/rules/small.hpp"

namespace descent {
namespace {

constexpr std::size_t kBlocksPerShard = 64;
/// Fewer elements than this are done before a second thread has begun: 32,768 doubles are 20 us of Adam.
constexpr std::size_t kWorthThreads = 2 * kBlocksPerShard * kRuleBlock;

static_assert(kRuleBlock == parallel::kRowsPerBlock,
              "sums over elements use the blocks and the tree of sums over rows");

}  // namespace

template <class T>
void BasicChainState<T>::update(std::span<const T> gradient, std::span<T> x, double value) {
  if (displaces() && !std::exchange(is_displaced_, false))
    throw Error(ErrorCode::usage,
                text_ + " wants the gradient of another point: ask displace() where, before each update", "update");
  if (step_ == 0) begin_slots(x);
  if (is_small_) {
    update_small(gradient, x);
  } else if (fused_kind_ != 0) {
    update_fused(gradient, x, value);
  } else if (path_ == ChainPath::reference) {
    update_reference(gradient, x, value);
  } else {
    update_blocks(gradient, x, value);
  }
  ++step_;
  if (rate_rule_ != kNone && states_[rate_rule_].scheduled) look_up_rate();
}

template <class T>
void BasicChainState<T>::look_up_rate() {
  if (rate_rule_ == kNone) return;
  const RuleState& state = states_[rate_rule_];
  const auto which = static_cast<std::size_t>(rules_[rate_rule_].def->rate);
  rate_ = state.scheduled ? rules_[rate_rule_].values[which].at(state.step) : state.values[which];
}

/// The rule's numbers for this update; false if nothing behind it runs.
template <class T>
bool BasicChainState<T>::prepare(std::size_t rule, double value) {
  RuleState& state = states_[rule];
  const rules::RuleDef& def = *rules_[rule].def;
  if (state.scheduled)
    for (std::size_t i = 0; i < state.values.size(); ++i) state.values[i] = rules_[rule].values[i].at(state.step);
  const rules::Update now{.step = state.step++, .rate = rate_, .value = value};
  return def.prepare == nullptr || def.prepare(state.values, now, state.scalars, state.numbers) == rules::Flow::go_on;
}

template <class T>
void BasicChainState<T>::over_blocks(const std::function<void(std::size_t first, std::size_t count)>& work) {
  const std::size_t num_blocks = parallel::num_blocks(size_);
  block_visits_ += num_blocks;
  const auto run = [&](std::size_t begin, std::size_t end) {
    for (std::size_t b = begin; b < end; ++b) work(b * kRuleBlock, std::min(kRuleBlock, size_ - b * kRuleBlock));
  };
  if (pool_ == nullptr || size_ < kWorthThreads) return run(0, num_blocks);
  pool_->for_each_shard((num_blocks + kBlocksPerShard - 1) / kBlocksPerShard, [&](std::size_t shard) {
    run(shard * kBlocksPerShard, std::min((shard + 1) * kBlocksPerShard, num_blocks));
  });
}

template <class T>
void BasicChainState<T>::sum_over_elements(
    std::span<double> sums,
    const std::function<void(std::size_t first, std::size_t stop, std::span<double> partial)>& block) {
  block_visits_ += parallel::num_blocks(size_);
  if (size_ <= kRuleBlock) {
    block(0, size_, sums);
  } else {
    parallel::reduce_rows(size_ < kWorthThreads ? nullptr : pool_, size_, sums, block);
  }
}

/// Rules begin .. end-1 on one block, from `input` into `block`.
template <class T>
void BasicChainState<T>::run_rules(std::size_t begin, std::size_t end, std::span<const T> input, T* block,
                                   std::span<const T> x, std::size_t first) {
  const std::size_t count = input.size();
  rules::Elements<T> e{
      .in = input.data(), .out = block, .x = x.data() + first, .slots = {}, .size = count, .first = first};
  for (std::size_t i = begin; i < end; ++i) {
    const rules::RuleDef& def = *rules_[i].def;
    const RuleState& state = states_[i];
    if (rules_[i].custom != nullptr) {
      std::array<double, kRuleBlock> u, at;
      std::copy_n(e.in, count, u.begin());
      std::copy_n(e.x, count, at.begin());
      RuleBlock user{.update = {u.data(), count}, .x = {at.data(), count}, .first = first, .step = state.step - 1};
      (*rules_[i].custom)(user);
      std::transform(u.begin(), u.begin() + static_cast<long>(count), block,
                     [](double v) { return static_cast<T>(v); });
    } else {
      for (std::size_t slot = 0; slot < def.num_slots; ++slot) e.slots[slot] = slots_[state.slot + slot].data() + first;
      e.ranges = state.ranges;
      def.template kernel<T>()(state.numbers.data(), e);
    }
    e.in = block;
  }
}

/// Rules between two that need all of u run together, block by block. A rule that needs sums gets them from the pass
/// before it, which runs over memory anyway; u waits in `pending_`, except before the first rule, where it is the
/// gradient itself.
template <class T>
void BasicChainState<T>::update_blocks(std::span<const T> gradient, std::span<T> x, double value) {
  std::span<const T> input = gradient;
  std::size_t done = 0;       // rules that have run
  std::size_t ready = kNone;  // a rule whose sums are there
  while (true) {
    const std::size_t begin = done;
    std::size_t end = begin;
    bool goes_on = true;
    while (goes_on && end < rules_.size() && (end == ready || !rules_[end].def->needs_all())) {
      if (end != ready) goes_on = prepare(end, value);
      ++end;
    }
    if (!goes_on || end == rules_.size()) {
      // The last factor joins the subtraction: one pass through L1 less.
      const bool scales = goes_on && end > begin &&
                          (rules_[end - 1].def == &rules::kLearningRate || rules_[end - 1].def == &rules::kScale);
      const double factor = scales ? states_[end - 1].numbers[0] : 1.0;
      const std::size_t last = scales ? end - 1 : end;
      over_blocks([&](std::size_t first, std::size_t count) {
        alignas(64) std::array<T, kRuleBlock> block;
        run_rules(begin, last, input.subspan(first, count), block.data(), x, first);
        const T* u = last > begin ? block.data() : input.data() + first;
        if (goes_on) rules::subtract(factor, {u, count}, x.subspan(first, count));
      });
      moved_ = goes_on;
      return;
    }

    prepare(end, value);
    const rules::RuleDef& def = *rules_[end].def;
    const bool runs = end > begin;
    if (def.num_sums > 0) {
      std::vector<double> sums(def.num_sums);
      sum_over_elements(sums, [&](std::size_t first, std::size_t stop, std::span<double> partial) {
        T* u = pending_.data() + first;
        if (runs) run_rules(begin, end, input.subspan(first, stop - first), u, x, first);
        rules::Elements<T> e{.in = runs ? u : input.data() + first,
                             .out = nullptr,
                             .x = x.data() + first,
                             .slots = {},
                             .size = stop - first,
                             .first = first};
        for (std::size_t slot = 0; slot < def.num_slots; ++slot)
          e.slots[slot] = slots_[states_[end].slot + slot].data() + first;
        def.template sum<T>()(states_[end].numbers.data(), e, partial.data());
      });
      if (runs) input = pending_.view();
      const rules::Update now{.step = states_[end].step - 1, .rate = rate_, .value = value};
      if (def.summed(states_[end].values, now, sums.data(), states_[end].scalars, states_[end].numbers) ==
          rules::Flow::stop) {
        moved_ = false;
        return;
      }
      ready = done = end;
    } else {
      over_blocks([&](std::size_t first, std::size_t count) {
        if (runs) {
          run_rules(begin, end, input.subspan(first, count), pending_.data() + first, x, first);
        } else if (input.data() != pending_.data()) {
          std::copy_n(input.data() + first, count, pending_.data() + first);
        }
      });
      if (!run_whole(end, x)) {
        moved_ = false;
        return;
      }
      input = pending_.view();
      done = end + 1;
    }
  }
}

/// False if nothing behind the rule runs.
template <class T>
bool BasicChainState<T>::run_whole(std::size_t rule, std::span<const T> x) {
  RuleState& state = states_[rule];
  rules::Flow flow = rules::Flow::go_on;
  const rules::RuleDef& def = *rules_[rule].def;
  def.template whole<T>()({.u = pending_.view(),
                           .x = x,
                           .slots = std::span(slots_).subspan(state.slot, def.num_slots),
                           .blocks = blocks_,
                           .values = state.values,
                           .scalars = state.scalars,
                           .numbers = state.numbers.data(),
                           .now = {.step = state.step - 1, .rate = rate_, .value = 0.0},
                           .flow = &flow});
  return flow == rules::Flow::go_on;
}

/// What stands in front of a fused update, from the values that its rule has now.
template <class T>
rules::ClipStep BasicChainState<T>::clip_step(std::span<const T> gradient) {
  RuleState& state = states_[0];
  if (rules_[0].def == &rules::kClipByValue) return {.kind = rules::Clip::value, .limit = state.values[0]};
  std::array<double, 4> sums{};
  const std::span<double> all(sums.data(), rules::kClipByGlobalNorm.num_sums);
  sum_over_elements(all, [&](std::size_t first, std::size_t stop, std::span<double> partial) {
    const rules::Elements<T> e{.in = gradient.data() + first, .size = stop - first};
    rules::kClipByGlobalNorm.sum<T>()(nullptr, e, partial.data());
  });
  rules::kClipByGlobalNorm.summed(state.values, {}, sums.data(), {}, state.numbers);
  if (!(state.numbers[0] < 1.0)) return {};
  return {.kind = rules::Clip::factor, .limit = state.numbers[0]};
}

/// update_fused() for a few elements and no schedule but the rate's. What takes longer there than the
/// elements do, from vectors of rules to calls through pointers, is left out; the rest stays in registers.
template <class T>
void BasicChainState<T>::update_small(std::span<const T> gradient, std::span<T> x) {
  using rules::FusedKind;
  RuleState& state = states_[fused_rule_];
  AlignedBuffer<T>* const slots = slots_.data() + state.slot;
  rules::FusedStep step{.rate_first = rate_first_, .decays = decay_rule_ != kNone, .rate = rate_};
  rules::Elements<T> e{.in = gradient.data(), .out = x.data(), .size = size_};
  if (clips_) step.clip = clip_step(gradient);
  switch (static_cast<FusedKind>(fused_kind_)) {
    case FusedKind::none: break;
    case FusedKind::sgd: rules::small_update<FusedKind::sgd>(step, e); break;
    case FusedKind::trace: {
      const rules::Update now{.step = state.step, .rate = rate_};
      rules_[fused_rule_].def->prepare(state.values, now, {}, state.numbers);
      step.numbers = state.numbers.data();
      e.slots[0] = slots[0].data();
      rules::small_update<FusedKind::trace>(step, e);
      break;
    }
    case FusedKind::adam: {
      std::array<double, 6> numbers;
      rules::adam_numbers(state.values.data(), state.scalars.data(), numbers.data());
      step.numbers = numbers.data();
      if (step.decays) step.decay = states_[decay_rule_].values[0];
      e.slots[0] = slots[0].data();
      e.slots[1] = slots[1].data();
      rules::small_update<FusedKind::adam>(step, e);
      break;
    }
  }
  for (RuleState& one : states_) ++one.step;
  ++block_visits_;
}

template <class T>
void BasicChainState<T>::update_fused(std::span<const T> gradient, std::span<T> x, double value) {
  rules::FusedStep step{.kind = static_cast<rules::FusedKind>(fused_kind_), .rate_first = rate_first_, .rate = rate_};
  const auto steps_on = [&](std::size_t rule) {
    prepare(rule, value);
    return states_[rule].numbers.data();
  };
  if (clips_) {
    prepare(0, value);
    step.clip = clip_step(gradient);
  }
  ++states_[rate_rule_].step;  // its number is rate_ already
  if (fused_rule_ != rate_rule_) step.numbers = steps_on(fused_rule_);
  if (decay_rule_ != kNone) {
    step.decays = true;
    step.decay = steps_on(decay_rule_)[0];
  }
  rules::Elements<T> e{.in = gradient.data(), .out = x.data(), .x = nullptr, .slots = {}, .size = size_, .first = 0};
  const RuleState& state = states_[fused_rule_];
  for (std::size_t slot = 0; slot < rules_[fused_rule_].def->num_slots; ++slot)
    e.slots[slot] = slots_[state.slot + slot].data();
  block_visits_ += parallel::num_blocks(size_);
  if (pool_ == nullptr || size_ < kWorthThreads) return rules::fused(step, e);
  constexpr std::size_t kShard = kBlocksPerShard * kRuleBlock;
  pool_->for_each_shard((size_ + kShard - 1) / kShard, [&](std::size_t shard) {
    rules::Elements<T> part = e;
    const std::size_t first = shard * kShard;
    part.in += first;
    part.out += first;
    for (std::size_t slot = 0; slot < rules_[fused_rule_].def->num_slots; ++slot) part.slots[slot] += first;
    part.size = std::min(kShard, size_ - first);
    rules::fused(step, part);
  });
}

template <class T>
void BasicChainState<T>::update_reference([[maybe_unused]] std::span<const T> gradient, [[maybe_unused]] std::span<T> x,
                                          [[maybe_unused]] double value) {
  if constexpr (std::is_same_v<T, double>) {
    std::copy(gradient.begin(), gradient.end(), pending_.begin());
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      RuleState& state = states_[i];
      rules::Flow flow = prepare(i, value) ? rules::Flow::go_on : rules::Flow::stop;
      if (rules_[i].custom != nullptr) {
        RuleBlock user{.update = pending_.view(), .x = x, .first = 0, .step = state.step - 1};
        (*rules_[i].custom)(user);
      } else {
        rules_[i].def->reference({.u = pending_.view(),
                                  .x = x,
                                  .slots = std::span(slots_).subspan(state.slot, rules_[i].def->num_slots),
                                  .blocks = blocks_,
                                  .values = state.values,
                                  .scalars = state.scalars,
                                  .now = {.step = state.step - 1, .rate = rate_, .value = value},
                                  .flow = &flow,
                                  .ranges = state.ranges});
      }
      moved_ = flow == rules::Flow::go_on;
      if (!moved_) return;
    }
    for (std::size_t i = 0; i < size_; ++i) x[i] = x[i] - pending_[i];
  }
}

#define DESCENT_INSTANTIATE(T)                                                                                      \
  template rules::ClipStep BasicChainState<T>::clip_step(std::span<const T>);                                       \
  template void BasicChainState<T>::update_small(std::span<const T>, std::span<T>);                                 \
  template void BasicChainState<T>::update_fused(std::span<const T>, std::span<T>, double);                         \
  template void BasicChainState<T>::update_blocks(std::span<const T>, std::span<T>, double);                        \
  template void BasicChainState<T>::update_reference(std::span<const T>, std::span<T>, double);                     \
  template void BasicChainState<T>::update(std::span<const T>, std::span<T>, double);                               \
  template void BasicChainState<T>::look_up_rate();                                                                 \
  template bool BasicChainState<T>::prepare(std::size_t, double);                                                   \
  template bool BasicChainState<T>::run_whole(std::size_t, std::span<const T>);                                     \
  template void BasicChainState<T>::sum_over_elements(                                                              \
      std::span<double>, const std::function<void(std::size_t, std::size_t, std::span<double>)>&);                  \
  template void BasicChainState<T>::over_blocks(const std::function<void(std::size_t, std::size_t)>&);              \
  template void BasicChainState<T>::run_rules(std::size_t, std::size_t, std::span<const T>, T*, std::span<const T>, \
                                              std::size_t);
DESCENT_INSTANTIATE(double)
DESCENT_INSTANTIATE(float)
#undef DESCENT_INSTANTIATE

}  // namespace descent
