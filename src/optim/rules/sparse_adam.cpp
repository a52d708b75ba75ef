// torch.optim.SparseAdam: Adam with epsilon as it is, made for gradients of a few rows (BasicChainState::update_rows).
#include <cmath>

#include "src/optim/rules/entries.hpp"
#include "src/optim/rules/kernels.hpp"

namespace descent::rules {
namespace {

Flow prepare_sparse_adam(Values v, const Update&, std::span<double> powers, Numbers& k) {
  powers[0] = next_power(powers[0], v[0]);
  powers[1] = next_power(powers[1], v[1]);
  k[0] = v[0];
  k[1] = 1.0 - v[0];
  k[2] = v[1];
  k[3] = 1.0 - v[1];
  k[4] = std::sqrt(1.0 - powers[1]) / (1.0 - powers[0]);
  k[5] = v[2];
  return Flow::go_on;
}

const RuleDef kSparseAdam{.name = "torch.sparse_adam",
                          .num_slots = 2,
                          .num_scalars = 2,  // beta1^t, beta2^t
                          .scalar_start = {1.0, 1.0},
                          .scale_free = true,
                          .prepare = prepare_sparse_adam,
                          .kernel64 = adam_elements,
                          .kernel32 = adam_elements,
                          .reference = [](const Reference& r) {
                            const double beta1 = r.values[0], beta2 = r.values[1], epsilon = r.values[2];
                            const double factor = std::sqrt(1.0 - r.scalars[1]) / (1.0 - r.scalars[0]);
                            for (std::size_t i = 0; i < r.u.size(); ++i) {
                              double &m = r.slots[0][i], &v = r.slots[1][i];
                              m = beta1 * m + (1.0 - beta1) * r.u[i];
                              v = beta2 * v + (1.0 - beta2) * (r.u[i] * r.u[i]);
                              r.u[i] = (m * factor) / (std::sqrt(v) + epsilon);
                            }
                          }};

}  // namespace

void add_sparse_adam(Registry<OptimizerMaker>& registry) {
  add_rule(
      registry,
      {.name = "torch.sparse_adam",
       .summary = "The steps of torch.optim.SparseAdam of PyTorch 2, to rounding.",
       .formula = "m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2, x = x - r sqrt(1 - beta2^t) / (1 - "
                  "beta1^t) m / (sqrt(v) + epsilon)",
       .params = {rate_spec("1e-3", "torch's"), beta1_spec(), beta2_spec(), epsilon_spec()},
       .reference = "PyTorch 2, torch.optim.SparseAdam",
       .differs = "from adam: epsilon is not divided by sqrt(1 - beta2^t). With gradients of some rows (update_rows in "
                  "C++) the others keep their m and v, as in PyTorch; t counts all updates",
       .example = "torch.sparse_adam(0.01, beta2=0.99)"},
      [](const Given& given) {
        return std::vector<Rule>{{.def = &kSparseAdam, .values = {given["beta1"], given["beta2"], given["epsilon"]}},
                                 given.rate()};
      });
}

}  // namespace descent::rules
