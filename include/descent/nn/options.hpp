// What can be chosen about the fit of a network.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "descent/core/stop_token.hpp"
#include "descent/core/trace.hpp"
#include "descent/nn/network.hpp"
#include "descent/optim/minimize_sum.hpp"
#include "descent/optim/optimizer.hpp"
#include "descent/optim/schedule.hpp"

namespace descent::nn {

/// `mlp:32`, `mlp:64,32`: the widths of the hidden layers. Throws: Error(usage).
[[nodiscard]] std::vector<std::size_t> parse_hidden(std::string_view model);
/// `mlp:64,32`.
[[nodiscard]] std::string to_text(const std::vector<std::size_t>& hidden);

struct MlpOptions {
  std::vector<std::size_t> hidden{32};  ///< widths of the hidden layers; empty = a linear model
  Activation activation = Activation::relu;
  Initialization initialization = Initialization::automatic;
  std::string loss = "auto";  ///< squared_error or log_loss; auto: by the target. Several classes: softmax
  double l2 = 0.0;            ///< l2/2 of the squared weights, biases left out; default none: batches are noise enough
  bool standardize = true;    ///< inputs; and the target of a regression, in whose units predictions are all the same
  Optimizer optimizer{};      ///< auto: adam in batches, lbfgs with all rows
  std::optional<Schedule> learning_rate{};  ///< in place of the optimizer's own; empty = that one
  std::string schedule;                     ///< shapes the rate (schedule_shape.hpp); empty = as it is
  std::optional<std::size_t> batch_size{};  ///< 0 = all rows; empty = 32, or all for methods that need them
  std::uint64_t max_epochs = 0;             ///< 0 = auto: 100 epochs and at least 1,000 updates
  std::uint64_t max_steps = 0;              ///< 0 = none but max_epochs
  /// On max |g_i| of all rows; 0 = off; empty = auto: 1e-8 for methods that choose their own steps, else off.
  std::optional<double> gradient_tolerance{};
  double gradient_tolerance_relative = 0.0;
  double step_tolerance = 0.0;
  double step_tolerance_relative = 0.0;
  double step_tolerance_component = 0.0;
  double value_tolerance = 0.0;
  double value_tolerance_relative = 0.0;
  double time_limit_seconds = 0.0;  ///< 0 = none
  double validation = 0.0;          ///< part of the rows held out, in [0, 1); 0 = none
  bool early_stopping = false;      ///< stop on the held-out loss and give back the best weights
  std::uint64_t patience = 10;      ///< epochs without a better held-out loss before early stopping ends the run
  Shuffle shuffle = Shuffle::epoch;
  std::uint64_t seed = 0;   ///< of the start, the order of rows, the rows held out
  std::size_t threads = 0;  ///< 0 = all CPUs. Never changes a bit of the result
  Observer observer{};
  std::function<void(std::uint64_t)> on_plan{};  ///< told before the run how many updates it makes at most
  StopToken stop_token{};
};

}  // namespace descent::nn
