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
#include "src/optim/selection.hpp"

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
  if (rate_varies_) look_up_rate();
}

template <class T>
void BasicChainState<T>::look_up_rate() {
  const auto rate_at = [this](std::size_t rule) {
    const auto which = static_cast<std::size_t>(rules_[rule].def->rate);
    return states_[rule].scheduled ? value_at(rule, which) : states_[rule].values[which];
  };
  if (rate_rule_ == kNone) return;
  rate_ = rate_at(rate_rule_);
  if (!is_grouped_) return;
  for (std::size_t i = 0; i < rules_.size(); ++i)
    if (rules_[i].def->rate >= 0) states_[i].rate = rate_at(i);
}

/// The rule's numbers for this update; false if nothing behind it runs.
template <class T>
bool BasicChainState<T>::prepare(std::size_t rule, double value) {
  RuleState& state = states_[rule];
  const rules::RuleDef& def = *rules_[rule].def;
  if (state.scheduled)
    for (std::size_t i = 0; i < state.values.size(); ++i) state.values[i] = value_at(rule, i);
  const rules::Update now{.step = state.step++, .rate = rate_of(rule), .value = value};
  return def.prepare == nullptr || def.prepare(state.values, now, state.scalars, state.numbers) == rules::Flow::go_on;
}

template <class T>
double BasicChainState<T>::rate_of(std::size_t rule) const {
  return is_grouped_ && states_[rule].rate_rule != kNone ? states_[states_[rule].rate_rule].rate : rate_;
}

/// prepare(), where a restricted rule holds back its own parameters only.
template <class T>
bool BasicChainState<T>::begin_rule(std::size_t rule, double value) {
  if (states_[rule].idle) return true;
  const bool goes_on = prepare(rule, value);
  if (goes_on || !states_[rule].restricted) return goes_on;
  hold(rule);
  return true;
}

/// The rule's parameters stay in this update, and what is behind it for these alone does not run.
template <class T>
void BasicChainState<T>::hold(std::size_t rule) {
  states_[rule].holds = true;
  held_ += states_[rule].selection.count;
  for (const std::size_t within : states_[rule].within) states_[within].idle = true;
}

template <class T>
void BasicChainState<T>::begin_update() {
  if (!is_grouped_) return;
  held_ = 0;
  for (RuleState& state : states_) state.holds = state.idle = false;
}

template <class T>
bool BasicChainState<T>::needs_all(std::size_t rule) const {
  return rules_[rule].def->needs_all() && !states_[rule].idle;
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

template <class T>
void BasicChainState<T>::run_custom(std::size_t rule, std::span<T> u, std::span<const T> x, std::size_t first) const {
  const std::size_t count = u.size();
  std::array<double, kRuleBlock> wide, at;
  std::copy_n(u.begin(), count, wide.begin());
  std::copy_n(x.begin(), count, at.begin());
  RuleBlock user{
      .update = {wide.data(), count}, .x = {at.data(), count}, .first = first, .step = states_[rule].step - 1};
  (*rules_[rule].custom)(user);
  std::transform(wide.begin(), wide.begin() + static_cast<long>(count), u.begin(),
                 [](double v) { return static_cast<T>(v); });
}

/// Rules begin .. end-1 on one block, from `input`; the result is in `block`, or still in `input` where none ran.
template <class T>
const T* BasicChainState<T>::run_rules(std::size_t begin, std::size_t end, std::span<const T> input, T* block,
                                       std::span<const T> x, std::size_t first) {
  const std::size_t count = input.size();
  const T* in = input.data();
  for (std::size_t i = begin; i < end; ++i) {
    const rules::RuleDef& def = *rules_[i].def;
    const RuleState& state = states_[i];
    if (state.idle) continue;
    if ((state.restricted || rules_[i].custom != nullptr) && in != block) std::copy_n(in, count, block);
    const auto run = [&](std::size_t from, std::size_t stop, std::size_t at) {
      const std::size_t offset = from - first;
      if (rules_[i].custom != nullptr)
        return run_custom(i, {block + offset, stop - from}, x.subspan(from, stop - from), from);
      rules::Elements<T> e{.in = (state.restricted ? block : in) + offset,
                           .out = block + offset,
                           .x = x.data() + from,
                           .slots = {},
                           .size = stop - from,
                           .first = at};
      for (std::size_t slot = 0; slot < def.num_slots; ++slot) e.slots[slot] = slots_[state.slot + slot].data() + at;
      def.template kernel<T>()(state.numbers.data(), e);
      if (state.holds) std::fill_n(e.out, e.size, T(0));
    };
    if (state.restricted) {
      rules::for_each_part(state.selection, first, count, run);
    } else {
      run(first, first + count, first);
    }
    in = block;
  }
  return in;
}

/// Rules between two that need all of u run together, block by block. A rule that needs sums gets them from the pass
/// before it, which runs over memory anyway; u waits in `pending_`, except before the first rule, where it is the
/// gradient itself.
template <class T>
void BasicChainState<T>::update_blocks(std::span<const T> gradient, std::span<T> x, double value) {
  begin_update();
  std::span<const T> input = gradient;
  std::size_t done = 0;       // rules that have run
  std::size_t ready = kNone;  // a rule whose sums are there
  while (true) {
    const std::size_t begin = done;
    std::size_t end = begin;
    bool goes_on = true;
    while (goes_on && end < rules_.size() && (end == ready || !needs_all(end))) {
      if (end != ready) goes_on = begin_rule(end, value);
      ++end;
    }
    if (!goes_on || end == rules_.size()) {
      // The last factor joins the subtraction: one pass through L1 less.
      const bool scales = goes_on && end > begin && !states_[end - 1].restricted &&
                          (rules_[end - 1].def == &rules::kLearningRate || rules_[end - 1].def == &rules::kScale);
      const double factor = scales ? states_[end - 1].numbers[0] : 1.0;
      const std::size_t last = scales ? end - 1 : end;
      over_blocks([&](std::size_t first, std::size_t count) {
        alignas(64) std::array<T, kRuleBlock> block;
        const T* u = run_rules(begin, last, input.subspan(first, count), block.data(), x, first);
        if (goes_on) rules::subtract(factor, {u, count}, x.subspan(first, count));
      });
      moved_ = goes_on && held_ < size_;
      return;
    }

    const rules::RuleDef& def = *rules_[end].def;
    const bool runs = end > begin;
    if (!states_[end].restricted) prepare(end, value);
    if (def.num_sums > 0 && !states_[end].restricted) {
      std::vector<double> sums(def.num_sums);
      sum_over_elements(sums, [&](std::size_t first, std::size_t stop, std::span<double> partial) {
        const T* u = input.data() + first;
        if (runs) u = run_into(begin, end, input.subspan(first, stop - first), pending_.data() + first, x, first);
        rules::Elements<T> e{
            .in = u, .out = nullptr, .x = x.data() + first, .slots = {}, .size = stop - first, .first = first};
        for (std::size_t slot = 0; slot < def.num_slots; ++slot)
          e.slots[slot] = slots_[states_[end].slot + slot].data() + first;
        def.template sum<T>()(states_[end].numbers.data(), e, partial.data());
      });
      if (runs) input = pending_.view();
      const rules::Update now{.step = states_[end].step - 1, .rate = rate_of(end), .value = value};
      if (def.summed(states_[end].values, now, sums.data(), states_[end].scalars, states_[end].numbers) ==
          rules::Flow::stop) {
        moved_ = false;
        return;
      }
      ready = done = end;
    } else {
      over_blocks([&](std::size_t first, std::size_t count) {
        if (runs) {
          run_into(begin, end, input.subspan(first, count), pending_.data() + first, x, first);
        } else if (input.data() != pending_.data()) {
          std::copy_n(input.data() + first, count, pending_.data() + first);
        }
      });
      if (states_[end].restricted) {
        if (!run_apart(end, pending_.view(), x, value)) hold(end);
      } else if (!run_whole(end, pending_.view(), x)) {
        moved_ = false;
        return;
      }
      input = pending_.view();
      done = end + 1;
    }
  }
}

/// As run_rules(), with the result in `block` in any case.
template <class T>
const T* BasicChainState<T>::run_into(std::size_t begin, std::size_t end, std::span<const T> input, T* block,
                                      std::span<const T> x, std::size_t first) {
  const T* u = run_rules(begin, end, input, block, x, first);
  if (u != block) std::copy_n(u, input.size(), block);
  return block;
}

/// False if nothing behind the rule runs. u and x are what the rule sees.
template <class T>
bool BasicChainState<T>::run_whole(std::size_t rule, std::span<T> u, std::span<const T> x) {
  RuleState& state = states_[rule];
  rules::Flow flow = rules::Flow::go_on;
  const rules::RuleDef& def = *rules_[rule].def;
  def.template whole<T>()({.u = u,
                           .x = x,
                           .slots = std::span(slots_).subspan(state.slot, def.num_slots),
                           .blocks = state.selection.blocks,
                           .values = state.values,
                           .scalars = state.scalars,
                           .numbers = state.numbers.data(),
                           .now = {.step = state.step - 1, .rate = rate_of(rule), .value = 0.0},
                           .flow = &flow,
                           .pool = pool_});
  return flow == rules::Flow::go_on;
}

/// A restricted rule that needs all it sees: its parameters are put side by side, and back. False if it holds them
/// back.
template <class T>
bool BasicChainState<T>::run_apart(std::size_t rule, std::span<T> u, std::span<const T> x, double value) {
  RuleState& state = states_[rule];
  const rules::RuleDef& def = *rules_[rule].def;
  const std::size_t n = state.selection.count;
  if (some_u_.size() < n) some_u_.assign(n);
  if (some_x_.size() < n) some_x_.assign(n);
  const std::span<T> some_u = some_u_.view().first(n), some_x = some_x_.view().first(n);
  rules::gather<T>(state.selection, u, some_u);
  rules::gather<T>(state.selection, x, some_x);
  const auto elements = [&](std::size_t first, std::size_t stop) {
    rules::Elements<T> e{.in = some_u.data() + first,
                         .out = some_u.data() + first,
                         .x = some_x.data() + first,
                         .slots = {},
                         .size = stop - first,
                         .first = first};
    for (std::size_t slot = 0; slot < def.num_slots; ++slot) e.slots[slot] = slots_[state.slot + slot].data() + first;
    return e;
  };
  bool goes_on = prepare(rule, value);
  if (def.num_sums > 0) {
    std::vector<double> sums(def.num_sums);
    block_visits_ += parallel::num_blocks(n);
    parallel::reduce_rows(n < kWorthThreads ? nullptr : pool_, n, sums,
                          [&](std::size_t first, std::size_t stop, std::span<double> partial) {
                            def.template sum<T>()(state.numbers.data(), elements(first, stop), partial.data());
                          });
    const rules::Update now{.step = state.step - 1, .rate = rate_of(rule), .value = value};
    goes_on = def.summed(state.values, now, sums.data(), state.scalars, state.numbers) == rules::Flow::go_on;
    for (std::size_t first = 0; goes_on && first < n; first += kRuleBlock)
      def.template kernel<T>()(state.numbers.data(), elements(first, std::min(first + kRuleBlock, n)));
  } else {
    goes_on = run_whole(rule, some_u, some_x);
  }
  if (!goes_on) std::fill(some_u.begin(), some_u.end(), T(0));
  rules::scatter<T>(state.selection, some_u, u);
  return goes_on;
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
    begin_update();
    std::copy(gradient.begin(), gradient.end(), pending_.begin());
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      RuleState& state = states_[i];
      if (state.idle) continue;
      rules::Flow flow = prepare(i, value) ? rules::Flow::go_on : rules::Flow::stop;
      if (rules_[i].custom != nullptr) {
        for (const auto& [begin, end] : state.selection.ranges) {
          RuleBlock user{.update = pending_.view().subspan(begin, end - begin),
                         .x = View(x).subspan(begin, end - begin),
                         .first = begin,
                         .step = state.step - 1};
          (*rules_[i].custom)(user);
        }
        continue;
      }
      std::vector<double> some_u(state.selection.count), some_x(state.selection.count);
      rules::gather<double>(state.selection, pending_.view(), some_u);
      rules::gather<double>(state.selection, x, some_x);
      rules_[i].def->reference({.u = some_u,
                                .x = some_x,
                                .slots = std::span(slots_).subspan(state.slot, rules_[i].def->num_slots),
                                .blocks = state.selection.blocks,
                                .values = state.values,
                                .scalars = state.scalars,
                                .now = {.step = state.step - 1, .rate = rate_of(i), .value = value},
                                .flow = &flow});
      if (flow == rules::Flow::stop) {
        if (!state.restricted) {
          moved_ = false;
          return;
        }
        hold(i);
        std::fill(some_u.begin(), some_u.end(), 0.0);
      }
      rules::scatter<double>(state.selection, some_u, pending_.view());
    }
    moved_ = held_ < size_;
    for (std::size_t i = 0; i < size_; ++i) x[i] = x[i] - pending_[i];
  }
}

#define DESCENT_INSTANTIATE(T)                                                                                         \
  template rules::ClipStep BasicChainState<T>::clip_step(std::span<const T>);                                          \
  template void BasicChainState<T>::update_small(std::span<const T>, std::span<T>);                                    \
  template void BasicChainState<T>::update_fused(std::span<const T>, std::span<T>, double);                            \
  template void BasicChainState<T>::update_blocks(std::span<const T>, std::span<T>, double);                           \
  template void BasicChainState<T>::update_reference(std::span<const T>, std::span<T>, double);                        \
  template void BasicChainState<T>::update(std::span<const T>, std::span<T>, double);                                  \
  template void BasicChainState<T>::begin_update();                                                                    \
  template bool BasicChainState<T>::begin_rule(std::size_t, double);                                                   \
  template void BasicChainState<T>::hold(std::size_t);                                                                 \
  template bool BasicChainState<T>::needs_all(std::size_t) const;                                                      \
  template double BasicChainState<T>::rate_of(std::size_t) const;                                                      \
  template bool BasicChainState<T>::run_apart(std::size_t, std::span<T>, std::span<const T>, double);                  \
  template void BasicChainState<T>::run_custom(std::size_t, std::span<T>, std::span<const T>, std::size_t) const;      \
  template const T* BasicChainState<T>::run_into(std::size_t, std::size_t, std::span<const T>, T*, std::span<const T>, \
                                                 std::size_t);                                                         \
  template void BasicChainState<T>::look_up_rate();                                                                    \
  template bool BasicChainState<T>::prepare(std::size_t, double);                                                      \
  template bool BasicChainState<T>::run_whole(std::size_t, std::span<T>, std::span<const T>);                          \
  template void BasicChainState<T>::sum_over_elements(                                                                 \
      std::span<double>, const std::function<void(std::size_t, std::size_t, std::span<double>)>&);                     \
  template void BasicChainState<T>::over_blocks(const std::function<void(std::size_t, std::size_t)>&);                 \
  template const T* BasicChainState<T>::run_rules(std::size_t, std::size_t, std::span<const T>, T*,                    \
                                                  std::span<const T>, std::size_t);
DESCENT_INSTANTIATE(double)
DESCENT_INSTANTIATE(float)
#undef DESCENT_INSTANTIATE

}  // namespace descent
