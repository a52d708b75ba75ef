#include "descent/core/result.hpp"

#include "descent/core/estimator.hpp"
#include "descent/core/objective.hpp"

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

}  // namespace descent
