#include "descent/select/split.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "descent/core/error.hpp"
#include "descent/core/random.hpp"
#include "descent/core/text.hpp"

namespace descent::select {
namespace {

std::size_t test_size(std::size_t num_rows, double fraction) {
  if (!(fraction > 0.0 && fraction < 1.0))
    throw Error(ErrorCode::usage, "the fraction held back must be in (0, 1), got " + number_text(fraction), "split");
  if (num_rows < 2)
    throw Error(ErrorCode::usage, "needs at least 2 rows to hold some back, got " + std::to_string(num_rows), "split");
  return std::clamp<std::size_t>(share_of(fraction, num_rows), 1, num_rows - 1);
}

void check_folds(std::size_t num_rows, std::size_t k) {
  if (k < 2 || k > num_rows)
    throw Error(ErrorCode::usage,
                "the number of folds must be in [2, " + std::to_string(num_rows) + "] for " + std::to_string(num_rows) +
                    " rows, got " + std::to_string(k),
                "folds");
}

/// Rows in random order, brought together by class. Every k-th of them is then a fair share of every class.
std::vector<std::uint32_t> shuffled_by_class(View codes, std::uint64_t seed) {
  for (std::size_t i = 0; i < codes.size(); ++i)
    if (!(codes[i] >= 0.0) || codes[i] != std::floor(codes[i]))
      throw Error(ErrorCode::usage,
                  "row " + std::to_string(i) + ": expected a class code 0, 1, ..., got " + number_text(codes[i]),
                  "stratified split");
  std::vector<std::uint32_t> order = random_permutation(codes.size(), Rng(seed, RandomStream::split));
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return codes[a] < codes[b]; });
  return order;
}

/// Row r is held back where in_test[r].
Split split_by(const std::vector<bool>& in_test) {
  Split split;
  for (std::uint32_t row = 0; row < in_test.size(); ++row) (in_test[row] ? split.test : split.train).push_back(row);
  return split;
}

template <class FoldOf>
std::vector<Split> splits_by(const std::vector<std::uint32_t>& order, std::size_t k, const FoldOf& fold_of) {
  std::vector<Split> result;
  for (std::size_t fold = 0; fold < k; ++fold) {
    std::vector<bool> in_test(order.size());
    for (std::size_t position = 0; position < order.size(); ++position)
      in_test[order[position]] = fold_of(position) == fold;
    result.push_back(split_by(in_test));
  }
  return result;
}

}  // namespace

Split split_rows(std::size_t num_rows, double fraction, std::uint64_t seed) {
  const std::size_t size = test_size(num_rows, fraction);
  const std::vector<std::uint32_t> order = random_permutation(num_rows, Rng(seed, RandomStream::split));
  std::vector<bool> in_test(num_rows);
  for (std::size_t position = 0; position < size; ++position) in_test[order[position]] = true;
  return split_by(in_test);
}

Split stratified_split(View codes, double fraction, std::uint64_t seed) {
  const std::size_t n = codes.size();
  const std::size_t size = test_size(n, fraction);
  const std::vector<std::uint32_t> order = shuffled_by_class(codes, seed);
  std::vector<bool> in_test(n);
  // Positions (j + 1/2) n / size are spread evenly, so each class gives its share, up to one row.
  for (std::size_t j = 0; j < size; ++j) in_test[order[(2 * j + 1) * n / (2 * size)]] = true;
  return split_by(in_test);
}

std::vector<Split> folds(std::size_t num_rows, std::size_t k, std::uint64_t seed) {
  check_folds(num_rows, k);
  const std::vector<std::uint32_t> order = random_permutation(num_rows, Rng(seed, RandomStream::split));
  return splits_by(order, k, [k](std::size_t position) { return position % k; });
}

std::vector<Split> stratified_folds(View codes, std::size_t k, std::uint64_t seed) {
  check_folds(codes.size(), k);
  return splits_by(shuffled_by_class(codes, seed), k, [k](std::size_t position) { return position % k; });
}

}  // namespace descent::select
