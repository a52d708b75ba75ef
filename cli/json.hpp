// Results as JSON, in the order that DESIGN promises.
#pragma once

#include <nlohmann/json.hpp>

#include "descent/core/result.hpp"
#include "descent/diagnose/findings.hpp"

namespace descent::cli {

using Json = nlohmann::ordered_json;

/// A number; null when it is not finite (JSON has no other way).
[[nodiscard]] Json number_json(double value);

/// A count: an integer where it is whole, as counts are but for weighted rows and parts of an epoch; null when it is
/// not finite.
[[nodiscard]] Json count_json(double value);

/// `status`, `reason`, `certificate`?, `suggestion`? into `object`.
void put_ending(Json& object, const Result& result);

/// {name severity what evidence advice}
[[nodiscard]] Json finding_json(const diagnose::Finding& finding);

}  // namespace descent::cli
