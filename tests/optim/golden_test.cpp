// Rules against PyTorch, step by step (tests/golden/optimizers.py).
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>
#include <string>

#include "descent/core/text.hpp"
#include "descent/optim/chain_state.hpp"

namespace descent {
namespace {

constexpr std::size_t kSize = 7;

std::vector<double> gradient_at(const std::vector<double>& x) {
  std::vector<double> g(kSize);
  for (std::size_t i = 0; i < kSize; ++i) {
    const double c = std::ldexp(1.0, static_cast<int>(i) - 3), t = 0.5 * static_cast<double>(i) - 1.0;
    g[i] = c * (x[i] - t) - 3.0 * std::sin(3.0 * x[i]);
  }
  return g;
}

std::vector<double> after(const Chain& chain, int steps) {
  std::vector<double> x(kSize);
  for (std::size_t i = 0; i < kSize; ++i) x[i] = 0.1 * static_cast<double>(i + 1);
  ChainState state(chain, kSize);
  for (int k = 0; k < steps; ++k) state.update(gradient_at(x), x);
  return x;
}

TEST(Golden, RulesMakePyTorchsSteps) {
  std::ifstream file(DESCENT_SOURCE_DIR "/tests/golden/optimizers.txt");
  ASSERT_TRUE(file);
  std::string line;
  int records = 0;
  while (std::getline(file, line)) {
    if (line.front() == '#') continue;
    const std::vector<std::string> fields = split(line, '\t');
    ASSERT_EQ(fields.size(), 3U);
    const std::vector<double> x = after(parse_chain(fields[0]), std::stoi(fields[1]));
    std::istringstream numbers(fields[2]);
    for (std::size_t i = 0; i < kSize; ++i) {
      double expected = 0.0;
      ASSERT_TRUE(numbers >> expected);
      EXPECT_NEAR(x[i], expected, 1e-12 * std::max(1.0, std::fabs(expected))) << fields[0] << " after " << fields[1];
    }
    ++records;
  }
  EXPECT_EQ(records, 36);
}

}  // namespace
}  // namespace descent
