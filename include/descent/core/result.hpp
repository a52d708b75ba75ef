// How a run ended is data.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "descent/core/gradient_source.hpp"

namespace descent {

enum class Status : std::uint8_t {
  converged,           ///< a certificate holds: gradient test, duality gap, or distance to the exact solution
  small_change,        ///< a small step or a small change of value ended the run; nothing proves a minimum
  step_limit,          ///< max_steps or max_epochs was reached
  diverged,            ///< the objective, the gradient or a parameter is not finite; growth alone never is
  line_search_failed,  ///< no acceptable step along any direction tried, or f falls as far as numbers go
  time_limit,
  interrupted,  ///< asked to stop: Ctrl-C, a StopToken, or an observer that returned false
};

[[nodiscard]] const char* to_text(Status status);
/// The status of this text, as model files hold it; nothing if there is none.
[[nodiscard]] std::optional<Status> parse_status(std::string_view text);

/// Why a run may be called converged.
struct Certificate {
  std::string kind;  ///< "gradient", "rounding", "duality_gap", "exact_solution", "relative_offset" or "perfect_fit"
  /// max |df/dx_i|; what Newton's step (in a set: the gradient) promises over |f| (below 2^-47: rounding); the gap; the
  /// relative distance f - f* over |f*| (absolute when f* is 0); how many standard errors the next Gauss-Newton step is
  /// long (root mean square); or the length of the residuals over that of the observations
  double bound = 0.0;
};

/// Where the first value that is not finite appeared.
struct Fault {
  std::uint64_t step = 0;                 ///< the update that made it (1 = the first); 0 = the starting point
  std::string what;                       ///< "objective", "gradient" or "parameter"
  std::optional<std::size_t> coordinate;  ///< index of the parameter, when one can be named
};

/// The best point seen so far, by value.
struct BestPoint {
  std::uint64_t step = 0;  ///< updates made when it was reached
  double value = 0.0;
  std::vector<double> x;
};

/// What the residuals tell about the parameters: J^T J, the observed information, of methods that know it.
struct Information {
  /// Over the parameters that no bound holds (0 for those it does); NaN for those that are `dependent`. // shape = [n x
  /// n]
  std::vector<double> inverse;
  std::size_t num_free = 0;
  std::size_t rank = 0;                ///< of the Jacobian's free columns
  double condition = 0.0;              ///< of those columns, each divided by its length
  std::vector<std::size_t> dependent;  ///< parameters that are not told apart from others; empty at full rank
};

/// What a run returns, the same for every method.
struct Result {
  Status status = Status::step_limit;
  std::string reason;                      ///< one sentence: which rule ended the run, with its numbers
  std::optional<Certificate> certificate;  ///< present exactly when status is converged
  std::string suggestion;                  ///< what to try; empty when there is nothing to say
  std::optional<Fault> fault;              ///< present exactly when status is diverged

  /// The last iterate; of methods with a line search the best; of averaging rules their average. // shape = [n]
  std::vector<double> x;
  double value = 0.0;            ///< f(x)
  std::vector<double> gradient;  ///< at x. // shape = [n]
  double gradient_norm = 0.0;    ///< max_i |gradient_i|, what gradient_tolerance is compared with
  std::vector<double> iterate;   ///< the last iterate where x is not: beside an average. Else empty
  BestPoint best;
  std::optional<Information> information;  ///< of levenberg_marquardt
  std::vector<double> inverse_hessian;     ///< of bfgs, its approximation at x. // shape = [n x n]; else empty

  std::uint64_t steps = 0;  ///< updates made
  std::uint64_t value_evaluations = 0;
  std::uint64_t gradient_evaluations = 0;
  std::uint64_t hessian_products = 0;  ///< H v; those by differences count as two values and gradients each
  GradientSource gradient_source = GradientSource::analytic;
  GradientSource hessian_source = GradientSource::numeric;  ///< of the products, if any
  std::uint64_t epochs = 0;                                 ///< whole passes over the rows (finite sums)

  std::string optimizer;           ///< the chain in its canonical text
  double learning_rate = 0.0;      ///< in force at the last update
  double seconds = 0.0;            ///< of the whole run
  double objective_seconds = 0.0;  ///< of those in values, gradients and products; sampled where calls are short
  double observer_seconds = 0.0;   ///< in the observer: progress, traces. What is left is the method's own

  [[nodiscard]] bool ok() const { return status != Status::diverged && status != Status::line_search_failed; }
};

/// All of it in a few lines, as `descent minimize` prints it: the ending, the point, the value, counts and times.
[[nodiscard]] std::string to_text(const Result& result);
std::ostream& operator<<(std::ostream& out, const Result& result);

}  // namespace descent
