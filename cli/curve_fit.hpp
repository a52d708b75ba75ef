// The parts of `descent fit --model 'y = a*exp(-b*x)'`.
#pragma once

#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "cli/console.hpp"
#include "cli/json.hpp"
#include "cli/options.hpp"
#include "descent/core/trace.hpp"
#include "descent/curve/curve_model.hpp"
#include "descent/diagnose/findings.hpp"
#include "descent/metrics/summary.hpp"

namespace descent::cli {

/// True if the text of --model is a formula: `y = a*x`, or `a*x` beside --target.
[[nodiscard]] bool is_curve_model(const std::string& model);
/// Options that only a formula as the model has. Throws: Error(usage) for the first that was given.
void refuse_what_is_of_curves(const Options& options);

/// The fit of a curve that is over.
struct CurveFit {
  const Options& options;
  const curve::CurveModel& model;
  std::shared_ptr<const curve::CurveRows> rows;
  const Trace& trace;
  metrics::Evaluated train;
  std::vector<diagnose::Finding> findings;
  double read_seconds = 0.0;
  double fit_seconds = 0.0;
  double total_seconds = 0.0;
};

[[nodiscard]] int run_curve_fit(const Options& options, Console& console);
[[nodiscard]] Json curve_json(const CurveFit& fit);
void print_curve(const CurveFit& fit, std::ostream& out);
[[nodiscard]] std::string curve_page(const CurveFit& fit);
void plot_curve(const CurveFit& fit, Console& console);

}  // namespace descent::cli
