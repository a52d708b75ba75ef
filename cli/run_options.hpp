// What minimize and fit share: when to stop, what to write down on the way, and how the end of a run becomes an exit
// status.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/console.hpp"
#include "cli/options.hpp"
#include "cli/progress.hpp"
#include "cli/trace_file.hpp"
#include "descent/core/result.hpp"
#include "descent/core/trace.hpp"
#include "descent/optim/minimize.hpp"
#include "descent/report/figure.hpp"

namespace descent::cli {

/// --gradient-tolerance and its kin, --max-steps, --time-limit.
[[nodiscard]] std::vector<OptionSpec> stopping_options(const std::string& default_max_steps,
                                                       const std::string& default_gradient_tolerance);
/// What they say; 0, which is off, where they say nothing.
[[nodiscard]] MinimizeOptions stopping_rules(const Options& options);
/// --trace, --report, --plot, --json, --print-every, --progress, --quiet, --strict, ...
[[nodiscard]] std::vector<OptionSpec> output_options();

/// --schedule, checked: its text. Throws: Error(usage).
[[nodiscard]] std::string schedule_text(const Options& options);

/// Looks at every update: records the trace, shows progress, prints and asks where it was told to.
class RunWatch {
 public:
  /// Checks at once that what --trace, --report and --plot name can be written. `max_steps` = 0: not known yet.
  RunWatch(const Options& options, Console& console, std::vector<std::string> parameter_names, std::uint64_t max_steps);

  [[nodiscard]] Observer observer();
  /// The same, and a short trace of any run, for findings. It costs 0.13 us an update, as much as one of a formula of
  /// two variables, and a copy of x: for runs of at most kMaxGlances updates, or whose updates cost far more.
  [[nodiscard]] Observer glancing_observer();
  static constexpr std::uint64_t kMaxGlances = 20'000;
  /// Before the run, when its limit is known only then.
  void plan(std::uint64_t max_steps);
  /// To be called when the run is over, however it ended: wipes the progress line, gives the trace file its name.
  void finish();
  /// Of at most 256 rows where nothing of the run was to be written or drawn.
  [[nodiscard]] const Trace& trace() const { return trace_; }
  [[nodiscard]] bool records() const { return records_; }

 private:
  bool ask(const StepInfo& info);

  const Options& options_;
  Console& console_;
  Trace trace_;  ///< thinned: it does not grow with the run
  std::optional<TraceFile> trace_file_;
  Progress progress_;
  bool records_;
  std::uint64_t print_every_;
  std::uint64_t ask_every_;
};

/// Checks --plot and --report before any work. Throws: Error(usage), Error(system).
void check_pictures(const Options& options);

/// `name.svg`, `.png`, `.pdf`, `.txt` through gnuplot; `-` draws on standard output.
void write_plot(const Options& options, const report::AnyFigure& figure, Console& console);

/// The exit status that says how the run ended (DESIGN: Commands).
[[nodiscard]] int exit_status(const Result& result, const Options& options, const Console& console);

/// What is said when the run is over, on two lines: status with its reason, and what to try.
void print_ending(const Result& result, std::ostream& out);

/// What a chain's name leaves unsaid: formula and defaults of each link that has any, `momentum(0.1)` being three
/// things in three books. Empty for methods that are no chain.
[[nodiscard]] std::string conventions(const std::string& optimizer);

/// The command line that made this run, for reports: `descent minimize 'x^2' --start x=3`.
[[nodiscard]] std::string command_line(const Options& options);
/// The same options, but those `without`, for another command that has them.
[[nodiscard]] std::string command_line(const Options& options, const std::string& command,
                                       const std::vector<std::string>& without);

}  // namespace descent::cli
