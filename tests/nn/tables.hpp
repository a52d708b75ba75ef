// Small tables for the tests of this module, which knows no csv reader.
#pragma once

#include <cstddef>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "descent/core/random.hpp"
#include "descent/core/text.hpp"
#include "descent/nn/table.hpp"

namespace descent::nn {

/// A csv file under DESCENT_SOURCE_DIR, all columns but `target` as features. Texts of the target become its levels,
/// sorted already in the files of data/.
inline Table table_of(const std::string& path, const std::string& target) {
  std::ifstream file(std::string(DESCENT_SOURCE_DIR) + "/" + path);
  if (!file) throw std::runtime_error("cannot open " + path);
  Table table;
  table.target_name = target;
  std::string line, cell;
  std::vector<std::string> names;
  std::getline(file, line);
  for (std::istringstream cells(line); std::getline(cells, cell, ',');) names.push_back(cell);
  for (const std::string& name : names)
    if (name != target) table.feature_names.push_back(name);
  table.num_features = table.feature_names.size();
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    for (std::size_t j = 0; std::getline(cells, cell, ','); ++j) {
      const auto number = parse_number(cell);
      if (names[j] != target) {
        table.features.push_back(number.value());
      } else if (number) {
        table.targets.push_back(*number);
      } else {
        std::size_t k = 0;
        while (k < table.levels.size() && table.levels[k] != cell) ++k;
        if (k == table.levels.size()) table.levels.push_back(cell);
        table.targets.push_back(static_cast<double>(k));
      }
    }
    ++table.num_rows;
  }
  return table;
}

/// Rows of normal features; the target is a class code below `classes`, or a number where that is 0.
inline Table random_table(std::size_t rows, std::size_t features, std::size_t classes, std::uint64_t seed = 1) {
  Table table{.num_rows = rows, .num_features = features};
  const Rng rng(seed, RandomStream::test);
  for (std::size_t i = 0; i < rows * features; ++i) table.features.push_back(rng.normal(i));
  const Rng more(seed, RandomStream::test, 1);
  for (std::size_t i = 0; i < rows; ++i)
    table.targets.push_back(classes > 0 ? static_cast<double>(more.below(i, classes)) : more.normal(i));
  for (std::size_t j = 0; j < features; ++j) table.feature_names.push_back("x" + std::to_string(j));
  table.target_name = "y";
  return table;
}

/// Ten digits of 5 x 7 pixels, drawn at one of four places in 8 x 8, brightness from 0 to 16 with noise: like the
/// digits that scikit-learn ships.
inline Table drawn_digits(std::size_t rows, std::uint64_t seed) {
  static const char* const kGlyphs[10] = {"01110100011001110101110011000101110", "00100011000010000100001000010001110",
                                          "01110100010000100010001000100011111", "11111000100010000010000011000101110",
                                          "00010001100101010010111110001000010", "11111100001111000001000011000101110",
                                          "00110010001000011110100011000101110", "11111000010001000100010000100001000",
                                          "01110100011000101110100011000101110", "01110100011000101111000010001001100"};
  Table table{.num_rows = rows, .num_features = 64};
  const Rng rng(seed, RandomStream::test), noise(seed, RandomStream::test, 1);
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t digit = rng.below(3 * i, 10), down = rng.below(3 * i + 1, 2), right = 1 + rng.below(3 * i + 2, 2);
    for (std::size_t r = 0; r < 8; ++r)
      for (std::size_t c = 0; c < 8; ++c) {
        const bool inside = r >= down && r < down + 7 && c >= right && c < right + 5;
        const bool ink = inside && kGlyphs[digit][(r - down) * 5 + (c - right)] == '1';
        const double value = (ink ? 12.0 : 2.0) + 3.0 * noise.normal((i * 8 + r) * 8 + c);
        table.features.push_back(value < 0.0 ? 0.0 : value > 16.0 ? 16.0 : value);
      }
    table.targets.push_back(static_cast<double>(digit));
  }
  for (std::size_t j = 0; j < 64; ++j) table.feature_names.push_back("pixel" + std::to_string(j));
  table.target_name = "digit";
  return table;
}

}  // namespace descent::nn
