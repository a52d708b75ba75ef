// Many starts for functions with many minima.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "descent/core/objective.hpp"
#include "descent/core/result.hpp"
#include "descent/optim/minimize.hpp"
#include "descent/optim/optimizer.hpp"
#include "descent/parallel/pool.hpp"

namespace descent {

struct RestartOptions {
  std::uint64_t restarts = 20;     ///< runs from quasi-random points, beside the one from the start
  std::uint64_t hops = 0;          ///< runs from points near the best minimum so far, in batches of kHopsAtOnce
  std::vector<Bound> box{};        ///< where the points lie: finite, one for each parameter
  std::uint64_t seed = 0;          ///< shifts the points
  StopToken stop{};                ///< asked for before every run but the first
  parallel::Pool* pool = nullptr;  ///< runs in parallel; the result does not depend on it
};

inline constexpr std::uint64_t kHopsAtOnce = 8;
/// A hop moves every parameter by a normal draw of this part of its range.
inline constexpr double kHopLength = 0.1;

/// A minimum and how many runs ended there.
struct FoundMinimum {
  double value = 0.0;
  std::vector<double> x;
  std::uint64_t runs = 0;
};

/// How one run ended.
struct RunEnd {
  Result result;
  bool feasible = true;  ///< constraints hold: what they do not hold for is never better than what they do
};
/// A run from a start. Called from several threads at once.
using RunFromStart = std::function<RunEnd(const std::vector<double>& start)>;

struct RestartResult {
  std::vector<double> start;  ///< from which the best run began: minimize() from there gives `best` again, bit for bit
  Result best;                ///< of the runs that ended with a finite value, the least; the earliest of equal ones
  std::vector<FoundMinimum> minima;  ///< of the runs that converged, least value first
  std::uint64_t runs = 0;
  bool feasible = true;      ///< the best
  std::uint64_t failed = 0;  ///< runs that diverged or failed, or ended where constraints do not hold
  std::uint64_t value_evaluations = 0, gradient_evaluations = 0;
};

/// minimise   f by many runs
/// given      what makes a run from a start (`minimize`, or `minimize_constrained`), a start, a box
/// result     the best end, and the distinct minima
///
/// Points are Halton's sequence in the first primes, moved by a random shift (Cranley and Patterson); beyond 40
/// parameters they are random. Hops are basin hopping's, without its temperature: only a better minimum becomes the new
/// centre. Reference: J. H. Halton, Numer. Math. 2, 1960; D. J. Wales, J. P. K. Doye, "Global optimization by
/// basin-hopping", J. Phys. Chem. A 101, 1997. Throws: Error(usage) as the runs do, and for a box that is not finite or
/// of another size than the start.
[[nodiscard]] RestartResult minimize_restarts(const RunFromStart& run, std::vector<double> start,
                                              const RestartOptions& options);
/// By `minimize`, with a new objective for each run; observers are not used, `options.stop` is `run.stop`.
[[nodiscard]] RestartResult minimize_restarts(const std::function<std::unique_ptr<Objective>()>& make,
                                              std::vector<double> start, const Optimizer& optimizer,
                                              const MinimizeOptions& run, RestartOptions options);

}  // namespace descent
