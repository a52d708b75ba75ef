// A formula as straight-line code: operations on single numbers (slots), and operations on blocks of lanes (registers).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "descent/expr/formula.hpp"
#include "src/expr/graph.hpp"
#include "src/expr/operations.hpp"

namespace descent::expr {

/// slots[target] = op(slots[a], slots[b], slots[c])
struct Instruction {
  Operation op = Operation::add;
  std::uint32_t target = 0, a = 0, b = 0, c = 0;
};

enum class Home : std::uint8_t {
  slot,        ///< one number, the same in every lane
  lane_input,  ///< an array given by the caller
  lane,        ///< a register
};

struct Operand {
  Home home = Home::slot;
  std::uint32_t index = 0;
};

struct LaneInstruction {
  Operation op = Operation::add;
  std::uint32_t target = 0;  ///< register
  Operand a, b, c;
};

/// Operations for outputs 0..num_first-1 come first, so that a prefix computes those alone with the same bits.
struct Code {
  std::vector<double> slots;  ///< to start from: inputs, which the caller fills in, then constants and results
  std::vector<Instruction> instructions;
  std::vector<LaneInstruction> lane_instructions;
  std::size_t num_registers = 0;  ///< three more are needed as scratch
  std::vector<Operand> outputs;

  std::size_t num_first = 0;
  std::size_t num_first_instructions = 0;
  std::size_t num_first_lane_instructions = 0;
};

/// Registers that a block needs: those of the code and the scratch.
[[nodiscard]] inline std::size_t num_block_registers(const Code& code) { return code.num_registers + 3; }

/// f and its slopes by the variables, in one graph.
struct ValueAndSlopes {
  std::shared_ptr<const Graph> graph;
  std::vector<Id> roots;  ///< f first
  [[nodiscard]] std::size_t num_variables() const { return roots.size() - 1; }
};
[[nodiscard]] ValueAndSlopes value_and_slopes(const Formula& formula);

struct LoweringInputs {
  bool lane_variables = false;  ///< variable i is lane input i; else it is slot i
  std::size_t num_slots = 0;    ///< inputs in slots: the variables (unless in lanes), then sums that are known
  std::unordered_map<Id, std::uint32_t> sums{};  ///< slots of sum and mean nodes
};

/// How often each node is a factor below `roots`.
[[nodiscard]] std::vector<std::uint32_t> factor_counts(const Graph& graph, std::span<const Id> roots);

/// Code for `roots`; column j is lane input j. Products multiply the factors that most products share first, so that
/// those share the work; `counts` (of all roots that are to give the same bits) decides which.
[[nodiscard]] Code lower(const Graph& graph, std::span<const Id> roots, std::size_t num_first,
                         const LoweringInputs& inputs, std::span<const std::uint32_t> counts);

inline void run(std::span<const Instruction> instructions, double* slots) {
  for (const Instruction& step : instructions)
    slots[step.target] = compute(step.op, slots[step.a], slots[step.b], slots[step.c]);
}

}  // namespace descent::expr
