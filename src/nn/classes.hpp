// Classes by name, whatever a table calls them.
#pragma once

#include <string>
#include <vector>

#include "descent/nn/table.hpp"

namespace descent::nn {

/// The levels of the target or, of a target of numbers, its distinct values as text; sorted. Throws: Error(data) for
/// fewer than two, or more than 1,000 numbers.
[[nodiscard]] std::vector<std::string> classes_of(const Table& table);

/// Codes 0..K-1 of the table's targets (numbers as they are without classes).
/// Throws: Error(data) naming the first target that is none of the classes.
[[nodiscard]] std::vector<double> class_codes(const std::vector<std::string>& classes, const Table& table);

}  // namespace descent::nn
