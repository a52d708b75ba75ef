// The parts of `descent fit`: what was asked, and how the outcome is shown.
#pragma once

#include <chrono>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "cli/console.hpp"
#include "cli/json.hpp"
#include "cli/options.hpp"
#include "descent/core/trace.hpp"
#include "descent/data/csv.hpp"
#include "descent/data/encode.hpp"
#include "descent/diagnose/findings.hpp"
#include "descent/linear/linear_model.hpp"
#include "descent/metrics/summary.hpp"

namespace descent::cli {

[[nodiscard]] std::vector<OptionSpec> fit_options();
/// `with_start`: a network's words for where it starts are others.
struct ReadOptions {
  bool with_start = true;
  bool with_run = true;  ///< rate, limits, tolerances: options that a command which fits nothing has not
};
[[nodiscard]] linear::LinearOptions linear_options(const Options& options, const ReadOptions& what = {});
[[nodiscard]] data::EncodeOptions encode_options(const Options& options);

[[nodiscard]] inline double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The rows a fit learns from, and those it is judged on when they have a file of their own.
struct FitData {
  std::unique_ptr<data::TableSource> source, validation_source;
  data::Encoder encoder;
  std::unique_ptr<data::EncodedSource> train, validation;  ///< read through `encoder`
  std::vector<diagnose::Finding> findings;                 ///< about the table
};
/// Opens them, and says what was left out.
[[nodiscard]] std::unique_ptr<FitData> open_fit_data(const Options& options, Console& console);

/// `fit --model mlp:...`.
[[nodiscard]] int run_network_fit(const Options& options, Console& console);

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
[[nodiscard]] Json evaluated_json(const metrics::Evaluated& evaluated, const std::vector<std::string>& classes);
void print_fit(const Fit& fit, std::ostream& out);
void print_evaluated(const metrics::Evaluated& evaluated, const std::vector<std::string>& classes, std::ostream& out);
/// The page of --report; reads `source`, which gives the rows that were learned from, once more for its pictures.
[[nodiscard]] std::string fit_page(const Fit& fit, BatchSource& source);
/// The picture of --plot.
void plot_fit(const Fit& fit, BatchSource& source, Console& console);

}  // namespace descent::cli
