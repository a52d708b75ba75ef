// Schedules against PyTorch and independent formulas, update by update (tests/golden/schedules.py).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "descent/core/text.hpp"
#include "descent/optim/plateau_state.hpp"

namespace descent {
namespace {

std::vector<double> numbers(const std::string& text) {
  std::istringstream in(text);
  std::vector<double> result;
  for (double value = 0.0; in >> value;) result.push_back(value);
  return result;
}

/// As a run sees it: the objective is told after each update.
std::vector<double> values(const Schedule& schedule, const std::vector<double>& told, std::size_t count) {
  std::vector<double> result;
  if (!schedule.needs_value()) {
    for (std::size_t k = 0; k < count; ++k) result.push_back(schedule(k));
    return result;
  }
  PlateauState state(schedule);
  for (std::size_t k = 0; k < count; ++k) {
    result.push_back(state.rate(k));
    state.tell(told.at(k), k + 1);
  }
  return result;
}

TEST(ScheduleGolden, EveryScheduleGivesTheValuesOfPyTorchOrOfItsPaper) {
  std::ifstream file(DESCENT_SOURCE_DIR "/tests/golden/schedules.txt");
  ASSERT_TRUE(file);
  std::set<std::string> names;
  std::string line;
  int records = 0;
  while (std::getline(file, line)) {
    if (line.front() == '#') continue;
    const std::vector<std::string> fields = split(line, '\t');
    ASSERT_GE(fields.size(), 3U);
    const std::vector<double> expected = numbers(fields[2]);
    ASSERT_EQ(expected.size(), 80U) << fields[1];
    const Schedule schedule = parse_schedule(fields[1]);
    const std::vector<double> actual =
        values(schedule, fields.size() > 3 ? numbers(fields[3]) : std::vector<double>(), expected.size());
    // What both sums of their formulas lose where values cancel; torch goes from value to value and keeps the loss.
    const double largest = *std::max_element(expected.begin(), expected.end());
    const double loss = (fields[0] == "torch" ? 1e-15 : 2e-16) * largest;
    for (std::size_t k = 0; k < expected.size(); ++k)
      EXPECT_NEAR(actual[k], expected[k], 1e-12 * std::fabs(expected[k]) + loss) << fields[1] << " at " << k;
    names.insert(fields[1].substr(0, fields[1].find('(')));
    ++records;
  }
  EXPECT_EQ(records, 84);
  for (const auto& named : schedule_registry().items())
    EXPECT_TRUE(names.contains(named.entry.name)) << named.entry.name << " has no golden values";
}

}  // namespace
}  // namespace descent
