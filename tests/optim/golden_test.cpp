// Rules against independent programs, step by step: every tests/golden/rules/<family>.txt.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "descent/core/text.hpp"
#include "descent/optim/chain_state.hpp"
#include "tests/optim/golden_problems.hpp"

namespace descent {
namespace {

struct Record {
  std::uint64_t step = 0;
  std::vector<double> x;
};
using Trajectories = std::map<std::pair<std::string, std::string>, std::vector<Record>>;

Trajectories read(const std::filesystem::path& path) {
  Trajectories result;
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line)) {
    if (line.front() == '#') continue;
    const std::vector<std::string> fields = split(line, '\t');
    EXPECT_EQ(fields.size(), 4U) << path;
    Record record{.step = std::stoull(fields[2]), .x = {}};
    for (const std::string& number : split(fields[3], ' ')) record.x.push_back(parse_number(number).value());
    result[{fields[0], fields[1]}].push_back(std::move(record));
  }
  return result;
}

void follow(const golden::Problem& problem, const std::string& text, const std::vector<Record>& records) {
  const std::size_t n = problem.start.size();
  ChainState state(parse_chain(text), n, {.blocks = problem.blocks});
  std::vector<double> x = problem.start, gradient(n), there(n), reported(n);
  auto next = records.begin();
  for (std::uint64_t k = 0; next != records.end(); ++k) {
    const double value = problem.evaluate(x, k, gradient);
    if (state.displaces() && state.displace(gradient, x, there)) problem.evaluate(there, k, gradient);
    state.update(gradient, x, value);
    if (k + 1 != next->step) continue;
    state.solution(x, reported);
    ASSERT_EQ(next->x.size(), n);
    for (std::size_t i = 0; i < n; ++i)
      ASSERT_NEAR(reported[i], next->x[i], 1e-12 * std::max(1.0, std::fabs(next->x[i])))
          << text << " on " << problem.name << ", parameter " << i << " after update " << k + 1;
    ++next;
  }
}

class Golden : public ::testing::TestWithParam<std::string> {};

TEST_P(Golden, RulesMakeTheStepsOfAnIndependentProgram) {
  const std::vector<golden::Problem> problems = golden::problems();
  const Trajectories trajectories = read(std::filesystem::path(DESCENT_SOURCE_DIR) / "tests/golden/rules" / GetParam());
  ASSERT_GE(trajectories.size(), 8U);
  for (const auto& [key, records] : trajectories) {
    const std::string name = key.second;
    const auto problem =
        std::find_if(problems.begin(), problems.end(), [&](const golden::Problem& p) { return p.name == name; });
    ASSERT_NE(problem, problems.end()) << name;
    ASSERT_EQ(records.back().step, 100U) << key.first;
    follow(*problem, key.first, records);
  }
}

std::vector<std::string> families() {
  std::vector<std::string> result;
  for (const auto& entry : std::filesystem::directory_iterator(DESCENT_SOURCE_DIR "/tests/golden/rules"))
    if (entry.path().extension() == ".txt") result.push_back(entry.path().filename().string());
  std::sort(result.begin(), result.end());
  return result;
}

INSTANTIATE_TEST_SUITE_P(Families, Golden, ::testing::ValuesIn(families()),
                         [](const auto& param) { return param.param.substr(0, param.param.find('.')); });

}  // namespace
}  // namespace descent
