// Groups of parameters with rules of their own, in a loop of one's own: weights by sharpness-aware adamw with a
// decaying rate, the intercept by plain descent; then the state, which is one value, taken along.
#include <descent/descent.hpp>

#include <iostream>
#include <vector>

namespace ds = descent;

int main() {
  const ds::Chain chain =
      ds::chain(ds::sam(0.01), ds::only({"weights"}, ds::adamw(ds::cosine(0.05, 2000), {.weight_decay = 0})),
                ds::except({"weights"}, ds::sgd(0.1)));
  std::cout << ds::to_text(chain) << "\n";

  auto f = ds::objective(3, [](const auto& x) {
    auto a = x[0] + 2.0 * x[1] + x[2] - 3.0, b = x[0] - x[1] + x[2] - 1.0, c = 3.0 * x[0] + x[1] + x[2] - 2.0;
    return a * a + b * b + c * c;
  });
  ds::ChainState state(chain, 3, {.blocks = {{"weights", 2, 1}, {"intercept", 1, 1}}});
  std::vector<double> x(3), there(3), gradient(3);
  for (int k = 0; k < 2000; ++k) {
    if (k == 1000) {  // a copy goes on where this one is; save() and load() do the same through a file
      const ds::ChainState kept = state;
      state = kept;
    }
    f.evaluate(x, gradient);
    if (state.displace(gradient, x, there)) f.evaluate(there, gradient);  // sam's second gradient
    state.update(gradient, x);
  }
  const double left = f.evaluate(x, gradient);
  std::cout << (left < 1e-3 ? "near" : "far from") << " the minimum after " << state.steps() << " updates\n";
  return 0;
}
