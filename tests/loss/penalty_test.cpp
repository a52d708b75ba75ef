#include "descent/loss/penalty.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace descent::loss {
namespace {

TEST(Penalty, HasTheValueOfItsFormula) {
  const std::vector<double> w{3.0, -4.0, 0.0};
  EXPECT_EQ(parse_penalty("none").value(w), 0.0);
  EXPECT_EQ(parse_penalty("l2:0.5").value(w), 6.25);
  EXPECT_EQ(parse_penalty("l1:0.5").value(w), 3.5);
  EXPECT_EQ(parse_penalty("elasticnet:0.5,0.5").value(w), 0.25 * 7.0 + 0.125 * 25.0);
}

TEST(Penalty, AddsItsGradientToWhatIsThere) {
  const std::vector<double> w{3.0, -4.0, 0.0};
  std::vector<double> gradient{1.0, 1.0, 1.0};
  parse_penalty("elasticnet:1,0.25").add_gradient(w, gradient);
  EXPECT_EQ(gradient, (std::vector<double>{1.0 + 0.75 * 3.0 + 0.25, 1.0 - 0.75 * 4.0 - 0.25, 1.0}));
}

TEST(Penalty, ProxMinimisesPenaltyPlusDistance) {
  for (const char* text : {"none", "l1:0.7", "l2:0.7", "elasticnet:0.7,0.3"}) {
    const Penalty penalty = parse_penalty(text);
    for (const double start : {-2.0, -0.3, 0.0, 0.2, 0.71, 5.0})
      for (const double step : {0.1, 1.0, 3.0}) {
        double best = start;
        penalty.prox(step, {&best, 1});
        const auto cost = [&](double v) { return penalty.value({&v, 1}) + (v - start) * (v - start) / (2.0 * step); };
        for (const double offset : {-1e-3, -1e-7, 1e-7, 1e-3})
          EXPECT_LE(cost(best), cost(best + offset) + 1e-15) << text << " from " << start << " step " << step;
      }
  }
}

TEST(Penalty, ProxOfL1GivesExactZeros) {
  std::vector<double> w{0.5, -0.5, 2.0, 0.0};
  parse_penalty("l1:1").prox(1.0, w);
  EXPECT_EQ(w, (std::vector<double>{0.0, 0.0, 1.0, 0.0}));
}

TEST(Penalty, ProxNeverHidesANumberThatIsNone) {
  double w = std::nan("");
  parse_penalty("l1:1").prox(1.0, {&w, 1});
  EXPECT_TRUE(std::isnan(w));
}

TEST(Penalty, ReadsEveryFormAndWritesItBack) {
  EXPECT_EQ(parse_penalty("l2:1e-4"), (Penalty{0.0, 1e-4}));
  EXPECT_EQ(parse_penalty("l2(1e-4)"), (Penalty{0.0, 1e-4}));
  EXPECT_EQ(parse_penalty("l2"), (Penalty{0.0, 1e-4}));
  EXPECT_EQ(parse_penalty("elasticnet:0.5,0.25"), (Penalty{0.125, 0.375}));
  for (const char* text : {"none", "l2:0.001", "l1:0.25", "elasticnet:0.5,0.25"})
    EXPECT_EQ(parse_penalty(text).text(), text);
  for (const auto& named : penalty_registry().items()) EXPECT_NO_THROW((void)parse_penalty(named.entry.example));
}

TEST(Penalty, RefusesWhatMakesNoSense) {
  for (const char* text : {"l2:-1", "elasticnet:1,1.5", "l3:1", "l2:1,2", "l1:abc", "", "l2:inf"})
    EXPECT_THROW((void)parse_penalty(text), Error) << text;
}

}  // namespace
}  // namespace descent::loss
