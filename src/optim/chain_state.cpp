#include "descent/optim/chain_state.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <type_traits>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "src/optim/rules/basic.hpp"
#include "src/optim/rules/kernels.hpp"
#include "src/optim/rules/small.hpp"

namespace descent {
namespace {

template <class T>
std::vector<double> widened(std::span<const T> values) {
  return {values.begin(), values.end()};
}

/// `W 4x3, b 4x1`
std::string shape_text(const std::vector<ParameterBlock>& blocks) {
  std::vector<std::string> parts;
  for (const ParameterBlock& block : blocks)
    parts.push_back(block.name + (block.name.empty() ? "" : " ") + std::to_string(block.rows) + "x" +
                    std::to_string(block.columns));
  return join(parts, ", ");
}

}  // namespace

template <class T>
BasicChainState<T>::BasicChainState(const Chain& chain, std::size_t n, ChainOptions options)
    : text_(to_text(chain)),
      rules_(chain.rules()),
      blocks_(options.blocks),
      pool_(options.pool),
      size_(n),
      path_(options.path) {
  if (rules_.empty()) throw Error(ErrorCode::usage, "a chain needs at least one rule", "optimizer");
  take_displacer();
  states_.resize(rules_.size());
  if (path_ == ChainPath::reference && !std::is_same_v<T, double>)
    throw Error(ErrorCode::usage, "the reference is for doubles", "path");
  if (blocks_.empty()) blocks_.push_back({.name = "", .rows = n, .columns = 1});
  std::size_t total = 0;
  for (const ParameterBlock& block : blocks_) total += block.size();
  if (total != n)
    throw Error(ErrorCode::usage,
                "the blocks must add up to the " + std::to_string(n) + " parameters, got " + std::to_string(total),
                "blocks");

  bool waits = path_ == ChainPath::reference;  // u has to be kept between two passes
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const rules::RuleDef& def = *rules_[i].def;
    RuleState& state = states_[i];
    state.slot = slots_.size();
    state.scalars.assign(def.scalar_start.begin(), def.scalar_start.begin() + static_cast<long>(def.num_scalars));
    for (const Hyper& value : rules_[i].values) {
      if (value.schedule() != nullptr && value.schedule()->is_auto())
        throw Error(ErrorCode::usage, "the learning rate of " + text_ + " is still auto", "learning_rate");
      state.scheduled = state.scheduled || (value.schedule() != nullptr && !value.schedule()->is_constant());
      state.values.push_back(value.at(0));
    }
    if (def.check_blocks != nullptr) def.check_blocks(blocks_);
    for (std::size_t slot = 0; slot < def.num_slots; ++slot)
      slots_.emplace_back(def.slot_size != nullptr ? def.slot_size(blocks_, state.values, slot) : n);
    state.scalars.resize(def.num_scalars + def.num_block_scalars * blocks_.size());
    if (def.rate >= 0) {
      rate_rule_ = i;
      finder_ = def.found_rate >= 0 ? i : kNone;
    }
    if (def.solution_slot >= 0) solution_ = state.slot + static_cast<std::size_t>(def.solution_slot);
    if (i > 0 && rules_[i - 1].def->ends_chain && !def.ends_chain)
      throw Error(ErrorCode::usage,
                  std::string(rules_[i - 1].name()) + " needs the finished move, so " + std::string(rules_[i].name()) +
                      " cannot stand behind it: put it at the end of the chain",
                  "optimizer");
    forgives_ = forgives_ || def.forgives;
    if (!rules_[i].selects.empty()) select(i, options);
    waits = waits || def.whole64 != nullptr || (i > 0 && def.num_sums > 0);
  }
  if (waits) pending_.assign(n);
  if (path_ == ChainPath::fastest) recognise();
  look_up_rate();
}

/// The elements of the blocks, or else the parameters, with the name; `layer` is also every `layer.something`.
template <class T>
void BasicChainState<T>::select(std::size_t rule, const ChainOptions& options) {
  const std::string& wanted = rules_[rule].selects;
  const auto matches = [&](const std::string& name) { return name == wanted || name.starts_with(wanted + "."); };
  auto& ranges = states_[rule].ranges;
  std::vector<std::string> names;
  std::size_t first = 0;
  for (const ParameterBlock& block : blocks_) {
    if (matches(block.name)) ranges.emplace_back(first, first + block.size());
    if (!block.name.empty()) names.push_back(block.name);
    first += block.size();
  }
  if (ranges.empty() && options.parameter_name)
    for (std::size_t i = 0; i < size_; ++i) {
      const std::string name = options.parameter_name(i);
      if (matches(name)) ranges.emplace_back(i, i + 1);
      if (names.size() < 20) names.push_back(name);
    }
  if (ranges.empty())
    throw Error(ErrorCode::usage,
                std::string(rules_[rule].name()) + ": no block or parameter is called " + quoted(wanted) +
                    (names.empty() ? "; none has a name here" : "; there are " + join(names)),
                "optimizer");
}

/// [clip] (learning rate | trace | ema | adam [decay]) ... : the chains everyone uses.
template <class T>
void BasicChainState<T>::recognise() {
  using rules::FusedKind;
  const auto is = [&](std::size_t i, const rules::RuleDef& def) { return i < rules_.size() && rules_[i].def == &def; };
  const auto is_trace = [&](std::size_t i) { return is(i, rules::kTrace) || is(i, rules::kEma); };
  const auto is_rate = [&](std::size_t i) { return is(i, rules::kLearningRate); };
  const std::size_t i = is(0, rules::kClipByValue) || is(0, rules::kClipByGlobalNorm) ? 1 : 0;
  const std::size_t left = rules_.size() - i;
  FusedKind kind = FusedKind::none;
  fused_rule_ = i;
  if (left == 1 && is_rate(i)) {
    kind = FusedKind::sgd;
  } else if (left == 2 && is_trace(i) && is_rate(i + 1)) {
    kind = FusedKind::trace;
  } else if (left == 2 && is_rate(i) && is_trace(i + 1)) {
    kind = FusedKind::trace;
    rate_first_ = true;
    fused_rule_ = i + 1;
  } else if (left == 2 && is(i, rules::kAdam) && is_rate(i + 1)) {
    kind = FusedKind::adam;
  } else if (left == 3 && is(i, rules::kAdam) && is(i + 1, rules::kDecay) && is_rate(i + 2)) {
    kind = FusedKind::adam;
    decay_rule_ = i + 1;
  }
  fused_kind_ = static_cast<unsigned>(kind);
  if (kind == FusedKind::none) return;
  clips_ = i == 1;
  is_small_ = size_ < rules::kSmall;
  for (std::size_t rule = 0; rule < rules_.size(); ++rule)
    is_small_ = is_small_ && (rule == rate_rule_ || !states_[rule].scheduled);
}

/// What slots hold before the first update, where that is not 0.
template <class T>
void BasicChainState<T>::begin_slots(std::span<const T> x) {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const rules::RuleDef& def = *rules_[i].def;
    for (std::size_t slot = 0; slot < def.num_slots; ++slot) {
      AlignedBuffer<T>& buffer = slots_[states_[i].slot + slot];
      if ((def.x_slots >> slot & 1U) != 0) {
        buffer.copy_from(x);
      } else if (def.slot_start != nullptr) {
        std::fill(buffer.begin(), buffer.end(), static_cast<T>(def.slot_start(states_[i].values, slot)));
      }
    }
  }
}

template <class T>
double BasicChainState<T>::found_rate() const {
  return states_[finder_].scalars[static_cast<std::size_t>(rules_[finder_].def->found_rate)];
}

template <class T>
void BasicChainState<T>::solution(std::span<const T> x, std::span<T> out) const {
  if (solution_ == kNone || step_ == 0) {
    std::copy(x.begin(), x.end(), out.begin());
  } else {
    std::copy(slots_[solution_].begin(), slots_[solution_].end(), out.begin());
  }
}

template <class T>
void BasicChainState<T>::save(ArchiveWriter& archive) const {
  archive.put_text("chain", text_);
  archive.put_text("type", sizeof(T) == sizeof(double) ? "double" : "float");
  archive.put_integer("parameters", static_cast<long long>(size_));
  archive.put_text("blocks", shape_text(blocks_));
  archive.put_integer("steps", static_cast<long long>(step_));
  if (displaces()) archive.put_integer("displaced", is_displaced_ ? 1 : 0);
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const std::string prefix = "rule" + std::to_string(i) + "_";
    archive.put_integer(prefix + "steps", static_cast<long long>(states_[i].step));
    archive.put_numbers(prefix + "scalars", states_[i].scalars);
  }
  for (std::size_t i = 0; i < slots_.size(); ++i)
    archive.put_numbers("slot" + std::to_string(i), widened(slots_[i].view()));
}

template <class T>
void BasicChainState<T>::load(ArchiveReader& archive) {
  const auto refuse = [](const std::string& what) {
    throw Error(ErrorCode::model, "the saved optimizer state is of " + what);
  };
  const std::string chain = archive.text("chain"), type = archive.text("type");
  if (chain != text_) refuse("another chain: " + quoted(chain) + ", here it is " + quoted(text_));
  if (type != (sizeof(T) == sizeof(double) ? "double" : "float")) refuse("parameters of type " + quoted(type));
  const std::string blocks = archive.text("blocks");
  const long long parameters = archive.integer("parameters"), steps = archive.integer("steps");
  if (parameters != static_cast<long long>(size_))
    refuse(std::to_string(parameters) + " parameters, here there are " + std::to_string(size_));
  if (blocks != shape_text(blocks_)) refuse("other blocks: " + blocks + ", here " + shape_text(blocks_));
  const bool is_displaced = displaces() && archive.integer("displaced") != 0;
  bool fits = steps >= 0;
  std::vector<RuleState> states = states_;
  for (std::size_t i = 0; i < states.size(); ++i) {
    const std::string prefix = "rule" + std::to_string(i) + "_";
    const long long made = archive.integer(prefix + "steps");
    std::vector<double> scalars = archive.numbers(prefix + "scalars");
    fits = fits && made >= 0 && made <= steps && scalars.size() == states[i].scalars.size();
    states[i].step = static_cast<std::uint64_t>(made);
    states[i].scalars = std::move(scalars);
  }
  std::vector<AlignedBuffer<T>> slots(slots_.size());
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const std::vector<double> saved = archive.numbers("slot" + std::to_string(i));
    fits = fits && saved.size() == slots_[i].size();
    if (!fits) break;
    slots[i].assign(saved.size());
    std::transform(saved.begin(), saved.end(), slots[i].begin(), [](double v) { return static_cast<T>(v); });
  }
  if (!fits) throw Error(ErrorCode::model, "the saved optimizer state is damaged: its sizes do not fit its chain");
  step_ = static_cast<std::uint64_t>(steps);
  is_displaced_ = is_displaced;
  states_ = std::move(states);
  slots_ = std::move(slots);
  look_up_rate();
}

template class BasicChainState<double>;
template class BasicChainState<float>;

}  // namespace descent
