#include "src/linear/separation.hpp"

#include <gtest/gtest.h>

#include "descent/linear/linear_model.hpp"

namespace descent::linear {
namespace {

/// Rows of one column or two, each with the code of its class.
DenseRows made_of(const std::vector<std::pair<std::vector<double>, double>>& rows) {
  DenseRows made(rows.front().first.size());
  for (const auto& [values, code] : rows) made.append(values, code);
  return made;
}

std::vector<SeparatingColumn> found(const DenseRows& rows, std::size_t classes, bool intercept = true) {
  return separating_columns(rows, rows.targets(), classes, intercept);
}

TEST(SeparatingColumns, AreThoseWhoseSidesMeetInOneValueAtMost) {
  const DenseRows ties = made_of({{{1}, 0}, {{2}, 0}, {{2}, 1}, {{3}, 1}});
  ASSERT_EQ(found(ties, 2).size(), 1U);
  EXPECT_EQ(found(ties, 2)[0].class_index, 1U);
  EXPECT_TRUE(found(ties, 2)[0].above);
  EXPECT_EQ(found(ties, 2)[0].edge, 2.0);
  EXPECT_EQ(found(ties, 2)[0].others_edge, 2.0);
  const DenseRows turned = made_of({{{3}, 0}, {{2}, 0}, {{1}, 1}});
  ASSERT_EQ(found(turned, 2).size(), 1U);
  EXPECT_FALSE(found(turned, 2)[0].above);
  EXPECT_EQ(found(turned, 2)[0].edge, 1.0);
  EXPECT_EQ(found(turned, 2)[0].others_edge, 2.0);
  EXPECT_TRUE(found(made_of({{{1}, 0}, {{2.5}, 0}, {{2}, 1}, {{3}, 1}}), 2).empty());
}

TEST(SeparatingColumns, AConstantColumnSeparatesNothing) {
  EXPECT_TRUE(found(made_of({{{2}, 0}, {{2}, 0}, {{2}, 1}}), 2).empty());
}

TEST(SeparatingColumns, ALevelThatOnlyOneClassHasIsOne) {
  // The second column is a level that no row of class 0 has; the first tells nothing.
  const DenseRows rows = made_of({{{1, 0}, 0}, {{0, 0}, 0}, {{1, 0}, 1}, {{0, 1}, 1}});
  ASSERT_EQ(found(rows, 2).size(), 1U);
  EXPECT_EQ(found(rows, 2)[0].feature, 1U);
  EXPECT_TRUE(found(rows, 2)[0].above);
  EXPECT_EQ(found(rows, 2)[0].edge, 0.0);
}

TEST(SeparatingColumns, OfSeveralClassesEachIsHeldAgainstAllOthers) {
  // A level of classes 0 and 1: class 2 has it nowhere, so its score there falls for ever.
  const DenseRows rows = made_of({{{1}, 0}, {{0}, 0}, {{1}, 1}, {{0}, 1}, {{0}, 2}, {{0}, 2}});
  ASSERT_EQ(found(rows, 3).size(), 1U);
  EXPECT_EQ(found(rows, 3)[0].class_index, 2U);
  EXPECT_FALSE(found(rows, 3)[0].above);
  EXPECT_TRUE(found(made_of({{{1}, 0}, {{0}, 0}, {{1}, 1}, {{0}, 1}, {{0}, 2}, {{1}, 2}}), 3).empty());
}

TEST(SeparatingColumns, WithoutAnInterceptTheSidesMeetAtZero) {
  const DenseRows rows = made_of({{{1}, 0}, {{2}, 0}, {{2}, 1}, {{3}, 1}});
  EXPECT_TRUE(found(rows, 2, false).empty());
  EXPECT_EQ(found(made_of({{{-1}, 0}, {{0}, 0}, {{0}, 1}, {{3}, 1}}), 2, false).size(), 1U);
}

TEST(SeparatingColumns, RowsOfWeightZeroDoNotCount) {
  DenseRows rows = made_of({{{1}, 0}, {{2}, 0}, {{2}, 1}, {{3}, 1}, {{9}, 0}});
  EXPECT_TRUE(found(rows, 2).empty());
  rows.set_weights({1, 1, 1, 1, 0});
  EXPECT_EQ(found(rows, 2).size(), 1U);
}

TEST(SeparatingColumns, AreReportedInTheDatasUnitsForLogLossWithoutAPenalty) {
  const DenseRows rows = made_of({{{10}, 0}, {{20}, 0}, {{20}, 1}, {{31}, 1}});
  LinearModel free({.loss = "log_loss", .penalty = loss::Penalty{}});
  (void)free.fit(DenseRows(rows));
  EXPECT_FALSE(free.report().separation);
  ASSERT_EQ(free.report().separating.size(), 1U);
  EXPECT_NEAR(free.report().separating[0].edge, 20.0, 1e-12);
  LinearModel held({.loss = "log_loss", .penalty = loss::Penalty{.l2 = 1e-4}});
  (void)held.fit(DenseRows(rows));
  EXPECT_TRUE(held.report().separating.empty());
  LinearModel hinge({.loss = "hinge", .penalty = loss::Penalty{}});  // it has a minimum
  (void)hinge.fit(DenseRows(rows));
  EXPECT_TRUE(hinge.report().separating.empty());
}

}  // namespace
}  // namespace descent::linear
