// From a fit's options to the run, and to its best epoch.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "descent/nn/objective.hpp"
#include "descent/nn/options.hpp"

namespace descent::nn {

/// Rows an update sees: the options', or 32, or all of them. Throws: Error(usage).
[[nodiscard]] std::size_t settle_batch(const MlpOptions& options, std::size_t rows);

struct Training {
  Result result;  // of the weights that are returned
  std::size_t batch_size = 0;
  std::uint64_t epoch = 0;       // of the weights that are returned
  std::uint64_t best_epoch = 0;  // of result.best
  double best_penalty = 0.0;
  std::vector<std::string> remarks;
};

/// `held_out` may be null unless early stopping is asked for. Throws: Error(usage).
[[nodiscard]] Training train(NetworkObjective& objective, NetworkObjective* held_out, std::vector<double> start,
                             const MlpOptions& options);

}  // namespace descent::nn
