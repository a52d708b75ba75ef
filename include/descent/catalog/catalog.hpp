// Everything that has a name: what `descent list` and `descent describe` read, and what the conformance tests walk
// over.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "descent/core/param_table.hpp"

namespace descent::catalog {

/// All named things of one kind, in the order of their module's list.
struct Kind {
  std::string name;     ///< "optimizer"
  std::string plural;   ///< "optimizers"
  std::string summary;  ///< where such a name is used
  std::vector<const Entry*> entries;
};

[[nodiscard]] const std::vector<Kind>& kinds();

/// By its name or its plural. Throws: Error(usage) with "did you mean".
[[nodiscard]] const Kind& kind(std::string_view name);

/// The entries of this name, of whatever kind: `constant` may be a schedule and something else.
/// Throws: Error(usage) with "did you mean" when there is none.
[[nodiscard]] std::vector<const Entry*> find(std::string_view name);

}  // namespace descent::catalog
