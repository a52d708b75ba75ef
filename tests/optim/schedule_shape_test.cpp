#include "descent/optim/schedule_shape.hpp"

#include <gtest/gtest.h>

#include "descent/core/error.hpp"

namespace descent {
namespace {

std::string shaped(const char* text, double rate = 0.5, double steps = 2000) {
  return to_text(shape_schedule(text, rate, steps));
}

TEST(ScheduleShape, ANameAloneSpansTheRun) {
  EXPECT_EQ(shaped("constant"), "0.5");
  EXPECT_EQ(shaped("cosine"), "cosine(0.5, 2000)");
  EXPECT_EQ(shaped("polynomial"), "polynomial(0.5, 2000)");
  EXPECT_EQ(shaped("step_decay"), "step_decay(0.5, 200)");
  EXPECT_EQ(shaped("exponential"), "exponential(0.5, 0.01, steps=2000)");
  EXPECT_EQ(shaped("inverse_scaling"), "inverse_scaling(0.5, steps=20)");
  EXPECT_EQ(shaped("warm_up"), "warm_up(cosine(0.5, 1900), 100)");
}

TEST(ScheduleShape, WhatIsGivenStays) {
  EXPECT_EQ(shaped("cosine(steps=70, end=0.1)"), "cosine(0.5, 70, end=0.1)");
  EXPECT_EQ(shaped("step_decay(every=30)"), "step_decay(0.5, 30)");
  EXPECT_EQ(shaped("exponential(factor=0.9)"), "exponential(0.5, 0.9)");
  EXPECT_EQ(shaped("warm_up(steps=50)"), "warm_up(cosine(0.5, 1950), 50)");
  EXPECT_EQ(shaped("warm_up(schedule=step_decay(factor=0.1), steps=1000)"),
            "warm_up(step_decay(0.5, 100, factor=0.1), 1000)");
}

TEST(ScheduleShape, HoldsForRunsOfAnyLength) {
  for (const char* name : {"step_decay", "exponential", "polynomial", "cosine", "inverse_scaling", "warm_up"})
    for (const double steps : {0.0, 1.0, 2.0, 3.0, 1e9}) {
      const Schedule schedule = shape_schedule(name, 0.25, steps);
      EXPECT_GT(schedule(0), 0.0) << name << " over " << steps;
      EXPECT_LE(schedule(0), 0.25) << name << " over " << steps;
    }
}

TEST(ScheduleShape, TakesEveryScheduleOrSaysWhatItMissesByName) {
  int taken = 0;
  for (const auto& named : schedule_registry().items()) try {
      taken += shape_schedule(named.entry.name, 0.25, 1000).needs_value() ? 0 : 1;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::usage);
      EXPECT_NE(std::string(error.what()).find(named.entry.name), std::string::npos) << error.what();
    }
  EXPECT_GE(taken, 8);
}

TEST(ScheduleShape, RefusesARateAndValuesWithoutNames) {
  for (const char* text : {"cosine(0.05, 5000)", "cosine(rate=0.1)", "cosin", "cosine(end=-1)", "cosine(every=3)",
                           "warm_up(schedule=0.1)", "warm_up(schedule=cosine(rate=1))", "0.1", ""})
    EXPECT_THROW((void)shape_schedule(text, 0.5, 100), Error) << text;
  try {
    (void)shape_schedule("cosine(0.05, 5000)", 0.5, 100);
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("cosine(steps=1000)"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace descent
