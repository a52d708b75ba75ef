// Adam in the eigenbasis of Shampoo's factors.
#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "src/optim/rules/basic.hpp"
#include "src/optim/rules/eigenbasis.hpp"
#include "src/optim/rules/entries.hpp"
#include "src/optim/rules/matrix.hpp"

namespace descent::rules {
namespace {

// What values stand for.
enum { kBeta1, kBeta2, kFactorBeta, kEpsilon, kFrequency, kMaxDimension };

Flow prepare_soap(Values v, const Update& now, std::span<double> powers, Numbers& k) {
  if (now.step == 0) return Flow::go_on;  // the first update only looks
  powers[0] = next_power(powers[0], v[kBeta1]);
  powers[1] = next_power(powers[1], v[kBeta2]);
  k[0] = std::sqrt(1.0 - powers[1]) / (1.0 - powers[0]);
  return Flow::go_on;
}

/// Slots 0 and 1: the means of gradients, and of squares in the basis. Slot 2: the factors L and R of each block; slot
/// 3: their bases.
enum { kMean, kSquares, kFactors, kBases, kNumSlots };

/// Whether a side of a block is turned.
struct Sides {
  bool left, right;
  Sides(const ParameterBlock& block, Values values)
      : left(is_matrix(block) && static_cast<double>(block.rows) <= values[kMaxDimension]),
        right(is_matrix(block) && static_cast<double>(block.columns) <= values[kMaxDimension]) {}
};

std::size_t slot_size(std::span<const ParameterBlock> blocks, Values values, std::size_t slot) {
  std::size_t total = 0;
  for (const ParameterBlock& block : blocks) {
    const Sides sides(block, values);
    if (slot < kFactors) {
      total += block.size();
    } else {
      total += (sides.left ? block.rows * block.rows : 0) + (sides.right ? block.columns * block.columns : 0);
    }
  }
  return total;
}

/// One block: its gradient, which becomes the move, and what is remembered of it.
template <class How, class T>
class Block {
 public:
  Block(const ParameterBlock& block, Values values, std::span<T> u, T* mean, T* squares, T* factors, T* bases,
        const How& how)
      : how_(how),
        rows_(block.rows),
        columns_(block.columns),
        sides_(block, values),
        values_(values),
        u_(u),
        mean_(mean),
        squares_(squares),
        factor_{factors, factors + (sides_.left ? rows_ * rows_ : 0)},
        basis_{bases, bases + (sides_.left ? rows_ * rows_ : 0)} {}

  /// The first gradient gives the bases. No move: directions that it lacks would be divided by rounding errors.
  void look() {
    add_to_factors(std::vector<T>(u_.begin(), u_.end()));
    for (const int side : {0, 1})
      if (is_turned(side)) {
        const std::size_t n = size_of(side);
        const std::vector<T> basis = eigenvectors(std::vector<T>(factor_[side], factor_[side] + n * n), n);
        std::copy(basis.begin(), basis.end(), basis_[side]);
      }
  }

  void move(double factor, bool turns) {
    const std::vector<T> g(u_.begin(), u_.end());
    const T beta1 = static_cast<T>(values_[kBeta1]), gain1 = static_cast<T>(1.0 - values_[kBeta1]);
    const T beta2 = static_cast<T>(values_[kBeta2]), gain2 = static_cast<T>(1.0 - values_[kBeta2]);
    const T epsilon = static_cast<T>(values_[kEpsilon]), scale = static_cast<T>(factor);
    for (std::size_t i = 0; i < g.size(); ++i) mean_[i] = normal_or_zero(beta1 * mean_[i] + gain1 * g[i]);
    const std::vector<T> seen = into_basis(g);
    std::vector<T> step = into_basis(std::vector<T>(mean_, mean_ + g.size()));
    for (std::size_t i = 0; i < g.size(); ++i) {
      squares_[i] = normal_or_zero(beta2 * squares_[i] + gain2 * (seen[i] * seen[i]));
      step[i] = step[i] / (std::sqrt(squares_[i]) + epsilon);
    }
    step = out_of_basis(std::move(step));
    for (std::size_t i = 0; i < g.size(); ++i) u_[i] = scale * step[i];
    add_to_factors(g);
    if (turns) turn();
  }

 private:
  [[nodiscard]] bool is_turned(int side) const { return side == 0 ? sides_.left : sides_.right; }
  [[nodiscard]] std::size_t size_of(int side) const { return side == 0 ? rows_ : columns_; }

  void add_to_factors(const std::vector<T>& g) {
    const std::vector<T> across = transposed(g.data(), rows_, columns_);
    if (sides_.left) mix(0, product(g.data(), across.data(), rows_, columns_, rows_, how_));
    if (sides_.right) mix(1, product(across.data(), g.data(), columns_, rows_, columns_, how_));
  }
  void mix(int side, const std::vector<T>& outer) {
    const T beta = static_cast<T>(values_[kFactorBeta]), gain = static_cast<T>(1.0 - values_[kFactorBeta]);
    for (std::size_t i = 0; i < outer.size(); ++i)
      factor_[side][i] = normal_or_zero(beta * factor_[side][i] + gain * outer[i]);
  }

  /// Q_L^T a Q_R
  std::vector<T> into_basis(std::vector<T> a) const {
    if (sides_.left) a = product(transposed(basis_[0], rows_, rows_).data(), a.data(), rows_, rows_, columns_, how_);
    if (sides_.right) a = product(a.data(), basis_[1], rows_, columns_, columns_, how_);
    return a;
  }
  /// Q_L a Q_R^T
  std::vector<T> out_of_basis(std::vector<T> a) const {
    if (sides_.left) a = product(basis_[0], a.data(), rows_, rows_, columns_, how_);
    if (sides_.right)
      a = product(a.data(), transposed(basis_[1], columns_, columns_).data(), rows_, columns_, columns_, how_);
    return a;
  }

  /// One step of orthogonal iteration for each basis, directions in the order of their estimated eigenvalues; the
  /// means of squares follow that order.
  void turn() {
    std::vector<std::size_t> orders[2];
    for (const int side : {0, 1}) {
      const std::size_t n = size_of(side);
      orders[side].resize(n);
      for (std::size_t i = 0; i < n; ++i) orders[side][i] = i;
      if (!is_turned(side)) continue;
      const std::vector<T> power = product(factor_[side], basis_[side], n, n, n, how_);
      std::vector<T> estimates(n);
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) estimates[j] = estimates[j] + basis_[side][i * n + j] * power[i * n + j];
      orders[side] = falling_order(estimates);
      const std::vector<T> basis = orthonormal(columns_in_order(power, orders[side]), n);
      std::copy(basis.begin(), basis.end(), basis_[side]);
    }
    const std::vector<T> old(squares_, squares_ + rows_ * columns_);
    for (std::size_t i = 0; i < rows_; ++i)
      for (std::size_t j = 0; j < columns_; ++j)
        squares_[i * columns_ + j] = old[orders[0][i] * columns_ + orders[1][j]];
  }

  How how_;
  std::size_t rows_, columns_;
  Sides sides_;
  Values values_;
  std::span<T> u_;
  T *mean_, *squares_;
  T *factor_[2], *basis_[2];
};

template <class How, class T>
void soap(std::span<T> u, std::span<AlignedBuffer<T>> slots, std::span<const ParameterBlock> blocks, Values values,
          std::uint64_t step, double factor, const How& how) {
  const bool turns = step % static_cast<std::uint64_t>(values[kFrequency]) == 0;
  std::size_t kept = 0;
  for_each_block(blocks, [&](const ParameterBlock& block, std::size_t first) {
    Block<How, T> here(block, values, u.subspan(first, block.size()), slots[kMean].data() + first,
                       slots[kSquares].data() + first, slots[kFactors].data() + kept, slots[kBases].data() + kept, how);
    if (step == 0) {
      here.look();
    } else {
      here.move(factor, turns);
    }
    kept += slot_size(std::span(&block, 1), values, kFactors);
  });
}

template <class T>
void soap_whole(const Whole<T>& w) {
  soap(w.u, w.slots, w.blocks, w.values, w.now.step, w.numbers[0], FastProduct{w.pool});
  if (w.now.step == 0) *w.flow = Flow::stop;
}

void soap_reference(const Reference& r) {
  const double factor = r.now.step == 0 ? 0.0 : std::sqrt(1.0 - r.scalars[1]) / (1.0 - r.scalars[0]);
  soap(r.u, r.slots, r.blocks, r.values, r.now.step, factor, TextbookProduct{});
  if (r.now.step == 0) *r.flow = Flow::stop;
}

const RuleDef kSoap{.name = "scale_by_soap",
                    .num_slots = kNumSlots,
                    .num_scalars = 2,  // beta1^t, beta2^t
                    .scalar_start = {1.0, 1.0},
                    .scale_free = true,
                    .slot_size = slot_size,
                    .may_hold = true,
                    .prepare = prepare_soap,
                    .whole64 = soap_whole<double>,
                    .whole32 = soap_whole<float>,
                    .reference = soap_reference};

std::vector<ParamSpec> soap_specs() {
  return {
      number_spec("beta1", "0.95", kFraction, "decay of the mean of gradients", "the authors'"),
      number_spec("beta2", "0.95", kFraction, "decay of the mean of squares in the basis", "the authors'"),
      number_spec("factor_beta", "0.95", kFraction, "decay of the factors L and R", "the authors': beta2"),
      number_spec("epsilon", "1e-8", kPositive, "keeps the quotient finite; added outside the root", "the authors'"),
      {.name = "precondition_frequency",
       .kind = ParamKind::integer,
       .default_text = "10",
       .interval = {.low = 1, .high = 1e9},
       .meaning = "updates between two turns of the bases",
       .why = "the authors'; more seldom costs less and learns a little slower"},
      {.name = "max_dimension",
       .kind = ParamKind::integer,
       .default_text = "10000",
       .interval = {.low = 1, .high = 1e6},
       .meaning = "sides of a matrix larger than this are not turned",
       .why = "the authors': a side of n costs n^2 numbers and n^3 operations"}};
}
Rule soap_rule(const Given& given) {
  return {.def = &kSoap,
          .values = {given["beta1"], given["beta2"], given["factor_beta"], given["epsilon"],
                     static_cast<double>(given.bound.integer("precondition_frequency")),
                     static_cast<double>(given.bound.integer("max_dimension"))}};
}

const char* const kSoapReference =
    "N. Vyas et al., \"SOAP: improving and stabilizing Shampoo using Adam\", ICLR 2025, algorithms 3 and 4";
const char* const kSoapDiffers =
    "the paper: as in the authors' code the first gradient only gives the bases, bias is corrected, and epsilon is "
    "not. "
    "PyTorch and optax have no soap";

}  // namespace

void add_soap(Registry<OptimizerMaker>& registry) {
  std::vector<ParamSpec> preset{
      rate_spec(), weight_decay_spec("0.01", "pull of every parameter towards 0, times r", "the authors'")};
  for (ParamSpec& spec : soap_specs()) preset.push_back(std::move(spec));
  add_rule(registry,
           {.name = "soap",
            .summary = "Adam in a basis in which the gradients of a layer hardly correlate.",
            .formula =
                "of each block of several columns, QL and QR the eigenvectors of L and R: m = beta1 m + (1 - beta1) g, "
                "v = beta2 v + (1 - beta2) (QL^T g QR)^2, u = QL ((QL^T m QR) / (sqrt(v) + epsilon)) QR^T sqrt(1 - "
                "beta2^t) / (1 - beta1^t), x = x - r (u + weight_decay x);  then L = factor_beta L + (1 - "
                "factor_beta) g g^T, R the same of g^T g, and every precondition_frequency updates Q = the "
                "orthogonal part of L Q (R Q);  of vectors: the same without QL and QR",
            .params = preset,
            .reference = kSoapReference,
            .differs = std::string(kSoapDiffers) + "; there the decay pulls at x after the move, here before",
            .example = "soap(0.003, precondition_frequency=5)"},
           [](const Given& given) {
             std::vector<Rule> rules{soap_rule(given)};
             if (given.uses("weight_decay")) rules.push_back({.def = &kDecay, .values = {given["weight_decay"]}});
             rules.push_back(given.rate());
             return rules;
           });
  add_rule(registry,
           {.name = "scale_by_soap",
            .summary = "Soap's direction, without decay or a learning rate.",
            .formula = "u of soap",
            .params = soap_specs(),
            .reference = kSoapReference,
            .differs = kSoapDiffers,
            .example = "scale_by_soap(beta1=0.9) | scale_by_learning_rate(0.003)"},
           [](const Given& given) { return std::vector<Rule>{soap_rule(given)}; });
}

}  // namespace descent::rules
