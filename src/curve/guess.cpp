#include "src/curve/guess.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "descent/core/elementary.hpp"
#include "descent/core/random.hpp"
#include "descent/expr/derivative.hpp"

namespace descent::curve {
namespace {

constexpr std::size_t kDraws = 400;    // starts looked at
constexpr std::size_t kFollowed = 24;  // of them, for kFewSteps
constexpr std::size_t kFinished = 4;   // of those, to the end
constexpr std::uint64_t kFewSteps = 20;
constexpr std::size_t kMostRows = 1000;  // looked at while guessing

/// Sizes that numbers of this problem have: of each input, of its spread, of one over them, of the response.
std::vector<double> natural_scales(const CurveObjective& objective) {
  std::vector<double> result{1.0};
  const auto add = [&](View values) {
    double low = std::numeric_limits<double>::infinity(), high = -low, largest = 0.0;
    for (const double value : values) {
      if (!std::isfinite(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
      largest = std::max(largest, std::fabs(value));
    }
    for (const double size : {largest, high - low})
      if (size > 0.0 && std::isfinite(size)) {
        result.push_back(size);
        result.push_back(1.0 / size);
      }
  };
  for (const std::vector<double>& column : objective.rows().columns) add(column);
  add(objective.response());
  return result;
}

/// A number for a parameter: now a place within the range of a column, now a size of either sign.
class Draw {
 public:
  Draw(const CurveObjective& objective, std::uint64_t seed)
      : scales_(natural_scales(objective)), rng_(seed, RandomStream::start) {
    for (const std::vector<double>& column : objective.rows().columns)  // those not in use hold no numbers
      if (std::all_of(column.begin(), column.end(), [](double value) { return std::isfinite(value); }))
        columns_.push_back(&column);
  }

  double next(const Bound& bound) {
    const double u = rng_.uniform(index_++), v = rng_.uniform(index_++), w = rng_.uniform(index_++);
    double value = 0.0;
    if (u < 0.25 && !columns_.empty()) {
      const std::vector<double>& column = *columns_[rng_.below(index_++, columns_.size())];
      value = column[rng_.below(index_++, column.size())];
    } else {
      const double scale = scales_[rng_.below(index_++, scales_.size())];
      // A factor of a tenth to ten; three in four are positive, as rates, widths and amplitudes mostly are.
      value = scale * math::exp(2.302585092994046 * (2.0 * v - 1.0)) * (w < 0.75 ? 1.0 : -1.0);
    }
    return std::clamp(value, bound.low, bound.high);
  }

 private:
  std::vector<const std::vector<double>*> columns_;
  std::vector<double> scales_;
  Rng rng_;
  std::uint64_t index_ = 0;
};

struct Candidate {
  std::vector<double> x;
  double value = std::numeric_limits<double>::infinity();
};

/// Every k-th row, so that at most kMostRows are left.
std::shared_ptr<const CurveRows> thinned(const CurveRows& rows) {
  auto result = std::make_shared<CurveRows>();
  result->names = rows.names;
  const std::size_t every = (rows.size() + kMostRows - 1) / kMostRows;
  const auto take = [&](const std::vector<double>& from) {
    std::vector<double> to;
    for (std::size_t i = 0; i < from.size(); i += every) to.push_back(from[i]);
    return to;
  };
  for (const auto& column : rows.columns) result->columns.push_back(take(column));
  result->sigma = take(rows.sigma);
  return result;
}

}  // namespace

std::vector<bool> linear_parameters(const Curve& curve) {
  const std::vector<std::string>& names = curve.parameters;
  const std::vector<expr::Formula> slopes = expr::gradient(curve.formula);
  std::vector<bool> result(names.size(), false);
  if (expr::has_kinks(curve.formula)) return result;  // the second derivatives are 0 piece by piece only
  const auto depends = [&](std::size_t slope, std::size_t on) {
    return !(expr::derivative(slopes[slope], names[on]) == expr::Formula());
  };
  for (std::size_t j = 0; j < names.size(); ++j) {
    bool linear = !depends(j, j);
    for (std::size_t k = 0; k < j && linear; ++k) linear = !result[k] || !depends(j, k);
    result[j] = linear;
  }
  return result;
}

Guess guess_start(const Curve& curve, CurveObjective& objective, const CurveOptions& options,
                  const std::vector<Bound>& bounds) {
  const std::size_t n = curve.parameters.size();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  std::vector<Bound> box = bounds;
  if (box.empty()) box.assign(n, {.low = -kInfinity, .high = kInfinity});
  const auto given = [&](std::size_t j) { return !options.start.empty() && options.start[j].has_value(); };
  for (std::size_t j = 0; j < n; ++j)  // what is given stays as it is until the fit itself
    if (given(j)) {
      const double value = std::clamp(*options.start[j], box[j].low, box[j].high);
      box[j] = {.low = value, .high = value};
    }
  const std::vector<bool> linear = linear_parameters(curve);

  std::shared_ptr<const CurveRows> rows = thinned(objective.rows());
  CurveObjective few(curve, rows);
  const auto solve = [&](CurveObjective& problem, Candidate& candidate, const std::vector<Bound>& within,
                         std::uint64_t steps) {
    MinimizeOptions run{.max_steps = steps, .gradient_tolerance = 0.0, .bounds = within, .stop = options.run.stop};
    Result result = minimize(problem, candidate.x, Optimizer(Method::levenberg_marquardt), run);
    if (!std::isfinite(result.value) || result.status == Status::diverged) return;
    candidate.value = result.value;
    candidate.x = std::move(result.x);
  };

  // What the curve is linear in is solved for with the rest held: one step, and one to see that it was enough.
  const bool any_linear = std::any_of(linear.begin(), linear.end(), [](bool is) { return is; });
  Draw draw(objective, options.seed);
  std::vector<Candidate> candidates;
  const auto look_at = [&](Candidate candidate) {
    std::vector<Bound> held = box;
    for (std::size_t j = 0; j < n; ++j)
      if (!linear[j] || given(j)) held[j] = {.low = candidate.x[j], .high = candidate.x[j]};
    if (any_linear)
      solve(few, candidate, held, 2);
    else
      candidate.value = few.value(candidate.x);
    if (std::isfinite(candidate.value)) candidates.push_back(std::move(candidate));
  };
  std::size_t tried = 0;
  for (std::size_t k = 0; k < kDraws && !options.run.stop.stop_requested(); ++k) {
    Candidate candidate{.x = std::vector<double>(n)};
    for (std::size_t j = 0; j < n; ++j) {
      const double drawn = k == 0 ? std::clamp(1.0, box[j].low, box[j].high) : draw.next(box[j]);
      candidate.x[j] = given(j) ? std::clamp(*options.start[j], box[j].low, box[j].high) : drawn;
    }
    look_at(std::move(candidate));
    ++tried;
    if (std::all_of(linear.begin(), linear.end(), [](bool is) { return is; })) break;  // one is as good as another
  }
  const auto by_value = [](const Candidate& a, const Candidate& b) { return a.value < b.value; };
  const auto keep = [&](std::size_t count, std::uint64_t steps, CurveObjective& problem) {
    std::stable_sort(candidates.begin(), candidates.end(), by_value);
    if (candidates.size() > count) candidates.resize(count);
    for (Candidate& candidate : candidates) solve(problem, candidate, box, steps);
    std::stable_sort(candidates.begin(), candidates.end(), by_value);
  };
  keep(kFollowed, kFewSteps, few);
  keep(kFinished, 500, few);
  for (Candidate& candidate : candidates) {  // few rows chose them, all rows judge
    candidate.value = objective.value(candidate.x);
    if (!std::isfinite(candidate.value)) candidate.value = kInfinity;
  }
  std::stable_sort(candidates.begin(), candidates.end(), by_value);
  Guess guess{.start = std::vector<double>(n, 1.0), .tried = tried};
  for (std::size_t j = 0; j < n; ++j) guess.start[j] = std::clamp(guess.start[j], box[j].low, box[j].high);
  if (!candidates.empty()) guess.start = candidates.front().x;
  return guess;
}

}  // namespace descent::curve
