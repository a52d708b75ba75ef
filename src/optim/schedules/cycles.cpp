// Rates that rise and fall again, and the momentum that goes with them.
#include <algorithm>
#include <cmath>
#include <utility>

#include "descent/core/elementary.hpp"
#include "src/optim/schedules/table.hpp"

namespace descent {
namespace schedules {
namespace {

struct Phase {
  double end, from, to;  // `to` is reached at update `end`, which need not be whole
};

/// torch's intervals: steps - 1 of them, so that the last of `steps` updates has the last rate.
Formula phases_formula(const std::vector<Phase>& phases, bool straight) {
  return [=](std::uint64_t k) {
    const double t = static_cast<double>(k);
    double begin = 0.0;
    for (const Phase& phase : phases) {
      if (t <= phase.end) {
        const double p = phase.end > begin ? (t - begin) / (phase.end - begin) : 1.0;
        return straight ? phase.from + (phase.to - phase.from) * p
                        : phase.to + (phase.from - phase.to) * half_cosine(p);
      }
      begin = phase.end;
    }
    return phases.back().to;
  };
}

Formula cycle_formula(const char* name, const BoundArguments& bound, std::vector<double> turns) {
  const double steps = bound.number("steps"), rise = bound.number("rise");
  const bool three = bound.integer("phases") == 3;
  if (three && rise > 0.5) refuse(name, "rise", "must be <= 0.5 with phases=3: the fall takes as long");
  const double top = rise * steps - 1.0;
  std::vector<Phase> phases = {{top, turns[0], turns[1]}};
  if (three) phases.push_back({2.0 * rise * steps - 2.0, turns[1], turns[0]});
  phases.push_back({steps - 1.0, three ? turns[0] : turns[1], turns[2]});
  return phases_formula(phases, bound.choice("form") == "linear");
}

Formula one_cycle_formula(const BoundArguments& bound) {
  const double rate = bound.number("rate"), first = rate / bound.number("start_divisor");
  return cycle_formula("one_cycle", bound, {first, rate, first / bound.number("end_divisor")});
}
Formula one_cycle_momentum_formula(const BoundArguments& bound) {
  const double low = bound.number("low"), high = bound.number("high");
  return cycle_formula("one_cycle_momentum", bound, {high, low, high});
}

Formula cyclic_formula(const BoundArguments& bound) {
  const double start = bound.number("start"), peak = bound.number("peak"), up = bound.number("up");
  const double down = bound.is_auto("down") ? up : bound.number("down"), factor = bound.number("factor");
  const std::string form = bound.choice("form");
  if (form != "exp_range" && bound.given("factor")) refuse("cyclic", "factor", "is of form=exp_range alone");
  const bool halves = form == "triangular2", shrinks = form == "exp_range";
  return [=](std::uint64_t k) {
    const double t = static_cast<double>(k), cycle = up + down, r = std::fmod(t, cycle);
    double height = std::min(1.0, r <= up ? r / up : (cycle - r) / down);
    if (halves) height = std::ldexp(height, -static_cast<int>(std::min(std::floor(t / cycle), 2000.0)));
    if (shrinks) height *= math::pow(factor, t);
    return start + (peak - start) * height;
  };
}

ParamSpec rise_spec() {
  return {.name = "rise",
          .kind = ParamKind::number,
          .default_text = "0.3",
          .interval = {.low = 0, .high = 1},
          .meaning = "the part of `steps` in which the rate rises",
          .why = "torch's and fastai's"};
}
ParamSpec anneal_spec() {
  return {.name = "form",
          .kind = ParamKind::choice,
          .default_text = "cosine",
          .choices = {"cosine", "linear"},
          .meaning = "half cosines or straight lines",
          .why = "torch's and fastai's; the paper's figures are straight"};
}
ParamSpec phases_spec() {
  return {.name = "phases",
          .kind = ParamKind::integer,
          .default_text = "2",
          .interval = {.low = 2, .high = 3},
          .meaning = "2: up, then down to the last rate. 3: up, down to the first rate as slowly, then to the last",
          .why = "torch's and fastai's; the paper has 3"};
}
ParamSpec cycle_steps_spec() {
  return {.name = "steps",
          .kind = ParamKind::integer,
          .interval = {.low = 2, .high = 0x1p53},
          .meaning = "updates of the whole cycle; the last rate holds after them"};
}
ParamSpec divisor_spec(const char* name, const char* default_text, const char* meaning, const char* why) {
  return {.name = name,
          .kind = ParamKind::number,
          .default_text = default_text,
          .interval = {.low = 1, .high = kInfinity, .high_open = true},
          .meaning = meaning,
          .why = why};
}
ParamSpec momentum_spec(const char* name, const char* default_text, const char* meaning) {
  return {.name = name,
          .kind = ParamKind::number,
          .default_text = default_text,
          .interval = kNotNegative,
          .meaning = meaning,
          .why = "the range of the paper's section 4.3, and torch's"};
}

constexpr const char* kSmith =
    "L. N. Smith, N. Topin, \"Super-convergence: very fast training of neural networks using "
    "large learning rates\", arXiv:1708.07120, 2017";

}  // namespace

std::vector<Spec> cycles() {
  return {
      {.entry = {.name = "one_cycle",
                 .summary = "Up to the rate and down far below where it began, once in the run.",
                 .formula = "from rate / start_divisor at update 0 to rate at rise steps - 1, to rate / (start_divisor "
                            "end_divisor) at steps - 1",
                 .params = {rate_spec("the highest rate"), cycle_steps_spec(), rise_spec(), anneal_spec(),
                            phases_spec(),
                            divisor_spec("start_divisor", "25", "the first rate is rate / start_divisor",
                                         "torch's and fastai's"),
                            divisor_spec("end_divisor", "10000", "the last rate is the first / end_divisor",
                                         "torch's; the paper says several orders of magnitude")},
                 .reference = kSmith,
                 .differs =
                     "torch's OneCycleLR also sets the momentum: one_cycle_momentum. It refuses updates after the "
                     "last; here the last rate stays. optax's cosine_onecycle_schedule has `steps` intervals, "
                     "torch and this steps - 1",
                 .example = "one_cycle(0.1, 5000)"},
       .formula = one_cycle_formula},
      {.entry = {.name = "one_cycle_momentum",
                 .summary = "The momentum (or beta1) beside one_cycle: low where the rate is high.",
                 .formula =
                     "high at update 0, low at rise steps - 1, high at steps - 1 (phases=3: from 2 rise steps - 2 "
                     "on)",
                 .params = {cycle_steps_spec(), momentum_spec("low", "0.85", "the value where the rate is highest"),
                            momentum_spec("high", "0.95", "the value where the rate is lowest"), rise_spec(),
                            anneal_spec(), phases_spec()},
                 .reference = kSmith,
                 .example = "one_cycle_momentum(5000, low=0.85, high=0.95)"},
       .formula = one_cycle_momentum_formula},
      {.entry = {.name = "cyclic",
                 .summary = "Up and down between two values on straight lines, again and again.",
                 .formula = "rate_k = start + (peak - start) h_k; h from 0 to 1 in `up` updates, back in `down`; times "
                            "1 / 2^cycle (triangular2) or factor^k (exp_range)",
                 .params = {{.name = "start",
                             .kind = ParamKind::number,
                             .interval = kNotNegative,
                             .meaning = "the value at the begin and end of each cycle"},
                            {.name = "peak",
                             .kind = ParamKind::number,
                             .interval = kNotNegative,
                             .meaning = "the value in its middle; below `start` for the momentum beside a cyclic rate"},
                            {.name = "up",
                             .kind = ParamKind::number,
                             .interval = kPeriod,
                             .meaning = "updates from start to peak; the paper: 2 to 10 passes over the data"},
                            {.name = "down",
                             .kind = ParamKind::number,
                             .default_text = "auto",
                             .interval = kPeriod,
                             .meaning = "updates from peak to start; auto: as many as `up`",
                             .why = "the paper's triangles have equal sides",
                             .allows_auto = true},
                            {.name = "form",
                             .kind = ParamKind::choice,
                             .default_text = "triangular",
                             .choices = {"triangular", "triangular2", "exp_range"},
                             .meaning = "all cycles alike, each half as high, or shrinking with every update",
                             .why = "the plainest of the paper's three"},
                            {.name = "factor",
                             .kind = ParamKind::number,
                             .default_text = "0.99994",
                             .interval = kShrinks,
                             .meaning = "of exp_range: what each update multiplies the height by",
                             .why = "the paper's; torch's is 1, which is no exp_range at all"}},
                 .reference = "L. N. Smith, \"Cyclical learning rates for training neural networks\", WACV 2017, "
                              "section 3",
                 .differs = "torch's CyclicLR also sets the momentum: cyclic(high, low, up)",
                 .example = "cyclic(0.001, 0.006, 2000)"},
       .formula = cyclic_formula},
  };
}

}  // namespace schedules

Schedule one_cycle(double rate, double steps, OneCycleOptions options) {
  return schedules::make(named_call("one_cycle", {{"rate", rate},
                                                  {"steps", steps},
                                                  {"rise", options.rise},
                                                  {"form", schedules::word(options.form)},
                                                  {"phases", static_cast<double>(options.phases)},
                                                  {"start_divisor", options.start_divisor},
                                                  {"end_divisor", options.end_divisor}}));
}
Schedule one_cycle_momentum(double steps, OneCycleMomentumOptions options) {
  return schedules::make(named_call("one_cycle_momentum", {{"steps", steps},
                                                           {"low", options.low},
                                                           {"high", options.high},
                                                           {"rise", options.rise},
                                                           {"form", schedules::word(options.form)},
                                                           {"phases", static_cast<double>(options.phases)}}));
}
Schedule cyclic(CyclicRange range, double up, CyclicOptions options) {
  const char* form = options.form == CyclicForm::triangular    ? "triangular"
                     : options.form == CyclicForm::triangular2 ? "triangular2"
                                                               : "exp_range";
  Call call =
      named_call("cyclic", {{"start", range.start}, {"peak", range.peak}, {"up", up}, {"form", std::string(form)}});
  if (options.down) call.arguments.push_back({.name = "down", .value = *options.down});
  if (options.factor) call.arguments.push_back({.name = "factor", .value = *options.factor});
  return schedules::make(call);
}

}  // namespace descent
