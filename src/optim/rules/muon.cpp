// Momentum whose moves are orthogonal matrices.
#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "src/optim/rules/basic.hpp"
#include "src/optim/rules/entries.hpp"
#include "src/optim/rules/matrix.hpp"
#include "src/optim/rules/norm.hpp"

namespace descent::rules {
namespace {

// What values stand for; the last three are Adam's, for vectors.
enum { kMomentum, kNesterov, kSteps, kEpsilon, kMatchRms, kBeta1, kBeta2, kAdamEpsilon };

Flow prepare_muon(Values v, const Update&, std::span<double> powers, Numbers& k) {
  powers[0] = next_power(powers[0], v[kBeta1]);
  powers[1] = next_power(powers[1], v[kBeta2]);
  const double root = std::sqrt(1.0 - powers[1]);
  k[0] = root / (1.0 - powers[0]);
  k[1] = v[kAdamEpsilon] * root;
  return Flow::go_on;
}

/// Slot 0: the mean of gradients of everything. Slot 1: that of squares, of vectors alone.
std::size_t slot_size(std::span<const ParameterBlock> blocks, Values, std::size_t slot) {
  std::size_t total = 0;
  for (const ParameterBlock& block : blocks)
    if (slot == 0 || !is_matrix(block)) total += block.size();
  return total;
}

/// g = about U V^T, where U S V^T is the singular value decomposition of g: five steps of x = a x + (b A + c A A) x,
/// A = x x^T, from x = g / max(||g||, epsilon), on the side with fewer rows.
template <class How, class T>
void orthogonalize(std::span<T> g, const ParameterBlock& block, std::size_t steps, double epsilon, const How& how) {
  constexpr double kA = 3.4445, kB = -4.7750, kC = 2.0315;
  const T a = static_cast<T>(kA), b = static_cast<T>(kB), c = static_cast<T>(kC);
  const bool flipped = block.rows > block.columns;
  const std::size_t rows = std::min(block.rows, block.columns), columns = std::max(block.rows, block.columns);
  std::vector<T> x = flipped ? transposed(g.data(), block.rows, block.columns) : std::vector<T>(g.begin(), g.end());
  double size = norm(std::span<const T>(x));
  if (size < epsilon) size = epsilon;
  for (T& value : x) value = static_cast<T>(static_cast<double>(value) / size);
  for (std::size_t step = 0; step < steps; ++step) {
    const std::vector<T> across = transposed(x.data(), rows, columns);
    std::vector<T> gram = product(x.data(), across.data(), rows, columns, rows, how);
    const std::vector<T> square = product(gram.data(), gram.data(), rows, rows, rows, how);
    for (std::size_t i = 0; i < gram.size(); ++i) gram[i] = b * gram[i] + c * square[i];
    const std::vector<T> turned = product(gram.data(), x.data(), rows, rows, columns, how);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = a * x[i] + turned[i];
  }
  if (flipped) x = transposed(x.data(), rows, columns);
  std::copy(x.begin(), x.end(), g.begin());
}

double scale_of(const ParameterBlock& block, bool match_rms) {
  const double rows = static_cast<double>(block.rows), columns = static_cast<double>(block.columns);
  return match_rms ? 0.2 * std::sqrt(std::max(rows, columns)) : std::sqrt(std::max(1.0, rows / columns));
}

template <class How, class T>
void muon(std::span<T> u, std::span<AlignedBuffer<T>> slots, std::span<const ParameterBlock> blocks, Values values,
          const double* adam, const How& how) {
  const T momentum = static_cast<T>(values[kMomentum]), fresh = static_cast<T>(1.0 - values[kMomentum]);
  const bool nesterov = values[kNesterov] != 0.0;
  const T beta1 = static_cast<T>(values[kBeta1]), gain1 = static_cast<T>(1.0 - values[kBeta1]);
  const T beta2 = static_cast<T>(values[kBeta2]), gain2 = static_cast<T>(1.0 - values[kBeta2]);
  const T factor = static_cast<T>(adam[0]), epsilon = static_cast<T>(adam[1]);
  T* second = slots[1].data();
  for_each_block(blocks, [&](const ParameterBlock& block, std::size_t first) {
    const std::span<T> g = u.subspan(first, block.size());
    T* mean = slots[0].data() + first;
    if (is_matrix(block)) {
      for (std::size_t i = 0; i < g.size(); ++i) {
        mean[i] = normal_or_zero(momentum * mean[i] + fresh * g[i]);
        g[i] = nesterov ? fresh * g[i] + momentum * mean[i] : mean[i];
      }
      orthogonalize(g, block, static_cast<std::size_t>(values[kSteps]), values[kEpsilon], how);
      const T scale = static_cast<T>(scale_of(block, values[kMatchRms] != 0.0));
      for (T& value : g) value = scale * value;
    } else {
      for (std::size_t i = 0; i < g.size(); ++i) {
        mean[i] = normal_or_zero(beta1 * mean[i] + gain1 * g[i]);
        second[i] = normal_or_zero(beta2 * second[i] + gain2 * (g[i] * g[i]));
        g[i] = (mean[i] * factor) / (std::sqrt(second[i]) + epsilon);
      }
      second += g.size();
    }
  });
}

template <class T>
void muon_whole(const Whole<T>& w) {
  muon(w.u, w.slots, w.blocks, w.values, w.numbers, FastProduct{w.pool});
}

void muon_reference(const Reference& r) {
  const double root = std::sqrt(1.0 - r.scalars[1]);
  const double adam[] = {root / (1.0 - r.scalars[0]), r.values[kAdamEpsilon] * root};
  muon(r.u, r.slots, r.blocks, r.values, adam, TextbookProduct{});
}

void only_matrices(std::span<const ParameterBlock> blocks) {
  for (const ParameterBlock& block : blocks)
    if (!is_matrix(block))
      throw Error(
          ErrorCode::usage,
          "torch.muon is for matrices, but " +
              (block.name.empty() ? std::string("the parameters are") : "the block " + quoted(block.name) + " is") +
              " a vector of " + std::to_string(block.rows) + "; muon gives vectors to adamw",
          "optimizer");
}

const RuleDef kMuon{.name = "scale_by_muon",
                    .num_slots = 2,
                    .num_scalars = 2,  // beta1^t, beta2^t
                    .scalar_start = {1.0, 1.0},
                    .scale_free = true,
                    .slot_size = slot_size,
                    .prepare = prepare_muon,
                    .whole64 = muon_whole<double>,
                    .whole32 = muon_whole<float>,
                    .reference = muon_reference};

const RuleDef kTorchMuon = [] {
  RuleDef def = kMuon;
  def.name = "torch.muon";
  def.check_blocks = only_matrices;
  return def;
}();

Hyper on(bool flag) { return flag ? 1.0 : 0.0; }

std::vector<ParamSpec> matrix_specs(const std::string& scaling, const std::string& why) {
  ParamSpec momentum = number_spec("momentum", "0.95", kFraction, "decay of the mean of gradients", "the author's");
  ParamSpec nesterov = flag_spec("nesterov", "look ahead along the mean", "the author's");
  nesterov.default_text = "true";
  return {std::move(momentum),
          std::move(nesterov),
          {.name = "steps",
           .kind = ParamKind::integer,
           .default_text = "5",
           .interval = {.low = 1, .high = 99},
           .meaning = "of Newton and Schulz's iteration",
           .why = "the author's: singular values end between about 0.7 and 1.2"},
          number_spec("epsilon", "1e-7", kPositive, "least norm that a matrix is divided by", "the author's"),
          {.name = "scaling",
           .kind = ParamKind::choice,
           .default_text = scaling,
           .choices = {"original", "match_rms_adamw"},
           .meaning = "factor of a matrix: sqrt(max(1, rows / columns)), or 0.2 sqrt(max(rows, columns))",
           .why = why}};
}

std::vector<ParamSpec> vector_specs() {
  return {number_spec("beta1", "0.9", kFraction, "of adam, for vectors", "adam's"),
          number_spec("beta2", "0.95", kFraction, "of adam, for vectors", "the author's and Liu et al.'s"),
          number_spec("adam_epsilon", "1e-8", kPositive, "of adam, for vectors", "adam's")};
}

Rule muon_rule(const Given& given, const RuleDef& def, bool vectors) {
  return {.def = &def,
          .values = {given["momentum"], on(given.flag("nesterov")), static_cast<double>(given.bound.integer("steps")),
                     given["epsilon"], on(given.choice("scaling") == "match_rms_adamw"),
                     vectors ? given["beta1"] : Hyper(0.9), vectors ? given["beta2"] : Hyper(0.95),
                     vectors ? given["adam_epsilon"] : Hyper(1e-8)}};
}

std::vector<Rule> with_decay_and_rate(const Given& given, Rule rule) {
  std::vector<Rule> rules{std::move(rule)};
  if (given.uses("weight_decay")) rules.push_back({.def = &kDecay, .values = {given["weight_decay"]}});
  rules.push_back(given.rate());
  return rules;
}

const char* const kMuonReference =
    "K. Jordan et al., \"Muon: an optimizer for hidden layers in neural networks\", 2024; J. Liu et al., \"Muon is "
    "scalable for LLM training\", 2025, eq. 4";
const char* const kMuonFormula =
    "of each block of several columns: m = momentum m + (1 - momentum) g, u = (1 - momentum) g + momentum m (without "
    "nesterov: m), X = u / max(||u||, epsilon), `steps` times: A = X X^T, X = 3.4445 X + (-4.775 A + 2.0315 A A) X;  "
    "x = x - r (scaling X + weight_decay x)";

}  // namespace

void add_muon(Registry<OptimizerMaker>& registry) {
  const ParamSpec decay =
      weight_decay_spec("0.1", "pull of every parameter towards 0, times r", "Liu et al.'s and torch's");
  std::vector<ParamSpec> rule_specs =
      matrix_specs("match_rms_adamw", "moves as long as adamw's, so that vectors and matrices share a rate");
  for (ParamSpec& spec : vector_specs()) rule_specs.push_back(std::move(spec));
  std::vector<ParamSpec> preset_specs{rate_spec(), decay};
  preset_specs.insert(preset_specs.end(), rule_specs.begin(), rule_specs.end());
  std::vector<ParamSpec> torch_specs{rate_spec("1e-3", "torch's"), decay};
  for (ParamSpec& spec : matrix_specs("original", "torch's")) torch_specs.push_back(std::move(spec));

  add_rule(
      registry,
      {.name = "muon",
       .summary = "Momentum whose moves are orthogonal matrices: every direction of a layer learns alike.",
       .formula = std::string(kMuonFormula) + ";  of vectors: adamw",
       .params = preset_specs,
       .reference = kMuonReference,
       .differs =
           "PyTorch: scaling=original, vectors are refused (torch.muon), and the iteration is in bfloat16, here in "
           "the type of x; its documents write momentum without (1 - momentum), its code is as here. optax "
           "corrects the bias of m",
       .example = "muon(cosine(0.01, 1000), weight_decay=0.01)"},
      [](const Given& given) { return with_decay_and_rate(given, muon_rule(given, kMuon, true)); });
  add_rule(
      registry,
      {.name = "torch.muon",
       .summary = "The steps of torch.optim.Muon of PyTorch 2, but for its bfloat16.",
       .formula = kMuonFormula,
       .params = torch_specs,
       .reference = "PyTorch 2.9, torch.optim.Muon",
       .differs =
           "PyTorch rounds the iteration to bfloat16 (8 bits), here it is in the type of x. Vectors are refused, as "
           "there",
       .example = "torch.muon(0.02, momentum=0.9, scaling=match_rms_adamw)"},
      [](const Given& given) { return with_decay_and_rate(given, muon_rule(given, kTorchMuon, false)); });
  add_rule(registry,
           {.name = "scale_by_muon",
            .summary = "Muon's direction, without decay or a learning rate.",
            .formula = "u = scaling X of each block of several columns (see muon), adam's direction of vectors",
            .params = rule_specs,
            .reference = kMuonReference,
            .differs = "as muon",
            .example = "scale_by_muon(momentum=0.9) | scale_by_learning_rate(0.01)"},
           [](const Given& given) { return std::vector<Rule>{muon_rule(given, kMuon, true)}; });
}

}  // namespace descent::rules
