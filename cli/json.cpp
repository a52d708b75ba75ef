#include "cli/json.hpp"

#include <cmath>

namespace descent::cli {

Json number_json(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

void put_ending(Json& object, const Result& result) {
  object["status"] = to_text(result.status);
  object["reason"] = result.reason;
  if (result.certificate)
    object["certificate"] = {{"kind", result.certificate->kind}, {"bound", number_json(result.certificate->bound)}};
  if (!result.suggestion.empty()) object["suggestion"] = result.suggestion;
}

}  // namespace descent::cli
