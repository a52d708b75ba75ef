#include "descent/simd/target.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "descent/core/error.hpp"

namespace descent::simd {
namespace {

TEST(Target, IsTheBestSupportedOneUnlessForced) {
  const std::vector<std::string> targets = supported_targets();
  ASSERT_FALSE(targets.empty());
  EXPECT_EQ(active_target(), targets.front());
  for (const std::string& target : targets) {
    force_target(target);
    EXPECT_EQ(active_target(), target);
    EXPECT_EQ(supported_targets(), targets) << "forcing one must not hide the others";
  }
  reset_target();
  EXPECT_EQ(active_target(), targets.front());
}

TEST(Target, IncludesThePlainOneSoThatTestsAlwaysHaveTwoToCompare) {
  const std::vector<std::string> targets = supported_targets();
  EXPECT_GE(targets.size(), 2U);
  EXPECT_THAT(targets.back(), testing::AnyOf("SCALAR", "EMU128"));
}

TEST(Target, RefusesNamesItDoesNotHave) {
  const std::string before = active_target();
  try {
    force_target("AVX");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
    EXPECT_THAT(error.what(), testing::HasSubstr("unknown CPU target \"AVX\""));
    EXPECT_THAT(error.what(), testing::HasSubstr("this machine has"));
  }
  EXPECT_EQ(active_target(), before);
}

}  // namespace
}  // namespace descent::simd
