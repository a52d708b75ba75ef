#include "src/expr/settle.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "descent/core/error.hpp"
#include "src/expr/graph.hpp"

namespace descent::expr {

Formula settle(Formula formula) {
  if (!formula.graph()->numbers_left) return formula;
  constexpr int kMaxRounds = 16;
  using Reading = std::pair<std::string, Formula>;  // and its text
  std::vector<Reading> readings;
  const auto by_text = [](const Reading& a, const Reading& b) { return a.first < b.first; };
  try {
    std::string text = to_text(formula);
    for (int round = 0; round < kMaxRounds; ++round) {
      Formula again =
          parse_once(text, {.columns = formula.columns(), .per_row = formula.per_row()}, formula.variables());
      if (round == 0 && again == formula) return formula;
      text = to_text(again);
      const auto before =
          std::find_if(readings.begin(), readings.end(), [&](const Reading& r) { return r.first == text; });
      const bool seen = before != readings.end();
      // A circle, as a rule of one: whoever starts from any of its texts comes to the same one.
      if (seen) return std::min_element(before, readings.end(), by_text)->second;
      readings.emplace_back(text, std::move(again));
    }
  } catch (const Error&) {
    // Too long or too deep to be read back.
  }
  return readings.empty() ? formula : readings.back().second;
}

}  // namespace descent::expr
