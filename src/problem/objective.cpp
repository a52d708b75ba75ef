#include "descent/problem/objective.hpp"

namespace descent {

void check_parameters(std::size_t num_parameters, const std::vector<std::string>& names) {
  if (num_parameters == 0) throw Error(ErrorCode::usage, "needs at least one parameter, got 0", "objective");
  if (!names.empty() && names.size() != num_parameters)
    throw Error(ErrorCode::usage,
                "expected " + std::to_string(num_parameters) + " names, got " + std::to_string(names.size()),
                "objective");
}

}  // namespace descent
