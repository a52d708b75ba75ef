// Sharpness-aware minimisation: the gradient is taken a little uphill.
#include <array>
#include <cmath>
#include <vector>

#include "descent/core/error.hpp"
#include "src/optim/rules/entries.hpp"
#include "src/optim/rules/norm.hpp"

namespace descent::rules {
namespace {

// Values: rho; of the adaptive form also eta.

/// k[0]: what the gradient is multiplied by. No direction, no displacement: also where its length is no number.
Flow factor_of(double rho, double norm, Numbers& k) {
  k[0] = rho / norm;
  return norm > 0.0 && std::isfinite(norm) && std::isfinite(k[0]) ? Flow::go_on : Flow::stop;
}

template <class T>
void displaced(const double* k, const Elements<T>& e) {
  for (std::size_t i = 0; i < e.size; ++i)
    e.out[i] = static_cast<T>(static_cast<double>(e.x[i]) + k[0] * static_cast<double>(e.in[i]));
}

template <class T>
void sum_scaled(const double* k, const Elements<T>& e, double* sums) {
  std::array<double, kRuleBlock> scaled;
  for (std::size_t i = 0; i < e.size; ++i)
    scaled[i] = (std::fabs(static_cast<double>(e.x[i])) + k[1]) * static_cast<double>(e.in[i]);
  add_squares(View(scaled.data(), e.size), sums);
}
template <class T>
void displaced_by_size(const double* k, const Elements<T>& e) {
  for (std::size_t i = 0; i < e.size; ++i) {
    const double x = static_cast<double>(e.x[i]), size = std::fabs(x) + k[1];
    e.out[i] = static_cast<T>(x + k[0] * (size * (size * static_cast<double>(e.in[i]))));
  }
}

const RuleDef kSam{.name = "sam",
                   .displaces = true,
                   .num_sums = kNumRanges,
                   .sum64 = sum_squares<double>,
                   .sum32 = sum_squares<float>,
                   .summed = [](Values v, const Update&, const double* sums, std::span<double>,
                                Numbers& k) { return factor_of(v[0], norm_of(sums), k); },
                   .kernel64 = displaced<double>,
                   .kernel32 = displaced<float>,
                   .reference =
                       [](const Reference& r) {
                         Numbers k{};
                         *r.flow = factor_of(r.values[0], reference_norm(r.u), k);
                         for (std::size_t i = 0; i < r.u.size(); ++i) r.u[i] = r.x[i] + k[0] * r.u[i];
                       }};

const RuleDef kAdaptiveSam{.name = "sam",
                           .displaces = true,
                           .prepare =
                               [](Values v, const Update&, std::span<double>, Numbers& k) {
                                 k[1] = v[1];
                                 return Flow::go_on;
                               },
                           .num_sums = kNumRanges,
                           .sum64 = sum_scaled<double>,
                           .sum32 = sum_scaled<float>,
                           .summed = [](Values v, const Update&, const double* sums, std::span<double>,
                                        Numbers& k) { return factor_of(v[0], norm_of(sums), k); },
                           .kernel64 = displaced_by_size<double>,
                           .kernel32 = displaced_by_size<float>,
                           .reference =
                               [](const Reference& r) {
                                 const auto size = [&](std::size_t i) { return std::fabs(r.x[i]) + r.values[1]; };
                                 std::vector<double> scaled(r.u.size());
                                 for (std::size_t i = 0; i < r.u.size(); ++i) scaled[i] = size(i) * r.u[i];
                                 Numbers k{};
                                 *r.flow = factor_of(r.values[0], reference_norm(scaled), k);
                                 for (std::size_t i = 0; i < r.u.size(); ++i)
                                   r.u[i] = r.x[i] + k[0] * (size(i) * scaled[i]);
                               }};

}  // namespace

void add_sam(Registry<OptimizerMaker>& registry) {
  add_rule(
      registry,
      {.name = "sam",
       .summary = "Takes the gradient a little uphill, so that flat minima are preferred: for the front of a chain.",
       .formula =
           "e = rho g / ||g||_2; adaptive: T = |x| + eta, e = rho T^2 g / ||T g||_2; what stands behind sees the "
           "gradient at x + e, of the same rows",
       .params = {number_spec("rho", "0.05", kPositive, "length of the displacement",
                              "the paper's best for most of its networks; adaptive wants about ten times as much"),
                  flag_spec("adaptive", "measures the displacement of each parameter against its size",
                            "off: the paper's; on, rescaled weights that compute the same are displaced alike"),
                  number_spec("eta", "0", kNotNegative, "adaptive: added to |x|, so that parameters at 0 move, too",
                              "the paper's equation; its program adds 0.01 for weights")},
       .reference =
           "P. Foret, A. Kleiner, H. Mobahi, B. Neyshabur, \"Sharpness-aware minimization for efficiently improving "
           "generalization\", ICLR 2021, eq. 2; J. Kwon, J. Kim, H. Park, I. K. Choi, \"ASAM: adaptive "
           "sharpness-aware minimization for scale-invariant learning of deep neural networks\", ICML 2021, eq. 6",
       .differs = "two evaluations an update. A gradient of 0, or one that is not finite, displaces nothing. PyTorch "
                  "has no sam; programs for it add 1e-12 to the norm, and optax.contrib.sam has its own inner rule",
       .example = "sam(0.05) | momentum(0.01)"},
      [](const Given& given) {
        if (given.flag("adaptive"))
          return std::vector<Rule>{{.def = &kAdaptiveSam, .values = {given["rho"], given["eta"]}}};
        if (given.uses("eta")) throw Error(ErrorCode::usage, "sam: 'eta' belongs to adaptive=true, got adaptive=false");
        return std::vector<Rule>{{.def = &kSam, .values = {given["rho"]}}};
      });
}

}  // namespace descent::rules
