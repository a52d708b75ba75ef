#include "descent/parallel/pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace descent::parallel {
namespace {

class PoolOf : public testing::TestWithParam<std::size_t> {};

// 8 threads are more than most machines that run the tests have processors for.
INSTANTIATE_TEST_SUITE_P(Threads, PoolOf, testing::Values(0, 1, 2, 3, 4, 8));

TEST_P(PoolOf, CallsEveryShardExactlyOnce) {
  Pool pool(GetParam());
  for (const std::size_t num_shards : {0, 1, 2, 3, 7, 64, 1000}) {
    std::vector<std::atomic<int>> calls(num_shards);
    pool.for_each_shard(num_shards, [&](std::size_t shard) { calls.at(shard).fetch_add(1); });
    for (std::size_t shard = 0; shard < num_shards; ++shard) EXPECT_EQ(calls[shard], 1) << "shard " << shard;
  }
}

TEST_P(PoolOf, HasDoneAllWritesWhenItReturns) {
  Pool pool(GetParam());
  std::vector<std::size_t> plain(37);  // not atomic: a race would show under TSan, a missed join as a wrong number
  for (std::size_t round = 1; round <= 2000; ++round) {
    pool.for_each_shard(plain.size(), [&](std::size_t shard) { plain[shard] += shard * round; });
    if (round % 100 != 0) continue;
    for (std::size_t shard = 0; shard < plain.size(); ++shard)
      ASSERT_EQ(plain[shard], shard * (round * (round + 1) / 2)) << "round " << round;
  }
}

TEST_P(PoolOf, WakesUpAgainAfterItFellAsleep) {
  Pool pool(GetParam());
  std::atomic<int> calls{0};
  for (int round = 0; round < 5; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
    pool.for_each_shard(16, [&](std::size_t) { calls.fetch_add(1); });
  }
  EXPECT_EQ(calls, 5 * 16);
}

TEST_P(PoolOf, WaitsForAShardThatTakesLong) {
  Pool pool(GetParam());
  std::vector<int> done(4, 0);
  pool.for_each_shard(done.size(), [&](std::size_t shard) {
    std::this_thread::sleep_for(std::chrono::milliseconds(shard == 1 ? 20 : 0));
    done[shard] = 1;
  });
  EXPECT_EQ(done, std::vector<int>(4, 1));
}

TEST_P(PoolOf, RethrowsTheLowestFailingShardAndStillDoesTheOthers) {
  Pool pool(GetParam());
  for (int round = 0; round < 50; ++round) {
    std::vector<std::atomic<int>> calls(40);
    std::string message;
    try {
      pool.for_each_shard(calls.size(), [&](std::size_t shard) {
        calls[shard].fetch_add(1);
        if (shard % 10 == 7) throw std::runtime_error("shard " + std::to_string(shard));
      });
    } catch (const std::runtime_error& error) {
      message = error.what();
    }
    EXPECT_EQ(message, "shard 7");
    for (const auto& count : calls) EXPECT_EQ(count, 1);
  }
  // And it works on as if nothing had happened.
  std::atomic<int> calls{0};
  pool.for_each_shard(8, [&](std::size_t) { calls.fetch_add(1); });
  EXPECT_EQ(calls, 8);
}

TEST_P(PoolOf, RunsANestedCallInTheShardThatMakesIt) {
  Pool pool(GetParam()), other(2);
  std::vector<std::atomic<int>> calls(5);
  std::atomic<int> elsewhere{0};
  pool.for_each_shard(5, [&](std::size_t shard) {
    const auto self = std::this_thread::get_id();
    for (Pool* nested : {&pool, &other}) {
      nested->for_each_shard(6, [&](std::size_t) {
        calls[shard].fetch_add(1);
        if (GetParam() > 1 && std::this_thread::get_id() != self) elsewhere.fetch_add(1);
      });
    }
  });
  for (const auto& count : calls) EXPECT_EQ(count, 12);
  EXPECT_EQ(elsewhere, 0);
}

TEST(Pool, IsSharedSafelyByCallersOnSeveralThreads) {
  Pool pool(3);
  std::atomic<std::size_t> total{0};
  {
    std::vector<std::thread> callers;
    for (int caller = 0; caller < 3; ++caller)
      callers.emplace_back([&] {
        for (int round = 0; round < 200; ++round)
          pool.for_each_shard(9, [&](std::size_t shard) { total.fetch_add(shard); });
      });
    for (std::thread& caller : callers) caller.join();
  }
  EXPECT_EQ(total, 3U * 200U * 36U);
}

TEST(Pool, CountsTheCallingThreadAsOneOfItsThreads) {
  EXPECT_EQ(Pool(0).size(), 1U);
  EXPECT_EQ(Pool(1).size(), 1U);
  EXPECT_EQ(Pool(3).size(), 3U);
  EXPECT_EQ(Pool().size(), available_cpus());
}

TEST(Pool, UsesItsOtherThreads) {
  Pool pool(2);
  // Both shards wait until both have begun: this ends only if two threads work at the same time.
  std::atomic<int> begun{0};
  pool.for_each_shard(2, [&](std::size_t) {
    begun.fetch_add(1);
    while (begun.load() < 2) std::this_thread::yield();
  });
  EXPECT_EQ(begun, 2);
}

TEST(Pool, GivesBackTheProcessorWhenThereIsNothingToDo) {
  Pool pool(2);
  pool.for_each_shard(2, [](std::size_t) {});
  std::this_thread::sleep_for(std::chrono::milliseconds(20));  // past the spinning
  const std::clock_t before = std::clock();                    // processor time of all threads
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  const double busy_seconds = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
  EXPECT_LT(busy_seconds, 0.1);  // a worker that spins would have used 0.2
}

}  // namespace
}  // namespace descent::parallel
