// Watching the held-out loss, and giving back the weights where it was least.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "descent/core/objective.hpp"
#include "descent/core/result.hpp"
#include "descent/linear/objective.hpp"

namespace descent::linear {

class EarlyStopping {
 public:
  /// `held_out` may be null: then nothing is watched.
  EarlyStopping(LinearObjective* held_out, std::uint64_t patience) : held_out_(held_out), patience_(patience) {}

  /// Once an epoch: false when it is time to stop.
  bool look(View x, std::uint64_t epoch, std::uint64_t step);
  [[nodiscard]] bool active() const { return held_out_ != nullptr; }
  [[nodiscard]] bool stopped() const { return stopped_; }
  [[nodiscard]] std::uint64_t best_epoch() const { return best_.epoch; }
  [[nodiscard]] std::string stop_reason() const;

  /// Puts the best weights into `result`, with value, gradient and `best` there, so that all of them are of one epoch.
  /// A certificate of other weights does not stand. Returns the remark that says which epoch it is.
  std::string give_back(Objective& objective, Result& result) const;

 private:
  struct Best {
    double loss = 0.0;
    std::uint64_t epoch = 0;
    std::uint64_t step = 0;
    std::vector<double> x;  // empty until the first look
  };
  LinearObjective* held_out_;
  std::uint64_t patience_;
  std::uint64_t waited_ = 0;
  bool stopped_ = false;
  Best best_;
};

}  // namespace descent::linear
