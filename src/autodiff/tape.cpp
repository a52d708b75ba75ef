#include "descent/autodiff/tape.hpp"

#include <algorithm>
#include <limits>

#include "descent/autodiff/var.hpp"
#include "descent/autodiff/vector_functions.hpp"
#include "descent/core/error.hpp"

namespace descent::autodiff {
namespace {

[[noreturn]] void throw_too_long() {
  throw Error(ErrorCode::out_of_memory, "the function records more than 2^32 - 2 operations on the tape", "autodiff");
}

bool is_zero(double a) { return a == 0.0; }
bool is_zero(const Dual<1>& a) { return a.value() == 0.0 && a.slope(0) == 0.0; }

void add_product(double& sum, double a, double b) { sum += a * b; }
/// Where the value or the tangent of `a` is 0, it stays 0 even if `b` is infinite.
void add_product(Dual<1>& sum, const Dual<1>& a, const Dual<1>& b) {
  if (a.value() != 0.0) sum += Dual<1>(a.value() * b.value(), {a.value() * b.slope(0)});
  if (a.slope(0) != 0.0) sum += Dual<1>(0.0, {a.slope(0) * b.value()});
}

}  // namespace

double product_of_no_numbers(double outer, double inner) { return outer == 0.0 || inner == 0.0 ? 0.0 : outer * inner; }

template <class Real>
BasicVar<Real> BasicTape<Real>::variable(Real value) {
  return BasicVar<Real>(value, 1.0, push(0, 0.0, 0, 0.0), this);
}

template <class Real>
void BasicTape<Real>::rewind(const Mark& mark) {
  size_ = mark.nodes;
  records_.resize(mark.records);
  operands_.resize(mark.operands);
  weights_.resize(mark.weights);
}

template <class Real>
void BasicTape<Real>::grow() {
  constexpr std::size_t kLimit = std::numeric_limits<std::uint32_t>::max();
  if (capacity_ == kLimit) throw_too_long();
  const std::size_t capacity = capacity_ > kLimit / 2 ? kLimit : std::max<std::size_t>(1024, 2 * capacity_);
  auto pairs = std::make_unique_for_overwrite<Pair[]>(capacity);
  auto slopes = std::make_unique_for_overwrite<Slopes[]>(capacity);
  // Node 0 and everything below size_; before the first growth there is nothing to keep.
  if (capacity_ > 0) {
    std::copy_n(pairs_.get(), size_, pairs.get());
    std::copy_n(slopes_.get(), size_, slopes.get());
  }
  pairs_ = std::move(pairs);
  slopes_ = std::move(slopes);
  capacity_ = capacity;
}

template <class Real>
std::uint32_t BasicTape<Real>::node_of(const BasicVar<Real>& v) {
  return v.tape_ == nullptr || v.is_its_node() ? v.node_ : push(v.node_, v.slope_);
}

template <class Real>
std::uint32_t BasicTape<Real>::push_outputs(std::size_t count) {
  const auto first = static_cast<std::uint32_t>(size_);
  for (std::size_t i = 0; i < count; ++i) push(0, 0.0, 0, 0.0);
  return first;
}

template <class Real>
void BasicTape<Real>::push_softmax(std::span<const BasicVar<Real>> x, double top, Real total,
                                   std::span<BasicVar<Real>> out) {
  using math::exp;
  Record record{.kind = Kind::softmax,
                .num_outputs = static_cast<std::uint32_t>(x.size()),
                .first_operand = operands_.size(),
                .num_operands = x.size(),
                .first_weight = weights_.size()};
  for (const BasicVar<Real>& v : x) operands_.push_back(node_of(v));
  record.first_output = push_outputs(x.size());
  for (std::uint32_t i = 0; i < record.num_outputs; ++i) {
    weights_.push_back(exp(x[i].real() - top) / total);
    out[i] = BasicVar<Real>(weights_.back(), 1.0, record.first_output + i, this);
  }
  records_.push_back(record);
}

template <class Real>
void BasicTape<Real>::push_matvec(MatrixView a, std::span<const BasicVar<Real>> x, std::span<BasicVar<Real>> out) {
  Record record{.kind = Kind::matvec,
                .num_outputs = static_cast<std::uint32_t>(a.rows),
                .first_operand = operands_.size(),
                .num_operands = x.size(),
                .first_weight = weights_.size(),
                .matrix = a};
  for (const BasicVar<Real>& v : x) operands_.push_back(node_of(v));
  record.first_output = push_outputs(a.rows);
  for (std::uint32_t i = 0; i < record.num_outputs; ++i) {
    const View row = a.row(i);
    const Real value = detail::lane_sum(x.size(), [&](std::size_t j) { return row[j] * x[j].real(); });
    out[i] = BasicVar<Real>(value, 1.0, record.first_output + i, this);
  }
  records_.push_back(record);
}

template <class Real>
void BasicTape<Real>::reverse(const BasicVar<Real>& result, double seed, const Mark& stop) {
  if (result.node_ == 0) return;
  if (adjoints_.size() < size_) adjoints_.resize(size_);
  Real* const adjoint = adjoints_.data();
  adjoint[result.node_] += chained(Real(seed), result.slope_);

  std::uint32_t node = result.node_;
  std::size_t record = records_.size();
  while (record > stop.records && records_[record - 1].first_output > node) --record;
  while (node >= stop.nodes) {
    // Scalar nodes down to the last output of the record below, or to the end.
    const Record* next = record > stop.records ? &records_[record - 1] : nullptr;
    const std::uint32_t until = next != nullptr ? next->first_output + next->num_outputs : stop.nodes;
    for (; node >= until; --node) {
      const Real a = adjoint[node];
      if (is_zero(a)) continue;  // also keeps 0 * infinity out of parameters that do not matter here
      add_product(adjoint[pairs_[node].i], a, slopes_[node].i);
      add_product(adjoint[pairs_[node].j], a, slopes_[node].j);
      adjoint[node] = Real(0.0);  // last: a node with one operand is its own second one
    }
    if (next == nullptr) break;
    reverse_record(*next);
    node = next->first_output - 1;
    --record;
  }
}

template <class Real>
void BasicTape<Real>::reverse_record(const Record& record) {
  Real* const a = adjoints_.data() + record.first_output;
  const std::uint32_t* const operand =
      record.kind == Kind::fan_in_of_run ? nullptr : operands_.data() + record.first_operand;
  const Real* const weight = weights_.data() + record.first_weight;
  switch (record.kind) {
    case Kind::fan_in_of_run:
      if (const Real adjoint = a[0]; !is_zero(adjoint)) {
        Real* const to = adjoints_.data() + record.first_operand;
        for (std::size_t i = 0; i < record.num_operands; ++i) add_product(to[i], adjoint, weight[i]);
      }
      break;
    case Kind::fan_in:
      if (!is_zero(a[0]))
        for (std::size_t i = 0; i < record.num_operands; ++i) add_product(adjoints_[operand[i]], a[0], weight[i]);
      break;
    case Kind::softmax: {  // s_i (a_i - sum_j a_j s_j)
      const Real mean = detail::lane_sum(record.num_outputs, [&](std::size_t i) { return a[i] * weight[i]; });
      for (std::size_t i = 0; i < record.num_operands; ++i) adjoints_[operand[i]] += weight[i] * (a[i] - mean);
      break;
    }
    case Kind::matvec:  // A^T a
      for (std::size_t i = 0; i < record.num_outputs; ++i) {
        if (is_zero(a[i])) continue;
        const View row = record.matrix.row(i);
        for (std::size_t j = 0; j < record.num_operands; ++j) adjoints_[operand[j]] += a[i] * row[j];
      }
      break;
  }
  std::fill_n(a, record.num_outputs, Real(0.0));
}

template <class Real>
Real BasicTape<Real>::adjoint(const BasicVar<Real>& v) const {
  return v.node_ < adjoints_.size() && v.node_ != 0 ? adjoints_[v.node_] : Real(0.0);
}

template <class Real>
std::span<const Real> BasicTape<Real>::adjoints() {
  if (adjoints_.size() < size_) adjoints_.resize(size_);
  return std::span<const Real>(adjoints_).subspan(1, size_ - 1);
}

template <class Real>
void BasicTape<Real>::clear_adjoints() {
  std::fill_n(adjoints_.begin(), std::min(size_, adjoints_.size()), Real(0.0));
}

template class BasicTape<double>;
template class BasicTape<Dual<1>>;

}  // namespace descent::autodiff
