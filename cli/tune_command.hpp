// The parts of `descent tune --learning-rate`: what was tested, and how the outcome is shown.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "cli/console.hpp"
#include "cli/json.hpp"
#include "cli/options.hpp"
#include "descent/optim/rate_range.hpp"
#include "descent/report/figure.hpp"

namespace descent::cli {

/// A test that is over.
struct Tuning {
  const Options& options;
  std::string subject;                   ///< "the formula x^2 + y^2", "the fit of species from iris.csv"
  std::string loss_name;                 ///< of the objective, on axes
  double sign = 1.0;                     ///< -1 where the formula is maximised
  std::size_t batch_size = 0, rows = 0;  ///< of data; batch_size 0 = all rows
  std::vector<std::string> remarks{};
  std::string go_on{};  ///< the command that goes on with the suggestion; empty without one
  RateRange range{};
  double seconds = 0.0;
};

[[nodiscard]] Json tuning_json(const Tuning& tuning);
void print_tuning(const Tuning& tuning, std::ostream& out);
/// The picture of --plot. There must be points.
[[nodiscard]] report::Figure tuning_figure(const Tuning& tuning);
/// The page of --report.
[[nodiscard]] std::string tuning_page(const Tuning& tuning);

}  // namespace descent::cli
