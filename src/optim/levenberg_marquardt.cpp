// minimise   1/2 sum_i r_i(x)^2 within bounds, r smooth
// given      r and its Jacobian, a start
// result     x with the smallest sum of squares found, as exact as the residuals are, or the reason why it is not
// after      J. J. More, "The Levenberg-Marquardt algorithm: implementation and theory", Lecture Notes in Mathematics
//            630, 1978; the certificate is D. M. Bates, D. G. Watts, "A relative offset orthogonality convergence
//            criterion for nonlinear least squares", Technometrics 23(2), 1981
//
// Differs from MINPACK's lmder: the first radius is the length of the scaled start, not a hundred times that, whose
// first step throws NIST's BoxBOD from its first start onto a plateau; a rejected step leaves three tenths of the
// radius, not one, and the radius does not grow by the step that follows, which would be rejected next; it goes on
// until no step lowers the sum by more than rounding, and then takes Gauss-Newton steps for as long as they bring the
// residuals nearer to right angles with the surface, which gives a digit in the mean, on ENSO three; where it ends
// without a certificate, and not at right angles, it begins again without scaling and with other radii, and so it does
// after lmder's own limit of 100 (n + 1) updates; scales are taken anew every 20 (n + 1), as the longest column of a
// far start holds back all that follows (94 of More, Garbow and Hillstrom's 105 runs, 91 without these two).
#include "src/optim/levenberg_marquardt.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "descent/core/text.hpp"
#include "descent/parallel/reduce.hpp"
#include "descent/simd/reduce.hpp"
#include "src/optim/triangle.hpp"
#include "src/optim/trust_region.hpp"

namespace descent {
namespace {

constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
/// Bates and Watts's: the parameters are then within a thousandth of their standard errors of the optimum.
constexpr double kMaxOffset = 1e-3;
/// Of the observations' length: residuals this short are what rounding leaves of a perfect fit.
constexpr double kPerfect = 0x1p-40;
/// Rejected steps in a row; each at least halves the radius, so that it has run out of digits before.
constexpr int kMaxRejections = 200;
constexpr int kMaxPolishing = 100;
/// Times n + 1: what the first attempt may take, and how long scales are kept.
constexpr std::size_t kFirstUpdates = 100, kUpdatesOfScales = 20;
/// Of the radius, after a step that was rejected.
constexpr double kLeastShrinking = 0.3;
/// Cosine of the angle between the residuals and a column, below which rounding is all that the gradient has.
constexpr double kRightAngle = 0x1p-26;

/// A point with its linear model.
struct Model {
  Point point;
  Triangle triangle;
  double squares = 0.0;  ///< sum r_i^2 = 2 point.value
};

class LevenbergMarquardt {
 public:
  LevenbergMarquardt(Run& run, ResidualObjective& objective)
      : run_(run), objective_(objective), n_(objective.num_parameters()), m_(objective.num_residuals()) {}

  Result solve(std::vector<double> start, double first_radius) {
    const Point begun = run_.begin(std::move(start));
    if (run_.status() == Status::diverged) return run_.finish(begun);
    Model first{.point = begun, .triangle = Triangle(n_)};
    if (!linearize(first)) {
      run_.end(Status::diverged, "the Jacobian of the residuals is not finite at the start",
               "start where the residuals and their derivatives are finite");
      return run_.finish(std::move(first.point));
    }
    Model best = first;
    std::optional<Model> cut_short;
    for (const Attempt& attempt : {Attempt{.radius = first_radius, .max_updates = kFirstUpdates * (n_ + 1)},
                                   Attempt{.radius = first_radius, .scaled = false},
                                   Attempt{.radius = 0.1 * first_radius}, Attempt{.radius = 100.0 * first_radius}}) {
      if (run_.ended()) break;
      Model model = first;
      if (attempt.scaled && cut_short) model = *std::exchange(cut_short, std::nullopt);
      if (!descend(model, attempt)) cut_short = model;
      if (!run_.ended()) polish(model);
      if (!run_.ended() && certify(model, pivoted(model))) {
        best = std::move(model);
        break;
      }
      const bool stationary = is_stationary(model);
      if (model.squares <= best.squares) best = std::move(model);
      if (stationary) break;
    }
    const PivotedTriangle last = pivoted(best);
    if (!run_.ended()) give_up(last);
    run_.set_information(information_of(last, column_norms(best.triangle), n_));
    return run_.finish(std::move(best.point));
  }

 private:
  /// The value at point.x; with `triangle` also the linear model and the gradient. False if something is not finite.
  bool evaluate(Point& point, Triangle* triangle) {
    const std::size_t block = objective_.rows_per_block();
    buffer_.resize(std::min(block, m_) * (n_ + 1));
    sums_.clear();
    if (triangle != nullptr) triangle->clear();
    for (std::size_t begin = 0; begin < m_; begin += block) {
      const std::size_t rows = std::min(block, m_ - begin);
      const MutableView jacobian(buffer_.data(), triangle == nullptr ? 0 : n_ * rows);
      const MutableView residuals(buffer_.data() + n_ * rows, rows);
      run_.objective_time().time([&] { objective_.residual_rows(point.x, begin, residuals, jacobian); });
      for (std::size_t i = 0; i < rows; i += parallel::kRowsPerBlock)
        sums_.push_back(simd::squared_norm(residuals.subspan(i, std::min(parallel::kRowsPerBlock, rows - i))));
      if (triangle != nullptr) triangle->absorb(MutableView(buffer_).first((n_ + 1) * rows), rows);
    }
    point.value = 0.5 * parallel::tree_sum(sums_);
    if (triangle == nullptr) {
      run_.count_value();
      return std::isfinite(point.value);
    }
    run_.count_evaluations(1);
    if (!triangle->is_finite() || !std::isfinite(point.value)) return false;
    triangle->gradient(point.gradient);
    point.gradient_norm = run_.region().gradient_norm(point.x, point.gradient);
    return std::isfinite(point.gradient_norm);
  }

  bool linearize(Model& model) {
    if (!evaluate(model.point, &model.triangle)) return false;
    model.squares = 2.0 * model.point.value;
    return true;
  }

  /// Parameters that are not held by a bound.
  [[nodiscard]] std::vector<std::size_t> free_parameters(const Point& point) const {
    std::vector<std::size_t> result;
    const std::vector<Bound>& bounds = run_.options().bounds;
    for (std::size_t j = 0; j < n_; ++j) {
      const bool held = !bounds.empty() &&
                        (bounds[j].low == bounds[j].high || (point.x[j] <= bounds[j].low && point.gradient[j] > 0.0) ||
                         (point.x[j] >= bounds[j].high && point.gradient[j] < 0.0));
      if (!held) result.push_back(j);
    }
    return result;
  }

  /// Column norms; 1 for a parameter that the residuals do not depend on.
  [[nodiscard]] std::vector<double> column_norms(const Triangle& triangle) const {
    std::vector<double> result(n_);
    for (std::size_t j = 0; j < n_; ++j) {
      result[j] = triangle.column_norm(j);
      if (!(result[j] > 0.0)) result[j] = 1.0;
    }
    return result;
  }

  /// The update to `next`; false if a rule ended the run. `model` is then the point to be reported.
  bool accept(Model& model, Model& next) {
    if (!run_.announce(model.point, 1.0)) return false;
    std::swap(model, next);
    const bool judged = run_.judge(model.point, next.point.value, next.point.x, 1.0);
    // Equal but for rounding: the later one is nearer to right angles.
    if (model.point.value >= run_.best().value) run_.keep_best(model.point);
    return judged;
  }

  /// How to go from the start.
  struct Attempt {
    double radius = 1.0;  ///< the first, of the scaled start's length
    bool scaled = true;   ///< by the longest column met, More's scaling; else the parameters' own units
    std::size_t max_updates = std::numeric_limits<std::size_t>::max();
  };

  /// Until no step within any radius lowers the sum of squares by more than rounding. False if `max_updates` ended it.
  bool descend(Model& model, const Attempt& attempt) {
    std::vector<double> scales = attempt.scaled ? column_norms(model.triangle) : std::vector<double>(n_, 1.0);
    double radius = attempt.radius * scaled_length(model.point.x, scales);
    if (!(radius > 0.0)) radius = attempt.radius;
    Search state{.radius = radius};
    Model next = model;
    for (std::size_t updates = 1;; ++updates) {
      PivotedTriangle pivoted = pivot(model.triangle, scales, free_parameters(model.point));
      // A rank to rounding would leave out columns, and with them their part of the gradient; the radius holds the
      // step.
      pivoted.rank = 0;
      while (pivoted.rank < pivoted.size() && pivoted.at(pivoted.rank, pivoted.rank) != 0.0) ++pivoted.rank;
      if (pivoted.size() == 0 || model.squares == 0.0) return true;
      if (!search(model, next, pivoted, scales, state) || !accept(model, next)) return true;
      if (attempt.scaled && updates % (kUpdatesOfScales * (n_ + 1)) == 0) {
        scales = column_norms(model.triangle);
        state = {.radius = attempt.radius * scaled_length(model.point.x, scales)};
      } else if (attempt.scaled) {
        for (std::size_t j = 0; j < n_; ++j) scales[j] = std::max(scales[j], model.triangle.column_norm(j));
      }
      if (state.at_rounding || state.radius <= kEpsilon * scaled_length(model.point.x, scales)) return true;
      if (updates == attempt.max_updates) return false;
    }
  }

  struct Search {
    double radius = 0.0;
    double lambda = 0.0;
    bool first = true;
    bool at_rounding = false;  ///< neither the step nor the model promises more than rounding
  };

  /// Shrinks the radius until a step lowers the sum: `next` is then there. False if none does.
  bool search(const Model& model, Model& next, const PivotedTriangle& pivoted, const std::vector<double>& scales,
              Search& state) {
    std::vector<double> move(n_);
    for (int rejections = 0; rejections < kMaxRejections; ++rejections) {
      const DampedStep step = damped_step(pivoted, state.radius, state.lambda);
      state.lambda = step.lambda;
      if (state.first) {
        state.radius = std::min(state.radius, step.norm);
        state.first = false;
      }
      std::fill(move.begin(), move.end(), 0.0);
      for (std::size_t i = 0; i < pivoted.size(); ++i)
        move[pivoted.columns[i]] = step.p[i] / scales[pivoted.columns[i]];
      double linear = squared_image(pivoted, step.p) / model.squares;
      const double damping = step.lambda * step.norm * step.norm / model.squares;
      double predicted = linear + 2.0 * damping, slope = -(linear + damping);
      for (std::size_t j = 0; j < n_; ++j) next.point.x[j] = model.point.x[j] + move[j];
      if (!run_.region().empty()) {
        run_.region().project(next.point.x);
        slope = linear = 0.0;
        for (std::size_t j = 0; j < n_; ++j) {
          move[j] = next.point.x[j] - model.point.x[j];
          slope += model.point.gradient[j] * move[j] / model.squares;
        }
        for (std::size_t i = 0; i < n_; ++i) {
          double row = 0.0;
          for (std::size_t j = i; j < n_; ++j) row += model.triangle(i, j) * move[j];
          linear += row * row / model.squares;
        }
        predicted = -2.0 * slope - linear;
      }
      const bool finite = evaluate(next.point, nullptr);
      const double squares = 2.0 * next.point.value;
      const bool far_above = !finite || squares >= 100.0 * model.squares;
      const double actual = far_above ? -1.0 : 1.0 - squares / model.squares;
      const double ratio = predicted > 0.0 ? actual / predicted : 0.0;
      // Rounding makes the ratio of two small changes say nothing; the radius stays as it is then.
      if (ratio <= 0.25) {
        double factor = actual >= 0.0 ? 0.5 : 0.5 * slope / (slope + 0.5 * actual);
        if (far_above || !(factor >= kLeastShrinking)) factor = kLeastShrinking;
        state.radius = factor * std::min(state.radius, 10.0 * step.norm);
        state.lambda /= factor;
      } else if (rejections > 0) {
        state.radius = step.norm;
      } else if (state.lambda == 0.0 || ratio >= 0.75) {
        state.radius = 2.0 * step.norm;
        state.lambda *= 0.5;
      }
      state.at_rounding = std::fabs(actual) <= kEpsilon && predicted <= kEpsilon && ratio <= 2.0;
      if (ratio >= 1e-4) {
        if (linearize(next)) return true;
        state.radius = 0.25 * step.norm;  // there is a value, but no derivative
      }
      if (state.at_rounding || state.radius <= kEpsilon * scaled_length(model.point.x, scales)) return false;
      if (run_.options().stop.stop_requested()) return false;
    }
    return false;
  }

  [[nodiscard]] double scaled_length(const std::vector<double>& x, const std::vector<double>& scales) const {
    double total = 0.0;
    for (std::size_t j = 0; j < n_; ++j) total += scales[j] * x[j] * scales[j] * x[j];
    return std::sqrt(total);
  }

  [[nodiscard]] bool is_stationary(const Model& model) const {
    const std::vector<double> norms = column_norms(model.triangle);
    const double length = std::sqrt(model.squares);
    for (const std::size_t j : free_parameters(model.point))
      if (std::fabs(model.point.gradient[j]) > kRightAngle * norms[j] * length) return false;
    return true;
  }

  /// The part of the residuals in the surface's tangent plane against the part at right angles, each over the root of
  /// its dimension: how many standard errors the next Gauss-Newton step is long. Infinite where nothing is left.
  [[nodiscard]] double offset(const PivotedTriangle& pivoted) const {
    if (pivoted.rank == 0) return 0.0;
    if (m_ <= pivoted.rank) return std::numeric_limits<double>::infinity();
    const double tangent = pivoted.explained() / std::sqrt(static_cast<double>(pivoted.rank));
    const double normal = pivoted.rho / std::sqrt(static_cast<double>(m_ - pivoted.rank));
    return tangent / normal;
  }

  /// Values no longer tell better from worse, angles do.
  void polish(Model& model) {
    std::vector<double> scales = column_norms(model.triangle);
    PivotedTriangle pivoted = pivot(model.triangle, scales, free_parameters(model.point));
    double before = offset(pivoted);
    Model next = model;
    for (int i = 0; i < kMaxPolishing && before > 0.0 && before < 0.1; ++i) {
      const std::vector<double> p = gauss_newton_step(pivoted);
      next.point.x = model.point.x;
      for (std::size_t k = 0; k < p.size(); ++k) next.point.x[pivoted.columns[k]] += p[k] / scales[pivoted.columns[k]];
      const std::vector<double> asked = next.point.x;
      run_.region().project(next.point.x);
      if (next.point.x != asked || next.point.x == model.point.x || !linearize(next)) return;
      if (!(next.squares <= model.squares * (1.0 + 1e-12))) return;
      scales = column_norms(next.triangle);
      pivoted = pivot(next.triangle, scales, free_parameters(next.point));
      const double after = offset(pivoted);
      if (!(after < 0.9 * before)) return;
      if (!accept(model, next)) return;
      before = after;
    }
  }

  /// With columns of one length.
  [[nodiscard]] PivotedTriangle pivoted(const Model& model) const {
    return pivot(model.triangle, column_norms(model.triangle), free_parameters(model.point));
  }

  bool certify(const Model& model, const PivotedTriangle& triangle) {
    const double distance = offset(triangle);
    if (triangle.rank == 0 && triangle.size() > 0 && model.squares > 0.0)
      return false;  // nothing moves the residuals here
    if (model.point.gradient_norm == 0.0) {
      run_.end_without_step(model.point);
    } else if (distance <= kMaxOffset) {
      run_.end_certified({.kind = "relative_offset", .bound = distance},
                         "the next Gauss-Newton step would move the parameters by " + number_text(distance, 3) +
                             " of their standard errors");
    } else if (const double scale = objective_.residual_scale(); std::sqrt(model.squares) <= kPerfect * scale) {
      const double bound = std::sqrt(model.squares) / scale;
      run_.end_certified(
          {.kind = "perfect_fit", .bound = bound},
          "what is left is rounding: the residuals are " + number_text(bound, 3) + " of what is to be fitted");
    }
    return run_.ended();
  }

  void give_up(const PivotedTriangle& pivoted) {
    std::vector<std::string> loose;
    for (std::size_t k = pivoted.rank; k < pivoted.size(); ++k)
      loose.push_back("'" + objective_.parameter_name(pivoted.columns[k]) + "'");
    const double distance = offset(pivoted);
    if (pivoted.rank == 0) {
      run_.end(Status::small_change, "the residuals do not react to any parameter here, so nothing says where to go",
               "start elsewhere");
      return;
    }
    run_.end(Status::small_change,
             "no step lowers the sum of squares by more than rounding, but nothing proves a minimum" +
                 (std::isfinite(distance)
                      ? ": the next Gauss-Newton step would be " + number_text(distance, 3) + " standard errors long"
                      : std::string()),
             loose.empty() ? "start elsewhere, or bound the parameters"
                           : "start elsewhere: here the residuals do not tell " + join(loose) + " from the others");
  }

  Run& run_;
  ResidualObjective& objective_;
  std::size_t n_, m_;
  std::vector<double> buffer_;  // a block of [J r], column after column
  std::vector<double> sums_;    // squares of each 256 rows
};

}  // namespace

Result run_levenberg_marquardt(Run& run, ResidualObjective& objective, std::vector<double> start, double first_radius) {
  return LevenbergMarquardt(run, objective).solve(std::move(start), first_radius);
}

}  // namespace descent
