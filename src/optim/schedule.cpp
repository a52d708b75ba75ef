#include "descent/optim/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "descent/core/elementary.hpp"
#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/optim/optimizer.hpp"
#include "src/optim/schedules/table.hpp"

namespace descent {

/// The only one who sees a Schedule's fields.
struct ScheduleBuilder {
  using Kind = Schedule::Kind;

  static Schedule plain(double value) {
    Schedule result;
    result.rate_ = value;
    return result;
  }
  static Schedule automatic() {
    Schedule result;
    result.kind_ = Kind::automatic;
    return result;
  }
  static Schedule formula(schedules::Formula formula, Call call) {
    Schedule result;
    result.kind_ = Kind::formula;
    result.formula_ = std::make_shared<const schedules::Formula>(std::move(formula));
    result.call_ = std::make_shared<const Call>(std::move(call));
    return result;
  }
  static Schedule function(const Call& call) {
    Schedule result;
    result.kind_ = Kind::formula;
    result.formula_ = call.function;
    result.call_ = std::make_shared<const Call>(call);
    return result;
  }
  static Schedule told(Call call) {
    Schedule result;
    result.kind_ = Kind::told;
    result.call_ = std::make_shared<const Call>(std::move(call));
    return result;
  }
};

Schedule::Schedule(double rate) : rate_(rate) {
  if (std::isfinite(rate) && rate > 0.0) return;
  throw Error(ErrorCode::usage, "a learning rate must be a number > 0, got " + number_text(rate), "learning_rate");
}
Schedule Schedule::automatic() { return ScheduleBuilder::automatic(); }

Schedule Schedule::function(std::function<double(std::uint64_t)> f) {
  if (!f) throw Error(ErrorCode::usage, "a schedule of a function needs a function", "learning_rate");
  const auto checked = [f = std::move(f)](std::uint64_t k) {
    const double rate = f(k);
    if (std::isfinite(rate) && rate >= 0.0) return rate;
    throw Error(ErrorCode::usage,
                "the function must give a number >= 0, got " + number_text(rate) + " for update " + std::to_string(k),
                "learning_rate");
  };
  return ScheduleBuilder::function(
      Call{.name = "function", .arguments = {}, .function = std::make_shared<const schedules::Formula>(checked)});
}

double Schedule::rate_at(std::uint64_t k) const {
  switch (kind_) {
    case Kind::constant: return rate_;
    case Kind::automatic: throw Error(ErrorCode::internal, "'auto' was not resolved before the run", "learning_rate");
    case Kind::formula: return (*formula_)(k);
    case Kind::told: break;
  }
  throw Error(ErrorCode::usage, to_text(*call_) + " must be told the objective: take its rates from a PlateauState",
              "learning_rate");
}

ArgumentValue Schedule::argument() const {
  if (kind_ == Kind::constant) return rate_;
  if (kind_ == Kind::automatic) return std::string("auto");
  return call_;
}

Schedule parse_schedule(std::string_view text) {
  text = trim(text);
  if (text == "auto") return Schedule::automatic();
  if (const auto rate = parse_number(text)) return {*rate};
  const std::string_view word =
      text.substr(text.find_first_not_of("+-") == std::string_view::npos ? 0 : text.find_first_not_of("+-"));
  if (word == "nan" || word == "inf" || word == "infinity" || word == "NaN" || word == "Inf")
    throw Error(ErrorCode::usage, "a learning rate must be a number > 0, got " + std::string(text), "learning_rate");
  if (!text.empty() && (text.front() == '-' || text.front() == '+' || text.front() == '.' ||
                        (text.front() >= '0' && text.front() <= '9')))
    throw Error(
        ErrorCode::usage,
        "a learning rate must be a number > 0, auto, or a schedule such as cosine(0.05, 5000), got " + quoted(text),
        "learning_rate");
  return schedules::make(parse_call(text));
}

std::string to_text(const Schedule& schedule) {
  const ArgumentValue argument = schedule.argument();
  if (const auto* rate = std::get_if<double>(&argument)) return number_text(*rate);
  if (const auto* word = std::get_if<std::string>(&argument)) return *word;
  return to_text(*std::get<std::shared_ptr<const Call>>(argument));
}

Schedule bound_schedule(const BoundArguments& arguments, std::string_view name) {
  if (arguments.is_auto(name)) return Schedule::automatic();
  if (const auto call = arguments.call(name)) return schedules::make(*call);
  return ScheduleBuilder::plain(arguments.number(name));
}

std::vector<Schedule> bound_schedules(const BoundArguments& arguments, std::string_view name) {
  std::vector<Schedule> result;
  for (const Argument& item : arguments.list(name)) {
    const auto* call = std::get_if<std::shared_ptr<const Call>>(&item.value);
    result.push_back(call != nullptr ? schedules::make(**call) : ScheduleBuilder::plain(std::get<double>(item.value)));
  }
  return result;
}

Schedule constant(double rate) { return {rate}; }

namespace schedules {

Schedule make(const Call& call) {
  if (call.function != nullptr) return ScheduleBuilder::function(call);
  if (call.name == "function")
    throw Error(ErrorCode::usage, "the schedule 'function' is made in C++ (Schedule::function) and cannot be typed");
  return placed(call, [&call] {
    if (schedule_registry().find(call.name) == nullptr && optimizer_registry().find(call.name) != nullptr)
      throw Error(ErrorCode::usage, quoted(call.name) + " is an optimizer, and a schedule is wanted here: " +
                                        call.name + "(cosine(...))");
    const auto& named = schedule_registry().at(call.name);
    return named.item(bind(named.entry, call));
  });
}

ParamSpec rate_spec(std::string meaning) {
  return {.name = "rate", .kind = ParamKind::number, .interval = kPositive, .meaning = std::move(meaning)};
}
ParamSpec end_spec(std::string meaning) {
  return {.name = "end",
          .kind = ParamKind::number,
          .default_text = "0",
          .interval = kNotNegative,
          .meaning = std::move(meaning),
          .why = "noise in the gradient dies out only with the rate"};
}

std::string word(Interpolation form) {
  switch (form) {
    case Interpolation::constant: return "constant";
    case Interpolation::linear: return "linear";
    case Interpolation::cosine: return "cosine";
  }
  return "";
}

double half_cosine(double p) { return std::max(0.0, 0.5 * (1.0 + math::cos(kPi * p))); }

void refuse(std::string_view name, std::string_view parameter, const std::string& message) {
  throw Error(ErrorCode::usage, "'" + std::string(parameter) + "' " + message, Place{.name = std::string(name)});
}

void check_rising(std::string_view name, std::string_view parameter, const std::vector<double>& list, bool strictly) {
  for (std::size_t i = 1; i < list.size(); ++i)
    if (strictly ? list[i] <= list[i - 1] : list[i] < list[i - 1])
      refuse(name, parameter, "must rise, got " + number_text(list[i]) + " after " + number_text(list[i - 1]));
}

namespace {

const Schedule& check_inner(std::string_view name, const Schedule& schedule) {
  if (!schedule.needs_value()) return schedule;
  const std::string text = to_text(schedule);
  if (name == "plateau")
    throw Error(ErrorCode::usage, "stands once and must be outermost: it takes a rate or another schedule, got " + text,
                Place{.name = "plateau"});
  throw Error(ErrorCode::usage,
              text + " must be outermost: plateau(" + std::string(name) + "(...), ...) in place of " +
                  std::string(name) + "(" + text + ", ...)",
              Place{.name = std::string(name)});
}

}  // namespace

Schedule inner_schedule(std::string_view name, const BoundArguments& bound, std::string_view parameter) {
  return check_inner(name, bound_schedule(bound, parameter));
}

std::vector<Schedule> inner_schedules(std::string_view name, const BoundArguments& bound, std::string_view parameter) {
  std::vector<Schedule> result = bound_schedules(bound, parameter);
  for (const Schedule& schedule : result) check_inner(name, schedule);
  return result;
}

std::size_t count_reached(const std::vector<double>& boundaries, double t) {
  return static_cast<std::size_t>(std::upper_bound(boundaries.begin(), boundaries.end(), t) - boundaries.begin());
}

}  // namespace schedules

namespace {

Registry<ScheduleMaker> make_registry() {
  using namespace schedules;
  Registry<ScheduleMaker> registry("schedule");
  registry.add({.name = "constant",
                .kind = "schedule",
                .summary = "The same rate for every update; a plain number means this.",
                .formula = "rate_k = rate",
                .params = {rate_spec()},
                .example = "constant(0.1)"},
               [](const BoundArguments& bound) { return ScheduleBuilder::plain(bound.number("rate")); });
  for (const auto family : {steps, decays, cosines, cycles, warm_ups, composed})
    for (Spec& spec : family()) {
      spec.entry.kind = "schedule";
      const std::string name = spec.entry.name;
      const auto formula = spec.formula;
      registry.add(std::move(spec.entry), [name, formula](const BoundArguments& bound) {
        return ScheduleBuilder::formula(formula(bound), canonical_call(schedule_registry().at(name).entry, bound));
      });
    }
  registry.add(plateau_entry(), [](const BoundArguments& bound) {
    (void)inner_schedule("plateau", bound, "schedule");
    return ScheduleBuilder::told(canonical_call(schedule_registry().at("plateau").entry, bound));
  });
  return registry;
}

}  // namespace

const Registry<ScheduleMaker>& schedule_registry() {
  static const Registry<ScheduleMaker> registry = make_registry();
  return registry;
}

}  // namespace descent
