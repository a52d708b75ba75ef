#include "src/nn/classes.hpp"

#include <algorithm>
#include <set>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"

namespace descent::nn {
namespace {

constexpr std::size_t kMaxNumberClasses = 1000;

}  // namespace

std::vector<std::string> classes_of(const Table& table) {
  std::vector<std::string> classes = table.levels;
  if (classes.empty()) {
    std::set<double> values;
    for (const double target : table.targets) {
      values.insert(target);
      if (values.size() > kMaxNumberClasses)
        throw Error(ErrorCode::data,
                    "more than " + std::to_string(kMaxNumberClasses) +
                        " different values: too many for classes (for numbers, choose the loss squared_error)",
                    Place{.name = table.target_name});
    }
    for (const double value : values) classes.push_back(number_text(value));
  }
  if (classes.size() < 2)
    throw Error(
        ErrorCode::data,
        "expected at least two classes, got " + (classes.empty() ? std::string("none") : "only " + quoted(classes[0])),
        Place{.name = table.target_name});
  return classes;
}

std::vector<double> class_codes(const std::vector<std::string>& classes, const Table& table) {
  std::vector<double> codes = table.targets;
  if (classes.empty() || table.levels == classes) return codes;
  const auto name_of = [&](double target) {
    return table.levels.empty() ? number_text(target) : table.levels[static_cast<std::size_t>(target)];
  };
  std::vector<double> numbers;  // of classes that are numbers: `1.0` and `1` are the same class
  for (const std::string& name : classes) {
    const auto value = parse_number(name);
    if (value) numbers.push_back(*value);
  }
  const bool by_number = table.levels.empty() && numbers.size() == classes.size();
  for (std::size_t i = 0; i < codes.size(); ++i) {
    std::size_t at = 0;
    if (by_number) {
      at = static_cast<std::size_t>(std::find(numbers.begin(), numbers.end(), codes[i]) - numbers.begin());
    } else {
      at = static_cast<std::size_t>(std::find(classes.begin(), classes.end(), name_of(codes[i])) - classes.begin());
    }
    if (at == classes.size())
      throw Error(ErrorCode::data,
                  "row " + std::to_string(i + 1) + ": " + quoted(name_of(codes[i])) + " is not one of the classes " +
                      join(classes),
                  Place{.name = table.target_name});
    codes[i] = static_cast<double>(at);
  }
  return codes;
}

}  // namespace descent::nn
