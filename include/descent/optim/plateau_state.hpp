// A rate that is cut when the objective no longer improves.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>

#include "descent/core/archive.hpp"
#include "descent/optim/schedule.hpp"

namespace descent {

/// What `plateau` remembers of the values it was told: a value, copied and saved like one.
///
///   value < best - threshold |best| (or best - threshold): best = value, bad = 0; else bad = bad + 1
///   during a cooldown: bad = 0
///   bad > patience: one cut more, unless it changes the rate by <= epsilon; the cooldown begins, bad = 0
///   a cut holds from the next update on
///   rate_k = max(schedule(k) factor^cuts, min), never above schedule(k)
///
/// minimize() tells it the objective before each update, minimize_sum() the mean of an epoch's batches before its last
/// update, so that the next update has the new rate. A loop of one's own does the same.
/// Reference: PyTorch, torch.optim.lr_scheduler.ReduceLROnPlateau. Differs: torch's relative threshold is of best, not
/// |best|, so below 0 it takes worse values for better ones. Its mode="max" is -value here.
class PlateauState {
 public:
  /// Throws: Error(usage) unless schedule.needs_value().
  explicit PlateauState(const Schedule& schedule);

  /// Of update k: the next one, or those since the last cut but one.
  [[nodiscard]] double rate(std::uint64_t k) const;
  /// The objective, and the first update that may have another rate. True if the rate was cut.
  bool tell(double value, std::uint64_t next);
  [[nodiscard]] std::uint64_t cuts() const { return cuts_; }

  /// Everything needed to continue with the same bits.
  void save(ArchiveWriter& archive) const;
  /// Throws: Error(model) if the archive's state is damaged or belongs to another schedule.
  void load(ArchiveReader& archive);

 private:
  [[nodiscard]] double rate_after(std::uint64_t cuts, double base) const;

  Schedule schedule_, base_;
  double factor_, patience_, threshold_, cooldown_, min_, epsilon_;
  bool is_relative_;
  double best_ = std::numeric_limits<double>::infinity();
  std::uint64_t bad_ = 0, cooling_ = 0, cuts_ = 0;
  std::uint64_t since_ = 0;  // the update from which the last cut holds
  double scale_ = 1.0;       // factor^cuts
};

}  // namespace descent
