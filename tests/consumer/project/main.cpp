#include <descent/core/random.hpp>
#include <descent/core/text.hpp>
#include <descent/simd/math.hpp>

#include <cmath>
#include <iostream>
#include <vector>

int main() {
  std::vector<double> x{0.5, 1.0, 2.0};
  descent::simd::exp(x, x);
  std::cout << "exp(1) = " << descent::number_text(x[1], 6) << '\n';
  return std::fabs(x[1] - 2.718281828459045) < 1e-15 ? 0 : 1;
}
