// The parts of `descent fit --model mlp:...`.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "cli/console.hpp"
#include "cli/fit_command.hpp"
#include "cli/json.hpp"
#include "cli/options.hpp"
#include "descent/core/trace.hpp"
#include "descent/data/encode.hpp"
#include "descent/diagnose/findings.hpp"
#include "descent/nn/mlp_model.hpp"

namespace descent::cli {

/// The fit of a network that is over.
struct NetworkFit {
  const Options& options;
  const data::Encoder& encoder;
  const nn::MlpModel& model;
  const Trace& trace;
  std::vector<diagnose::Finding> findings;
  double read_seconds = 0.0;
  double fit_seconds = 0.0;
  double total_seconds = 0.0;
};

[[nodiscard]] nn::MlpOptions network_options(const Options& options, const ReadOptions& what = {});
[[nodiscard]] Json network_json(const NetworkFit& fit);
void print_network(const NetworkFit& fit, std::ostream& out);
/// The page of --report and the picture of --plot; both read `source`, the rows that were learned from, once more.
[[nodiscard]] std::string network_page(const NetworkFit& fit, BatchSource& source);
void plot_network(const NetworkFit& fit, BatchSource& source, Console& console);

}  // namespace descent::cli
