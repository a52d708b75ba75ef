#include "cli/json.hpp"

#include <cmath>
#include <cstdint>

namespace descent::cli {

Json number_json(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json count_json(double value) {
  constexpr double kExact = 0x1p53;
  if (std::floor(value) == value && std::fabs(value) <= kExact) return static_cast<std::int64_t>(value);
  return number_json(value);
}

void put_ending(Json& object, const Result& result) {
  object["status"] = to_text(result.status);
  object["reason"] = result.reason;
  if (result.certificate)
    object["certificate"] = {{"kind", result.certificate->kind}, {"bound", number_json(result.certificate->bound)}};
  if (!result.suggestion.empty()) object["suggestion"] = result.suggestion;
}

Json finding_json(const diagnose::Finding& finding) {
  return {{"name", finding.name},
          {"severity", diagnose::to_text(finding.severity)},
          {"what", finding.what},
          {"evidence", finding.evidence},
          {"advice", finding.advice}};
}

}  // namespace descent::cli
