#include "descent/core/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace descent {
namespace {

Registry<int> animals() {
  Registry<int> registry("animal");
  registry.add({.name = "zebra", .kind = "animal"}, 1);
  registry.add({.name = "ant", .kind = "animal"}, 2);
  return registry;
}

TEST(Registry, ListsInTheOrderOfAdding) {
  EXPECT_EQ(animals().names(), (std::vector<std::string>{"zebra", "ant"}));
  EXPECT_EQ(animals().kind(), "animal");
}

TEST(Registry, FindsByExactName) {
  const Registry<int> registry = animals();
  EXPECT_EQ(registry.at("ant").item, 2);
  EXPECT_EQ(registry.find("ANT"), nullptr);
  EXPECT_EQ(registry.find(""), nullptr);
}

TEST(Registry, SuggestsTheNearestName) {
  try {
    (void)animals().at("zebar");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
    EXPECT_STREQ(error.what(), "unknown animal \"zebar\" (did you mean 'zebra'?); `descent list animal` shows all");
  }
  EXPECT_THAT(
      [] { (void)animals().at("crocodile"); },
      testing::Throws<Error>(testing::Property(&Error::message, testing::Not(testing::HasSubstr("did you mean")))));
}

TEST(Registry, RefusesToNameTwoThingsAlike) {
  Registry<int> registry = animals();
  EXPECT_THAT([&] { registry.add({.name = "ant"}, 3); },
              testing::Throws<Error>(testing::Property(&Error::code, ErrorCode::internal)));
  EXPECT_EQ(registry.items().size(), 2U);
}

}  // namespace
}  // namespace descent
