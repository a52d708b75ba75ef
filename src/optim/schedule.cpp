#include "descent/optim/schedule.hpp"

#include <cmath>
#include <utility>

#include "descent/core/elementary.hpp"
#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "src/optim/call_building.hpp"

namespace descent {

namespace {

constexpr double kPi = 3.14159265358979323846;

void check_rate(double rate) {
  if (std::isfinite(rate) && rate > 0.0) return;
  throw Error(ErrorCode::usage, "a learning rate must be a number > 0, got " + number_text(rate), "learning_rate");
}

Schedule make_schedule(const Call& call) {
  const auto& named = schedule_registry().at(call.name);
  return named.item(bind(named.entry, call));
}

}  // namespace

/// Fills a Schedule from bound arguments; the only one who sees its fields.
struct ScheduleBuilder {
  using Kind = Schedule::Kind;

  static Schedule make(const char* name, Kind kind, const BoundArguments& bound) {
    Schedule result;
    result.kind_ = kind;
    if (kind == Kind::warm_up) {
      const Schedule inner = bound_schedule(bound, "schedule");
      result.inner_ = std::make_shared<const Schedule>(inner);
      result.rate_ = inner(0);
    } else {
      result.rate_ = bound.number("rate");
    }
    switch (kind) {
      case Kind::step_decay:
        result.steps_ = bound.number("every");
        result.shape_ = bound.number("factor");
        break;
      case Kind::exponential:
        result.steps_ = bound.number("steps");
        result.shape_ = bound.number("factor");
        break;
      case Kind::polynomial:
        result.steps_ = bound.number("steps");
        result.shape_ = bound.number("power");
        result.end_ = bound.number("end");
        break;
      case Kind::cosine:
        result.steps_ = bound.number("steps");
        result.end_ = bound.number("end");
        break;
      case Kind::inverse_scaling:
        result.steps_ = bound.number("steps");
        result.shape_ = bound.number("power");
        break;
      case Kind::warm_up: result.steps_ = bound.number("steps"); break;
      case Kind::constant:
      case Kind::automatic: return result;
    }
    result.call_ = std::make_shared<const Call>(canonical_call(schedule_registry().at(name).entry, bound));
    return result;
  }

  static Schedule automatic() {
    Schedule result;
    result.kind_ = Kind::automatic;
    return result;
  }
};

Schedule::Schedule(double rate) : rate_(rate) { check_rate(rate); }
Schedule Schedule::automatic() { return ScheduleBuilder::automatic(); }

double Schedule::rate_at(std::uint64_t k) const {
  const double t = static_cast<double>(k);
  switch (kind_) {
    case Kind::constant: return rate_;
    case Kind::automatic: throw Error(ErrorCode::internal, "'auto' was not resolved before the run", "learning_rate");
    case Kind::step_decay: return rate_ * math::pow(shape_, std::floor(t / steps_));
    case Kind::exponential: return rate_ * math::pow(shape_, t / steps_);
    case Kind::polynomial: {
      if (t >= steps_) return end_;
      const double left = 1.0 - t / steps_;
      return end_ + (rate_ - end_) * (shape_ == 1.0 ? left : math::pow(left, shape_));
    }
    case Kind::cosine: return t >= steps_ ? end_ : end_ + (rate_ - end_) * 0.5 * (1.0 + math::cos(kPi * (t / steps_)));
    case Kind::inverse_scaling: {
      const double slowed = 1.0 + t / steps_;
      return rate_ / (shape_ == 0.5 ? std::sqrt(slowed) : shape_ == 1.0 ? slowed : math::pow(slowed, shape_));
    }
    case Kind::warm_up:
      return t < steps_ ? rate_ * ((t + 1.0) / (steps_ + 1.0)) : (*inner_)(k - static_cast<std::uint64_t>(steps_));
  }
  return rate_;
}

ArgumentValue Schedule::argument() const {
  if (kind_ == Kind::constant) return rate_;
  if (kind_ == Kind::automatic) return std::string("auto");
  return call_;
}

Schedule constant(double rate) { return {rate}; }
Schedule step_decay(double rate, double every, double factor) {
  return make_schedule(named_call("step_decay", {{"rate", rate}, {"every", every}, {"factor", factor}}));
}
Schedule exponential(double rate, double factor, double steps) {
  return make_schedule(named_call("exponential", {{"rate", rate}, {"factor", factor}, {"steps", steps}}));
}
Schedule polynomial(double rate, double steps, PolynomialOptions options) {
  return make_schedule(
      named_call("polynomial", {{"rate", rate}, {"steps", steps}, {"power", options.power}, {"end", options.end}}));
}
Schedule cosine(double rate, double steps, CosineOptions options) {
  return make_schedule(named_call("cosine", {{"rate", rate}, {"steps", steps}, {"end", options.end}}));
}
Schedule inverse_scaling(double rate, double power, InverseScalingOptions options) {
  return make_schedule(named_call("inverse_scaling", {{"rate", rate}, {"power", power}, {"steps", options.steps}}));
}
Schedule warm_up(const Schedule& schedule, double steps) {
  return make_schedule(named_call("warm_up", {{"schedule", schedule.argument()}, {"steps", steps}}));
}

Schedule parse_schedule(std::string_view text) {
  text = trim(text);
  if (text == "auto") return Schedule::automatic();
  if (const auto rate = parse_number(text)) return {*rate};
  if (!text.empty() && (text.front() == '-' || text.front() == '+' || text.front() == '.' ||
                        (text.front() >= '0' && text.front() <= '9')))
    throw Error(
        ErrorCode::usage,
        "a learning rate must be a number > 0, auto, or a schedule such as cosine(0.05, 5000), got " + quoted(text),
        "learning_rate");
  return make_schedule(parse_call(text));
}

std::string to_text(const Schedule& schedule) {
  const ArgumentValue argument = schedule.argument();
  if (const auto* rate = std::get_if<double>(&argument)) return number_text(*rate);
  if (const auto* word = std::get_if<std::string>(&argument)) return *word;
  return to_text(*std::get<std::shared_ptr<const Call>>(argument));
}

Schedule bound_schedule(const BoundArguments& arguments, std::string_view name) {
  if (arguments.is_auto(name)) return Schedule::automatic();
  if (const auto call = arguments.call(name)) return make_schedule(*call);
  return {arguments.number(name)};
}

namespace {

const Interval kPositive{
    .low = 0.0, .high = std::numeric_limits<double>::infinity(), .low_open = true, .high_open = true};
const Interval kNotNegative{.low = 0.0, .high = std::numeric_limits<double>::infinity(), .high_open = true};

ParamSpec rate_spec() {
  return {.name = "rate", .kind = ParamKind::number, .interval = kPositive, .meaning = "the rate of update 0"};
}
ParamSpec steps_spec(std::string default_text, std::string meaning, std::string why) {
  return {.name = "steps",
          .kind = ParamKind::number,
          .default_text = std::move(default_text),
          .interval = kPositive,
          .meaning = std::move(meaning),
          .why = std::move(why)};
}
ParamSpec end_spec() {
  return {.name = "end",
          .kind = ParamKind::number,
          .default_text = "0",
          .interval = kNotNegative,
          .meaning = "the rate from update `steps` on",
          .why = "noise in the gradient dies out only with the rate"};
}

template <ScheduleBuilder::Kind kind>
void add(Registry<ScheduleMaker>& registry, Entry entry) {
  entry.kind = "schedule";
  const std::string name = entry.name;
  registry.add(std::move(entry),
               [name](const BoundArguments& bound) { return ScheduleBuilder::make(name.c_str(), kind, bound); });
}

Registry<ScheduleMaker> make_registry() {
  using Kind = ScheduleBuilder::Kind;
  Registry<ScheduleMaker> registry("schedule");
  add<Kind::constant>(registry, {.name = "constant",
                                 .summary = "The same rate for every update; a plain number means this.",
                                 .formula = "rate_k = rate",
                                 .params = {rate_spec()},
                                 .example = "constant(0.1)"});
  add<Kind::step_decay>(registry, {.name = "step_decay",
                                   .summary = "Multiplies the rate by a factor every so many updates.",
                                   .formula = "rate_k = rate factor^floor(k / every)",
                                   .params = {rate_spec(),
                                              {.name = "every",
                                               .kind = ParamKind::number,
                                               .interval = {.low = 1, .high = 0x1p53},
                                               .meaning = "updates between two cuts"},
                                              {.name = "factor",
                                               .kind = ParamKind::number,
                                               .default_text = "0.5",
                                               .interval = {.low = 0, .high = 1, .low_open = true},
                                               .meaning = "what a cut multiplies the rate by",
                                               .why = "halving is mild enough to come too early without harm"}},
                                   .reference = "PyTorch, torch.optim.lr_scheduler.StepLR",
                                   .differs = "torch's default factor is 0.1",
                                   .example = "step_decay(0.1, 1000, factor=0.5)"});
  add<Kind::exponential>(registry,
                         {.name = "exponential",
                          .summary = "Shrinks the rate by the same factor all the time.",
                          .formula = "rate_k = rate factor^(k / steps)",
                          .params = {rate_spec(),
                                     {.name = "factor",
                                      .kind = ParamKind::number,
                                      .interval = {.low = 0, .high = 1, .low_open = true},
                                      .meaning = "what `steps` updates multiply the rate by"},
                                     steps_spec("1", "updates for one factor",
                                                "the factor is then per update, as in torch's ExponentialLR")},
                          .reference = "PyTorch, torch.optim.lr_scheduler.ExponentialLR (steps = 1)",
                          .example = "exponential(0.1, 0.5, steps=1000)"});
  add<Kind::polynomial>(registry, {.name = "polynomial",
                                   .summary = "Falls to `end` within `steps` updates; a straight line for power 1.",
                                   .formula = "rate_k = end + (rate - end) (1 - min(k, steps) / steps)^power",
                                   .params = {rate_spec(),
                                              steps_spec("", "updates until `end` is reached", ""),
                                              {.name = "power",
                                               .kind = ParamKind::number,
                                               .default_text = "1",
                                               .interval = kPositive,
                                               .meaning = "how early it falls",
                                               .why = "a straight line is the strongest plain schedule in fair trials"},
                                              end_spec()},
                                   .reference = "A. Defazio et al., \"When, why and how much? Adaptive learning rate "
                                                "scheduling by refinement\", arXiv:2310.07831, 2023",
                                   .example = "polynomial(0.1, 5000, end=0.001)"});
  add<Kind::cosine>(
      registry,
      {.name = "cosine",
       .summary = "Half a cosine from the rate to `end`.",
       .formula = "rate_k = end + (rate - end) (1 + cos(pi min(k, steps) / steps)) / 2",
       .params = {rate_spec(), steps_spec("", "updates until `end` is reached", ""), end_spec()},
       .reference =
           "I. Loshchilov, F. Hutter, \"SGDR: stochastic gradient descent with warm restarts\", ICLR 2017, eq. 5",
       .differs = "torch's CosineAnnealingLR climbs again after `steps`; this one stays at `end`",
       .example = "cosine(0.05, 5000)"});
  add<Kind::inverse_scaling>(
      registry,
      {.name = "inverse_scaling",
       .summary = "Falls like a power of the number of updates; never ends.",
       .formula = "rate_k = rate / (1 + k / steps)^power",
       .params = {rate_spec(),
                  {.name = "power",
                   .kind = ParamKind::number,
                   .default_text = "0.5",
                   .interval = {.low = 0, .high = 1, .low_open = true},
                   .meaning = "how fast it falls",
                   .why = "1 / sqrt(k) is the best rate for convex functions of unknown curvature"},
                  steps_spec("1", "updates before the fall shows", "scikit-learn's `invscaling`")},
       .reference = "H. Robbins, S. Monro, \"A stochastic approximation method\", Ann. Math. Statist. 22, 1951",
       .differs = "scikit-learn counts from 1: the same rates for steps = 1",
       .example = "inverse_scaling(0.1, power=0.25)"});
  add<Kind::warm_up>(
      registry,
      {.name = "warm_up",
       .summary = "A straight line up to a schedule's first rate, then the schedule.",
       .formula = "rate_k = schedule(0) (k + 1) / (steps + 1) for k < steps, schedule(k - steps) from there",
       .params = {{.name = "schedule",
                   .kind = ParamKind::schedule,
                   .interval = kPositive,
                   .meaning = "what follows: a number or a schedule"},
                  {.name = "steps",
                   .kind = ParamKind::integer,
                   .interval = {.low = 1, .high = 0x1p53},
                   .meaning = "updates of the climb"}},
       .reference = "P. Goyal et al., \"Accurate, large minibatch SGD\", arXiv:1706.02677, 2017, section 2.2",
       .differs = "torch's LinearLR begins at a third of the rate; optax begins at 0, which wastes the first update",
       .example = "warm_up(cosine(0.05, 5000), 100)"});
  return registry;
}

}  // namespace

const Registry<ScheduleMaker>& schedule_registry() {
  static const Registry<ScheduleMaker> registry = make_registry();
  return registry;
}

}  // namespace descent
