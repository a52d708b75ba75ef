// The functions of More, Garbow and Hillstrom behind a C ABI, with runs of descent's methods and of Ceres: what
// more_garbow_hillstrom.py drives. Whoever asks for a value asks here, so that all are counted alike: a value counts
// where the point is another than the last one asked for, a Jacobian or gradient always.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <iterator>
#include <string>
#include <vector>

#include "descent/optim/minimize.hpp"
#include "descent/problem/test_functions.hpp"

#ifdef DESCENT_BENCHMARK_CERES
#include <ceres/ceres.h>
#include <ceres/version.h>
#endif

namespace {

constexpr double kGradientTolerance = 1e-10;
constexpr int kMaxSteps = 10000;
using Clock = std::chrono::steady_clock;

struct Counts {
  long values = 0, slopes = 0;
  long values_solved = -1, slopes_solved = -1;  // when a point first met the criterion
  double seconds_solved = -1.0;
};

class Problem {
 public:
  explicit Problem(const char* text) : problem_(descent::make_test_problem(text)) {
    minima_ = problem_.other_minima;
    minima_.insert(minima_.begin(), problem_.minimum);
  }

  [[nodiscard]] const descent::TestProblem& problem() const { return problem_; }
  [[nodiscard]] std::size_t n() const { return problem_.start.size(); }
  [[nodiscard]] std::size_t m() const { return problem_.residuals->num_residuals(); }
  [[nodiscard]] const Counts& counts() const { return counts_; }
  void reset() {
    counts_ = {};
    last_.clear();
    begun_ = Clock::now();
  }

  double value(const double* x, double* gradient) {
    const double f = problem_.objective->evaluate({x, n()}, {gradient, gradient == nullptr ? 0 : n()});
    count(x, gradient != nullptr, f);
    return f;
  }

  /// jacobian: shape = [n x m], or null
  void residuals(const double* x, double* r, double* jacobian) {
    problem_.residuals->residual_rows({x, n()}, 0, {r, m()}, {jacobian, jacobian == nullptr ? 0 : n() * m()});
    double f = 0.0;
    for (std::size_t i = 0; i < m(); ++i) f += r[i] * r[i];
    count(x, jacobian != nullptr, f);
  }

  /// Six digits of one of the known minima, or residuals of 1e-6 where that is 0.
  [[nodiscard]] bool solves(double f) const {
    for (const double minimum : minima_)
      if (minimum == 0.0 ? f <= 1e-12 : std::fabs(f - minimum) <= 1e-6 * minimum) return true;
    return false;
  }

 private:
  void count(const double* x, bool with_slopes, double f) {
    if (last_.size() != n() || std::memcmp(last_.data(), x, n() * sizeof(double)) != 0) ++counts_.values;
    last_.assign(x, x + n());
    if (with_slopes) ++counts_.slopes;
    if (counts_.values_solved >= 0 || !solves(f)) return;
    counts_.values_solved = counts_.values;
    counts_.slopes_solved = counts_.slopes;
    counts_.seconds_solved = std::chrono::duration<double>(Clock::now() - begun_).count();
  }

  descent::TestProblem problem_;
  std::vector<double> minima_;
  std::vector<double> last_;
  Clock::time_point begun_{};
  Counts counts_;
};

class Sum final : public descent::Objective {
 public:
  explicit Sum(Problem& problem) : problem_(problem) {}
  [[nodiscard]] std::size_t num_parameters() const override { return problem_.n(); }
  double evaluate(descent::View x, descent::MutableView gradient) override {
    return problem_.value(x.data(), gradient.empty() ? nullptr : gradient.data());
  }

 private:
  Problem& problem_;
};

class Residuals final : public descent::ResidualObjective {
 public:
  explicit Residuals(Problem& problem) : problem_(problem) {}
  [[nodiscard]] std::size_t num_parameters() const override { return problem_.n(); }
  [[nodiscard]] std::size_t num_residuals() const override { return problem_.m(); }
  void residual_rows(descent::View x, std::size_t /*begin*/, descent::MutableView r,
                     descent::MutableView jacobian) override {
    problem_.residuals(x.data(), r.data(), jacobian.empty() ? nullptr : jacobian.data());
  }
  double evaluate(descent::View x, descent::MutableView gradient) override {
    const double f = 0.5 * problem_.value(x.data(), gradient.empty() ? nullptr : gradient.data());
    for (double& slope : gradient) slope *= 0.5;
    return f;
  }

 private:
  Problem& problem_;
};

#ifdef DESCENT_BENCHMARK_CERES
class Cost final : public ceres::CostFunction {
 public:
  explicit Cost(Problem& problem) : problem_(problem), columns_(problem.n() * problem.m()) {
    set_num_residuals(static_cast<int>(problem.m()));
    mutable_parameter_block_sizes()->push_back(static_cast<int>(problem.n()));
  }

  bool Evaluate(double const* const* x, double* r, double** jacobians) const override {
    const bool slopes = jacobians != nullptr && jacobians[0] != nullptr;
    problem_.residuals(x[0], r, slopes ? columns_.data() : nullptr);
    const std::size_t n = problem_.n(), m = problem_.m();
    bool finite = true;
    for (std::size_t i = 0; i < m; ++i) finite = finite && std::isfinite(r[i]);
    for (std::size_t i = 0; i < m && slopes; ++i)
      for (std::size_t j = 0; j < n; ++j) {
        jacobians[0][i * n + j] = columns_[j * m + i];
        finite = finite && std::isfinite(columns_[j * m + i]);
      }
    return finite;
  }

 private:
  Problem& problem_;
  mutable std::vector<double> columns_;
};
#endif

void say(const std::string& text, char* out, std::size_t size) {
  std::strncpy(out, text.c_str(), size - 1);
  out[size - 1] = '\0';
}

Problem& of(void* problem) { return *static_cast<Problem*>(problem); }

}  // namespace

extern "C" {

void* mgh_open(const char* text) { return new Problem(text); }
void mgh_close(void* problem) { delete static_cast<Problem*>(problem); }
int mgh_num_variables(void* problem) { return static_cast<int>(of(problem).n()); }
int mgh_num_residuals(void* problem) { return static_cast<int>(of(problem).m()); }
void mgh_start(void* problem, double* x) {
  const std::vector<double>& start = of(problem).problem().start;
  std::copy(start.begin(), start.end(), x);
}
int mgh_solves(void* problem, double f) { return of(problem).solves(f) ? 1 : 0; }

void mgh_reset(void* problem) { of(problem).reset(); }
void mgh_counts(void* problem, long* out) {
  const Counts& c = of(problem).counts();
  const long numbers[] = {c.values, c.slopes, c.values_solved, c.slopes_solved};
  std::copy(std::begin(numbers), std::end(numbers), out);
}
/// From the last reset to the first point that met the criterion; negative: none did.
double mgh_seconds_solved(void* problem) { return of(problem).counts().seconds_solved; }

double mgh_value(void* problem, const double* x, double* gradient) { return of(problem).value(x, gradient); }
void mgh_residuals(void* problem, const double* x, double* r, double* jacobian) {
  of(problem).residuals(x, r, jacobian);
}

/// From x, which becomes the solution.
void mgh_descent(void* problem, const char* optimizer, double* x, char* reason, std::size_t size) {
  Problem& p = of(problem);
  const descent::Optimizer method = descent::parse_optimizer(optimizer);
  const std::vector<double> start(x, x + p.n());
  const descent::MinimizeOptions options{.max_steps = kMaxSteps, .gradient_tolerance = kGradientTolerance};
  Residuals residuals(p);
  Sum sum(p);
  const bool by_residuals = method.method == descent::Method::levenberg_marquardt;
  descent::Objective& objective = by_residuals ? static_cast<descent::Objective&>(residuals) : sum;
  const descent::Result result = descent::minimize(objective, start, method, options);
  std::copy(result.x.begin(), result.x.end(), x);
  say(std::string(descent::to_text(result.status)) + ": " + result.reason, reason, size);
}

#ifdef DESCENT_BENCHMARK_CERES
const char* mgh_ceres_version() { return CERES_VERSION_STRING; }
void mgh_ceres(void* problem, double* x, char* reason, std::size_t size) {
  ceres::Problem task;
  task.AddResidualBlock(new Cost(of(problem)), nullptr, x);
  ceres::Solver::Options options;
  options.linear_solver_type = ceres::DENSE_QR;
  options.max_num_iterations = kMaxSteps;
  options.gradient_tolerance = kGradientTolerance;
  options.function_tolerance = 1e-15;
  options.parameter_tolerance = 1e-15;
  options.logging_type = ceres::SILENT;
  ceres::Solver::Summary summary;
  ceres::Solve(options, &task, &summary);
  say(summary.message, reason, size);
}
#else
const char* mgh_ceres_version() { return ""; }
void mgh_ceres(void*, double*, char*, std::size_t) {}
#endif

}  // extern "C"
