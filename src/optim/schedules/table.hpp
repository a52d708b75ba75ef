// What a schedule of the table is made of. To add one: its entry and formula in the list of its family, its maker
// beside it, and the maker's declaration in schedule.hpp.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "descent/core/param_table.hpp"
#include "descent/optim/schedule.hpp"
#include "src/optim/call_building.hpp"

namespace descent::schedules {

/// rate_k as a closed form of k.
using Formula = std::function<double(std::uint64_t)>;

struct Spec {
  Entry entry;
  /// The formula for these arguments, which are within their intervals already. Throws: Error(usage) for what intervals
  /// cannot say.
  Formula (*formula)(const BoundArguments& bound);
};

// The families, in the order in which they are listed.
[[nodiscard]] std::vector<Spec> decays();    // decays.cpp
[[nodiscard]] std::vector<Spec> steps();     // steps.cpp
[[nodiscard]] std::vector<Spec> cosines();   // cosines.cpp
[[nodiscard]] std::vector<Spec> cycles();    // cycles.cpp
[[nodiscard]] std::vector<Spec> warm_ups();  // warm_ups.cpp
[[nodiscard]] std::vector<Spec> composed();  // composed.cpp

/// Of PlateauState, which holds the formula.
[[nodiscard]] Entry plateau_entry();

[[nodiscard]] Schedule make(const Call& call);

inline constexpr double kPi = 3.14159265358979323846;
inline constexpr double kInfinity = std::numeric_limits<double>::infinity();
inline constexpr Interval kPositive{.low = 0.0, .high = kInfinity, .low_open = true, .high_open = true};
inline constexpr Interval kNotNegative{.low = 0.0, .high = kInfinity, .high_open = true};
inline constexpr Interval kCount{.low = 0, .high = 0x1p53};   // of updates, 0 allowed
inline constexpr Interval kPeriod{.low = 1, .high = 0x1p53};  // of updates, at least one
inline constexpr Interval kShrinks{.low = 0, .high = 1, .low_open = true};

[[nodiscard]] ParamSpec rate_spec(std::string meaning = "the rate of update 0");
[[nodiscard]] ParamSpec end_spec(std::string meaning = "the rate from update `steps` on");

/// As it is typed.
[[nodiscard]] std::string word(Interpolation form);

/// (1 + cos(pi p)) / 2: from 1 down to 0 for p in [0, 1].
[[nodiscard]] double half_cosine(double p);

/// Throws: Error(usage) `name: 'parameter' message`.
[[noreturn]] void refuse(std::string_view name, std::string_view parameter, const std::string& message);
/// Refuses a list that does not rise; `strictly`: equal neighbours too.
void check_rising(std::string_view name, std::string_view parameter, const std::vector<double>& list, bool strictly);
/// bound_schedule(), but refuses one that needs the objective: that must stand outermost.
[[nodiscard]] Schedule inner_schedule(std::string_view name, const BoundArguments& bound, std::string_view parameter);
[[nodiscard]] std::vector<Schedule> inner_schedules(std::string_view name, const BoundArguments& bound,
                                                    std::string_view parameter);
/// How many of the rising boundaries are <= t.
[[nodiscard]] std::size_t count_reached(const std::vector<double>& boundaries, double t);

}  // namespace descent::schedules
