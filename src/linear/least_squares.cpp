#include "descent/linear/least_squares.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>

#include "descent/simd/reduce.hpp"

namespace descent::linear {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

/// Upper triangle R with R^T R = A^T A, A = sqrt(omega) [1 X y] (or [X y]), taken in block by block.
Matrix triangle(const DenseRows& rows, bool intercept) {
  const auto features = static_cast<Eigen::Index>(rows.num_features());
  const Eigen::Index first = intercept ? 1 : 0;
  const Eigen::Index columns = first + features + 1;
  // Blocks of four triangles' height: the work is then 1.25 times that of one big factorisation.
  const Eigen::Index height = std::max<Eigen::Index>(4 * columns, 256);
  Matrix work = Matrix::Zero(columns + height, columns);
  const View weights = rows.weights();
  const auto total = static_cast<Eigen::Index>(rows.num_rows());
  for (Eigen::Index begin = 0; begin < total; begin += height) {
    const Eigen::Index count = std::min(height, total - begin);
    for (Eigen::Index i = 0; i < count; ++i) {
      const auto r = static_cast<std::size_t>(begin + i);
      const double root = weights.empty() ? 1.0 : std::sqrt(weights[r]);
      const double* row = rows.row(r);
      const Eigen::Index at = columns + i;
      if (intercept) work(at, 0) = root;
      for (Eigen::Index j = 0; j < features; ++j) work(at, first + j) = root * row[j];
      work(at, columns - 1) = root * rows.targets()[r];
    }
    auto stacked = work.topRows(columns + count);
    const Eigen::HouseholderQR<Matrix> qr(stacked);
    work.setZero();
    work.topRows(columns) = qr.matrixQR().topRows(columns).triangularView<Eigen::Upper>();
  }
  return work.topRows(columns);
}

/// Singular values, largest first; those below the rounding of the largest are left out. They are the positive
/// eigenvalues of [0 R; R^T 0], which keeps the digits that R^T R loses (Golub and Van Loan, Matrix Computations, 4th
/// ed., section 8.6.1) and needs no decomposition beside the one that count_steps() needs: with Eigen's two SVDs this
/// file took 36 s to compile instead of 16.
Vector singular_values(const Matrix& r) {
  const Eigen::Index size = r.cols();
  if (size == 0) return {};
  Matrix both = Matrix::Zero(2 * size, 2 * size);
  both.bottomLeftCorner(size, size) = r.transpose();
  both.topRightCorner(size, size) = r;
  const Eigen::SelfAdjointEigenSolver<Matrix> eigen(both, Eigen::EigenvaluesOnly);
  const Vector values = eigen.eigenvalues().tail(size).reverse();
  const double threshold = values(0) * static_cast<double>(size) * std::numeric_limits<double>::epsilon();
  Eigen::Index rank = 0;
  while (rank < size && values(rank) > threshold) ++rank;
  return values.head(rank);
}

double condition_of(const Vector& singular) {
  if (singular.size() == 0) return 1.0;
  const double ratio = singular(0) / singular(singular.size() - 1);
  return ratio * ratio;
}

}  // namespace

LeastSquaresAnalysis analyse_least_squares(const DenseRows& rows, bool intercept, LossScale loss_scale,
                                           const loss::Penalty& penalty, const Scaling& scaling) {
  const auto features = static_cast<Eigen::Index>(rows.num_features());
  const Eigen::Index first = intercept ? 1 : 0;
  const Eigen::Index size = first + features;
  const double n = static_cast<double>(rows.num_rows());
  const double weight = rows.weights().empty() ? n : simd::sum(rows.weights());
  const bool mean = loss_scale == LossScale::mean || loss_scale == LossScale::half_mean;
  const bool half = loss_scale == LossScale::half_mean || loss_scale == LossScale::half_sum;
  const double c = (half ? 0.5 : 1.0) / (mean ? weight : 1.0);

  const Matrix data_triangle = triangle(rows, intercept);
  LeastSquaresAnalysis result;

  // A penalty is as many more rows: c (sqrt(l2 / 2c) w_j)^2 = l2/2 w_j^2.
  Matrix full = data_triangle;
  if (penalty.l2 > 0.0) {
    Matrix stacked = Matrix::Zero(size + 1 + features, size + 1);
    stacked.topRows(size + 1) = data_triangle;
    for (Eigen::Index j = 0; j < features; ++j) stacked(size + 1 + j, first + j) = std::sqrt(penalty.l2 / (2.0 * c));
    const Eigen::HouseholderQR<Matrix> qr(stacked);
    full = qr.matrixQR().topRows(size + 1).triangularView<Eigen::Upper>();
  }
  const Matrix r = full.topLeftCorner(size, size);
  const Vector z = full.topRightCorner(size, 1);
  const double rest = full(size, size);  // norm of what no parameters can explain

  // Inside, the intercept comes first (its elimination is what centres the columns); outside it comes last.
  const auto outside = [&](Eigen::Index j) { return intercept ? (j == 0 ? size - 1 : j - 1) : j; };

  // Rank is judged with columns of equal length: a small unit must not look like a missing direction.
  Vector lengths = r.colwise().norm();
  for (Eigen::Index j = 0; j < size; ++j)
    if (!(lengths(j) > 0.0)) lengths(j) = 1.0;
  const Matrix equal = r * lengths.cwiseInverse().asDiagonal();
  Vector theta = Vector::Zero(size);
  Vector singular = singular_values(r);
  if (size > 0) {
    const Eigen::CompleteOrthogonalDecomposition<Matrix> judged(equal);
    result.rank = static_cast<std::size_t>(judged.rank());
    if (judged.rank() == size) {
      theta = judged.solve(z).cwiseQuotient(lengths);
    } else {
      // The solution of least norm is one in the units of the parameters, so those columns are not scaled.
      theta = Eigen::CompleteOrthogonalDecomposition<Matrix>(r).solve(z);
      singular.conservativeResize(std::min<Eigen::Index>(singular.size(), judged.rank()));
      const auto& order = judged.colsPermutation().indices();
      for (Eigen::Index j = judged.rank(); j < size; ++j)
        result.dependent.push_back(static_cast<std::size_t>(outside(order(j))));
      std::sort(result.dependent.begin(), result.dependent.end());
    }
  }
  const double misfit = (r * theta - z).squaredNorm();
  result.value = c * (rest * rest + misfit);
  result.rounding = 0x1p-92 * c * (rest * rest + z.squaredNorm());

  const Matrix hessian = 2.0 * c * (r.transpose() * r);
  result.solution.resize(static_cast<std::size_t>(size));
  result.hessian.resize(static_cast<std::size_t>(size * size));
  for (Eigen::Index i = 0; i < size; ++i) {
    result.solution[static_cast<std::size_t>(outside(i))] = theta(i);
    for (Eigen::Index j = 0; j < size; ++j)
      result.hessian[static_cast<std::size_t>(outside(i) * size + outside(j))] = hessian(i, j);
  }

  if (singular.size() > 0) {
    const double top = singular(0), bottom = singular(singular.size() - 1);
    result.lambda_max = 2.0 * c * top * top;
    result.lambda_min = 2.0 * c * bottom * bottom;
    result.condition = condition_of(singular);
    result.largest_stable_rate = 2.0 / result.lambda_max;
    result.best_rate = 2.0 / (result.lambda_max + result.lambda_min);
  }

  // What scaling does to the condition number, from the triangle alone. Its block below the intercept is the triangle
  // of the centred columns; x = x~ scale + mean turns a standardised triangle back into the raw one.
  if (penalty.none() && size > 0) {
    const Matrix data = data_triangle.topLeftCorner(size, size);
    if (scaling.active()) {
      Matrix back = Matrix::Identity(size, size);
      for (Eigen::Index j = 0; j < features; ++j) {
        back(first + j, first + j) = scaling.scales[static_cast<std::size_t>(j)];
        if (intercept) back(0, first + j) = scaling.means[static_cast<std::size_t>(j)];
      }
      result.condition_raw = condition_of(singular_values(data * back));
      result.condition_standardized = result.condition;
    } else {
      result.condition_raw = result.condition;
      Matrix standard = data;
      if (intercept) standard.topRightCorner(1, features).setZero();
      for (Eigen::Index j = 0; j < features; ++j) {
        const double deviation = standard.col(first + j).norm() / std::sqrt(weight);
        const double size_of_column = data.col(first + j).norm() / std::sqrt(weight);
        // A constant column has no spread to scale to: standardising turns it into zeros.
        if (deviation > 1e-14 * size_of_column)
          standard.col(first + j) /= deviation;
        else
          standard.col(first + j).setZero();
      }
      result.condition_standardized = condition_of(singular_values(standard));
    }
  }
  return result;
}

namespace {

/// base^k by squaring.
double power(double base, std::uint64_t k) {
  double result = 1.0;
  for (; k > 0; k >>= 1, base *= base)
    if ((k & 1) != 0) result *= base;
  return result;
}

constexpr double kReduction = 1e-6;
constexpr std::uint64_t kMostSteps = std::uint64_t{1} << 50;
constexpr std::uint64_t kMostWork = 20'000'000;  // of the walk with momentum: 20 ms

}  // namespace

void count_steps(LeastSquaresAnalysis& analysis, View start, double rate) {
  const auto size = static_cast<Eigen::Index>(analysis.solution.size());
  const double infinity = std::numeric_limits<double>::infinity();
  analysis.rate = rate > 0.0 ? rate : analysis.best_rate;
  analysis.steps_to_1e6 = analysis.steps_with_momentum = 0.0;
  if (size == 0 || analysis.lambda_max <= 0.0) return;
  const Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>> hessian(
      analysis.hessian.data(), size, size);
  const Eigen::SelfAdjointEigenSolver<Matrix> eigen(hessian);
  Vector error(size);
  for (Eigen::Index j = 0; j < size; ++j)
    error(j) = start[static_cast<std::size_t>(j)] - analysis.solution[static_cast<std::size_t>(j)];
  // Directions without curvature never move; the distance is to the nearest of the solutions.
  std::vector<double> parts, lambdas;
  const Vector rotated = eigen.eigenvectors().transpose() * error;
  for (Eigen::Index j = std::max<Eigen::Index>(size - static_cast<Eigen::Index>(analysis.rank), 0); j < size; ++j) {
    parts.push_back(rotated(j));
    lambdas.push_back(std::clamp(eigen.eigenvalues()(j), analysis.lambda_min, analysis.lambda_max));
  }
  const double goal = kReduction * kReduction * simd::squared_norm(parts);
  if (!(goal > 0.0)) return;

  const auto left_after = [&](std::uint64_t k) {
    double total = 0.0;
    for (std::size_t j = 0; j < parts.size(); ++j) {
      const double part = parts[j] * power(1.0 - analysis.rate * lambdas[j], k);
      total += part * part;
    }
    return total;
  };
  std::uint64_t high = 1;
  while (high < kMostSteps && !(left_after(high) <= goal)) high *= 2;
  if (high >= kMostSteps) {
    analysis.steps_to_1e6 = infinity;
  } else {
    std::uint64_t low = high / 2;  // not there yet; every part shrinks, so what is left only falls
    while (high - low > 1) {
      const std::uint64_t middle = low + (high - low) / 2;
      (left_after(middle) <= goal ? high : low) = middle;
    }
    analysis.steps_to_1e6 = static_cast<double>(high);
  }

  const double top = std::sqrt(analysis.lambda_max), bottom = std::sqrt(analysis.lambda_min);
  const double best_rate = 4.0 / ((top + bottom) * (top + bottom));
  const double root = (top - bottom) / (top + bottom);
  std::vector<double> velocity(parts.size(), 0.0);
  const std::uint64_t most = kMostWork / parts.size();
  std::uint64_t step = 0;
  double left = infinity;
  while (left > goal && step < most) {
    ++step;
    left = 0.0;
    for (std::size_t j = 0; j < parts.size(); ++j) {
      velocity[j] = root * root * velocity[j] + lambdas[j] * parts[j];
      parts[j] -= best_rate * velocity[j];
      left += parts[j] * parts[j];
    }
  }
  analysis.steps_with_momentum = left <= goal ? static_cast<double>(step) : infinity;
}

}  // namespace descent::linear
