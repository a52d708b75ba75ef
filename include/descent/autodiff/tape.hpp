// Reverse differentiation: operations are written down as they are done, and one pass backwards gives all slopes.
//
// Right for many parameters: the whole gradient costs a few times the value, whatever n is. The tape keeps its memory
// between evaluations: once warm, nothing is allocated. One thread at a time.
// Reference: A. Griewank, A. Walther, "Evaluating Derivatives", SIAM 2008, section 3.2 and chapter 4.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "descent/autodiff/dual.hpp"
#include "descent/core/span.hpp"

namespace descent::autodiff {

template <class Real>
class BasicVar;
template <class Real>
class BasicTape;

/// Slopes and adjoints are doubles: a sweep gives the gradient.
using Tape = BasicTape<double>;
using Var = BasicVar<double>;
/// They move along a direction v: the tangents of the adjoints are the product of the Hessian with v.
using TangentTape = BasicTape<Dual<1>>;
using TangentVar = BasicVar<Dual<1>>;

/// Nodes as a structure of arrays: what each was made from, and its partial derivatives. Node 0 stands for every
/// constant: whatever flows back into it is dropped, so a sweep has no branches on kinds of operands.
template <class Real>
class BasicTape {
 public:
  BasicTape() = default;
  BasicTape(const BasicTape&) = delete;
  BasicTape& operator=(const BasicTape&) = delete;

  /// A place on the tape.
  struct Mark {
    std::uint32_t nodes = 1;
    std::size_t records = 0;
    std::size_t operands = 0;
    std::size_t weights = 0;
  };

  [[nodiscard]] BasicVar<Real> variable(Real value);
  [[nodiscard]] Mark mark() const {
    return {static_cast<std::uint32_t>(size_), records_.size(), operands_.size(), weights_.size()};
  }
  /// Forgets what came after `mark`, and keeps the memory. rewind({}) forgets everything.
  void rewind(const Mark& mark);
  [[nodiscard]] std::size_t num_nodes() const { return size_ - 1; }

  /// Adds seed * d result / d v to the adjoint of every variable v recorded before `stop`. What came after `stop` is
  /// not changed and can be swept again. A sum over rows marks after its parameters, then records, reverses and rewinds
  /// row by row.
  void reverse(const BasicVar<Real>& result, double seed, const Mark& stop);
  /// Of a variable.
  [[nodiscard]] Real adjoint(const BasicVar<Real>& v) const;
  /// Of all that is recorded, in its order: those of the first n variables come first. Room is made for them.
  [[nodiscard]] std::span<const Real> adjoints();
  /// Sets the adjoints of all that is recorded now to 0.
  void clear_adjoints();

  // For the operations. A node with slopes di, dj towards nodes i, j:
  std::uint32_t push(std::uint32_t i, Real di, std::uint32_t j, Real dj) {
    if (size_ >= capacity_) grow();
    const std::size_t node = size_++;
    pairs_[node] = {i, j};
    slopes_[node] = {di, dj};
    return static_cast<std::uint32_t>(node);
  }
  /// A node with one operand; the other one is itself, with slope 0: sweeps then wait for no address that all share.
  std::uint32_t push(std::uint32_t i, Real di) { return push(i, di, static_cast<std::uint32_t>(size_), 0.0); }
  /// A node with any number of operands, and slope(i) towards x_i.
  template <class Slope>
  BasicVar<Real> push_fan_in(std::span<const BasicVar<Real>> x, const Real& value, const Slope& slope);
  /// out_i = exp(x_i - top) / total.
  void push_softmax(std::span<const BasicVar<Real>> x, double top, Real total, std::span<BasicVar<Real>> out);
  /// out = A x; `a` must outlive the sweep.
  void push_matvec(MatrixView a, std::span<const BasicVar<Real>> x, std::span<BasicVar<Real>> out);

 private:
  friend class BasicVar<Real>;
  enum class Kind : std::uint8_t { fan_in, fan_in_of_run, softmax, matvec };
  /// One operation on vectors: `num_outputs` nodes from `first_output` on.
  struct Record {
    Kind kind = Kind::fan_in;
    std::uint32_t first_output = 0;
    std::uint32_t num_outputs = 0;
    std::size_t first_operand = 0;  ///< in operands_; of a run of neighbours, such as all parameters, the node itself
    std::size_t num_operands = 0;
    std::size_t first_weight = 0;
    MatrixView matrix{};
  };
  struct Pair {
    std::uint32_t i, j;
  };
  struct Slopes {
    Real i, j;
  };

  void grow();
  /// A node that v itself is the value of.
  std::uint32_t node_of(const BasicVar<Real>& v);
  std::uint32_t push_outputs(std::size_t count);
  void reverse_record(const Record& record);

  std::unique_ptr<Pair[]> pairs_;     // shape = [capacity_]
  std::unique_ptr<Slopes[]> slopes_;  // shape = [capacity_]
  std::size_t size_ = 1;              // at most 2^32 - 1; of a type that no store of a Pair can change
  std::size_t capacity_ = 0;
  std::vector<Record> records_;
  std::vector<std::uint32_t> operands_;
  std::vector<Real> weights_;
  std::vector<Real> adjoints_;  // zero above the parameters between sweeps
};

}  // namespace descent::autodiff
