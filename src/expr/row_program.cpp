#include <algorithm>
#include <utility>

#include "descent/expr/program.hpp"
#include "descent/simd/reduce.hpp"
#include "src/expr/code.hpp"
#include "src/expr/kernels.hpp"

namespace descent::expr {
namespace {

/// Sums of one level: what they add up depends on variables, columns and sums of lower levels.
struct Pass {
  Code code;  // outputs: one for each sum
  std::vector<bool> is_mean;
  std::size_t first_slot = 0;  // of its totals among the inputs of later passes
};

/// 0 for what needs no rows; 1 + the deepest sum below for a sum.
std::vector<std::size_t> sum_levels(const Graph& graph) {
  std::vector<std::size_t> levels(graph.size(), 0);
  for (Id id = 0; id < graph.size(); ++id) {
    for (const Id arg : graph.args(id)) levels[id] = std::max(levels[id], levels[arg]);
    if (is_reduction(graph.op(id))) ++levels[id];
  }
  return levels;
}

/// Registers of this thread, for as many blocks as it computes.
double* block_registers(std::size_t count) {
  static thread_local AlignedBuffer<double> registers;
  if (registers.size() < count * kPointsPerBlock) registers.assign(count * kPointsPerBlock);
  return registers.data();
}

}  // namespace

struct RowProgram::State {
  std::size_t num_variables = 0;
  std::size_t num_inputs = 0;  // variables and totals
  std::vector<Pass> passes;
  Code last;  // from the totals to the value and gradient
};

RowProgram::RowProgram(const Formula& formula) {
  const ValueAndSlopes all = value_and_slopes(formula);
  const Graph& graph = *all.graph;
  const std::vector<Id>& roots = all.roots;
  const auto counts = factor_counts(graph, roots);
  const auto in_value = reachable(graph, std::span(roots).first(1));
  const auto in_any = reachable(graph, roots);
  const auto levels = sum_levels(graph);

  const auto state = std::make_shared<State>();
  state->num_variables = all.num_variables();
  LoweringInputs inputs{.num_slots = all.num_variables()};
  const std::size_t depth = *std::max_element(levels.begin(), levels.end());
  for (std::size_t level = 1; level <= depth; ++level) {
    std::vector<Id> sums;  // those of the value first
    for (const bool of_value : {true, false})
      for (Id id = 0; id < graph.size(); ++id)
        if (is_reduction(graph.op(id)) && levels[id] == level && in_any[id] && in_value[id] == of_value)
          sums.push_back(id);
    if (sums.empty()) continue;
    Pass pass;
    std::vector<Id> addends;
    for (const Id id : sums) {
      addends.push_back(graph.arg(id, 0));
      pass.is_mean.push_back(graph.op(id) == Op::mean);
    }
    const auto num_first =
        static_cast<std::size_t>(std::count_if(sums.begin(), sums.end(), [&](Id id) { return in_value[id]; }));
    pass.code = lower(graph, addends, num_first, inputs, counts);
    pass.first_slot = inputs.num_slots;
    for (const Id id : sums) inputs.sums.emplace(id, static_cast<std::uint32_t>(inputs.num_slots++));
    state->passes.push_back(std::move(pass));
  }
  state->last = lower(graph, roots, 1, inputs, counts);
  state->num_inputs = inputs.num_slots;
  state_ = state;
}

std::size_t RowProgram::num_variables() const { return state_->num_variables; }
std::size_t RowProgram::num_passes() const { return state_->passes.size(); }

std::size_t RowProgram::num_operations(bool with_gradient) const {
  const auto count = [&](const Code& code) {
    return with_gradient ? code.instructions.size() + code.lane_instructions.size()
                         : code.num_first_instructions + code.num_first_lane_instructions;
  };
  std::size_t total = count(state_->last);
  for (const Pass& pass : state_->passes) total += count(pass.code);
  return total;
}

double RowProgram::evaluate(View x, MutableView gradient, std::span<const View> columns, std::size_t num_rows,
                            const RowReduction& reduce) {
  const bool with_gradient = !gradient.empty();
  std::vector<double> inputs(state_->num_inputs, 0.0);
  std::copy_n(x.data(), state_->num_variables, inputs.data());
  const auto start = [&](const Code& code, std::size_t num_inputs) {
    std::vector<double> slots = code.slots;
    std::copy_n(inputs.data(), num_inputs, slots.data());
    const std::span all(code.instructions);
    run(with_gradient ? all : all.first(code.num_first_instructions), slots.data());
    return slots;
  };

  for (const Pass& pass : state_->passes) {
    const Code& code = pass.code;
    const std::size_t num_sums = with_gradient ? code.outputs.size() : code.num_first;
    if (num_sums == 0) continue;
    const std::vector<double> slots = start(code, pass.first_slot);
    const std::span all(code.lane_instructions);
    const auto steps = with_gradient ? all : all.first(code.num_first_lane_instructions);
    const auto block = [&](std::size_t begin, std::size_t end, std::span<double> partial) {
      const std::size_t rows = end - begin;
      double* registers = block_registers(num_block_registers(code));
      std::vector<const double*> at(columns.size());
      for (std::size_t j = 0; j < columns.size(); ++j) at[j] = columns[j].data() + begin;
      run_lanes(steps, slots.data(), at.data(), registers, code.num_registers, rows);
      for (std::size_t k = 0; k < partial.size(); ++k) {
        const Operand from = code.outputs[k];
        if (from.home == Home::slot) {
          partial[k] = slots[from.index] * static_cast<double>(rows);
        } else {
          const double* lane = from.home == Home::lane ? registers + from.index * kPointsPerBlock : at[from.index];
          partial[k] = simd::sum({lane, rows});
        }
      }
    };
    const std::span<double> totals(inputs.data() + pass.first_slot, num_sums);
    reduce(totals, block);
    for (std::size_t k = 0; k < num_sums; ++k)
      if (pass.is_mean[k]) totals[k] /= static_cast<double>(num_rows);
  }

  const std::vector<double> slots = start(state_->last, inputs.size());
  for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] = slots[state_->last.outputs[i + 1].index];
  return slots[state_->last.outputs[0].index];
}

}  // namespace descent::expr
