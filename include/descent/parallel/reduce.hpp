// The fixed shape of every sum over rows.
//
// Rows are cut into blocks of kRowsPerBlock by row number alone; block sums combine in one fixed binary tree over block
// numbers (neighbours first: (0+1), (2+3), ... then pairs of pairs; an odd one at the end goes up unchanged).
#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include "descent/parallel/pool.hpp"

namespace descent::parallel {

/// 256 rows: with 100 features of 8 bytes a block is 200 KiB, within L2, and 1e5 rows give 391 blocks to share out.
inline constexpr std::size_t kRowsPerBlock = 256;

[[nodiscard]] constexpr std::size_t num_blocks(std::size_t rows) { return (rows + kRowsPerBlock - 1) / kRowsPerBlock; }

/// result = tree sum over the blocks of rows 0..rows-1 of what `block(begin, end, partial)` writes into `partial`, a
/// vector of result.size() zeros. The same bits for any pool (null = no threads). Keeps only O(log blocks) partial
/// vectors for each thread, not one for each block.
void reduce_rows(Pool* pool, std::size_t rows, std::span<double> result,
                 const std::function<void(std::size_t begin, std::size_t end, std::span<double> partial)>& block);

/// The tree itself, on values that are already there: values[0..n-1] -> their sum. Destroys `values`.
[[nodiscard]] double tree_sum(std::span<double> values);

}  // namespace descent::parallel
