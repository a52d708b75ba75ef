// What a primitive rule is made of. A rule is one constant of this type, in its own file; chain_state.cpp runs it.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "descent/core/aligned_buffer.hpp"
#include "descent/core/parameter_block.hpp"
#include "descent/core/span.hpp"
#include "descent/optim/rule.hpp"
#include "descent/parallel/pool.hpp"

namespace descent::rules {

/// What a kernel reads: whatever `prepare` worked out for this update.
using Numbers = std::array<double, 16>;

/// The rule's values in this update: numbers, and schedules asked.
using Values = std::span<const double>;

/// What is the same for every element of an update.
struct Update {
  std::uint64_t step = 0;  ///< updates this rule made before this one; t = step + 1 in the papers
  double rate = 1.0;       ///< the chain's learning rate in this update
  double value = 0.0;      ///< f(x) where the gradient was taken; NaN when nobody said
};

/// What comes after a rule in this update.
enum class Flow : std::uint8_t {
  go_on,
  stop,  ///< nothing: the rules behind it do not run, x stays (accumulation, skipped updates)
};

/// Some elements of every vector. `out` may be `in`.
template <class T>
struct Elements {
  const T* in = nullptr;  ///< u as it comes
  T* out = nullptr;       ///< u as it goes on
  const T* x = nullptr;
  std::array<T*, 8> slots{};  ///< the rule's own vectors
  std::size_t size = 0;
  std::size_t first = 0;  ///< index of the first of them in the whole vector that the rule sees
};

/// A rule that needs to see whole blocks (matrices, norms): everything at once, changed in place.
template <class T>
struct Whole {
  std::span<T> u;
  std::span<const T> x;
  std::span<AlignedBuffer<T>> slots;
  std::span<const ParameterBlock> blocks;  ///< in order, their sizes add up to u's; never empty
  Values values;
  std::span<double> scalars;
  const double* numbers = nullptr;  ///< from prepare
  Update now;
  Flow* flow = nullptr;            ///< may be set to stop: the rules behind it do not run, x stays
  parallel::Pool* pool = nullptr;  ///< null: one thread; for products (matrix.hpp)
};

/// What the textbook loop sees: whole vectors, double only.
struct Reference {
  MutableView u;
  View x;
  std::span<AlignedBuffer<double>> slots;
  std::span<const ParameterBlock> blocks;
  Values values;
  std::span<double> scalars;  ///< as `prepare` left them; sums that kernels need are the loop's own here
  Update now;
  Flow* flow = nullptr;  ///< what `prepare` said
};

/// Throws: Error(internal): a kernel reads more slots than its RuleDef has.
[[noreturn]] void refuse_missing_slots(std::size_t read_by_kernel);

struct RuleDef {
  /// What messages and golden tests call the rule: the name of the entry that is this rule alone, such as
  /// scale_by_adam; where there is none, that of the optimizer it is all of (ftrl). Two rules never share it, but for
  /// the forms of one (dog for all parameters or for each block).
  const char* name = "";
  /// Vectors of n elements it remembers, at most 8; all 0 at first unless said below. No fewer than kSlots of
  /// its Op: a kernel that reads more than there are is refused in its first update.
  std::size_t num_slots = 0;
  std::size_t num_scalars = 0;        ///< numbers it remembers
  std::size_t num_block_scalars = 0;  ///< and these for each block of parameters, block by block behind the others
  std::array<double, 8> scalar_start{};
  int rate = -1;              ///< which of its values is the learning rate
  int found_rate = -1;        ///< which of its scalars is the rate that its last update took, where that is another
  bool is_only_rate = false;  ///< u = r u
  /// The length of its moves does not depend on that of the gradients (it divides by their size, or takes signs): u for
  /// 1000 f is about u for f. A learning rate that is `auto` is then 0.01 in minimize, not searched for, and advice
  /// about rates does not speak of curvature.
  bool scale_free = false;
  bool rate_free = false;                               ///< finds its rate: the learning rate is a factor of it
  std::uint32_t x_slots = 0;                            ///< bit s: slot s begins as a copy of x
  double (*x_factor)(Values) = nullptr;                 ///< that copy is multiplied by this
  double (*slot_start)(Values, std::size_t) = nullptr;  ///< what the other slots are filled with
  /// Elements of a slot, where they are not one for each parameter (row sums, factors): only for rules that see
  /// everything at once.
  std::size_t (*slot_size)(std::span<const ParameterBlock>, Values, std::size_t slot) = nullptr;
  /// Throws: Error(usage) for blocks that the rule is not for.
  void (*check_blocks)(std::span<const ParameterBlock>) = nullptr;
  int solution_slot = -1;  ///< this slot holds what should be reported instead of x (averages)
  int count_scalar = -1;   ///< this scalar counts the points of the average; 0: it has not begun, and is x
  /// Not 0: it takes x - u for the next point, so that only rules of a later place may stand behind it (and freeze
  /// behind 1): 1 a move to a point that it works out, 2 one to a point that follows the others, 3 it only looks, or
  /// moves by an average of its own.
  int place = 0;
  bool keeps_rate = false;       ///< its rate is no length of a move: not one to let fall to 0 over a run
  bool whole_gradients = false;  ///< compares gradients of one function: batches mislead it
  bool may_hold = false;         ///< says stop at times
  bool takes_rate = false;  ///< reads Update::rate, one number for all of its parameters, and stands in front of it
  bool forgives = false;    ///< knows what to do with a gradient that is not finite
  /// Asks for the gradient at another point (sam): stands in front of a chain and sees what comes before it. Its sums
  /// are of the gradient, its kernel and `reference` write the point in place of u, and Flow::stop says that there is
  /// none. It remembers nothing.
  bool displaces = false;

  /// Once an update, before any element: moves the scalars on, fills the kernel's numbers. Rules behind one that says
  /// stop are not asked.
  Flow (*prepare)(Values, const Update&, std::span<double> scalars, Numbers&) = nullptr;

  /// num_sums > 0: sums over all elements are needed before the first of them can go on. Each call adds up one block of
  /// kRuleBlock elements into `sums` (zeros before); blocks are combined in the tree of parallel/reduce.hpp. It may
  /// change slots, never `out`.
  std::size_t num_sums = 0;
  void (*sum64)(const double* numbers, const Elements<double>&, double* sums) = nullptr;
  void (*sum32)(const double* numbers, const Elements<float>&, double* sums) = nullptr;
  Flow (*summed)(Values, const Update&, const double* sums, std::span<double> scalars, Numbers&) = nullptr;

  /// One of these two. Element by element, in blocks of at most kRuleBlock:
  void (*kernel64)(const double* numbers, const Elements<double>&) = nullptr;
  void (*kernel32)(const double* numbers, const Elements<float>&) = nullptr;
  /// or everything at once:
  void (*whole64)(const Whole<double>&) = nullptr;
  void (*whole32)(const Whole<float>&) = nullptr;

  /// The rule as its paper writes it, on whole vectors: what the kernels are tested against. The same order of
  /// operations, so the same bits.
  void (*reference)(const Reference&) = nullptr;

  template <class T>
  [[nodiscard]] auto kernel() const {
    if constexpr (sizeof(T) == sizeof(double))
      return kernel64;
    else
      return kernel32;
  }
  template <class T>
  [[nodiscard]] auto sum() const {
    if constexpr (sizeof(T) == sizeof(double))
      return sum64;
    else
      return sum32;
  }
  template <class T>
  [[nodiscard]] auto whole() const {
    if constexpr (sizeof(T) == sizeof(double))
      return whole64;
    else
      return whole32;
  }
  /// True if all of u must be there before this rule.
  [[nodiscard]] bool needs_all() const { return num_sums > 0 || whole64 != nullptr; }
};

/// What a rule remembers is never subnormal: 0 takes the place of what would be. A mean of gradients that have ended (a
/// dead unit, a feature that no longer comes) would stay subnormal for good, each number of it costing a trap.
template <class T>
[[nodiscard]] inline T normal_or_zero(T value) {
  return std::fabs(value) < std::numeric_limits<T>::min() ? T(0) : value;
}

/// beta^t as a running product, cut off where 1 - beta^t has been 1 for long: no slow denormal numbers.
[[nodiscard]] inline double next_power(double power, double beta) {
  power *= beta;
  return power < 0x1p-100 ? 0.0 : power;
}

/// 1 - beta^t with nearly all its digits for every t: at first by a recurrence that does not cancel, later from the
/// product, which goes to 0 while the recurrence would stop an epsilon / (1 - beta) before 1. Moves `state` on, two of
/// a rule's scalars, {1, 0} before the first update; beta may change between updates.
[[nodiscard]] inline double bias_now(const double* state) { return state[0] > 0.5 ? state[1] : 1.0 - state[0]; }
inline double next_bias(double* state, double beta) {
  state[0] = next_power(state[0], beta);
  state[1] = (1.0 - beta) + beta * state[1];
  return bias_now(state);
}

}  // namespace descent::rules
