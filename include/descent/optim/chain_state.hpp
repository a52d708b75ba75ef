// What a chain remembers between updates, and the update itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "descent/core/aligned_buffer.hpp"
#include "descent/core/archive.hpp"
#include "descent/core/span.hpp"
#include "descent/optim/chain.hpp"

namespace descent {

/// How update() is computed. All give the same bits; tests choose, everyone else takes `fastest`.
enum class ChainPath {
  fastest,    ///< one fused kernel where the chain is a known preset, else blocks
  blocks,     ///< every rule's kernel on one block of 256 elements after the other
  reference,  ///< plain scalar loops over whole vectors
};

/// The state of a chain for n parameters: a value, copied and saved like one.
class ChainState {
 public:
  /// Throws: Error(usage) if the chain's learning rate is still `auto`.
  ChainState(const Chain& chain, std::size_t n, ChainPath path = ChainPath::fastest);

  /// One update: x = x - u(gradient). Sizes must be n.
  void update(View gradient, MutableView x);

  [[nodiscard]] std::uint64_t steps() const { return step_; }
  /// Of the update about to be made; 1 if no rule has a rate.
  [[nodiscard]] double learning_rate() const { return rate_; }
  /// True if a fused kernel runs it.
  [[nodiscard]] bool is_fused() const { return fused_ != Fused::none; }

  /// Everything needed to continue with the same bits.
  void save(ArchiveWriter& archive) const;
  /// Throws: Error(model) if the archive's state belongs to another chain or size.
  void load(ArchiveReader& archive);

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  enum class Fused : std::uint8_t { none, sgd, trace, adam };
  enum class Clip : std::uint8_t { none, value, global_norm };
  struct RuleState {
    std::size_t slot = 0;  // first of its slots
    double power1 = 1.0;   // beta1^t, as a running product
    double power2 = 1.0;   // beta2^t
  };

  void recognise();
  void prepare_rate();
  void advance();
  void update_fused(View gradient, MutableView x);
  void update_blocks(View gradient, MutableView x);
  void update_reference(View gradient, MutableView x);
  void run_block(std::size_t rule, std::span<double> update, std::span<const double> x, std::size_t first);

  std::vector<Rule> rules_;
  std::vector<RuleState> states_;
  std::vector<AlignedBuffer<double>> slots_;
  std::vector<double> factors_;    // of clip_by_global_norm and scale_by_learning_rate, in this update
  AlignedBuffer<double> pending_;  // u between two passes, when a global norm is needed in the middle
  std::size_t size_ = 0;
  std::size_t schedule_ = kNone;
  std::uint64_t step_ = 0;
  double rate_ = 1.0;  // of the next update: a schedule is asked once an update
  ChainPath path_ = ChainPath::fastest;
  Fused fused_ = Fused::none;
  Clip clip_ = Clip::none;
  std::size_t main_ = 0;  // index of the trace or scale_by_adam rule of a fused chain
  double decay_ = 0.0;    // add_decayed_weights of a fused chain
  bool has_decay_ = false;
};

}  // namespace descent
