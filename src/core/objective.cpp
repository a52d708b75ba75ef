#include "descent/core/objective.hpp"

#include <algorithm>
#include <cmath>

namespace descent {

void Objective::hessian_product(View x, View v, MutableView product) {
  constexpr double kCubeRootOfEps = 6.055454452393343e-06;
  double size = 1.0, length = 0.0;
  for (const double xi : x) size = std::max(size, std::fabs(xi));
  for (const double vi : v) length = std::max(length, std::fabs(vi));
  std::fill(product.begin(), product.end(), 0.0);
  if (length == 0.0) return;
  const double h = kCubeRootOfEps * size / length;
  std::vector<double> moved(x.size()), gradient(x.size());
  for (const double side : {1.0, -1.0}) {
    for (std::size_t i = 0; i < x.size(); ++i) moved[i] = x[i] + side * h * v[i];
    evaluate(moved, gradient);
    for (std::size_t i = 0; i < x.size(); ++i) product[i] += side * gradient[i];
  }
  for (double& p : product) p /= 2.0 * h;
}

}  // namespace descent
