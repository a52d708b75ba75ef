// Which points of a long series are drawn.
#pragma once

#include <cstddef>
#include <vector>

#include "descent/core/span.hpp"

namespace descent::report {

/// Indices, rising: the first, the last, and the lowest, highest and first not-finite value of each of max_points / 4
/// equal stretches, so that no peak, valley or gap is lost. All of them when there are at most max_points.
[[nodiscard]] std::vector<std::size_t> thin_curve(View y, std::size_t max_points);

/// Indices, rising: evenly spaced, together with the extremes of x, of y and of y - x.
[[nodiscard]] std::vector<std::size_t> thin_cloud(View x, View y, std::size_t max_points);

/// Indices, rising: points at least a certain distance from the one kept before, the first and the last. The distance
/// (in units of `width` and `height`) is the smallest of a doubling sequence from 1/1000 that leaves at most
/// max_points; a path that jumps about too much for that is thinned evenly.
[[nodiscard]] std::vector<std::size_t> thin_path(View x, View y, double width, double height, std::size_t max_points);

/// Throws: Error(usage) naming `what` unless it has a value for each of the points.
void require_same_size(std::size_t got, std::size_t expected, const char* what);

/// values[i] for each index.
[[nodiscard]] std::vector<double> picked(View values, const std::vector<std::size_t>& indices);

}  // namespace descent::report
