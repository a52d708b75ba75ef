// svrg, saga and sarah against the papers' loops in numpy: tests/golden/variance_reduced.txt.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <string>

#include "descent/core/text.hpp"
#include "descent/optim/minimize_sum.hpp"
#include "tests/optim/row_sums.hpp"

namespace descent {
namespace {

using testing::RowLoss;
using testing::RowSum;

std::vector<double> numbers(const std::vector<std::string>& fields, std::size_t from) {
  std::vector<double> result;
  for (std::size_t i = from; i < fields.size(); ++i) result.push_back(parse_number(fields[i]).value());
  return result;
}

TEST(VarianceReducedGolden, EpochsEndWhereThePapersLoopsDo) {
  std::ifstream file(DESCENT_SOURCE_DIR "/tests/golden/variance_reduced.txt");
  std::map<std::string, std::pair<std::vector<std::vector<double>>, std::vector<double>>> data;
  double penalty = 0.0;
  std::vector<double> start;
  std::size_t compared = 0;
  for (std::string line; std::getline(file, line);) {
    const std::vector<std::string> fields = split(line, ' ');
    if (fields[0] == "row") {
      std::vector<double> row = numbers(fields, 2);
      data[fields[1]].second.push_back(row.back());
      row.pop_back();
      data[fields[1]].first.push_back(row);
    } else if (fields[0] == "penalty") {
      penalty = numbers(fields, 1)[0];
    } else if (fields[0] == "start") {
      start = numbers(fields, 1);
    } else if (fields[0] == "x") {
      RowSum f(fields[1] == "squares" ? RowLoss::squares : RowLoss::logistic, data[fields[1]].first,
               data[fields[1]].second);
      f.penalty = penalty;
      const Result result = minimize_sum(f, start, parse_optimizer(fields[3]),
                                         {.run = {.gradient_tolerance = 0},
                                          .batch_size = std::stoul(fields[2]),
                                          .max_epochs = std::stoul(fields[4]),
                                          .shuffle = Shuffle::none});
      const std::vector<double> expected = numbers(fields, 5);
      ASSERT_EQ(result.x.size(), expected.size());
      for (std::size_t i = 0; i < expected.size(); ++i)
        EXPECT_NEAR(result.x[i], expected[i], 1e-12 * std::max(1.0, std::fabs(expected[i]))) << line;
      ++compared;
    }
  }
  EXPECT_EQ(compared, 180U);
}

}  // namespace
}  // namespace descent
