// Which rows are learned from and which are held back. By seed alone: the same rows on every machine.
//
// Row numbers rise within every list. Throws: Error(usage) for the limits stated.
// Differs: from scikit-learn in the random numbers (Rng, stream `split`), not in the sizes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "descent/core/span.hpp"

namespace descent::select {

struct Split {
  std::vector<std::uint32_t> train;
  std::vector<std::uint32_t> test;
};

/// Holds back ceil(fraction * num_rows) rows, at least 1 and at most num_rows - 1, drawn without replacement.
/// fraction in (0, 1); num_rows >= 2.
[[nodiscard]] Split split_rows(std::size_t num_rows, double fraction, std::uint64_t seed);

/// The same, keeping the shares of the classes: `codes` holds one of 0, 1, ... for each row; a class of c rows gives
/// fraction * c of them, up to one row.
[[nodiscard]] Split stratified_split(View codes, double fraction, std::uint64_t seed);

/// k splits in which every row is held back exactly once; the sizes of the test parts differ by at most 1.
/// 2 <= k <= num_rows.
[[nodiscard]] std::vector<Split> folds(std::size_t num_rows, std::size_t k, std::uint64_t seed);

/// The same, and every class is spread evenly: its counts in the test parts differ by at most 1.
[[nodiscard]] std::vector<Split> stratified_folds(View codes, std::size_t k, std::uint64_t seed);

}  // namespace descent::select
