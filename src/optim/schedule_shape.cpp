#include "descent/optim/schedule_shape.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"

namespace descent {
namespace {

Argument* find(Call& call, std::string_view name) {
  for (Argument& argument : call.arguments)
    if (argument.name == name) return &argument;
  return nullptr;
}

void put(Call& call, const char* name, ArgumentValue value) {
  if (find(call, name) == nullptr)
    call.arguments.push_back({.name = name, .value = std::move(value), .column = call.column});
}

bool has_param(const Entry& entry, std::string_view name) {
  return std::any_of(entry.params.begin(), entry.params.end(), [&](const ParamSpec& p) { return p.name == name; });
}

Call filled(Call call, double rate, double steps);

/// `schedule=cosine`, `schedule=cosine(end=0.001)` or nothing inside a warm_up.
void fill_inner(Call& call, double rate, double steps) {
  put(call, "schedule", std::string("cosine"));
  ArgumentValue& value = find(call, "schedule")->value;
  Call inner;
  if (const auto* word = std::get_if<std::string>(&value)) {
    inner.name = *word;
    inner.column = find(call, "schedule")->column;
  } else if (const auto* given = std::get_if<std::shared_ptr<const Call>>(&value)) {
    inner = **given;
  } else {
    throw Error(ErrorCode::usage, "the rate is given elsewhere: schedule=NAME takes a schedule such as cosine",
                Place{.column = call.column, .name = call.name});
  }
  value = placed(inner, [&] { return std::make_shared<const Call>(filled(inner, rate, steps)); });
}

Call filled(Call call, double rate, double steps) {
  const Entry& entry = schedule_registry().at(call.name).entry;
  for (const Argument& argument : call.arguments) {
    if (argument.name.empty())
      throw Error(ErrorCode::usage,
                  "here arguments have names, as the rate is given elsewhere: " + call.name + "(" +
                      (has_param(entry, "steps") ? "steps=1000" : entry.params.back().name + "=...") + ")",
                  Place{.column = argument.column, .name = call.name});
    if (argument.name == "rate")
      throw Error(ErrorCode::usage, "the rate is given elsewhere; leave it out",
                  Place{.column = argument.column, .name = call.name});
  }
  const double whole = std::max(steps, 1.0);
  const auto part = [&](double fraction) { return std::max(1.0, std::floor(whole * fraction)); };
  if (has_param(entry, "schedule")) {
    put(call, "steps", part(0.05));
    const double* climb = std::get_if<double>(&find(call, "steps")->value);
    fill_inner(call, rate, climb == nullptr ? whole : std::max(1.0, whole - *climb));
    return call;
  }
  put(call, "rate", rate);
  if (call.name == "step_decay") put(call, "every", part(0.1));
  if (call.name == "inverse_scaling") put(call, "steps", part(0.01));
  if (call.name == "exponential" && find(call, "factor") == nullptr) {
    put(call, "factor", 0.01);
    put(call, "steps", whole);
  }
  for (const ParamSpec& param : entry.params)
    if (param.name == "steps" && param.default_text.empty()) put(call, "steps", whole);
  return call;
}

}  // namespace

Schedule shape_schedule(std::string_view text, double rate, double steps) {
  const Call given = parse_call(text);
  return placed(given, [&] {
    const Call call = filled(given, rate, steps);
    const auto& named = schedule_registry().at(call.name);
    return named.item(bind(named.entry, call));
  });
}

}  // namespace descent
