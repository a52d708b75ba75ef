#include <algorithm>

#include "descent/core/error.hpp"
#include "descent/expr/program.hpp"
#include "src/expr/code.hpp"
#include "src/expr/kernels.hpp"

namespace descent::expr {

struct ColumnProgram::State {
  std::size_t num_variables = 0;
  Code code;
};

ColumnProgram::ColumnProgram(const Formula& formula) {
  if (formula.needs_rows())
    throw Error(ErrorCode::usage, "a formula with sum(...) or mean(...) is evaluated by a RowProgram", "formula");
  const ValueAndSlopes all = value_and_slopes(formula);
  const Graph& graph = *all.graph;
  const std::vector<Id>& roots = all.roots;
  const auto counts = factor_counts(graph, roots);
  const auto state = std::make_shared<State>();
  state->num_variables = all.num_variables();
  state->code = lower(graph, roots, 1, {.num_slots = all.num_variables()}, counts);
  state_ = state;
}

std::size_t ColumnProgram::num_variables() const { return state_->num_variables; }

void ColumnProgram::evaluate(View x, std::span<const View> columns, std::size_t begin, MutableView values,
                             MutableView partials) const {
  const Code& code = state_->code;
  std::vector<double> slots = code.slots;
  std::copy_n(x.data(), state_->num_variables, slots.data());
  const bool with_partials = !partials.empty();
  const std::span all(code.instructions);
  run(with_partials ? all : all.first(code.num_first_instructions), slots.data());
  const std::span lanes(code.lane_instructions);
  const auto steps = with_partials ? lanes : lanes.first(code.num_first_lane_instructions);
  static thread_local AlignedBuffer<double> registers;
  if (registers.size() < num_block_registers(code) * kPointsPerBlock)
    registers.assign(num_block_registers(code) * kPointsPerBlock);

  const std::size_t rows = values.size();
  std::vector<const double*> inputs(columns.size());
  for (std::size_t first = 0; first < rows; first += kPointsPerBlock) {
    const std::size_t count = std::min(kPointsPerBlock, rows - first);
    for (std::size_t j = 0; j < columns.size(); ++j) inputs[j] = columns[j].data() + begin + first;
    run_lanes(steps, slots.data(), inputs.data(), registers.data(), code.num_registers, count);
    for (std::size_t k = 0; k <= (with_partials ? state_->num_variables : 0); ++k) {
      const Operand from = code.outputs[k];
      double* to = (k == 0 ? values.data() : partials.data() + (k - 1) * rows) + first;
      if (from.home == Home::slot) {
        std::fill_n(to, count, slots[from.index]);
      } else {
        const double* lane =
            from.home == Home::lane ? registers.data() + from.index * kPointsPerBlock : inputs[from.index];
        std::copy_n(lane, count, to);
      }
    }
  }
}

}  // namespace descent::expr
