#include "descent/core/result.hpp"

#include <algorithm>
#include <cstddef>
#include <ostream>

#include "descent/core/estimator.hpp"
#include "descent/core/objective.hpp"
#include "descent/core/text.hpp"

namespace descent {

const char* to_text(Status status) {
  switch (status) {
    case Status::converged: return "converged";
    case Status::small_change: return "small_change";
    case Status::step_limit: return "step_limit";
    case Status::diverged: return "diverged";
    case Status::line_search_failed: return "line_search_failed";
    case Status::time_limit: return "time_limit";
    case Status::interrupted: return "interrupted";
  }
  return "";
}

std::optional<Status> parse_status(std::string_view text) {
  for (const Status status : {Status::converged, Status::small_change, Status::step_limit, Status::diverged,
                              Status::line_search_failed, Status::time_limit, Status::interrupted})
    if (text == to_text(status)) return status;
  return std::nullopt;
}

const char* to_text(GradientSource source) {
  switch (source) {
    case GradientSource::formula: return "formula";
    case GradientSource::autodiff: return "autodiff";
    case GradientSource::analytic: return "analytic";
    case GradientSource::numeric: return "numeric";
  }
  return "";
}

const char* to_text(Task task) {
  switch (task) {
    case Task::regression: return "regression";
    case Task::binary: return "binary";
    case Task::multiclass: return "multiclass";
  }
  return "";
}

namespace {

std::string counted(std::uint64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

constexpr std::size_t kMostShown = 10;  // of a point's numbers

std::string vector_text(const std::vector<double>& x) {
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < std::min(x.size(), kMostShown); ++i) shown.push_back(number_text(x[i] + 0.0, 10));
  if (x.size() > kMostShown) shown.push_back("... " + std::to_string(x.size() - kMostShown) + " more");
  return "[" + join(shown) + "]";
}

std::string evaluations_text(const Result& result) {
  std::string text = counted(result.value_evaluations, "value") + ", " +
                     counted(result.gradient_evaluations, "gradient") + " (" + to_text(result.gradient_source) + ")";
  if (result.hessian_products > 0)
    text += ", " + counted(result.hessian_products, "product") + " with the Hessian (" +
            to_text(result.hessian_source) + ")";
  return text;
}

}  // namespace

std::string to_text(const Result& result) {
  std::string text = std::string(to_text(result.status)) + ": " + result.reason + "\n";
  const auto line = [&text](const char* name, const std::string& value) {
    std::string start = "  " + std::string(name);
    start.resize(17, ' ');
    text += start + value + "\n";
  };
  if (!result.suggestion.empty()) line("suggestion", result.suggestion);
  line("x", vector_text(result.x));
  line("value", number_text(result.value, 10));
  if (!result.iterate.empty()) line("iterate", vector_text(result.iterate) + ", of which x is the average");
  if (result.best.step != result.steps && result.best.value < result.value)
    line("best", number_text(result.best.value, 10) + " after step " + std::to_string(result.best.step) + ", at " +
                     vector_text(result.best.x));
  line("gradient norm", number_text(result.gradient_norm, 4) + " (largest component)");
  if (result.certificate)
    line("certificate", result.certificate->kind + ", " + number_text(result.certificate->bound, 4));
  line("optimizer", result.optimizer);
  if (result.learning_rate > 0) line("learning rate", number_text(result.learning_rate, 6) + " at the last update");
  line("steps", std::to_string(result.steps));
  if (result.epochs > 0) line("epochs", std::to_string(result.epochs));
  line("evaluations", evaluations_text(result));
  line("seconds",
       number_text(result.seconds, 3) + ", in the objective " + number_text(result.objective_seconds, 3) +
           (result.observer_seconds > 0 ? ", in the observer " + number_text(result.observer_seconds, 3) : ""));
  return text;
}

std::ostream& operator<<(std::ostream& out, const Result& result) { return out << to_text(result); }

}  // namespace descent
