#include "descent/problem/least_squares_objective.hpp"

#include <span>

#include "descent/parallel/reduce.hpp"

namespace descent {

double half_sum_of_squares(View residuals, View jacobian, MutableView gradient) {
  const std::size_t n = gradient.size();
  double total = 0.0;
  parallel::reduce_rows(nullptr, residuals.size(), std::span(&total, 1),
                        [&](std::size_t begin, std::size_t end, std::span<double> partial) {
                          partial[0] = autodiff::detail::lane_sum(
                              end - begin, [&](std::size_t i) { return residuals[begin + i] * residuals[begin + i]; });
                        });
  if (n > 0)
    parallel::reduce_rows(nullptr, residuals.size(), gradient,
                          [&](std::size_t begin, std::size_t end, std::span<double> partial) {
                            for (std::size_t i = begin; i < end; ++i)
                              for (std::size_t j = 0; j < n; ++j) partial[j] += residuals[i] * jacobian[i * n + j];
                          });
  return 0.5 * total;
}

}  // namespace descent
