// A rule of your own, without touching the library: cautious momentum moves a parameter only where its momentum and
// the newest gradient agree in sign (K. Liang et al., "Cautious optimizers", 2024). What it remembers is its own.
#include <descent/descent.hpp>

#include <iostream>
#include <vector>

namespace ds = descent;

int main() {
  std::vector<double> velocity(2);
  const ds::Chain cautious = ds::custom_rule("cautious", [&velocity](ds::RuleBlock& block) {
    for (std::size_t i = 0; i < block.update.size(); ++i) {  // at most 256 elements of all, in any order
      const double gradient = block.update[i];
      double& v = velocity[block.first + i];
      v = 0.9 * v + gradient;
      block.update[i] = v * gradient > 0.0 ? v : 0.0;
    }
  });

  auto rosenbrock = ds::objective(2, [](const auto& x) {
    auto a = 1.0 - x[0], b = x[1] - x[0] * x[0];
    return a * a + 100.0 * b * b;
  });
  // A link like any other: something before it, something after it, any stopping rule around it.
  const ds::Result result = ds::minimize(
      rosenbrock, {-1.2, 1.0}, ds::chain(ds::clip_by_global_norm(10.0), cautious, ds::scale_by_learning_rate(5e-4)),
      {.max_steps = 50000, .gradient_tolerance = 1e-8});
  std::cout << ds::to_text(result.status) << " at (" << result.x[0] << ", " << result.x[1] << ") after " << result.steps
            << " updates\n";
  return result.status == ds::Status::converged ? 0 : 1;
}
