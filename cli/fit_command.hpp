// The parts of `descent fit`: what was asked, and how the outcome is shown.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "cli/console.hpp"
#include "cli/json.hpp"
#include "cli/options.hpp"
#include "descent/core/trace.hpp"
#include "descent/data/encode.hpp"
#include "descent/diagnose/findings.hpp"
#include "descent/linear/linear_model.hpp"

namespace descent::cli {

[[nodiscard]] std::vector<OptionSpec> fit_options();
[[nodiscard]] linear::LinearOptions linear_options(const Options& options);
[[nodiscard]] data::EncodeOptions encode_options(const Options& options);

/// A fit that is over.
struct Fit {
  const Options& options;
  const data::Encoder& encoder;
  const linear::LinearModel& model;
  const Trace& trace;
  std::vector<diagnose::Finding> findings;
  double read_seconds = 0.0;
  double fit_seconds = 0.0;
  double total_seconds = 0.0;
};

[[nodiscard]] Json fit_json(const Fit& fit);
[[nodiscard]] Json evaluated_json(const linear::Evaluated& evaluated, const std::vector<std::string>& classes);
void print_fit(const Fit& fit, std::ostream& out);
void print_evaluated(const linear::Evaluated& evaluated, const std::vector<std::string>& classes, std::ostream& out);
/// The page of --report; reads `source`, which gives the rows that were learned from, once more for its pictures.
[[nodiscard]] std::string fit_page(const Fit& fit, BatchSource& source);
/// The picture of --plot.
void plot_fit(const Fit& fit, BatchSource& source, Console& console);

}  // namespace descent::cli
