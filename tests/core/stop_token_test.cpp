#include "descent/core/stop_token.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace descent {
namespace {

TEST(StopToken, WithoutASourceNeverAsks) { EXPECT_FALSE(StopToken().stop_requested()); }

TEST(StopToken, SeesTheRequestOfItsSource) {
  StopSource source;
  const StopToken before = source.token();
  EXPECT_FALSE(before.stop_requested());
  source.request_stop();
  EXPECT_TRUE(before.stop_requested());
  EXPECT_TRUE(source.token().stop_requested());
}

StopSource interrupted;

TEST(StopSource, IsAskedFromASignalHandler) {
  const auto previous = std::signal(SIGUSR1, [](int) { interrupted.request_stop(); });
  std::raise(SIGUSR1);
  std::signal(SIGUSR1, previous);
  EXPECT_TRUE(interrupted.token().stop_requested());
}

}  // namespace
}  // namespace descent
