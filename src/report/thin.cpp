#include "src/report/thin.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "descent/core/error.hpp"

namespace descent::report {
namespace {

std::vector<std::size_t> all_of(std::size_t size) {
  std::vector<std::size_t> indices(size);
  std::iota(indices.begin(), indices.end(), std::size_t{0});
  return indices;
}

void sort_unique(std::vector<std::size_t>& indices) {
  std::sort(indices.begin(), indices.end());
  indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
}

std::vector<std::size_t> evenly(std::size_t size, std::size_t count) {
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < count; ++i) indices.push_back(i * (size - 1) / std::max<std::size_t>(count - 1, 1));
  return indices;
}

/// Adds the indices of the smallest and the largest finite value of `key`.
template <class Key>
void add_extremes(std::size_t size, const Key& key, std::vector<std::size_t>& indices) {
  std::size_t low = size;
  std::size_t high = size;
  for (std::size_t i = 0; i < size; ++i) {
    const double value = key(i);
    if (!std::isfinite(value)) continue;
    if (low == size || value < key(low)) low = i;
    if (high == size || value > key(high)) high = i;
  }
  if (low < size) {
    indices.push_back(low);
    indices.push_back(high);
  }
}

/// Fills `kept`; false when more than max_points would be needed.
bool keep_distant(View x, View y, double width, double height, double distance, std::size_t max_points,
                  std::vector<std::size_t>& kept) {
  kept.assign(1, 0);
  for (std::size_t i = 1; i + 1 < x.size(); ++i) {
    const double dx = (x[i] - x[kept.back()]) / width;
    const double dy = (y[i] - y[kept.back()]) / height;
    if (dx * dx + dy * dy < distance * distance) continue;
    kept.push_back(i);
    if (kept.size() >= max_points) return false;
  }
  kept.push_back(x.size() - 1);
  return true;
}

}  // namespace

std::vector<std::size_t> thin_curve(View y, std::size_t max_points) {
  if (y.size() <= std::max<std::size_t>(max_points, 8)) return all_of(y.size());
  const std::size_t num_stretches = std::max<std::size_t>(max_points / 4, 1);
  std::vector<std::size_t> kept{0, y.size() - 1};
  for (std::size_t stretch = 0; stretch < num_stretches; ++stretch) {
    const std::size_t begin = stretch * y.size() / num_stretches;
    const std::size_t end = (stretch + 1) * y.size() / num_stretches;
    const View part = y.subspan(begin, end - begin);
    std::vector<std::size_t> found;
    add_extremes(
        part.size(), [&](std::size_t i) { return part[i]; }, found);
    const auto gap = std::find_if(part.begin(), part.end(), [](double value) { return !std::isfinite(value); });
    if (gap != part.end()) found.push_back(static_cast<std::size_t>(gap - part.begin()));
    for (const std::size_t index : found) kept.push_back(begin + index);
  }
  sort_unique(kept);
  return kept;
}

std::vector<std::size_t> thin_cloud(View x, View y, std::size_t max_points) {
  constexpr std::size_t kExtremes = 6;
  if (x.size() <= std::max<std::size_t>(max_points, kExtremes + 2)) return all_of(x.size());
  std::vector<std::size_t> kept = evenly(x.size(), std::max<std::size_t>(max_points, kExtremes + 2) - kExtremes);
  add_extremes(
      x.size(), [&](std::size_t i) { return x[i]; }, kept);
  add_extremes(
      x.size(), [&](std::size_t i) { return y[i]; }, kept);
  add_extremes(
      x.size(), [&](std::size_t i) { return y[i] - x[i]; }, kept);
  sort_unique(kept);
  return kept;
}

std::vector<std::size_t> thin_path(View x, View y, double width, double height, std::size_t max_points) {
  if (x.size() <= std::max<std::size_t>(max_points, 2)) return all_of(x.size());
  constexpr double kNotSeen = 1e-3;    // of the picture: about a pixel
  constexpr double kTooCoarse = 0.02;  // leaving out jumps of this size would tell another story
  std::vector<std::size_t> kept;
  for (double distance = kNotSeen; distance < kTooCoarse; distance *= 2.0)
    if (keep_distant(x, y, width, height, distance, max_points, kept)) return kept;
  return evenly(x.size(), max_points);
}

std::vector<double> picked(View values, const std::vector<std::size_t>& indices) {
  std::vector<double> result;
  result.reserve(indices.size());
  for (const std::size_t index : indices) result.push_back(values[index]);
  return result;
}

void require_same_size(std::size_t got, std::size_t expected, const char* what) {
  if (got != expected)
    throw Error(ErrorCode::usage,
                "expected as many values as points (" + std::to_string(expected) + "), got " + std::to_string(got),
                what);
}

}  // namespace descent::report
