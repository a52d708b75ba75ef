// Rules that see blocks of parameters as matrices. Formulas, ranges and reasons: `descent describe NAME`.
#pragma once

#include <cstdint>

#include "descent/optim/chain.hpp"

namespace descent {

// In the order of the table: the first is the default but of muon.
enum class LarsDenominator { sum_of_norms, norm_of_sum };
enum class AdafactorEpsilon { squares, clamp };
enum class MuonScaling { original, match_rms_adamw };

struct LarsOptions {
  Number momentum = 0.9, weight_decay = 0, trust_coefficient = 0.001, epsilon = 0;
  LarsDenominator denominator = LarsDenominator::sum_of_norms;
  bool nesterov = false;
};
/// Momentum whose moves are a fixed share of each block's size.
[[nodiscard]] Chain lars(const Schedule& learning_rate = 10.0, const LarsOptions& options = {});

struct LambOptions {
  Number weight_decay = 0.01, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-6;
};
/// Adam whose moves are measured against each block's size.
[[nodiscard]] Chain lamb(const Schedule& learning_rate, const LambOptions& options = {});

struct ScaleByTrustRatioOptions {
  Number epsilon = 0;
};
/// Gives the move of each block a length that is a share of the block's own.
[[nodiscard]] Chain scale_by_trust_ratio(const Number& trust_coefficient = 1,
                                         const ScaleByTrustRatioOptions& options = {});

struct AdafactorOptions {
  Number beta2_decay = 0.8, epsilon1 = 1e-30, epsilon2 = 1e-3, clipping_threshold = 1, weight_decay = 0;
  bool relative_step = true, scale_parameter = true;
  AdafactorEpsilon epsilon_placement = AdafactorEpsilon::squares;
};
/// Adam without a mean of gradients whose squares are kept as one number a row and one a column.
[[nodiscard]] Chain adafactor(const Schedule& learning_rate = 0.01, const AdafactorOptions& options = {});

struct MuonOptions {
  Number weight_decay = 0.1, momentum = 0.95;
  bool nesterov = true;
  std::uint64_t steps = 5;
  Number epsilon = 1e-7;
  MuonScaling scaling = MuonScaling::match_rms_adamw;
  Number beta1 = 0.9, beta2 = 0.95, adam_epsilon = 1e-8;
};
/// Momentum whose moves are orthogonal matrices: every direction of a layer learns alike.
[[nodiscard]] Chain muon(const Schedule& learning_rate, const MuonOptions& options = {});

struct ScaleByMuonOptions {
  Number momentum = 0.95;
  bool nesterov = true;
  std::uint64_t steps = 5;
  Number epsilon = 1e-7;
  MuonScaling scaling = MuonScaling::match_rms_adamw;
  Number beta1 = 0.9, beta2 = 0.95, adam_epsilon = 1e-8;
};
/// Muon's direction, without decay or a learning rate.
[[nodiscard]] Chain scale_by_muon(const ScaleByMuonOptions& options = {});

struct SoapOptions {
  Number weight_decay = 0.01, beta1 = 0.95, beta2 = 0.95, factor_beta = 0.95, epsilon = 1e-8;
  std::uint64_t precondition_frequency = 10, max_dimension = 10000;
};
/// Adam in a basis in which the gradients of a layer hardly correlate.
[[nodiscard]] Chain soap(const Schedule& learning_rate, const SoapOptions& options = {});

struct ScaleBySoapOptions {
  Number beta1 = 0.95, beta2 = 0.95, factor_beta = 0.95, epsilon = 1e-8;
  std::uint64_t precondition_frequency = 10, max_dimension = 10000;
};
/// Soap's direction, without decay or a learning rate.
[[nodiscard]] Chain scale_by_soap(const ScaleBySoapOptions& options = {});

}  // namespace descent
