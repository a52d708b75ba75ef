#include "descent/problem/objective.hpp"

namespace descent {

CallableObjective::CallableObjective(std::size_t num_parameters, std::vector<std::string> names)
    : num_parameters_(num_parameters), names_(std::move(names)) {
  if (num_parameters_ == 0) throw Error(ErrorCode::usage, "needs at least one parameter, got 0", "objective");
  if (!names_.empty() && names_.size() != num_parameters_)
    throw Error(ErrorCode::usage,
                "expected " + std::to_string(num_parameters_) + " names, got " + std::to_string(names_.size()),
                "objective");
}

}  // namespace descent
