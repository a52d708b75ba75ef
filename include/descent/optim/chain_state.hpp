// What a chain remembers between updates, and the update itself.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "descent/core/aligned_buffer.hpp"
#include "descent/core/archive.hpp"
#include "descent/core/span.hpp"
#include "descent/optim/chain.hpp"
#include "descent/optim/plateau_state.hpp"
#include "descent/parallel/pool.hpp"

namespace descent {

namespace rules {
struct ClipStep;  // src/optim/rules/kernels.hpp
/// The elements that a rule is for. It sees them side by side; all, in one range, unless it is restricted.
struct Selection {
  std::vector<std::pair<std::size_t, std::size_t>> ranges;  ///< begin and end of each, rising, apart
  std::vector<std::size_t> offsets;                         ///< where each begins in what the rule sees
  std::vector<ParameterBlock> blocks;                       ///< of what it sees
  std::size_t count = 0;
};
}  // namespace rules

/// How update() is computed. All give the same bits; tests choose, everyone else takes `fastest`.
enum class ChainPath {
  fastest,    ///< one fused kernel where the chain is a known preset, else blocks
  blocks,     ///< every rule's kernel on one block of 256 elements after the other
  reference,  ///< plain loops over whole vectors, as the papers write them (double only)
};

/// The value that is allowed for element i nearest to a given one.
using Projection = std::function<double(std::size_t i, double value)>;

struct ChainOptions {
  ChainPath path = ChainPath::fastest;
  parallel::Pool* pool = nullptr;  ///< null: one thread. Never changes a bit; must outlive the state
  /// What belongs together, for rules that look at matrices; their sizes add up to n. Empty: one vector.
  std::vector<ParameterBlock> blocks{};
  /// Name of parameter i, for links that are told names (only, freeze) where blocks are not enough. May be empty.
  std::function<std::string(std::size_t)> parameter_name{};
  /// Where the caller moves x into a set after each update, element by element: the chain's averages are of the points
  /// there. update() itself does not project x.
  Projection project{};
};

/// A gradient that is 0 but for some rows of the parameters, seen as [n / width x width] (rows of an embedding; with
/// width 1, single parameters).
template <class T>
struct SparseGradient {
  std::span<const std::size_t> rows;  ///< rising
  std::span<const T> values;          ///< theirs. // shape = [rows.size() x width]
  std::size_t width = 1;
};

/// The state of a chain for n parameters of type T, float or double: a value, copied and saved like one. What is one
/// number for all elements (rates, bias corrections, norms) is double for both.
template <class T>
class BasicChainState {
 public:
  /// Throws: Error(usage) if the chain is empty, its learning rate is still `auto`, the blocks do not add up to n, a
  /// name is no block's, a rule is not for such blocks, one stands behind an average, two bring a rate for one
  /// parameter, sam is not in front, a rule has an average of its own where there is a projection, or what is
  /// restricted to some parameters needs others (a rule that holds them back, with one behind it for more than those).
  BasicChainState(const Chain& chain, std::size_t n, ChainOptions options = {});

  /// One update: x = x - u(gradient). Sizes must be n. `value` is f(x), for the rules that ask for it.
  /// Throws: Error(usage) if a rule asks and `value` is NaN, a schedule leaves what its parameter allows, or the chain
  /// displaces() and was not asked where.
  void update(std::span<const T> gradient, std::span<T> x, double value = std::numeric_limits<double>::quiet_NaN());

  /// True if a schedule of the chain must be told the objective (plateau).
  [[nodiscard]] bool needs_value() const { return needs_value_; }
  /// The objective, before the update that it was measured for: what a plateau takes from it holds from the update
  /// after that. minimize() tells it before each update, minimize_sum() an epoch's mean before the epoch's last. Never
  /// told, a plateau does not cut.
  void tell(double value);

  /// True for a chain with sam: an update is two calls, as in programs for PyTorch first_step() and second_step(),
  /// and each needs a gradient of the same rows:
  ///
  ///   f.evaluate(x, gradient);
  ///   if (state.displaces() && state.displace(gradient, x, point)) f.evaluate(point, gradient);
  ///   state.update(gradient, x);
  ///
  /// minimize() and minimize_sum() do so.
  [[nodiscard]] bool displaces() const { return displacer_.def != nullptr; }
  /// Writes to `out` where the gradient for the next update() is wanted, given the gradient at x; x stays. False if
  /// that is x itself, `out` then holds nothing: the gradient is 0 or not finite. Throws: Error(usage) unless
  /// displaces().
  [[nodiscard]] bool displace(std::span<const T> gradient, std::span<const T> x, std::span<T> out);

  /// One update of the rows that the gradient names, alone: all others, and what rules remember of them, stay as they
  /// are and are not read. That is sgd, and of what has state the lazy form (torch.sparse_adam; sums of adagrad grow by
  /// 0 anyway): a mean does not decay while its row is absent. With all rows it is update(), bit for bit. Throws:
  /// Error(usage) if sizes do not fit, rows do not rise, or a rule of the chain needs all parameters at once, holds
  /// updates back, or is custom.
  void update_rows(const SparseGradient<T>& gradient, std::span<T> x,
                   double value = std::numeric_limits<double>::quiet_NaN());

  /// Updates asked for, those that a rule held back included.
  [[nodiscard]] std::uint64_t steps() const { return step_; }
  /// Of the update about to be made; 1 if no rule has a rate. Of several groups with a rate each, the last's. Of a rule
  /// that works it out while it updates (prodigy, dog, a warm-up of its own): what it took in the last update, 0 before
  /// the first.
  [[nodiscard]] double learning_rate() const { return finder_ == kNone ? rate_ : found_rate(); }
  /// What else changes, as StepInfo::value_names says: scheduled values, and the rates of groups; in the chain's order.
  [[nodiscard]] const std::vector<std::string>& value_names() const { return value_names_; }
  /// Theirs in the update about to be made. // shape = [value_names().size()]
  void values_in_force(std::span<double> out) const;
  /// True if a rule works its rate out while it updates.
  [[nodiscard]] bool finds_rate() const { return finder_ != kNone; }
  /// True if a fused kernel runs it.
  [[nodiscard]] bool is_fused() const { return fused_kind_ != 0; }
  /// True if a rule keeps an average (or another point) that is to be reported in place of x.
  [[nodiscard]] bool has_solution() const { return has_solution_; }
  /// The first link whose average has not begun (swa, polyak_average with a start), as it is written; else empty.
  [[nodiscard]] std::string idle_average() const;
  /// What to report: the average that the last such rule keeps, else x itself.
  void solution(std::span<const T> x, std::span<T> out) const;
  /// False if a rule held the last update back (accumulation, skipped gradients): x stayed.
  [[nodiscard]] bool moved() const { return moved_; }
  /// True if a rule knows what to do with a gradient that is not finite.
  [[nodiscard]] bool forgives() const { return forgives_; }
  /// The name of the first block or parameter that no rule says how far to move (no rate, scale, custom rule, freeze);
  /// empty if there is none: for chains whose rules are restricted to some parameters.
  [[nodiscard]] const std::string& first_without_length() const { return without_length_; }
  /// Times that update() has gone over blocks of elements: passes over memory, in blocks (tests).
  [[nodiscard]] std::uint64_t block_visits() const { return block_visits_; }

  /// Everything needed to continue with the same bits: of rules, wrappers and schedules, plateau's included.
  void save(ArchiveWriter& archive) const;
  /// Throws: Error(model) if the archive's state belongs to another chain, size, type, blocks or parameters.
  void load(ArchiveReader& archive);

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  struct RuleState {
    std::size_t slot = 0;              // first of its slots
    std::uint64_t step = 0;            // updates it made: fewer than the chain's behind a rule that holds back
    std::vector<double> values;        // in this update
    std::vector<double> scalars;       // what it remembers besides its slots
    std::array<double, 16> numbers{};  // for its kernel, in this update
    std::vector<std::pair<std::size_t, PlateauState>> plateaus;  // of the values with that index
    rules::Selection selection;
    std::vector<std::size_t> within;  // rules behind it for the same elements or fewer
    std::size_t rate_rule = kNone;    // whose rate is that of its elements
    double rate = 1.0;                // of a rule that has one, in this update
    bool scheduled = false;
    bool restricted = false;
    bool holds = false;  // held its elements back in this update
    bool idle = false;   // its elements are held back in this update
  };

  [[nodiscard]] double value_at(std::size_t rule, std::size_t value) const;
  void name_values(const std::vector<std::string>& names);
  void relate_rules(const std::vector<std::string>& names);
  void check_lengths(const ChainOptions& options);
  bool begin_rule(std::size_t rule, double value);
  void hold(std::size_t rule);
  void begin_update();
  [[nodiscard]] bool needs_all(std::size_t rule) const;
  bool run_apart(std::size_t rule, std::span<T> u, std::span<const T> x, double value);
  void run_custom(std::size_t rule, std::span<T> u, std::span<const T> x, std::size_t first) const;
  void recognise();
  void look_up_rate();
  [[nodiscard]] double found_rate() const;
  [[nodiscard]] double rate_of(std::size_t rule) const;
  void begin_slots(std::span<const T> x);
  bool prepare(std::size_t rule, double value);
  bool run_whole(std::size_t rule, std::span<T> u, std::span<const T> x);
  const T* run_rules(std::size_t begin, std::size_t end, std::span<const T> input, T* block, std::span<const T> x,
                     std::size_t first);  // input: the block's own elements
  const T* run_into(std::size_t begin, std::size_t end, std::span<const T> input, T* block, std::span<const T> x,
                    std::size_t first);
  void check_rows(const SparseGradient<T>& gradient, std::span<const T> x) const;
  rules::ClipStep clip_step(std::span<const T> gradient);
  void update_small(std::span<const T> gradient, std::span<T> x);
  void update_fused(std::span<const T> gradient, std::span<T> x, double value);
  void update_blocks(std::span<const T> gradient, std::span<T> x, double value);
  void update_reference(std::span<const T> gradient, std::span<T> x, double value);
  void over_blocks(const std::function<void(std::size_t first, std::size_t count)>& work);
  void sum_over_elements(std::span<double> sums,
                         const std::function<void(std::size_t first, std::size_t stop, std::span<double>)>& block);
  void take_displacer();

  std::string text_;
  Rule displacer_;  // sam; without a definition if there is none
  std::vector<Rule> rules_;
  std::vector<RuleState> states_;
  std::vector<AlignedBuffer<T>> slots_;
  std::vector<ParameterBlock> blocks_;
  std::string without_length_;
  std::vector<std::string> value_names_;
  std::vector<std::pair<std::size_t, std::size_t>> changing_values_;  // rule and value; one for each name
  AlignedBuffer<T> pending_;          // u between two passes, when all of it is needed in the middle
  AlignedBuffer<T> some_u_, some_x_;  // what a restricted rule sees that needs all of it
  parallel::Pool* pool_ = nullptr;
  std::size_t size_ = 0;
  std::size_t rate_rule_ = kNone;  // the last rule with a learning rate
  std::size_t finder_ = kNone;     // that rule, if it works its rate out while it updates
  std::size_t held_ = 0;           // elements held back in this update by restricted rules
  std::uint64_t step_ = 0;
  std::uint64_t block_visits_ = 0;
  double rate_ = 1.0;  // of the next update: a schedule is asked once an update
  ChainPath path_ = ChainPath::fastest;
  unsigned fused_kind_ = 0;
  std::size_t fused_rule_ = 0;  // index of the trace or adam of a fused chain
  bool is_small_ = false;       // a fused chain whose elements cost less than what stands around them
  bool clips_ = false;          // a fused chain that begins with clipping
  bool rate_first_ = false;
  bool moved_ = true;
  bool forgives_ = false;
  bool has_solution_ = false;
  bool needs_value_ = false;
  bool is_grouped_ = false;         // a rule is restricted
  bool rate_varies_ = false;        // a rule with a rate has a schedule
  bool is_displaced_ = false;       // since the last update
  std::size_t decay_rule_ = kNone;  // of a fused chain
};

using ChainState = BasicChainState<double>;
extern template class BasicChainState<double>;
extern template class BasicChainState<float>;

}  // namespace descent
