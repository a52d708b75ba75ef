#include "descent/expr/program.hpp"

#include <algorithm>
#include <array>

#include "descent/core/error.hpp"
#include "src/expr/code.hpp"
#include "src/expr/kernels.hpp"

namespace descent::expr {

struct Program::State {
  std::size_t num_variables = 0;
  Code point;
  Code block;
};

Program::Program(const Formula& formula) {
  if (formula.needs_rows())
    throw Error(ErrorCode::usage, "a formula with sum(...) or mean(...) is evaluated by a RowProgram", "formula");
  const ValueAndSlopes all = value_and_slopes(formula);
  const Graph& graph = *all.graph;
  const std::vector<Id>& roots = all.roots;
  const auto counts = factor_counts(graph, roots);

  const auto state = std::make_shared<State>();
  state->num_variables = all.num_variables();
  state->point = lower(graph, roots, 1, {.num_slots = all.num_variables()}, counts);
  state->block = lower(graph, roots, 1, {.lane_variables = true}, counts);
  state_ = state;
  slots_ = state->point.slots;
}

std::size_t Program::num_variables() const { return state_->num_variables; }

std::size_t Program::num_operations(bool with_gradient) const {
  return with_gradient ? state_->point.instructions.size() : state_->point.num_first_instructions;
}

double Program::evaluate(View x, MutableView gradient) {
  const Code& code = state_->point;
  double* slots = slots_.data();
  std::copy_n(x.data(), state_->num_variables, slots);
  const std::span all(code.instructions);
  run(gradient.empty() ? all.first(code.num_first_instructions) : all, slots);
  for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] = slots[code.outputs[i + 1].index];
  return slots[code.outputs[0].index];
}

void Program::evaluate_points(std::span<const View> coordinates, MutableView values,
                              std::span<const MutableView> partials) {
  const Code& code = state_->block;
  if (lanes_.empty()) lanes_.assign(num_block_registers(code) * kPointsPerBlock);
  std::vector<double> slots = code.slots;
  run(code.instructions, slots.data());
  const std::span all(code.lane_instructions);
  const auto steps = partials.empty() ? all.first(code.num_first_lane_instructions) : all;
  std::vector<const double*> inputs(coordinates.size());
  for (std::size_t begin = 0; begin < values.size(); begin += kPointsPerBlock) {
    const std::size_t lanes = std::min(kPointsPerBlock, values.size() - begin);
    for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i] = coordinates[i].data() + begin;
    run_lanes(steps, slots.data(), inputs.data(), lanes_.data(), code.num_registers, lanes);
    for (std::size_t k = 0; k <= partials.size(); ++k) {
      const Operand from = code.outputs[k];
      double* to = (k == 0 ? values : partials[k - 1]).data() + begin;
      if (from.home == Home::slot) {
        std::fill_n(to, lanes, slots[from.index]);
      } else {
        const double* lane =
            from.home == Home::lane ? lanes_.data() + from.index * kPointsPerBlock : inputs[from.index];
        std::copy_n(lane, lanes, to);
      }
    }
  }
}

}  // namespace descent::expr
