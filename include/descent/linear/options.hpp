// What can be chosen about a linear fit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "descent/core/estimator.hpp"
#include "descent/core/stop_token.hpp"
#include "descent/core/trace.hpp"
#include "descent/loss/loss.hpp"
#include "descent/loss/penalty.hpp"
#include "descent/optim/minimize_sum.hpp"
#include "descent/optim/optimizer.hpp"
#include "descent/optim/schedule.hpp"

namespace descent::linear {

/// c(n) in front of the sum over rows. With weights, n is the sum of the weights.
enum class LossScale { mean, half_mean, sum, half_sum };  ///< 1/n, 1/2n, 1, 1/2
enum class Standardize { automatic, yes, no };
enum class Evaluation { automatic, rows, gram };
enum class StartKind { automatic, zeros, ones, random, named };
enum class ClassWeight { none, balanced, map };

/// The option's words: `mean half_mean sum half_sum`, `none epoch`, `auto yes no`, `auto rows gram`. Throw:
/// Error(usage).
[[nodiscard]] LossScale parse_loss_scale(std::string_view text);
[[nodiscard]] Shuffle parse_shuffle(std::string_view text);
[[nodiscard]] Standardize parse_standardize(std::string_view text);
[[nodiscard]] Evaluation parse_evaluation(std::string_view text);
[[nodiscard]] const char* to_text(LossScale scale);
[[nodiscard]] const char* to_text(Evaluation evaluation);

/// Where the parameters begin. `automatic`: at 0, but with the mean of the target as the intercept of a regression
/// whose rate is chosen by the program. `random`: normal with deviation 0.01 from the seed. `named`: those not named
/// are 0.
struct Start {
  StartKind kind = StartKind::automatic;
  std::vector<std::pair<std::string, double>>
      values{};  ///< by parameter name (LinearModel's class comment), in the units the solver moves in
};
/// `auto`, `zeros`, `ones`, `random`, `NAME=VALUE,...`. Throws: Error(usage).
[[nodiscard]] Start parse_start(std::string_view text);

struct ClassWeights {
  ClassWeight kind = ClassWeight::none;
  std::vector<std::pair<std::string, double>> values{};  ///< by class name; classes not named count 1
};
/// `none`, `balanced` (n / (classes * count)), `CLASS=WEIGHT,...`. Throws: Error(usage).
[[nodiscard]] ClassWeights parse_class_weights(std::string_view text);

/// Defaults reach the optimum of a convex problem in memory within 1e-6 of its value.
struct LinearOptions {
  std::string loss = "auto";                ///< a loss as text; auto: squared_error for numbers, log_loss for classes
  LossScale loss_scale = LossScale::mean;   ///< mean: rates and penalties keep their meaning when rows are added
  std::optional<loss::Penalty> penalty{};   ///< default: none for regression, l2:1e-4 for classification (separable
                                            ///< classes have no optimum without)
  Optimizer optimizer{};                    ///< auto: L-BFGS; where there are kinks a proximal or smoothing method
  std::optional<Schedule> learning_rate{};  ///< in place of the optimizer's own; empty = that one
  std::string schedule;  ///< shapes the rate: `cosine`, `step_decay(every=100)` (schedule_shape.hpp); empty = as it is
  std::optional<std::size_t> batch_size{};  ///< rows an update sees; empty = all of them
  std::uint64_t max_epochs = 0;  ///< 0 = no limit of its own. The first of the two limits reached ends the run
  std::uint64_t max_steps = 0;   ///< 0 = auto: 10,000, or none when max_epochs is given
  std::optional<double> gradient_tolerance{};  ///< on max |g_i|; empty = auto (1e-8 of the gradient's scale); 0 = off
  double step_tolerance = 0.0;                 ///< on ||dx||_2; 0 = off
  double value_tolerance = 0.0;                ///< on |df|; 0 = off
  double gradient_tolerance_relative = 0.0;    ///< of the first gradient; 0 = off
  double step_tolerance_relative = 0.0;
  double value_tolerance_relative = 0.0;
  double step_tolerance_component = 0.0;  ///< on every component of the move; 0 = off
  double time_limit_seconds = 0.0;        ///< 0 = none
  double validation = 0.0;                ///< fraction of the rows held out, in [0, 1); 0 = none
  bool early_stopping = false;            ///< stop on the held-out loss and give back the best weights
  std::uint64_t patience = 10;            ///< epochs without a better held-out loss before early stopping ends the run
  Shuffle shuffle = Shuffle::epoch;       ///< order of rows in stochastic passes: a fresh one each epoch, from the seed
  std::uint64_t seed = 0;
  Start start{};
  Standardize standardize = Standardize::automatic;  ///< auto: yes, but no with plain sgd and a number as its rate
  bool intercept = true;                             ///< never penalised
  ClassWeights class_weight{};
  loss::Compat compat = loss::Compat::native;
  Evaluation evaluation =
      Evaluation::automatic;  ///< auto: least squares through its Gram matrix where cheaper and safe
  std::size_t threads = 0;    ///< 0 = all CPUs. Never changes a bit of the result
  Observer observer{};
  /// Told before the run how many updates it makes at most: for progress.
  std::function<void(std::uint64_t)> on_plan{};
  StopToken stop_token{};
};

}  // namespace descent::linear
