#include "descent/optim/chain_state.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "descent/core/error.hpp"
#include "descent/simd/axpy.hpp"
#include "descent/simd/reduce.hpp"
#include "src/optim/rules/kernels.hpp"
#include "src/optim/rules/reference.hpp"

namespace descent {
namespace {

using rules::AdamStep;
using rules::ClipStep;
using rules::RmsStep;
using rules::TraceStep;

/// Below this many elements a plain loop beats a call of a vector kernel; the bits are the same.
constexpr std::size_t kSmall = 16;

/// beta^t as a running product, cut off where 1 - beta^t has been 1 for long: no slow denormal numbers.
double next_power(double power, double beta) {
  power *= beta;
  return power < 0x1p-100 ? 0.0 : power;
}

AdamStep adam_step(const Rule& rule, double power1, double power2) {
  const auto [beta1, beta2, epsilon] = rule.values;
  const double root = std::sqrt(1.0 - power2);
  return {.beta1 = beta1,
          .gain1 = 1.0 - beta1,
          .beta2 = beta2,
          .gain2 = 1.0 - beta2,
          .factor = root / (1.0 - power1),
          .epsilon = epsilon * root};
}

TraceStep trace_step(const Rule& rule, std::uint64_t step) {
  const auto [momentum, second, nesterov] = rule.values;
  if (rule.kind == RuleKind::ema) return {.momentum = momentum, .gain = 1.0 - momentum};
  return {.momentum = momentum, .gain = step == 0 ? 1.0 : 1.0 - second, .nesterov = nesterov != 0.0};
}

/// ||u||_2, also where its square would overflow or vanish.
double global_norm(View u) {
  const double squared = simd::squared_norm(u);
  if (std::isfinite(squared) && squared >= 0x1p-900) return std::sqrt(squared);
  return rules::norm_reference(u);
}

template <rules::Clip clip>
void small_sgd(double limit, double rate, View g, MutableView x) {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = rules::sgd_element<clip>(limit, rate, g[i], x[i]);
}
template <rules::Clip clip>
void small_trace(double limit, const TraceStep& step, double rate, View g, double* v, MutableView x) {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = rules::trace_element<clip>(limit, step, rate, g[i], v[i], x[i]);
}
template <rules::Clip clip>
void small_adam(double limit, const AdamStep& step, const double* decay, double rate, View g, double* m, double* v,
                MutableView x) {
  if (decay == nullptr)
    for (std::size_t i = 0; i < x.size(); ++i)
      x[i] = rules::adam_element<clip, false>(limit, step, 0.0, rate, g[i], m[i], v[i], x[i]);
  else
    for (std::size_t i = 0; i < x.size(); ++i)
      x[i] = rules::adam_element<clip, true>(limit, step, *decay, rate, g[i], m[i], v[i], x[i]);
}

}  // namespace

ChainState::ChainState(const Chain& chain, std::size_t n, ChainPath path)
    : rules_(chain.rules()), states_(rules_.size()), factors_(rules_.size(), 1.0), size_(n), path_(path) {
  if (rules_.empty()) throw Error(ErrorCode::usage, "a chain needs at least one rule", "optimizer");
  bool global_norm_inside = false;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    states_[i].slot = slots_.size();
    for (std::size_t slot = 0; slot < rules_[i].num_slots(); ++slot) slots_.emplace_back(n);
    if (rules_[i].schedule != nullptr) {
      if (rules_[i].schedule->is_auto())
        throw Error(ErrorCode::usage, "the learning rate of " + to_text(chain) + " is still auto", "learning_rate");
      schedule_ = i;
    }
    global_norm_inside = global_norm_inside || (i > 0 && rules_[i].kind == RuleKind::clip_by_global_norm);
  }
  if (global_norm_inside || path == ChainPath::reference) pending_.assign(n);
  if (path == ChainPath::fastest) recognise();
  prepare_rate();
}

/// [clip] (scale_by_learning_rate | trace | ema | scale_by_adam [add_decayed_weights]) ... : the chains everyone uses.
void ChainState::recognise() {
  std::size_t i = 0;
  const auto kind = [&](std::size_t at) { return at < rules_.size() ? rules_[at].kind : RuleKind::custom; };
  if (kind(0) == RuleKind::clip_by_value) clip_ = Clip::value;
  if (kind(0) == RuleKind::clip_by_global_norm) clip_ = Clip::global_norm;
  if (clip_ != Clip::none) ++i;
  const auto is_trace = [&](std::size_t at) { return kind(at) == RuleKind::trace || kind(at) == RuleKind::ema; };
  const auto is_rate = [&](std::size_t at) { return kind(at) == RuleKind::scale_by_learning_rate; };
  const auto ends = [&](std::size_t at) { return at == rules_.size(); };

  main_ = i;
  if (is_rate(i) && ends(i + 1)) {
    fused_ = Fused::sgd;
  } else if (is_trace(i) && is_rate(i + 1) && ends(i + 2)) {
    fused_ = Fused::trace;
  } else if (is_rate(i) && is_trace(i + 1) && ends(i + 2)) {
    fused_ = Fused::trace;
    main_ = i + 1;
  } else if (kind(i) == RuleKind::scale_by_adam) {
    has_decay_ = kind(i + 1) == RuleKind::add_decayed_weights;
    if (has_decay_) decay_ = rules_[i + 1].values[0];
    const std::size_t rate = i + (has_decay_ ? 2 : 1);
    if (is_rate(rate) && ends(rate + 1)) fused_ = Fused::adam;
  }
}

void ChainState::update(View gradient, MutableView x) {
  if (fused_ != Fused::none) {
    update_fused(gradient, x);
  } else if (path_ == ChainPath::reference) {
    update_reference(gradient, x);
  } else {
    update_blocks(gradient, x);
  }
  ++step_;
  prepare_rate();
}

void ChainState::prepare_rate() {
  if (schedule_ != kNone) rate_ = (*rules_[schedule_].schedule)(step_);
}

void ChainState::update_fused(View gradient, MutableView x) {
  ClipStep clip;
  if (clip_ == Clip::value) {
    clip = {.kind = rules::Clip::value, .limit = rules_[0].values[0]};
  } else if (clip_ == Clip::global_norm) {
    const double norm = global_norm(gradient), limit = rules_[0].values[0];
    if (norm > limit) clip = {.kind = rules::Clip::factor, .limit = limit / norm};
  }
  const bool is_small = size_ < kSmall;
  const auto dispatch = [&clip](auto&& none, auto&& value, auto&& factor) {
    switch (clip.kind) {
      case rules::Clip::none: return none();
      case rules::Clip::value: return value();
      case rules::Clip::factor: return factor();
    }
  };
  if (fused_ == Fused::sgd) {
    if (!is_small) return rules::fused_sgd(clip, rate_, gradient, x);
    return dispatch([&] { small_sgd<rules::Clip::none>(clip.limit, rate_, gradient, x); },
                    [&] { small_sgd<rules::Clip::value>(clip.limit, rate_, gradient, x); },
                    [&] { small_sgd<rules::Clip::factor>(clip.limit, rate_, gradient, x); });
  }
  const Rule& rule = rules_[main_];
  RuleState& state = states_[main_];
  AlignedBuffer<double>& first = slots_[state.slot];
  if (fused_ == Fused::trace) {
    TraceStep step = trace_step(rule, step_);
    step.rate_first = main_ > 0 && rules_[main_ - 1].schedule != nullptr;
    if (!is_small) return rules::fused_trace(clip, step, rate_, gradient, first.view(), x);
    return dispatch([&] { small_trace<rules::Clip::none>(clip.limit, step, rate_, gradient, first.data(), x); },
                    [&] { small_trace<rules::Clip::value>(clip.limit, step, rate_, gradient, first.data(), x); },
                    [&] { small_trace<rules::Clip::factor>(clip.limit, step, rate_, gradient, first.data(), x); });
  }
  state.power1 = next_power(state.power1, rule.values[0]);
  state.power2 = next_power(state.power2, rule.values[1]);
  const AdamStep step = adam_step(rule, state.power1, state.power2);
  const double* decay = has_decay_ ? &decay_ : nullptr;
  double *m = first.data(), *v = slots_[state.slot + 1].data();
  if (!is_small) return rules::fused_adam(clip, step, decay, rate_, gradient, {m, size_}, {v, size_}, x);
  return dispatch([&] { small_adam<rules::Clip::none>(clip.limit, step, decay, rate_, gradient, m, v, x); },
                  [&] { small_adam<rules::Clip::value>(clip.limit, step, decay, rate_, gradient, m, v, x); },
                  [&] { small_adam<rules::Clip::factor>(clip.limit, step, decay, rate_, gradient, m, v, x); });
}

/// Bias corrections and rates move on once an update, before any block.
void ChainState::advance() {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (rules_[i].schedule != nullptr) factors_[i] = i == schedule_ ? rate_ : (*rules_[i].schedule)(step_);
    if (rules_[i].kind != RuleKind::scale_by_adam) continue;
    states_[i].power1 = next_power(states_[i].power1, rules_[i].values[0]);
    states_[i].power2 = next_power(states_[i].power2, rules_[i].values[1]);
  }
}

void ChainState::run_block(std::size_t index, std::span<double> u, std::span<const double> x, std::size_t first) {
  const Rule& rule = rules_[index];
  const RuleState& state = states_[index];
  const auto slot = [&](std::size_t which) {
    return std::span<double>(slots_[state.slot + which].data() + first, u.size());
  };
  switch (rule.kind) {
    case RuleKind::clip_by_value: return rules::clip_by_value(rule.values[0], u);
    case RuleKind::clip_by_global_norm:
      if (factors_[index] < 1.0) simd::scale(factors_[index], u);
      return;
    case RuleKind::add_decayed_weights: return simd::axpy(rule.values[0], x, u);
    case RuleKind::scale: return simd::scale(rule.values[0], u);
    case RuleKind::scale_by_learning_rate: return simd::scale(factors_[index], u);
    case RuleKind::trace:
    case RuleKind::ema: return rules::trace(trace_step(rule, step_), slot(0), u);
    case RuleKind::scale_by_rms:
      return rules::scale_by_rms({.rho = rule.values[0], .gain = 1.0 - rule.values[0], .epsilon = rule.values[1]},
                                 slot(0), u);
    case RuleKind::scale_by_adam:
      return rules::scale_by_adam(adam_step(rule, state.power1, state.power2), slot(0), slot(1), u);
    case RuleKind::custom: {
      RuleBlock block{.update = u, .x = x, .first = first, .step = step_};
      return (*rule.custom)(block);
    }
  }
}

/// Rules between two global norms run together, block by block; a global norm needs all of u before it, so u waits in
/// `pending_` there, except before the first rule, where u is the gradient itself.
void ChainState::update_blocks(View gradient, MutableView x) {
  advance();
  const auto limited = [&](std::size_t rule, View u) {
    const double norm = global_norm(u), limit = rules_[rule].values[0];
    factors_[rule] = norm > limit ? limit / norm : 1.0;
  };
  alignas(64) std::array<double, kRuleBlock> block;
  std::size_t begin = 0;
  while (begin < rules_.size()) {
    const View input = begin == 0 ? gradient : pending_.view();
    if (rules_[begin].kind == RuleKind::clip_by_global_norm) limited(begin, input);
    std::size_t end = begin + 1;
    while (end < rules_.size() && rules_[end].kind != RuleKind::clip_by_global_norm) ++end;
    const bool is_last = end == rules_.size();
    for (std::size_t first = 0; first < size_; first += kRuleBlock) {
      const std::size_t count = std::min(kRuleBlock, size_ - first);
      const std::span<double> u(block.data(), count);
      std::copy_n(input.data() + first, count, block.data());
      for (std::size_t rule = begin; rule < end; ++rule) run_block(rule, u, x.subspan(first, count), first);
      if (is_last) {
        rules::subtract(u, x.subspan(first, count));
      } else {
        std::copy_n(block.data(), count, pending_.data() + first);
      }
    }
    begin = end;
  }
}

void ChainState::update_reference(View gradient, MutableView x) {
  advance();
  std::copy(gradient.begin(), gradient.end(), pending_.begin());
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const double rate = rules_[i].schedule == nullptr ? 1.0 : (*rules_[i].schedule)(step_);
    rules::apply_reference(rules_[i], step_ + 1, rate, states_[i].power1, states_[i].power2,
                           std::span(slots_).subspan(states_[i].slot, rules_[i].num_slots()), x, pending_.view());
  }
  for (std::size_t i = 0; i < size_; ++i) x[i] = x[i] - pending_[i];
}

void ChainState::save(ArchiveWriter& archive) const {
  archive.put_integer("steps", static_cast<long long>(step_));
  archive.put_integer("parameters", static_cast<long long>(size_));
  std::vector<double> powers;
  for (const RuleState& state : states_) powers.insert(powers.end(), {state.power1, state.power2});
  archive.put_numbers("powers", powers);
  for (std::size_t i = 0; i < slots_.size(); ++i) archive.put_numbers("slot" + std::to_string(i), slots_[i].view());
}

void ChainState::load(ArchiveReader& archive) {
  const std::vector<double> powers = archive.numbers("powers");
  const long long steps = archive.integer("steps");
  std::vector<AlignedBuffer<double>> slots(slots_.size());
  bool fits = archive.integer("parameters") == static_cast<long long>(size_) && powers.size() == 2 * states_.size() &&
              steps >= 0 && !archive.has("slot" + std::to_string(slots_.size()));
  for (std::size_t i = 0; fits && i < slots.size(); ++i) {
    slots[i].copy_from(archive.numbers("slot" + std::to_string(i)));
    fits = slots[i].size() == size_;
  }
  if (!fits)
    throw Error(ErrorCode::model, "the saved optimizer state belongs to another chain or another number of parameters");
  step_ = static_cast<std::uint64_t>(steps);
  prepare_rate();
  slots_ = std::move(slots);
  for (std::size_t i = 0; i < states_.size(); ++i) {
    states_[i].power1 = powers[2 * i];
    states_[i].power2 = powers[2 * i + 1];
  }
}

}  // namespace descent
