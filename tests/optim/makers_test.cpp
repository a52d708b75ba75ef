// Every link of the table has a maker in C++, which reaches each of its parameters.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "descent/core/error.hpp"
#include "descent/optim/makers/adam_family.hpp"
#include "descent/optim/makers/adaptive.hpp"
#include "descent/optim/makers/matrix.hpp"
#include "descent/optim/makers/rate_free.hpp"
#include "descent/optim/makers/torch.hpp"
#include "descent/optim/makers/transforms.hpp"
#include "descent/optim/makers/variance.hpp"
#include "descent/optim/makers/wrappers.hpp"
#include "descent/optim/optimizer.hpp"

namespace descent {
namespace {

struct Made {
  std::string text;
  Chain chain;
};

/// Each parameter once with a value that is not its default.
std::vector<Made> all_made() {
  return {
      {"sgd(0.125)", sgd(0.125)},
      {"momentum(0.125, momentum=0.45, form=ema)", momentum(0.125, {.momentum = 0.45, .form = MomentumForm::ema})},
      {"momentum(0.125, dampening=0.25)", momentum(0.125, {.dampening = 0.25})},
      {"nesterov(0.125, momentum=0.45)", nesterov(0.125, {.momentum = 0.45})},
      {"rmsprop(0.125, rho=0.45, epsilon=5e-09, momentum=0.25, centered=true, epsilon_placement=inside, form=velocity, "
       "weight_decay=0.25)",
       rmsprop(0.125, {.rho = 0.45,
                       .epsilon = 5e-09,
                       .momentum = 0.25,
                       .centered = true,
                       .epsilon_placement = EpsilonPlacement::inside,
                       .form = RmspropForm::velocity,
                       .weight_decay = 0.25})},
      {"adam(0.125, beta1=0.45, beta2=0.4995, epsilon=5e-09, weight_decay=0.25)",
       adam(0.125, {.beta1 = 0.45, .beta2 = 0.4995, .epsilon = 5e-09, .weight_decay = 0.25})},
      {"adamw(0.125, weight_decay=0.005, beta1=0.45, beta2=0.4995, epsilon=5e-09)",
       adamw(0.125, {.weight_decay = 0.005, .beta1 = 0.45, .beta2 = 0.4995, .epsilon = 5e-09})},
      {"clip_by_value(0.5)", clip_by_value(0.5)},
      {"clip_by_global_norm(0.5, form=torch)", clip_by_global_norm(0.5, {.form = NormForm::torch})},
      {"add_decayed_weights(0.5)", add_decayed_weights(0.5)},
      {"scale(0.5)", scale(0.5)},
      {"scale_by_learning_rate(0.125)", scale_by_learning_rate(0.125)},
      {"trace(momentum=0.45, dampening=0.25, nesterov=true)", trace(0.45, {.dampening = 0.25, .nesterov = true})},
      {"ema(decay=0.45)", ema(0.45)},
      {"scale_by_rms(rho=0.45, epsilon=5e-09, epsilon_placement=inside, centered=true)",
       scale_by_rms(0.45, {.epsilon = 5e-09, .epsilon_placement = EpsilonPlacement::inside, .centered = true})},
      {"scale_by_adam(beta1=0.45, beta2=0.4995, epsilon=5e-09)",
       scale_by_adam({.beta1 = 0.45, .beta2 = 0.4995, .epsilon = 5e-09})},
      {"adagrad(0.125, initial_accumulator=0.25, epsilon=5e-11, lr_decay=0.25, epsilon_placement=inside, "
       "weight_decay=0.25)",
       adagrad(0.125, {.initial_accumulator = 0.25,
                       .epsilon = 5e-11,
                       .lr_decay = 0.25,
                       .epsilon_placement = EpsilonPlacement::inside,
                       .weight_decay = 0.25})},
      {"adadelta(0.125, rho=0.45, epsilon=5e-07, weight_decay=0.25)",
       adadelta(0.125, {.rho = 0.45, .epsilon = 5e-07, .weight_decay = 0.25})},
      {"rprop(0.125, eta_minus=0.25, eta_plus=1.5, min_step=5e-13, max_step=25)",
       rprop(0.125, {.eta_minus = 0.25, .eta_plus = 1.5, .min_step = 5e-13, .max_step = 25})},
      {"asgd(0.125, lr_decay=5e-05, alpha=0.375, t0=50, weight_decay=0.25)",
       asgd(0.125, {.lr_decay = 5e-05, .alpha = 0.375, .t0 = 50, .weight_decay = 0.25})},
      {"scale_by_adagrad(initial_accumulator=0.25, epsilon=5e-11, lr_decay=0.25, epsilon_placement=inside)",
       scale_by_adagrad({.initial_accumulator = 0.25,
                         .epsilon = 5e-11,
                         .lr_decay = 0.25,
                         .epsilon_placement = EpsilonPlacement::inside})},
      {"scale_by_adadelta(rho=0.45, epsilon=5e-07)", scale_by_adadelta({.rho = 0.45, .epsilon = 5e-07})},
      {"sign_sgd(0.125)", sign_sgd(0.125)},
      {"signum(0.125, momentum=0.45, weight_decay=0.25)", signum(0.125, {.momentum = 0.45, .weight_decay = 0.25})},
      {"lion(0.125, beta1=0.45, beta2=0.495, weight_decay=0.25)",
       lion(0.125, {.beta1 = 0.45, .beta2 = 0.495, .weight_decay = 0.25})},
      {"scale_by_sign", scale_by_sign()},
      {"scale_by_lion(beta1=0.45, beta2=0.495)", scale_by_lion({.beta1 = 0.45, .beta2 = 0.495})},
      {"ftrl(0.125, beta=0.5, l1=0.25, l2=0.25)", ftrl(0.125, {.beta = 0.5, .l1 = 0.25, .l2 = 0.25})},
      {"amsgrad(0.125, beta1=0.45, beta2=0.4995, epsilon=5e-09, maximum=corrected, weight_decay=0.25)",
       amsgrad(0.125, {.beta1 = 0.45,
                       .beta2 = 0.4995,
                       .epsilon = 5e-09,
                       .maximum = AmsgradMaximum::corrected,
                       .weight_decay = 0.25})},
      {"adamax(0.125, beta1=0.45, beta2=0.4995, epsilon=5e-09, weight_decay=0.25)",
       adamax(0.125, {.beta1 = 0.45, .beta2 = 0.4995, .epsilon = 5e-09, .weight_decay = 0.25})},
      {"adamaxw(0.125, weight_decay=0.005, beta1=0.45, beta2=0.4995, epsilon=5e-09)",
       adamaxw(0.125, {.weight_decay = 0.005, .beta1 = 0.45, .beta2 = 0.4995, .epsilon = 5e-09})},
      {"nadam(0.125, beta1=0.45, beta2=0.4995, epsilon=5e-09, momentum_decay=0.002, nesterov_form=constant, "
       "weight_decay=0.25)",
       nadam(0.125, {.beta1 = 0.45,
                     .beta2 = 0.4995,
                     .epsilon = 5e-09,
                     .momentum_decay = 0.002,
                     .nesterov_form = NadamForm::constant,
                     .weight_decay = 0.25})},
      {"nadamw(0.125, weight_decay=0.005, beta1=0.45, beta2=0.4995, epsilon=5e-09, momentum_decay=0.002, "
       "nesterov_form=constant)",
       nadamw(0.125, {.weight_decay = 0.005,
                      .beta1 = 0.45,
                      .beta2 = 0.4995,
                      .epsilon = 5e-09,
                      .momentum_decay = 0.002,
                      .nesterov_form = NadamForm::constant})},
      {"radam(0.125, beta1=0.45, beta2=0.4995, epsilon=5e-09, threshold=4.5, epsilon_placement=uncorrected, "
       "weight_decay=0.25)",
       radam(0.125, {.beta1 = 0.45,
                     .beta2 = 0.4995,
                     .epsilon = 5e-09,
                     .threshold = 4.5,
                     .epsilon_placement = RadamEpsilon::uncorrected,
                     .weight_decay = 0.25})},
      {"radamw(0.125, weight_decay=0.005, beta1=0.45, beta2=0.4995, epsilon=5e-09, threshold=4.5, "
       "epsilon_placement=uncorrected)",
       radamw(0.125, {.weight_decay = 0.005,
                      .beta1 = 0.45,
                      .beta2 = 0.4995,
                      .epsilon = 5e-09,
                      .threshold = 4.5,
                      .epsilon_placement = RadamEpsilon::uncorrected})},
      {"scale_by_amsgrad(beta1=0.45, beta2=0.4995, epsilon=5e-09, maximum=corrected)",
       scale_by_amsgrad({.beta1 = 0.45, .beta2 = 0.4995, .epsilon = 5e-09, .maximum = AmsgradMaximum::corrected})},
      {"scale_by_adamax(beta1=0.45, beta2=0.4995, epsilon=5e-09)",
       scale_by_adamax({.beta1 = 0.45, .beta2 = 0.4995, .epsilon = 5e-09})},
      {"scale_by_nadam(beta1=0.45, beta2=0.4995, epsilon=5e-09, momentum_decay=0.002, nesterov_form=constant)",
       scale_by_nadam({.beta1 = 0.45,
                       .beta2 = 0.4995,
                       .epsilon = 5e-09,
                       .momentum_decay = 0.002,
                       .nesterov_form = NadamForm::constant})},
      {"scale_by_radam(beta1=0.45, beta2=0.4995, epsilon=5e-09, threshold=4.5, epsilon_placement=uncorrected)",
       scale_by_radam({.beta1 = 0.45,
                       .beta2 = 0.4995,
                       .epsilon = 5e-09,
                       .threshold = 4.5,
                       .epsilon_placement = RadamEpsilon::uncorrected})},
      {"adabelief(0.125, beta1=0.45, beta2=0.4995, epsilon=5e-17, epsilon_root=5e-17, weight_decay=0.25)",
       adabelief(0.125,
                 {.beta1 = 0.45, .beta2 = 0.4995, .epsilon = 5e-17, .epsilon_root = 5e-17, .weight_decay = 0.25})},
      {"yogi(0.125, beta1=0.45, beta2=0.4995, epsilon=0.0005, form=plain, weight_decay=0.25)",
       yogi(0.125, {.beta1 = 0.45, .beta2 = 0.4995, .epsilon = 0.0005, .form = YogiForm::plain, .weight_decay = 0.25})},
      {"yogi(0.125, initial_accumulator=5e-07)", yogi(0.125, {.initial_accumulator = 5e-07})},
      {"adan(0.125, beta1=0.49, beta2=0.46, beta3=0.495, epsilon=5e-09, weight_decay=0.25, decay=decoupled)",
       adan(0.125, {.beta1 = 0.49,
                    .beta2 = 0.46,
                    .beta3 = 0.495,
                    .epsilon = 5e-09,
                    .weight_decay = 0.25,
                    .decay = AdanDecay::decoupled})},
      {"ademamix(0.125, beta1=0.45, beta2=0.4995, beta3=0.49995, alpha=2.5, epsilon=5e-09, alpha_warm_up=3, "
       "beta3_warm_up=3, weight_decay=0.25)",
       ademamix(0.125, {.beta1 = 0.45,
                        .beta2 = 0.4995,
                        .beta3 = 0.49995,
                        .alpha = 2.5,
                        .epsilon = 5e-09,
                        .alpha_warm_up = 3,
                        .beta3_warm_up = 3,
                        .weight_decay = 0.25})},
      {"adopt(0.125, beta1=0.45, beta2=0.49995, epsilon=5e-07, clipping=none, weight_decay=0.25)",
       adopt(
           0.125,
           {.beta1 = 0.45, .beta2 = 0.49995, .epsilon = 5e-07, .clipping = AdoptClipping::none, .weight_decay = 0.25})},
      {"scale_by_belief(beta1=0.45, beta2=0.4995, epsilon=5e-17, epsilon_root=5e-17)",
       scale_by_belief({.beta1 = 0.45, .beta2 = 0.4995, .epsilon = 5e-17, .epsilon_root = 5e-17})},
      {"scale_by_yogi(beta1=0.45, beta2=0.4995, epsilon=0.0005, form=plain)",
       scale_by_yogi({.beta1 = 0.45, .beta2 = 0.4995, .epsilon = 0.0005, .form = YogiForm::plain})},
      {"scale_by_yogi(initial_accumulator=5e-07)", scale_by_yogi({.initial_accumulator = 5e-07})},
      {"scale_by_adan(beta1=0.49, beta2=0.46, beta3=0.495, epsilon=5e-09)",
       scale_by_adan({.beta1 = 0.49, .beta2 = 0.46, .beta3 = 0.495, .epsilon = 5e-09})},
      {"scale_by_ademamix(beta1=0.45, beta2=0.4995, beta3=0.49995, alpha=2.5, epsilon=5e-09, alpha_warm_up=3, "
       "beta3_warm_up=3)",
       scale_by_ademamix({.beta1 = 0.45,
                          .beta2 = 0.4995,
                          .beta3 = 0.49995,
                          .alpha = 2.5,
                          .epsilon = 5e-09,
                          .alpha_warm_up = 3,
                          .beta3_warm_up = 3})},
      {"scale_by_adopt(beta1=0.45, beta2=0.49995, epsilon=5e-07, clipping=none)",
       scale_by_adopt({.beta1 = 0.45, .beta2 = 0.49995, .epsilon = 5e-07, .clipping = AdoptClipping::none})},
      {"add_proximal_decay(0.5)", add_proximal_decay(0.5)},
      {"dog(0.125, initial_move=5e-07, epsilon=5e-09, per_block=true)",
       dog(0.125, {.initial_move = 5e-07, .epsilon = 5e-09, .per_block = true})},
      {"dowg(0.125, initial_move=5e-07, epsilon=5e-09, per_block=true)",
       dowg(0.125, {.initial_move = 5e-07, .epsilon = 5e-09, .per_block = true})},
      {"adgd(0.125, first_rate=0.25)", adgd(0.125, {.first_rate = 0.25})},
      {"polyak(0.125, minimum=0.25, max_rate=0.25)", polyak(0.125, {.minimum = 0.25, .max_rate = 0.25})},
      {"prodigy(0.125, beta1=0.45, beta2=0.4995, beta3=0.25, epsilon=5e-09, weight_decay=0.25, d0=5e-07, d_coef=0.5, "
       "growth_rate=2, bias_correction=true, safeguard_warmup=true)",
       prodigy(0.125, {.beta1 = 0.45,
                       .beta2 = 0.4995,
                       .beta3 = 0.25,
                       .epsilon = 5e-09,
                       .weight_decay = 0.25,
                       .d0 = 5e-07,
                       .d_coef = 0.5,
                       .growth_rate = 2,
                       .bias_correction = true,
                       .safeguard_warmup = true})},
      {"dadapt_adam(0.125, beta1=0.45, beta2=0.4995, epsilon=5e-09, weight_decay=0.25, d0=5e-07, growth_rate=2, "
       "bias_correction=true)",
       dadapt_adam(0.125, {.beta1 = 0.45,
                           .beta2 = 0.4995,
                           .epsilon = 5e-09,
                           .weight_decay = 0.25,
                           .d0 = 5e-07,
                           .growth_rate = 2,
                           .bias_correction = true})},
      {"schedule_free_sgd(0.125, momentum=0.45, warmup_steps=3, r=0.25, weight_lr_power=1, weight_decay=0.25)",
       schedule_free_sgd(0.125,
                         {.momentum = 0.45, .warmup_steps = 3, .r = 0.25, .weight_lr_power = 1, .weight_decay = 0.25})},
      {"schedule_free_adamw(0.125, beta1=0.45, beta2=0.4995, epsilon=5e-09, warmup_steps=3, r=0.25, weight_lr_power=1, "
       "weight_decay=0.25)",
       schedule_free_adamw(0.125, {.beta1 = 0.45,
                                   .beta2 = 0.4995,
                                   .epsilon = 5e-09,
                                   .warmup_steps = 3,
                                   .r = 0.25,
                                   .weight_lr_power = 1,
                                   .weight_decay = 0.25})},
      {"lars(0.125, momentum=0.45, weight_decay=0.25, trust_coefficient=0.0005, epsilon=0.25, denominator=norm_of_sum, "
       "nesterov=true)",
       lars(0.125, {.momentum = 0.45,
                    .weight_decay = 0.25,
                    .trust_coefficient = 0.0005,
                    .epsilon = 0.25,
                    .denominator = LarsDenominator::norm_of_sum,
                    .nesterov = true})},
      {"lamb(0.125, weight_decay=0.005, beta1=0.45, beta2=0.4995, epsilon=5e-07)",
       lamb(0.125, {.weight_decay = 0.005, .beta1 = 0.45, .beta2 = 0.4995, .epsilon = 5e-07})},
      {"scale_by_trust_ratio(trust_coefficient=0.5, epsilon=0.25)", scale_by_trust_ratio(0.5, {.epsilon = 0.25})},
      {"adafactor(0.125, beta2_decay=0.4, epsilon1=5e-31, epsilon2=0.0005, clipping_threshold=1.5, weight_decay=0.25, "
       "relative_step=false, scale_parameter=false, epsilon_placement=clamp)",
       adafactor(0.125, {.beta2_decay = 0.4,
                         .epsilon1 = 5e-31,
                         .epsilon2 = 0.0005,
                         .clipping_threshold = 1.5,
                         .weight_decay = 0.25,
                         .relative_step = false,
                         .scale_parameter = false,
                         .epsilon_placement = AdafactorEpsilon::clamp})},
      {"muon(0.125, weight_decay=0.05, momentum=0.475, nesterov=false, steps=8, epsilon=5e-08, scaling=original, "
       "beta1=0.45, beta2=0.475, adam_epsilon=5e-09)",
       muon(0.125, {.weight_decay = 0.05,
                    .momentum = 0.475,
                    .nesterov = false,
                    .steps = 8,
                    .epsilon = 5e-08,
                    .scaling = MuonScaling::original,
                    .beta1 = 0.45,
                    .beta2 = 0.475,
                    .adam_epsilon = 5e-09})},
      {"scale_by_muon(momentum=0.475, nesterov=false, steps=8, epsilon=5e-08, scaling=original, beta1=0.45, "
       "beta2=0.475, adam_epsilon=5e-09)",
       scale_by_muon({.momentum = 0.475,
                      .nesterov = false,
                      .steps = 8,
                      .epsilon = 5e-08,
                      .scaling = MuonScaling::original,
                      .beta1 = 0.45,
                      .beta2 = 0.475,
                      .adam_epsilon = 5e-09})},
      {"soap(0.125, weight_decay=0.005, beta1=0.475, beta2=0.475, factor_beta=0.475, epsilon=5e-09, "
       "precondition_frequency=13, max_dimension=10003)",
       soap(0.125, {.weight_decay = 0.005,
                    .beta1 = 0.475,
                    .beta2 = 0.475,
                    .factor_beta = 0.475,
                    .epsilon = 5e-09,
                    .precondition_frequency = 13,
                    .max_dimension = 10003})},
      {"scale_by_soap(beta1=0.475, beta2=0.475, factor_beta=0.475, epsilon=5e-09, precondition_frequency=13, "
       "max_dimension=10003)",
       scale_by_soap({.beta1 = 0.475,
                      .beta2 = 0.475,
                      .factor_beta = 0.475,
                      .epsilon = 5e-09,
                      .precondition_frequency = 13,
                      .max_dimension = 10003})},
      {"torch.adafactor(0.125, beta2_decay=0.4, epsilon1=0.5, epsilon2=0.0005, clipping_threshold=1.5, "
       "weight_decay=0.25)",
       torch::adafactor(
           0.125,
           {.beta2_decay = 0.4, .epsilon1 = 0.5, .epsilon2 = 0.0005, .clipping_threshold = 1.5, .weight_decay = 0.25})},
      {"torch.muon(0.125, weight_decay=0.05, momentum=0.475, nesterov=false, steps=8, epsilon=5e-08, "
       "scaling=match_rms_adamw)",
       torch::muon(0.125, {.weight_decay = 0.05,
                           .momentum = 0.475,
                           .nesterov = false,
                           .steps = 8,
                           .epsilon = 5e-08,
                           .scaling = MuonScaling::match_rms_adamw})},
      {"torch.sgd(0.125, momentum=0.25, weight_decay=0.25, nesterov=true, maximize=true)",
       torch::sgd(0.125, {.momentum = 0.25, .weight_decay = 0.25, .nesterov = true, .maximize = true})},
      {"torch.sgd(0.125, dampening=0.25)", torch::sgd(0.125, {.dampening = 0.25})},
      {"torch.adam(0.125, beta1=0.45, beta2=0.4995, epsilon=5e-09, weight_decay=0.25, amsgrad=true, "
       "decoupled_weight_decay=true, maximize=true)",
       torch::adam(0.125, {.beta1 = 0.45,
                           .beta2 = 0.4995,
                           .epsilon = 5e-09,
                           .weight_decay = 0.25,
                           .amsgrad = true,
                           .decoupled_weight_decay = true,
                           .maximize = true})},
      {"torch.adamw(0.125, beta1=0.45, beta2=0.4995, epsilon=5e-09, weight_decay=0.005, amsgrad=true, maximize=true)",
       torch::adamw(0.125, {.beta1 = 0.45,
                            .beta2 = 0.4995,
                            .epsilon = 5e-09,
                            .weight_decay = 0.005,
                            .amsgrad = true,
                            .maximize = true})},
      {"torch.adagrad(0.125, lr_decay=0.25, weight_decay=0.25, initial_accumulator=0.25, epsilon=5e-11, maximize=true)",
       torch::adagrad(
           0.125,
           {.lr_decay = 0.25, .weight_decay = 0.25, .initial_accumulator = 0.25, .epsilon = 5e-11, .maximize = true})},
      {"torch.adadelta(0.125, rho=0.45, epsilon=5e-07, weight_decay=0.25, maximize=true)",
       torch::adadelta(0.125, {.rho = 0.45, .epsilon = 5e-07, .weight_decay = 0.25, .maximize = true})},
      {"torch.rmsprop(0.125, rho=0.495, epsilon=5e-09, weight_decay=0.25, momentum=0.25, centered=true, maximize=true)",
       torch::rmsprop(0.125, {.rho = 0.495,
                              .epsilon = 5e-09,
                              .weight_decay = 0.25,
                              .momentum = 0.25,
                              .centered = true,
                              .maximize = true})},
      {"torch.adamax(0.125, beta1=0.45, beta2=0.4995, epsilon=5e-09, weight_decay=0.25, maximize=true)",
       torch::adamax(0.125,
                     {.beta1 = 0.45, .beta2 = 0.4995, .epsilon = 5e-09, .weight_decay = 0.25, .maximize = true})},
      {"torch.nadam(0.125, beta1=0.45, beta2=0.4995, epsilon=5e-09, weight_decay=0.25, momentum_decay=0.002, "
       "decoupled_weight_decay=true, maximize=true)",
       torch::nadam(0.125, {.beta1 = 0.45,
                            .beta2 = 0.4995,
                            .epsilon = 5e-09,
                            .weight_decay = 0.25,
                            .momentum_decay = 0.002,
                            .decoupled_weight_decay = true,
                            .maximize = true})},
      {"torch.radam(0.125, beta1=0.45, beta2=0.4995, epsilon=5e-09, weight_decay=0.25, decoupled_weight_decay=true, "
       "maximize=true)",
       torch::radam(0.125, {.beta1 = 0.45,
                            .beta2 = 0.4995,
                            .epsilon = 5e-09,
                            .weight_decay = 0.25,
                            .decoupled_weight_decay = true,
                            .maximize = true})},
      {"torch.rprop(0.125, eta_minus=0.25, eta_plus=1.5, min_step=5e-07, max_step=25, maximize=true)",
       torch::rprop(0.125, {.eta_minus = 0.25, .eta_plus = 1.5, .min_step = 5e-07, .max_step = 25, .maximize = true})},
      {"torch.asgd(0.125, lambda=5e-05, alpha=0.375, t0=500000, weight_decay=0.25, maximize=true)",
       torch::asgd(0.125, {.lambda = 5e-05, .alpha = 0.375, .t0 = 500000, .weight_decay = 0.25, .maximize = true})},
      {"torch.sparse_adam(0.125, beta1=0.45, beta2=0.4995, epsilon=5e-09)",
       torch::sparse_adam(0.125, {.beta1 = 0.45, .beta2 = 0.4995, .epsilon = 5e-09})},
      {"clip_by_block_norm(0.5)", clip_by_block_norm(0.5)},
      {"clip_by_block_rms(0.5)", clip_by_block_rms(0.5)},
      {"adaptive_clip(max_ratio=0.005, epsilon=0.0005)", adaptive_clip(0.005, {.epsilon = 0.0005})},
      {"centralize", centralize()},
      {"normalize", normalize()},
      {"freeze(intercept)", freeze("intercept")},
      {"accumulate(4)", accumulate(4)},
      {"skip_if_not_finite(max_in_a_row=13)", skip_if_not_finite(13)},
      {"zero_nans", zero_nans()},
      {"add_noise(eta=0.005, gamma=0.275, seed=3)", add_noise({.eta = 0.005, .gamma = 0.275, .seed = 3})},
      {"lookahead(period=8, slow_step=0.25)", lookahead(8, {.slow_step = 0.25})},
      {"polyak_average(start=3)", polyak_average(3)},
      {"ema_average(decay=0.4995)", ema_average(0.4995)},
      {"swa(4, every=4)", swa(4, {.every = 4})},
      {"sam(rho=0.025, adaptive=true, eta=0.25)", sam(0.025, {.adaptive = true, .eta = 0.25})},
      {"only([a, b], adam(0.1))", only({"a", "b"}, adam(0.1))},
      {"except(a, [clip_by_value(1), sgd(0.1)])", except({"a"}, chain(clip_by_value(1), sgd(0.1)))},
  };
}

/// The links of the table: what has a maker.
std::set<std::string> link_names() {
  std::set<std::string> names;
  for (const auto& named : optimizer_registry().items())
    if (parse_optimizer(named.entry.example).method == Method::chain) names.insert(named.entry.name);
  return names;
}

TEST(Makers, MakeWhatTheirTextSays) {
  for (const Made& made : all_made()) EXPECT_EQ(to_text(made.chain), to_text(parse_chain(made.text)));
}

TEST(Makers, ThereIsOneForEachLinkOfTheTableAndItReachesEveryParameter) {
  const std::vector<Made> made = all_made();
  const std::set<std::string> links = link_names();
  for (const auto& named : optimizer_registry().items()) {
    const Entry& entry = named.entry;
    if (links.count(entry.name) == 0) continue;
    std::set<std::string> reached;
    bool has_maker = false;
    for (const Made& one : made) {
      const Call& call = one.chain.links().front().call;
      if (call.name != entry.name) continue;
      has_maker = true;
      for (std::size_t i = 0; i < call.arguments.size(); ++i)
        reached.insert(call.arguments[i].name.empty() ? entry.params.at(i).name : call.arguments[i].name);
    }
    EXPECT_TRUE(has_maker) << entry.name << " has no maker in descent/optim/makers/, or no row above";
    for (const ParamSpec& spec : entry.params)
      EXPECT_TRUE(reached.count(spec.name) == 1) << entry.name << ' ' << spec.name;
  }
}

TEST(Makers, TakeTheDefaultsOfTheTable) {
  const std::vector<Made> plain{
      {"sgd(0.1)", sgd(0.1)},
      {"momentum(0.1)", momentum(0.1)},
      {"nesterov(0.1)", nesterov(0.1)},
      {"rmsprop(0.1)", rmsprop(0.1)},
      {"adam(0.1)", adam(0.1)},
      {"adamw(0.1)", adamw(0.1)},
      {"clip_by_value(0.5)", clip_by_value(0.5)},
      {"clip_by_global_norm(0.5)", clip_by_global_norm(0.5)},
      {"add_decayed_weights(0.5)", add_decayed_weights(0.5)},
      {"scale(0.5)", scale(0.5)},
      {"scale_by_learning_rate(0.1)", scale_by_learning_rate(0.1)},
      {"trace", trace()},
      {"ema", ema()},
      {"scale_by_rms", scale_by_rms()},
      {"scale_by_adam", scale_by_adam()},
      {"adagrad", adagrad()},
      {"adadelta", adadelta()},
      {"rprop", rprop()},
      {"asgd(0.1)", asgd(0.1)},
      {"scale_by_adagrad", scale_by_adagrad()},
      {"scale_by_adadelta", scale_by_adadelta()},
      {"sign_sgd(0.1)", sign_sgd(0.1)},
      {"signum(0.1)", signum(0.1)},
      {"lion(0.1)", lion(0.1)},
      {"scale_by_sign", scale_by_sign()},
      {"scale_by_lion", scale_by_lion()},
      {"ftrl(0.1)", ftrl(0.1)},
      {"amsgrad(0.1)", amsgrad(0.1)},
      {"adamax(0.1)", adamax(0.1)},
      {"adamaxw(0.1)", adamaxw(0.1)},
      {"nadam(0.1)", nadam(0.1)},
      {"nadamw(0.1)", nadamw(0.1)},
      {"radam(0.1)", radam(0.1)},
      {"radamw(0.1)", radamw(0.1)},
      {"scale_by_amsgrad", scale_by_amsgrad()},
      {"scale_by_adamax", scale_by_adamax()},
      {"scale_by_nadam", scale_by_nadam()},
      {"scale_by_radam", scale_by_radam()},
      {"adabelief(0.1)", adabelief(0.1)},
      {"yogi(0.1)", yogi(0.1)},
      {"adan(0.1)", adan(0.1)},
      {"ademamix(0.1)", ademamix(0.1)},
      {"adopt(0.1)", adopt(0.1)},
      {"scale_by_belief", scale_by_belief()},
      {"scale_by_yogi", scale_by_yogi()},
      {"scale_by_adan", scale_by_adan()},
      {"scale_by_ademamix", scale_by_ademamix()},
      {"scale_by_adopt", scale_by_adopt()},
      {"add_proximal_decay(0.5)", add_proximal_decay(0.5)},
      {"dog", dog()},
      {"dowg", dowg()},
      {"adgd", adgd()},
      {"polyak", polyak()},
      {"prodigy", prodigy()},
      {"dadapt_adam", dadapt_adam()},
      {"schedule_free_sgd(0.1)", schedule_free_sgd(0.1)},
      {"schedule_free_adamw", schedule_free_adamw()},
      {"lars", lars()},
      {"lamb(0.1)", lamb(0.1)},
      {"scale_by_trust_ratio", scale_by_trust_ratio()},
      {"adafactor", adafactor()},
      {"muon(0.1)", muon(0.1)},
      {"scale_by_muon", scale_by_muon()},
      {"soap(0.1)", soap(0.1)},
      {"scale_by_soap", scale_by_soap()},
      {"torch.adafactor", torch::adafactor()},
      {"torch.muon", torch::muon()},
      {"torch.sgd", torch::sgd()},
      {"torch.adam", torch::adam()},
      {"torch.adamw", torch::adamw()},
      {"torch.adagrad", torch::adagrad()},
      {"torch.adadelta", torch::adadelta()},
      {"torch.rmsprop", torch::rmsprop()},
      {"torch.adamax", torch::adamax()},
      {"torch.nadam", torch::nadam()},
      {"torch.radam", torch::radam()},
      {"torch.rprop", torch::rprop()},
      {"torch.asgd", torch::asgd()},
      {"torch.sparse_adam", torch::sparse_adam()},
      {"clip_by_block_norm(0.5)", clip_by_block_norm(0.5)},
      {"clip_by_block_rms(0.5)", clip_by_block_rms(0.5)},
      {"adaptive_clip", adaptive_clip()},
      {"centralize", centralize()},
      {"normalize", normalize()},
      {"freeze(intercept)", freeze("intercept")},
      {"accumulate(2)", accumulate(2)},
      {"skip_if_not_finite", skip_if_not_finite()},
      {"zero_nans", zero_nans()},
      {"add_noise", add_noise()},
      {"lookahead", lookahead()},
      {"polyak_average", polyak_average()},
      {"ema_average", ema_average()},
      {"swa(2)", swa(2)},
      {"sam", sam()},
      {"only(a, sgd(0.1))", only({"a"}, sgd(0.1))},
      {"except(a, sgd(0.1))", except({"a"}, sgd(0.1))},
  };
  std::set<std::string> missing = link_names();
  for (const Made& made : plain) {
    EXPECT_EQ(to_text(made.chain), to_text(parse_chain(made.text))) << made.text;
    missing.erase(made.chain.links().front().call.name);
  }
  for (const std::string& name : missing) ADD_FAILURE() << name << " has no row above";
}

TEST(Makers, TakeSchedulesForAnyNumber) {
  EXPECT_EQ(to_text(momentum(one_cycle(0.1, 100), {.momentum = one_cycle_momentum(100)})),
            to_text(parse_chain("momentum(one_cycle(0.1, 100), momentum=one_cycle_momentum(100))")));
  EXPECT_EQ(to_text(sam(cosine(0.1, 50))), "sam(cosine(0.1, 50))");
}

TEST(Makers, RefuseWhatTheTextRefuses) {
  EXPECT_THROW((void)lion(0.1, {.beta1 = 1.5}), Error);
  EXPECT_THROW((void)accumulate(0), Error);
  EXPECT_THROW((void)yogi(0.1, {.form = YogiForm::plain, .initial_accumulator = 0.1}), Error);
  EXPECT_THROW((void)torch::sgd(0.1, {.nesterov = true}), Error);
}

}  // namespace
}  // namespace descent
