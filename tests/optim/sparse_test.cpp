// Updates with gradients of some rows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <numeric>
#include <set>

#include "descent/core/error.hpp"
#include "descent/core/random.hpp"
#include "descent/core/text.hpp"
#include "descent/optim/chain_state.hpp"
#include "tests/optim/memory_archive.hpp"

namespace descent {
namespace {

using ::testing::HasSubstr;

const char* const kChains[] = {"sgd(0.1)",
                               "sgd(cosine(0.1, 8))",
                               "momentum(0.1)",
                               "adam(0.05)",
                               "torch.sparse_adam(0.05)",
                               "clip_by_value(0.5) | adamw(0.05, weight_decay=0.3)",
                               "rmsprop(0.01, momentum=0.9)"};

std::vector<double> numbers(std::size_t n, std::uint32_t stream) {
  const Rng rng(9, RandomStream::test, stream);
  std::vector<double> result(n);
  for (std::size_t i = 0; i < n; ++i) result[i] = rng.normal(i);
  return result;
}

/// What tests/golden/rules/sparse.py has.
struct Table {
  std::vector<double> x, target;
  Table() {
    for (int i = 0; i < 24; ++i) {
      x.push_back((i * 5 % 7 - 3) / 4.0);
      target.push_back((i * 3 % 11 - 4) / 2.0);
    }
  }
  static std::vector<std::size_t> touched(std::size_t k) {
    const std::set<std::size_t> rows{k % 8, (3 * k + 1) % 8, (5 * k * k + 2) % 8};
    return {rows.begin(), rows.end()};
  }
  [[nodiscard]] std::vector<double> gradient(const std::vector<std::size_t>& rows) const {
    std::vector<double> values;
    for (const std::size_t r : rows)
      for (std::size_t i = 3 * r; i < 3 * r + 3; ++i)
        values.push_back((static_cast<double>(r) + 1.0) / 4.0 * (x[i] - target[i]));
    return values;
  }
};

TEST(SparseUpdates, AreTheStepsOfTorch) {
  std::ifstream file(DESCENT_SOURCE_DIR "/tests/golden/sparse_rows.txt");
  std::string line, text;
  std::getline(file, line);
  int records = 0;
  Table table;
  std::size_t k = 0;
  std::optional<ChainState> state;
  while (std::getline(file, line)) {
    const std::vector<std::string> fields = split(line, '\t');
    ASSERT_EQ(fields.size(), 3U);
    if (fields[0] != text) {
      text = fields[0];
      table = Table();
      k = 0;
      state.emplace(parse_chain(text), 24);
    }
    for (; k < std::stoull(fields[1]); ++k) {
      const std::vector<std::size_t> rows = Table::touched(k);
      const std::vector<double> values = table.gradient(rows);
      state->update_rows({.rows = rows, .values = values, .width = 3}, table.x);
    }
    const std::vector<std::string> expected = split(fields[2], ' ');
    ASSERT_EQ(expected.size(), 24U);
    for (std::size_t i = 0; i < 24; ++i)
      ASSERT_NEAR(table.x[i], parse_number(expected[i]).value(), 1e-12) << text << ", " << i << " after update " << k;
    ++records;
  }
  EXPECT_GE(records, 66);
}

TEST(SparseUpdates, OfAllRowsAreTheUpdateItself) {
  for (const char* text : kChains)
    for (const std::size_t width : {1, 5, 300}) {
      const std::size_t n = width * 7;
      ChainState dense(parse_chain(text), n), sparse(parse_chain(text), n);
      std::vector<double> x = numbers(n, 1), y = x;
      std::vector<std::size_t> rows(7);
      std::iota(rows.begin(), rows.end(), std::size_t{0});
      for (std::uint32_t k = 0; k < 6; ++k) {
        const std::vector<double> g = numbers(n, 10 + k);
        dense.update(g, x);
        sparse.update_rows({.rows = rows, .values = g, .width = width}, y);
      }
      EXPECT_EQ(x, y) << text << ' ' << width;
    }
}

TEST(SparseUpdates, LeaveOtherRowsAndTheirStateAlone) {
  // Row 1 and rows 3, 4 of 6, then all: what the others remember is still what it was at first.
  const std::size_t width = 4, n = 24;
  for (const char* text : kChains) {
    ChainState state(parse_chain(text), n);
    std::vector<double> x = numbers(n, 1);
    const std::vector<double> before = x;
    const std::vector<std::size_t> rows{1, 3, 4};
    state.update_rows({.rows = rows, .values = numbers(3 * width, 2), .width = width}, x);
    MemoryArchive memory;
    state.save(memory);
    for (std::size_t i = 0; i < n; ++i) {
      const bool touched = i / width == 1 || i / width == 3 || i / width == 4;
      EXPECT_EQ(x[i] != before[i], touched) << text << ' ' << i;
      for (std::size_t slot = 0; memory.has("slot" + std::to_string(slot)); ++slot)
        EXPECT_EQ(memory.numbers("slot" + std::to_string(slot))[i] != 0.0, touched) << text << ' ' << i;
    }
    EXPECT_EQ(state.steps(), 1U);
  }
}

TEST(SparseUpdates, MixWithFullOnesAndSurviveSavingAndLoading) {
  const std::size_t n = 20;
  const std::vector<std::size_t> rows{0, 3, 9};
  const auto step = [&](ChainState& state, std::vector<double>& x, std::uint32_t k) {
    if (k % 2 == 0) {
      state.update_rows({.rows = rows, .values = numbers(6, k), .width = 2}, x);
    } else {
      state.update(numbers(n, k), x);
    }
  };
  for (const char* text : kChains) {
    ChainState first(parse_chain(text), n), second(parse_chain(text), n);
    std::vector<double> x = numbers(n, 1);
    for (std::uint32_t k = 0; k < 5; ++k) step(first, x, k);
    MemoryArchive memory;
    first.save(memory);
    second.load(memory);
    std::vector<double> y = x;
    for (std::uint32_t k = 5; k < 9; ++k) {
      step(first, x, k);
      step(second, y, k);
    }
    EXPECT_EQ(x, y) << text;
  }
}

TEST(SparseUpdates, WorkOnFloats) {
  BasicChainState<float> state(parse_chain("sgd(0.5)"), 6);
  std::vector<float> x(6, 1.0F);
  const std::vector<std::size_t> rows{2};
  const std::vector<float> values{2.0F, -4.0F};
  state.update_rows({.rows = rows, .values = values, .width = 2}, x);
  EXPECT_EQ(x, (std::vector<float>{1, 1, 1, 1, 0, 3}));
}

std::string refusal(const char* text, std::vector<std::size_t> rows, std::size_t num_values, std::size_t width) {
  ChainState state(parse_chain(text), 12);
  std::vector<double> x(12, 1.0);
  const std::vector<double> values(num_values, 1.0);
  try {
    state.update_rows({.rows = rows, .values = values, .width = width}, x);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
    EXPECT_EQ(x, std::vector<double>(12, 1.0));
    EXPECT_EQ(state.steps(), 0U);
    return error.what();
  }
  return "";
}

TEST(SparseUpdates, RefuseWhatDoesNotFit) {
  EXPECT_EQ(refusal("sgd(0.1)", {0, 3}, 6, 3), "");
  EXPECT_THAT(refusal("sgd(0.1)", {0, 4}, 6, 3), HasSubstr("below 4; number 1 is 4"));
  EXPECT_THAT(refusal("sgd(0.1)", {1, 1}, 6, 3), HasSubstr("must rise"));
  EXPECT_THAT(refusal("sgd(0.1)", {1, 2}, 5, 3), HasSubstr("got 5"));
  EXPECT_THAT(refusal("sgd(0.1)", {1}, 5, 5), HasSubstr("do not make up"));
  EXPECT_THAT(refusal("sgd(0.1)", {1}, 0, 0), HasSubstr("do not make up"));
  EXPECT_THAT(refusal("clip_by_global_norm(1) | sgd(0.1)", {1}, 3, 3), HasSubstr("clip_by_global_norm"));
  EXPECT_THAT(refusal("muon(0.1)", {1}, 3, 3), HasSubstr("needs all parameters"));
}

}  // namespace
}  // namespace descent
