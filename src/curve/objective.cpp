#include "descent/curve/objective.hpp"

#include <algorithm>
#include <cmath>

#include "descent/core/elementary.hpp"
#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/parallel/reduce.hpp"
#include "descent/simd/reduce.hpp"
#include "src/curve/not_finite.hpp"

namespace descent::curve {
namespace {

constexpr std::pair<const char*, Robust> kRobust[] = {{"none", Robust::none},
                                                      {"huber", Robust::huber},
                                                      {"soft_l1", Robust::soft_l1},
                                                      {"cauchy", Robust::cauchy},
                                                      {"tukey", Robust::tukey}};

}  // namespace

const char* to_text(Robust robust) {
  for (const auto& [name, value] : kRobust)
    if (value == robust) return name;
  return "";
}

Robust parse_robust(std::string_view text) {
  std::vector<std::string> names;
  for (const auto& [name, value] : kRobust) {
    if (text == name) return value;
    names.emplace_back(name);
  }
  throw Error(ErrorCode::usage, "expected one of " + join(names) + ", got " + quoted(text) + did_you_mean(text, names),
              "robust");
}

RobustResidual robust_residual(Robust robust, double scale, double r) {
  const double u = std::fabs(r / scale), z = u * u;
  switch (robust) {
    case Robust::none: break;
    case Robust::huber: {
      if (!(u > 1.0)) break;
      const double root = std::sqrt(2.0 * u - 1.0);
      return {.t = std::copysign(scale * root, r), .slope = 1.0 / root, .weight = 1.0 / u};
    }
    case Robust::soft_l1: {
      const double q = std::sqrt(1.0 + z);
      return {.t = r * std::sqrt(2.0 / (q + 1.0)), .slope = std::sqrt(0.5 * (q + 1.0)) / q, .weight = 1.0 / q};
    }
    case Robust::cauchy: {
      if (!(z > 0.0)) break;
      const double root = std::sqrt(math::log1p(z)), weight = 1.0 / (1.0 + z);
      return {.t = std::copysign(scale * root, r), .slope = weight * u / root, .weight = weight};
    }
    case Robust::tukey: {
      if (!(z < 1.0)) return {.t = std::copysign(scale / std::sqrt(3.0), r), .slope = 0.0, .weight = 0.0};
      const double root = std::sqrt(1.0 - z + z * z / 3.0), weight = (1.0 - z) * (1.0 - z);
      return {.t = r * root, .slope = weight / root, .weight = weight};
    }
  }
  return {.t = r};
}

double robust_slope(Robust robust, double scale, double r) {
  const double z = (r / scale) * (r / scale), q = 1.0 + z;
  switch (robust) {
    case Robust::none: break;
    case Robust::huber: return z <= 1.0 ? 1.0 : 0.0;
    case Robust::soft_l1: return 1.0 / (q * std::sqrt(q));
    case Robust::cauchy: return (1.0 - z) / (q * q);
    case Robust::tukey: return z < 1.0 ? (1.0 - z) * (1.0 - 5.0 * z) : 0.0;
  }
  return 1.0;
}

CurveObjective::CurveObjective(const Curve& curve, std::shared_ptr<const CurveRows> rows, parallel::Pool* pool)
    : parameters_(curve.parameters), program_(curve.formula), rows_(std::move(rows)), pool_(pool) {
  const std::size_t count = rows_->size();
  if (count == 0) throw Error(ErrorCode::data, "there are no rows to fit");
  columns_.assign(rows_->columns.begin(), rows_->columns.end());
  response_.resize(count);
  expr::ColumnProgram(curve.response).evaluate({}, columns_, 0, response_, {});
  const auto refuse = [this](std::size_t row, const std::string& what, const std::string& name) {
    throw Error(ErrorCode::data, what + " in " + row_text(*rows_, row), Place{.name = name});
  };
  for (std::size_t i = 0; i < count; ++i) {
    if (!std::isfinite(response_[i])) refuse(i, "the left side is not finite", curve.response_text);
    if (!rows_->sigma.empty() && !(rows_->sigma[i] > 0.0 && std::isfinite(rows_->sigma[i])))
      refuse(i, "expected a standard deviation > 0, got " + number_text(rows_->sigma[i]), "sigma");
  }
  std::vector<double> scaled = response_;
  for (std::size_t i = 0; i < rows_->sigma.size(); ++i) scaled[i] /= rows_->sigma[i];
  // Squares of residuals that are 1e-12 of these must be numbers of full precision, and their sum finite.
  constexpr double kSmallest = 1e-140, kLargest = 1e150;
  const double largest = simd::max_abs(scaled);
  if (largest > 0.0 && !(largest >= kSmallest && largest <= kLargest)) {
    const std::string factor = "1e" + number_text(-std::floor(math::log(largest) / 2.302585092994046));
    throw Error(ErrorCode::data,
                "the values go up to " + number_text(largest, 3) + (rows_->sigma.empty() ? "" : " sigma") +
                    ", and squares of numbers so " + (largest < 1.0 ? "small" : "large") +
                    " are lost: fit a multiple, with " + factor + "*(" + curve.response_text + ") on the left",
                Place{.name = curve.response_text});
  }
  scale_of_response_ = std::sqrt(simd::squared_norm(scaled));
}

std::size_t CurveObjective::rows_per_block() const { return std::min(response_.size(), parallel::kRowsPerBlock); }

void CurveObjective::values(View x, MutableView out, MutableView partials) const {
  program_.evaluate(x, columns_, 0, out, partials);
}

void CurveObjective::rows_at(View x, std::size_t begin, MutableView residuals, MutableView jacobian) const {
  const std::size_t rows = residuals.size();
  program_.evaluate(x, columns_, begin, residuals, jacobian);
  for (std::size_t i = 0; i < rows; ++i) residuals[i] -= response_[begin + i];
  if (rows_->sigma.empty() && robust_ == Robust::none) return;
  for (std::size_t i = 0; i < rows; ++i) {
    const double sigma = rows_->sigma.empty() ? 1.0 : rows_->sigma[begin + i];
    const RobustResidual robust = robust_residual(robust_, robust_scale_, residuals[i] / sigma);
    residuals[i] = robust.t;
    const double slope = robust.slope / sigma;
    for (std::size_t at = i; at < jacobian.size(); at += rows) jacobian[at] *= slope;
  }
}

void CurveObjective::residual_rows(View x, std::size_t begin, MutableView residuals, MutableView jacobian) {
  rows_at(x, begin, residuals, jacobian);
}

double CurveObjective::evaluate(View x, MutableView gradient) {
  const std::size_t n = gradient.size();
  std::vector<double> totals(n + 1);
  parallel::reduce_rows(pool_, response_.size(), totals,
                        [&](std::size_t begin, std::size_t end, std::span<double> partial) {
                          std::vector<double> block((n + 1) * (end - begin));
                          const MutableView residuals = MutableView(block).first(end - begin);
                          const MutableView jacobian = MutableView(block).subspan(end - begin);
                          rows_at(x, begin, residuals, jacobian);
                          partial[0] = simd::squared_norm(residuals);
                          for (std::size_t j = 0; j < n; ++j)
                            partial[j + 1] = simd::dot(jacobian.subspan(j * (end - begin), end - begin), residuals);
                        });
  std::copy_n(totals.begin() + 1, n, gradient.begin());
  return 0.5 * totals[0];
}

}  // namespace descent::curve
