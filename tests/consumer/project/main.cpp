#include <descent/descent.hpp>

#include <iostream>

namespace ds = descent;

int main() {
  auto rosenbrock = ds::objective(2, [](const auto& x) {  // the gradient comes from autodiff
    auto a = 1.0 - x[0], b = x[1] - x[0] * x[0];
    return a * a + 100.0 * b * b;
  });
  ds::Trace trace;
  ds::Result result =
      ds::minimize(rosenbrock, {-1.2, 1.0},
                   ds::chain(ds::clip_by_global_norm(1.0), ds::adam(ds::cosine(0.05, 5000), {.beta2 = 0.99})),
                   {.max_steps = 5000, .gradient_tolerance = 1e-6, .observer = trace.recorder()});
  std::cout << ds::to_text(result.status) << " at (" << result.x[0] << ", " << result.x[1] << "): " << result.reason
            << '\n';
  return result.status == ds::Status::converged ? 0 : 1;  // result.certificate says why
}
