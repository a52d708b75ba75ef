#include "descent/diagnose/surroundings.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "descent/core/elementary.hpp"
#include "descent/core/text.hpp"
#include "src/diagnose/vectors.hpp"
#include "src/diagnose/walk.hpp"

namespace descent::diagnose {
namespace {

constexpr double kNear = 1e-2;              // of max(1, |x|): a minimum nearer than this is where the run is
constexpr std::size_t kMaxDirections = 8;   // of curvature 0 that are followed
constexpr std::size_t kMaxStartNames = 12;  // more make no command line that anyone would read

std::string num(double value) { return number_text(value, 4); }

/// To length 1, without squares that under- or overflow; false if it has none.
bool normalise(std::vector<double>& v) {
  const double most = largest(v);
  if (!(most > 0.0) || !std::isfinite(most)) return false;
  for (double& value : v) value /= most;
  const double size = length(v);
  for (double& value : v) value /= size;
  return true;
}

std::vector<double> negated(View v) {
  std::vector<double> result(v.begin(), v.end());
  for (double& value : result) value = -value;
  return result;
}

class Examination {
 public:
  Examination(Objective& objective, const Result& result, const SurroundingsOptions& options)
      : result_(result),
        region_(options.region),
        maximizes_(options.maximizes),
        place_(objective, result.x, result.value, region_) {}

  std::vector<Finding> look_around() {
    gradient_ = result_.gradient;
    std::vector<bool> held(gradient_.size(), false);
    for (std::size_t i = 0; i < held.size() && !region_.low.empty(); ++i) {
      const double x = place_.x()[i];
      held[i] = (x <= region_.low[i] && gradient_[i] > 0.0) || (x >= region_.high[i] && gradient_[i] < 0.0);
      if (held[i]) gradient_[i] = 0.0;
    }
    const auto seen = spectrum(place_.objective(), place_.x(), region_, held);
    if (seen) {
      spectrum_ = *seen;
      steepest_ = std::max(std::fabs(spectrum_.values.front()), std::fabs(spectrum_.values.back()));
      place_.set_curvature(steepest_);
      const bool settled = is_near_stationary();
      if (settled) falls_by_curvature();
      if (found_.empty() && !settled) shelf();
      if (found_.empty()) flat_directions();
    }
    const bool all_held = std::find(held.begin(), held.end(), false) == held.end();
    if (result_.steps == 0) start_is_stationary(seen.has_value() || all_held, held);
    return std::move(found_);
  }

  std::vector<Finding> look_down() {
    std::vector<double> down = negated(result_.gradient);
    for (std::size_t i = 0; i < down.size(); ++i) {
      if (region_.low.empty()) break;
      const double x = place_.x()[i];
      if ((x <= region_.low[i] && down[i] < 0.0) || (x >= region_.high[i] && down[i] > 0.0)) down[i] = 0.0;
    }
    if (!normalise(down)) return {};
    if (kink(down)) return std::move(found_);
    const Walk walk = follow(place_, down, kNear * place_.scale());
    if (walk.outcome == Walk::Outcome::falls) no_minimum(down, walk);
    return std::move(found_);
  }

 private:
  /// Across a kink the slope turns over at once, at every distance; in a smooth valley it grows with the distance.
  bool kink(View down) {
    const double here = dot(result_.gradient, down);
    double beyond = 0.0;
    for (const double t : {1e-6, 1e-9}) {
      const double value = place_.at(down, t * place_.scale());
      const double slope = dot(place_.gradient(), down);
      if (!(value > place_.value()) || !(slope > -0.1 * here) || !(slope < -10.0 * here)) return false;
      beyond = slope;
    }
    bool minimum = down.size() <= kMaxStartNames;
    std::vector<double> unit(down.size(), 0.0);
    for (std::size_t i = 0; i < unit.size() && minimum; ++i)
      for (const double side : {1.0, -1.0}) {
        unit[i] = side;
        if (place_.room(unit) > 0.0) minimum = minimum && place_.at(unit, 1e-6 * place_.scale()) > place_.value();
        unit[i] = 0.0;
      }
    add("kink", Severity::remark,
        minimum ? std::string("this looks like a ") + wanted() +
                      " at a kink, where no gradient test can be met: the value " + (maximizes_ ? "falls" : "rises") +
                      " to both sides along every variable"
                : "the function has a kink here, and no gradient test can be met on it",
        "slope " + num(shown(here)) + " on this side and " + num(shown(beyond)) + " on the other, along " +
            direction_text(down),
        minimum ? "take it as it is: more steps change nothing"
                : "round the kink off: sqrt(x^2 + 1e-8) in place of abs(x), softplus in place of max",
        down);
    return true;
  }

  // What is said of f, and of -f when it was to be maximised.
  [[nodiscard]] const char* wanted() const { return maximizes_ ? "maximum" : "minimum"; }
  [[nodiscard]] const char* opposite() const { return maximizes_ ? "minimum" : "maximum"; }
  [[nodiscard]] const char* falls() const { return maximizes_ ? "rises" : "falls"; }
  [[nodiscard]] const char* falling() const { return maximizes_ ? "rising" : "falling"; }
  [[nodiscard]] const char* lower() const { return maximizes_ ? "higher" : "lower"; }
  [[nodiscard]] double shown(double value) const { return (maximizes_ ? -value : value) + 0.0; }
  [[nodiscard]] std::string name(std::size_t i) const { return place_.objective().parameter_name(i); }

  /// `x`, `-x`, `0.707 x - 0.707 y`; of many, the four largest.
  [[nodiscard]] std::string direction_text(View v, bool with_sign = true) const {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < v.size(); ++i)
      if (std::fabs(v[i]) >= 5e-4) order.push_back(i);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return std::fabs(v[a]) > std::fabs(v[b]) + 1e-6; });
    const bool cut = order.size() > 4;
    if (cut) order.resize(4);
    std::string text;
    for (const std::size_t i : order) {
      const bool minus = v[i] < 0.0 && with_sign;
      text += text.empty() ? (minus ? "-" : "") : v[i] < 0.0 ? " - " : " + ";
      if (std::fabs(v[i]) < 0.9995) text += number_text(std::fabs(v[i]), 3) + " ";
      text += name(i);
    }
    return text + (cut ? " + ..." : "");
  }

  /// `x=0.1,y=-0.1`, rounded as people would type it; empty when it would be too long, or rounding undid the gain.
  [[nodiscard]] std::string start_text(View point) {
    if (point.size() > kMaxStartNames) return "";
    for (const int digits : {3, 8, 17}) {
      std::vector<double> typed(point.size());
      std::vector<std::string> parts;
      bool inside = true;
      for (std::size_t i = 0; i < point.size(); ++i) {
        const std::string text = number_text(point[i], digits);
        typed[i] = parse_number(text).value_or(point[i]);
        if (!region_.low.empty()) inside = inside && typed[i] >= region_.low[i] && typed[i] <= region_.high[i];
        parts.push_back(name(i) + "=" + text);
      }
      const double value = place_.at_point(typed);
      if (!inside || !(value < place_.value() - place_.noise(value))) continue;
      return "--start " + join(parts, ",") + " (value " + num(shown(value)) + ")";
    }
    return "";
  }

  void add(std::string finding, Severity severity, std::string what, std::string evidence, std::string advice,
           View direction = {}) {
    found_.push_back({.name = std::move(finding),
                      .severity = severity,
                      .what = std::move(what),
                      .evidence = std::move(evidence),
                      .advice = std::move(advice),
                      .direction = {direction.begin(), direction.end()}});
  }

  /// False where the gradient is small although the nearest stationary point of the quadratic model is far away.
  bool is_near_stationary() {
    newton_.assign(gradient_.size(), 0.0);
    // Below this the gradient is rounding, and says nothing about where the minimum lies.
    const double noise = 0x1p-49 * steepest_ * place_.scale();
    if (!(largest(gradient_) > noise)) return true;
    for (std::size_t k = 0; k < spectrum_.values.size(); ++k) {
      const double curvature = std::fabs(spectrum_.values[k]);
      if (!(curvature > spectrum_.uncertainty) && spectrum_.values.size() > 1) continue;
      if (curvature == 0.0) continue;
      const double move = -dot(gradient_, spectrum_.vectors[k]) / curvature;
      for (std::size_t i = 0; i < newton_.size(); ++i) newton_[i] += move * spectrum_.vectors[k][i];
    }
    const double far = length(newton_);
    if (!(far > 0.0) || !std::isfinite(far)) return true;
    if (spectrum_.values.front() < 0.0 && far <= 1e-3 * place_.scale()) return true;
    const double value = place_.at(newton_, std::min(1.0, place_.room(newton_)));
    if (!std::isfinite(value)) return false;
    std::vector<double> there(place_.gradient().begin(), place_.gradient().end());
    for (std::size_t i = 0; i < there.size(); ++i)
      if (gradient_[i] == 0.0) there[i] = 0.0;
    return largest(there) < 0.1 * largest(gradient_) && far <= kNear * place_.scale();
  }

  /// Curvature below 0, and the value really is lower beside the point.
  void falls_by_curvature() {
    const double least = spectrum_.values.front();
    if (!(least < -spectrum_.uncertainty)) return;
    std::vector<double> down = spectrum_.vectors.front();
    const auto first = std::find_if(down.begin(), down.end(), [](double v) { return std::fabs(v) > 1e-3; });
    if (first != down.end() && *first < 0.0) down = negated(down);
    const std::string start = start_beside(down);
    if (start == kNone) return;
    const double most = spectrum_.values.back();
    std::string evidence = "curvature " + num(shown(least)) + " along " + direction_text(down, false);
    if (most > spectrum_.uncertainty) {
      evidence += ", " + num(shown(most)) + " along " + direction_text(spectrum_.vectors.back(), false);
      add("saddle_point", Severity::problem,
          std::string("this is a saddle point, not a ") + wanted() + ": the gradient vanishes, but the value " +
              falls() + " along " + direction_text(down),
          evidence, start, down);
    } else {
      add(opposite(), Severity::problem,
          std::string("this is a ") + opposite() + ", not a " + wanted() + ": the gradient vanishes, but the value " +
              falls() +
              (!region_.low.empty()           ? " along " + direction_text(down)
               : spectrum_.values.size() == 1 ? std::string(" to both sides")
                                              : std::string(" to all sides")),
          evidence, start, down);
    }
  }

  static constexpr const char* kNone = "-";

  /// Advice with a start beside the point along +-direction, turned to the side that is lower; kNone if none is.
  std::string start_beside(std::vector<double>& direction) {
    for (double t = 0.1 * place_.scale(); t > 1e-7 * place_.scale(); t *= 0.1)
      for (int side = 0; side < 2; ++side) {
        std::vector<double> way = side == 0 ? direction : negated(direction);
        if (place_.room(way) < t) continue;
        const double value = place_.at(way, t);
        if (!(value < place_.value() - place_.noise(value))) continue;
        direction = std::move(way);
        const std::string start = start_text(std::vector<double>(place_.point().begin(), place_.point().end()));
        return start.empty() ? std::string("start beside it, along that direction")
                             : std::string("start beside it, where the value is ") + lower() + ": " + start;
      }
    return kNone;
  }

  /// The gradient is small, and what it leads to is far away or nowhere.
  void shelf() {
    std::vector<double> way = spectrum_.complete ? newton_ : negated(gradient_);
    const double far = spectrum_.complete ? length(way) : kNear * place_.scale();
    if (far > 0.0 && normalise(way)) judge(way, follow(place_, way, far));
  }

  /// A direction that falls: where to?
  void judge(View way, const Walk& walk) {
    if (walk.outcome == Walk::Outcome::falls) return no_minimum(way, walk);
    if (walk.outcome != Walk::Outcome::turns && walk.outcome != Walk::Outcome::ends) return;
    const Walk::Stop& stop = walk.stops.back();
    const double far = stop.distance;
    if (!(far > kNear * place_.scale())) return;
    // What the slope alone would have won by then: more means that the function bends down.
    const double by_slope = -dot(result_.gradient, way) * walk.stops.back().distance;
    const double won = place_.value() - stop.value;
    place_.at(way, stop.distance);
    const std::string start = start_text(std::vector<double>(place_.point().begin(), place_.point().end()));
    const std::string evidence = "value " + num(shown(place_.value())) + " here, " + num(shown(stop.value)) + " " +
                                 num(stop.distance) + " away along " + direction_text(way);
    if (won > 2.0 * by_slope) {
      add("inflection_point", Severity::problem,
          std::string("this is no ") + wanted() + ": slope and curvature " +
              (largest(gradient_) > 0.0 ? "nearly vanish" : "vanish") + ", but the value " + falls() + " along " +
              direction_text(way),
          evidence,
          start.empty() ? "start beside it, along that direction"
                        : "start where it is " + std::string(lower()) + ": " + start,
          way);
      return;
    }
    const double tolerance = 1e-4 * result_.gradient_norm;
    add("far_from_minimum", Severity::warning,
        std::string("the gradient is small because the function is nearly flat here: the ") + wanted() + " is about " +
            num(far) + " away",
        evidence, "ask for a smaller gradient: --gradient-tolerance " + number_text(tolerance, 1), way);
  }

  void no_minimum(View way, const Walk& walk) {
    const Walk::Stop& first = walk.stops.front();
    const Walk::Stop& last = walk.stops.back();
    const Walk::Stop& middle = walk.stops[walk.stops.size() / 2];
    const bool flattens = last.gradient_norm <= result_.gradient_norm;
    std::string moves;
    std::size_t count = 0;
    for (std::size_t i = 0; i < way.size(); ++i)
      if (std::fabs(way[i]) >= 0.1 && ++count <= 8) moves += (moves.empty() ? "" : ", ") + name(i);
    if (count > 8) moves += ", ...";
    std::string what = std::string("no ") + wanted() + " is in sight: ";
    if (result_.status != Status::converged)
      what += std::string("the value keeps ") + falling() + " along " + direction_text(way) + ", however far one goes";
    else if (flattens)
      what += "the gradient is small because the function flattens out, and " + moves +
              (count == 1 ? " still moves" : " still move") + " at every step";
    else
      what += std::string("the gradient vanishes in passing, and beyond this point the value ") + falls() +
              " without end along " + direction_text(way);
    const auto num = [](double value) { return number_text(value, 10); };
    std::string evidence = "value " + num(shown(place_.value())) + " here";
    double told = place_.value();
    for (const Walk::Stop& stop : {first, middle, last}) {
      if (!(stop.value < told)) continue;
      told = stop.value;
      evidence += ", " + num(shown(stop.value)) + " at a distance of " + number_text(stop.distance, 2);
    }
    add("no_minimum_in_sight", Severity::problem, what, evidence, bounds_text(way), way);
  }

  /// The bounds that give the problem a minimum, if it falls along `way` for ever.
  [[nodiscard]] std::string bounds_text(View way) const {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < way.size(); ++i) {
      if (std::fabs(way[i]) < 0.1) continue;
      double limit = 1.0;
      while (limit < 1000.0 && limit * 10.0 <= std::fabs(place_.x()[i])) limit *= 10.0;
      parts.push_back(name(i) + (way[i] > 0.0 ? "=:" + number_text(limit, 6) : "=-" + number_text(limit, 6) + ":"));
    }
    if (parts.empty() || parts.size() > kMaxStartNames) return "bound the variables";
    return "bound what moves, with limits that make sense to you, such as --bounds " + join(parts, ",");
  }

  /// Directions of curvature 0: the second derivative leaves them open.
  void flat_directions() {
    std::size_t looked = 0;
    bool level = false;
    std::vector<double> same;
    for (std::size_t k = 0; k < spectrum_.values.size() && looked < kMaxDirections; ++k) {
      if (std::fabs(spectrum_.values[k]) > spectrum_.uncertainty) continue;
      if (!spectrum_.complete) break;
      ++looked;
      std::vector<double> way = spectrum_.vectors[k];
      const Walk up = follow(place_, way, 1e-6 * place_.scale());
      const std::vector<double> back = negated(way);
      const Walk down = follow(place_, back, 1e-6 * place_.scale());
      if (up.fell() && down.fell() && largest(gradient_) == 0.0) {
        const std::string start = start_beside(way);
        add(opposite(), Severity::problem,
            std::string("this is no ") + wanted() + ": the gradient vanishes, but the value " + falls() +
                " to both sides along " + direction_text(spectrum_.vectors[k], false),
            "curvature 0: the second derivative does not tell", start == kNone ? "start beside it" : start, way);
        return;
      }
      if (up.fell()) judge(way, up);
      if (found_.empty() && down.fell()) judge(back, down);
      if (!found_.empty()) return;
      if (up.outcome == Walk::Outcome::level && down.outcome == Walk::Outcome::level && !level) {
        level = true;
        same = way;
      }
    }
    if (!level) return;
    const auto first = std::find_if(same.begin(), same.end(), [](double v) { return std::fabs(v) > 1e-3; });
    if (first != same.end() && *first < 0.0) same = negated(same);
    if (spectrum_.values.size() == 1 || steepest_ == 0.0)
      add("flat_direction", Severity::warning,
          "the function is flat here: the value stays the same along " + direction_text(same, false),
          "gradient and curvature are 0, and the value did not change as far as was looked",
          "start elsewhere, with --start", same);
    else
      add("flat_direction", Severity::remark,
          std::string("this ") + wanted() + " is one of many: the value stays the same along " +
              direction_text(same, false),
          "curvature 0, and the value did not change as far as was looked", "", same);
  }

  /// `examined`: it is known what kind of point this is; at bounds that hold all variables the gradient tells.
  void start_is_stationary(bool examined, const std::vector<bool>& held) {
    const bool good = examined && found_.empty();
    std::string what = "the start is stationary already: no update was made";
    if (good) what = std::string("the start is a ") + wanted() + " already: no update was made";
    std::vector<std::string> at_bounds;
    for (std::size_t i = 0; i < held.size() && at_bounds.size() < 5; ++i)
      if (held[i]) at_bounds.push_back(at_bounds.size() == 4 ? "..." : name(i));
    std::string evidence = "gradient " + num(result_.gradient_norm) + " where the run began";
    if (!at_bounds.empty())
      evidence = "where the run began the value " + std::string(falls()) + " only out of the bounds of " +
                 join(at_bounds) + (at_bounds.size() == held.size() ? "" : "; " + evidence);
    add("start_is_stationary", good ? Severity::remark : Severity::warning, what, evidence, "");
  }

  const Result& result_;
  Region region_;
  bool maximizes_;
  Neighbourhood place_;
  Spectrum spectrum_;
  double steepest_ = 0.0;
  std::vector<double> gradient_;  // 0 where a bound holds the variable
  std::vector<double> newton_;    // to the stationary point of the quadratic model, downhill
  std::vector<Finding> found_;
};

}  // namespace

std::vector<Finding> surroundings(Objective& objective, const Result& result, const SurroundingsOptions& options) {
  if (result.status != Status::converged || !result.certificate || result.certificate->kind != "gradient") return {};
  return Examination(objective, result, options).look_around();
}

std::vector<Finding> look_ahead(Objective& objective, const Result& result, const SurroundingsOptions& options) {
  if (result.status != Status::step_limit && result.status != Status::time_limit &&
      result.status != Status::line_search_failed)
    return {};
  if (result.steps == 0 || !(result.gradient_norm > 0.0) || !std::isfinite(result.value)) return {};
  return Examination(objective, result, options).look_down();
}

}  // namespace descent::diagnose
