// The loops behind minimize(), one for each method.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "descent/core/result.hpp"
#include "descent/optim/chain.hpp"
#include "descent/optim/chain_state.hpp"
#include "descent/optim/optimizer.hpp"
#include "src/optim/line_step.hpp"
#include "src/optim/quasi_newton.hpp"
#include "src/optim/run.hpp"

namespace descent {

/// Called after every update that did not end the run, with what would be reported now; false if it ended the run.
using AfterUpdate = std::function<bool(Run&, const Point&, View solution)>;

[[nodiscard]] Result run_chain(Run& run, const Chain& chain, std::vector<double> start, const AfterUpdate& after = {});
[[nodiscard]] Result run_lbfgs(Run& run, std::size_t memory, const LineSearchChoice& choice, std::vector<double> start);
[[nodiscard]] Result run_bfgs(Run& run, const LineSearchChoice& choice, std::vector<double> start);
[[nodiscard]] Result run_quasi_newton(Run& run, InverseHessian inverse, const LineSearchChoice& choice,
                                      std::vector<double> start);
[[nodiscard]] Result run_conjugate_gradient(Run& run, ConjugateBeta kind, const LineSearchChoice& choice,
                                            std::vector<double> start);
[[nodiscard]] Result run_newton_cg(Run& run, const LineSearchChoice& choice, std::vector<double> start);
[[nodiscard]] Result run_newton_trust_region(Run& run, double first_radius, std::vector<double> start);
/// What a Newton step in n dimensions may cost: conjugate gradients end within n products but for rounding.
[[nodiscard]] std::size_t most_products(std::size_t n);
/// The update from `point` to `next`, which swap places; s and y are the pair it gives. False if it ended the run;
/// where it was not made (stop, time, observer) the points stay.
[[nodiscard]] bool take_step(Run& run, Point& point, Point& next, double step, MutableView s, MutableView y);
/// Within run.options().bounds, which must not be empty.
[[nodiscard]] Result run_lbfgsb(Run& run, std::size_t memory, std::vector<double> start);
[[nodiscard]] Result run_spectral_gradient(Run& run, SpectralStep kind, std::size_t look_back,
                                           std::vector<double> start);
/// FISTA where `accelerated`, else ISTA; first_step 0: found from the gradient.
[[nodiscard]] Result run_proximal_gradient(Run& run, bool accelerated, double first_step, std::vector<double> start);
[[nodiscard]] Result run_coordinate_descent(Run& run, CoordinateOrder order, std::vector<double> start);
/// `last` if it is certified, or the best point if that is lower: its gradient is evaluated once more.
[[nodiscard]] Point best_of(Run& run, Point last);
[[nodiscard]] Result run_gradient_descent(Run& run, std::vector<double> start);

/// Throws: Error(usage) if nothing in the chain says how far to go.
void check_has_length(const Chain& chain);

/// Throws: Error(usage) if some parameter passes no rule that says how far it goes (only, except).
void check_lengths(const ChainState& state);

/// True if some rule's learning rate is `auto`.
[[nodiscard]] bool has_auto_rate(const Chain& chain);
/// The chain with a rate for `auto`, as minimize.hpp says; evaluations of the search are added to `evaluations`.
[[nodiscard]] Chain resolve_auto_rate(Objective& objective, const Chain& chain, const std::vector<double>& start,
                                      const MinimizeOptions& options, std::uint64_t& evaluations);
/// The same in a few evaluations: 0.01 for rules that divide by the gradient's size, else half the step that one
/// backtracking search from the start accepts.
[[nodiscard]] Chain with_first_rate(Objective& objective, const Chain& chain, const std::vector<double>& start,
                                    std::uint64_t& evaluations);

}  // namespace descent
