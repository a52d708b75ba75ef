// What the JSON of a fit says of any model.
#pragma once

#include "cli/fit_command.hpp"
#include "cli/json.hpp"

namespace descent::cli {

/// How good the model is, and how it was made.
template <class Report>
void put_quality(Json& object, const Report& report) {
  Json metrics = {{"train", evaluated_json(report.train, report.classes)}};
  metrics["validation"] = report.validation ? evaluated_json(*report.validation, report.classes) : Json::object();
  object["metrics"] = metrics;
  object["optimizer"] = report.result.optimizer;
  object["learning_rate"] = report.result.learning_rate > 0 ? number_json(report.result.learning_rate) : Json(nullptr);
  object["loss_function"] = report.loss_text;
  object["penalty_function"] = report.penalty_text;
  object["remarks"] = report.remarks;
}

/// Where the model went and how long it took.
template <class Fit>
void put_end(Json& object, const Fit& fit) {
  object["model"] = fit.options.given("output") ? Json(fit.options.text("output")) : Json(nullptr);
  object["seconds"] = {{"read", fit.read_seconds}, {"fit", fit.fit_seconds}, {"total", fit.total_seconds}};
}

}  // namespace descent::cli
