// `--subject-to 'x + y <= 1' 'x*y = 2'`.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/options.hpp"
#include "descent/core/objective.hpp"
#include "descent/optim/constrained.hpp"

namespace descent::cli {

/// One relation between two formulas of the objective's variables.
struct ConstraintText {
  std::string text;                     ///< as typed
  std::unique_ptr<Objective> function;  ///< left - right, or right - left for >=, of all the objective's variables
  bool equality = false;
};

/// What --subject-to says, with the numbers of --fix in their places; empty without it. Throws: Error(formula) with the
/// place, for a text without one of <= >= = , or a name that is no variable.
[[nodiscard]] std::vector<ConstraintText> constraints(const Options& options,
                                                      const std::vector<std::string>& variables);

[[nodiscard]] std::vector<Constraint> as_constraints(const std::vector<ConstraintText>& texts);

}  // namespace descent::cli
