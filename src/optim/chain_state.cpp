#include "descent/optim/chain_state.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <type_traits>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "src/optim/rules/basic.hpp"
#include "src/optim/rules/kernels.hpp"
#include "src/optim/rules/small.hpp"
#include "src/optim/selection.hpp"

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

/// Where the ranges begin and end.
std::vector<double> bounds_of(const rules::Selection& selection) {
  std::vector<double> result;
  for (const auto& [begin, end] : selection.ranges) {
    result.push_back(static_cast<double>(begin));
    result.push_back(static_cast<double>(end));
  }
  return result;
}

/// What the user calls the link that each rule is of.
void name_links(const std::vector<Chain::Link>& links, std::vector<std::string>& names) {
  for (const Chain::Link& link : links) {
    if (!link.inner.empty())
      name_links(link.inner, names);
    else
      names.insert(names.end(), link.rules.size(), link.call.name);
  }
}

/// In front of averages, what they average must be in the set.
std::vector<Rule> with_projection(std::vector<Rule> chain, const Projection& project) {
  const auto looks = [](const Rule& rule) { return rule.def->place >= 2; };
  const auto first = std::find_if(chain.begin(), chain.end(), looks);
  if (!project || first == chain.end()) return chain;
  for (const Rule& rule : chain)
    if (looks(rule) && rule.def->rate >= 0)
      throw Error(ErrorCode::usage,
                  std::string(rule.name()) +
                      " forms its average from points of its own, which bounds do not reach: "
                      "take another rule, such as sgd or adam, with polyak_average or ema_average behind it",
                  "bounds");
  const auto into = [project](RuleBlock& block) {
    for (std::size_t i = 0; i < block.update.size(); ++i)
      block.update[i] = block.x[i] - project(block.first + i, block.x[i] - block.update[i]);
  };
  Rule rule{.def = &rules::kIntoSet, .custom = std::make_shared<const std::function<void(RuleBlock&)>>(into)};
  chain.insert(first, std::move(rule));
  return chain;
}

}  // namespace

template <class T>
BasicChainState<T>::BasicChainState(const Chain& chain, std::size_t n, ChainOptions options)
    : text_(to_text(chain)),
      rules_(with_projection(chain.rules(), options.project)),
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
    state.restricted = !rules_[i].restrictions.empty();
    is_grouped_ = is_grouped_ || state.restricted;
    state.selection = state.restricted
                          ? rules::select(rules_[i].name(), rules_[i].restrictions, blocks_, options.parameter_name)
                          : rules::Selection{.ranges = {{0, n}}, .offsets = {0}, .blocks = blocks_, .count = n};
    state.slot = slots_.size();
    state.scalars.assign(def.scalar_start.begin(), def.scalar_start.begin() + static_cast<long>(def.num_scalars));
    for (std::size_t v = 0; v < rules_[i].values.size(); ++v) {
      const Schedule* schedule = rules_[i].values[v].schedule();
      if (schedule != nullptr && schedule->is_auto())
        throw Error(ErrorCode::usage, "the learning rate of " + text_ + " is still auto", "learning_rate");
      state.scheduled = state.scheduled || (schedule != nullptr && !schedule->is_constant());
      if (schedule != nullptr && schedule->needs_value()) state.plateaus.emplace_back(v, PlateauState(*schedule));
      state.values.push_back(value_at(i, v));
    }
    needs_value_ = needs_value_ || !state.plateaus.empty();
    if (def.check_blocks != nullptr) def.check_blocks(state.selection.blocks);
    for (std::size_t slot = 0; slot < def.num_slots; ++slot)
      slots_.emplace_back(def.slot_size != nullptr ? def.slot_size(state.selection.blocks, state.values, slot)
                                                   : state.selection.count);
    state.scalars.resize(def.num_scalars + def.num_block_scalars * state.selection.blocks.size());
    if (def.rate >= 0) {
      rate_rule_ = i;
      rate_varies_ = rate_varies_ || state.scheduled;
      finder_ = def.found_rate >= 0 ? i : kNone;
    }
    has_solution_ = has_solution_ || def.solution_slot >= 0;
    forgives_ = forgives_ || def.forgives;
    waits = waits || def.whole64 != nullptr || ((i > 0 || state.restricted) && def.num_sums > 0);
  }
  std::vector<std::string> names;
  name_links(chain.links(), names);
  if (displaces()) names.erase(names.begin());
  for (std::size_t i = 0; i < rules_.size(); ++i)
    if (rules_[i].def == &rules::kIntoSet) names.insert(names.begin() + static_cast<std::ptrdiff_t>(i), "bounds");
  relate_rules(names);
  name_values(names);
  if (is_grouped_) check_lengths(options);
  if (waits) pending_.assign(n);
  if (path_ == ChainPath::fastest && !is_grouped_) recognise();
  look_up_rate();
}

/// What rules have to do with each other: whose rate is whose, and what cannot stand behind what.
template <class T>
void BasicChainState<T>::relate_rules(const std::vector<std::string>& names) {
  const auto refuse = [](const std::string& what) { throw Error(ErrorCode::usage, what, "optimizer"); };
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    RuleState& state = states_[i];
    for (std::size_t j = 0; j < rules_.size(); ++j) {
      if (rules_[j].def->rate >= 0 && rules::overlap(state.selection, states_[j].selection)) state.rate_rule = j;
      if (j <= i || !rules::overlap(state.selection, states_[j].selection)) continue;
      const bool is_within = rules::contains(state.selection, states_[j].selection);
      if (rules_[i].def->rate >= 0 && rules_[j].def->rate >= 0)
        refuse(names[i] + " and " + names[j] +
               " both have a learning rate, and a move takes one: keep one of them (scale_by_... are rules without), "
               "or give each its own parameters, only(a, " +
               names[i] + ") | except(a, " + names[j] + ")");
      const bool stays = rules_[j].name() == "freeze";
      if (rules_[i].def->place > (stays ? 1 : 0) && rules_[j].def->place <= rules_[i].def->place &&
          rules_[j].def != &rules::kIntoSet)
        refuse(names[i] + " takes the move for a finished one, so " + names[j] + " cannot stand behind it: put " +
               names[i] + " at the end of the chain");
      if (state.restricted && is_within) state.within.push_back(j);
      if (state.restricted && rules_[i].def->may_hold && !is_within && !stays)
        refuse(names[i] + " holds back updates of some parameters only, and " + names[j] +
               " behind it is for others, too: restrict it to the same names");
    }
    if (rules_[i].def->takes_rate && state.rate_rule != kNone &&
        !rules::contains(states_[state.rate_rule].selection, state.selection))
      refuse(names[i] + " takes the learning rate of its parameters, and they have several: put it into each group");
    if (rules_[i].def->takes_rate && state.rate_rule < i)
      refuse(names[i] + " is for the direction before it is given its length: put it in front of " +
             names[state.rate_rule]);
  }
}

template <class T>
void BasicChainState<T>::name_values(const std::vector<std::string>& names) {
  const auto has_rate = [](const Rule& rule) { return rule.def->rate >= 0; };
  const bool is_told = std::count_if(rules_.begin(), rules_.end(), has_rate) == 1 && !finds_rate();
  for (std::size_t i = 0; i < rules_.size(); ++i)
    for (std::size_t v = 0; v < rules_[i].values.size(); ++v) {
      const Hyper& value = rules_[i].values[v];
      const bool is_rate = rules_[i].def->rate == static_cast<int>(v);
      const bool changes = value.schedule() != nullptr && !value.schedule()->is_constant();
      if (is_rate ? is_told || (finds_rate() && !changes) : !changes) continue;  // learning_rate() tells it
      const std::string parameter = is_rate ? "learning_rate" : std::string(value.name());
      std::string name = names[i] + "." + parameter;
      for (int k = 2; std::find(value_names_.begin(), value_names_.end(), name) != value_names_.end(); ++k)
        name = names[i] + std::to_string(k) + "." + parameter;
      value_names_.push_back(std::move(name));
      changing_values_.emplace_back(i, v);
    }
}

template <class T>
void BasicChainState<T>::values_in_force(std::span<double> out) const {
  for (std::size_t k = 0; k < out.size(); ++k) out[k] = value_at(changing_values_[k].first, changing_values_[k].second);
}

/// A parameter that passes rules of other groups alone would move by its whole gradient.
template <class T>
void BasicChainState<T>::check_lengths(const ChainOptions& options) {
  std::vector<bool> has_length(size_, false);
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const rules::RuleDef& def = *rules_[i].def;
    if (def.rate < 0 && def.name != std::string("freeze") && &def != &rules::kScale && &def != &rules::kCustom)
      continue;
    for (const auto& [begin, end] : states_[i].selection.ranges)
      std::fill(has_length.begin() + static_cast<std::ptrdiff_t>(begin),
                has_length.begin() + static_cast<std::ptrdiff_t>(end), true);
  }
  const auto missing =
      static_cast<std::size_t>(std::find(has_length.begin(), has_length.end(), false) - has_length.begin());
  if (missing == size_) return;
  std::size_t first = 0;
  for (const ParameterBlock& block : blocks_) {
    if (missing < first + block.size()) {
      without_length_ = block.name;
      break;
    }
    first += block.size();
  }
  if (without_length_.empty() && options.parameter_name) without_length_ = options.parameter_name(missing);
  if (without_length_.empty()) without_length_ = "number " + std::to_string(missing);
}

template <class T>
double BasicChainState<T>::value_at(std::size_t rule, std::size_t value) const {
  const std::uint64_t step = states_[rule].step;
  for (const auto& [which, plateau] : states_[rule].plateaus)
    if (which == value) return rules_[rule].values[value].checked(plateau.rate(step), step);
  return rules_[rule].values[value].at(step);
}

template <class T>
void BasicChainState<T>::tell(double value) {
  for (RuleState& state : states_)
    for (auto& [which, plateau] : state.plateaus) plateau.tell(value, state.step + 1);
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
        rules::gather(states_[i].selection, x, buffer.view());
        if (def.x_factor == nullptr) continue;
        const T factor = static_cast<T>(def.x_factor(states_[i].values));
        for (T& value : buffer) value = factor * value;
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
  std::copy(x.begin(), x.end(), out.begin());
  if (step_ == 0) return;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (rules_[i].def->solution_slot < 0) continue;
    const auto slot = states_[i].slot + static_cast<std::size_t>(rules_[i].def->solution_slot);
    rules::scatter(states_[i].selection, slots_[slot].view(), out);
  }
}

template <class T>
std::string BasicChainState<T>::idle_average() const {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const int count = rules_[i].def->count_scalar;
    if (count >= 0 && states_[i].scalars[static_cast<std::size_t>(count)] == 0.0) return std::string(rules_[i].name());
  }
  return {};
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
    if (states_[i].restricted) archive.put_numbers(prefix + "elements", bounds_of(states_[i].selection));
    for (const auto& [which, plateau] : states_[i].plateaus) {
      archive.begin(prefix + "value" + std::to_string(which));
      plateau.save(archive);
      archive.end();
    }
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
    if (states[i].restricted && archive.numbers(prefix + "elements") != bounds_of(states[i].selection))
      refuse("other parameters: " + std::string(rules_[i].name()) + " was for some that have another place here");
    for (auto& [which, plateau] : states[i].plateaus) {
      archive.enter(prefix + "value" + std::to_string(which));
      plateau.load(archive);
      archive.leave();
    }
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
