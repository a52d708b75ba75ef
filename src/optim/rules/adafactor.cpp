// Adam's second moment from the sums of rows and columns alone.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <string>

#include "descent/core/elementary.hpp"
#include "src/optim/rules/entries.hpp"
#include "src/optim/rules/matrix.hpp"
#include "src/optim/rules/norm.hpp"

namespace descent::rules {
namespace {

// What values stand for.
enum { kRate, kBeta2Decay, kEpsilon1, kEpsilon2, kClipping, kWeightDecay, kRelativeStep, kScaleParameter, kInSquares };
constexpr double kMachineEpsilon = -1.0;  // epsilon1=auto

Flow prepare_adafactor(Values v, const Update& now, std::span<double>, Numbers& k) {
  const double t = static_cast<double>(now.step) + 1.0;
  k[0] = math::pow(t, -v[kBeta2Decay]);  // 1 - beta2
  k[1] = v[kRelativeStep] != 0.0 ? std::min(v[kRate], 1.0 / std::sqrt(t)) : v[kRate];
  return Flow::go_on;
}

std::size_t slot_size(std::span<const ParameterBlock> blocks, Values, std::size_t) {
  std::size_t total = 0;
  for (const ParameterBlock& block : blocks) total += is_matrix(block) ? block.rows + block.columns : block.rows;
  return total;
}

/// The sum of n terms in 16 lanes.
template <class Term>
double lane_sum(std::size_t n, const Term& term) {
  std::array<double, 16> lane{};
  std::size_t i = 0;
  for (; i + 16 <= n; i += 16)
    for (std::size_t l = 0; l < 16; ++l) lane[l] += term(i + l);
  for (std::size_t l = 0; i + l < n; ++l) lane[l] += term(i + l);
  for (std::size_t width = 8; width > 0; width /= 2)
    for (std::size_t l = 0; l < width; ++l) lane[l] += lane[l + width];
  return lane[0];
}

/// g / sqrt(v), and 0 where nothing was ever seen.
template <class T>
T quotient(T g, T v) {
  return v == T(0) ? T(0) : g / std::sqrt(v);
}

template <class T>
void adafactor(const Whole<T>& w) {
  const double fresh = w.numbers[0];
  const bool in_squares = w.values[kInSquares] != 0.0;
  const double epsilon1 = w.values[kEpsilon1] == kMachineEpsilon
                              ? static_cast<double>(std::numeric_limits<T>::epsilon())
                              : w.values[kEpsilon1];
  const double added = in_squares ? epsilon1 : 0.0;
  const T old = static_cast<T>(1.0 - fresh), least = static_cast<T>(in_squares ? 0.0 : epsilon1 * epsilon1);
  T* state = w.slots[0].data();
  std::vector<double> columns;
  for_each_block(w.blocks, [&](const ParameterBlock& block, std::size_t first) {
    const std::size_t rows = block.rows, width = block.columns;
    T* g = w.u.data() + first;
    const T* x = w.x.data() + first;
    const double count = static_cast<double>(block.size());
    double length = w.numbers[1];
    if (w.values[kScaleParameter] != 0.0)
      length *= std::max(w.values[kEpsilon2], norm(std::span<const T>(x, block.size())) / std::sqrt(count));

    if (is_matrix(block)) {
      T *row = state, *column = state + rows;
      columns.assign(width, 0.0);
      for (std::size_t i = 0; i < rows; ++i) {
        const T* gi = g + i * width;
        const auto square = [&](std::size_t j) {
          const double value = static_cast<double>(gi[j]);
          return value * value + added;
        };
        const double mean = lane_sum(width, square) / static_cast<double>(width);
        for (std::size_t j = 0; j < width; ++j) columns[j] += square(j);
        row[i] = normal_or_zero(old * row[i] + static_cast<T>(fresh * mean));
      }
      for (std::size_t j = 0; j < width; ++j)
        column[j] = normal_or_zero(old * column[j] + static_cast<T>(fresh * (columns[j] / static_cast<double>(rows))));
      double mean =
          lane_sum(rows, [&](std::size_t i) { return static_cast<double>(row[i]); }) / static_cast<double>(rows);
      if (!in_squares && mean < epsilon1) mean = epsilon1;
      for (std::size_t i = 0; i < rows; ++i) {
        const T share = mean == 0.0 ? T(0) : row[i] / static_cast<T>(mean);
        T* gi = g + i * width;
        for (std::size_t j = 0; j < width; ++j) {
          const T v = share * column[j];
          gi[j] = quotient(gi[j], v < least ? least : v);
        }
      }
      state += rows + width;
    } else {
      for (std::size_t i = 0; i < rows; ++i) {
        const double value = static_cast<double>(g[i]);
        state[i] = normal_or_zero(old * state[i] + static_cast<T>(fresh * (value * value + added)));
        g[i] = quotient(g[i], state[i] < least ? least : state[i]);
      }
      state += rows;
    }

    const double rms = norm(std::span<const T>(g, block.size())) / std::sqrt(count);
    const T factor = static_cast<T>(length / std::max(1.0, rms / w.values[kClipping]));
    const T decay = static_cast<T>(w.values[kRate] * w.values[kWeightDecay]);
    for (std::size_t i = 0; i < block.size(); ++i) g[i] = factor * g[i] + decay * x[i];
  });
}

/// Algorithm 4 (matrices) and 5 (vectors), with torch's place for epsilon1 as the other choice.
void textbook_adafactor(const Reference& r) {
  const double t = static_cast<double>(r.now.step + 1), fresh = math::pow(t, -r.values[kBeta2Decay]);
  const double beta2 = 1.0 - fresh;
  double epsilon1 = r.values[kEpsilon1];
  if (epsilon1 == kMachineEpsilon) epsilon1 = std::numeric_limits<double>::epsilon();
  const bool in_squares = r.values[kInSquares] != 0.0;
  double rho = r.values[kRate];
  if (r.values[kRelativeStep] != 0.0) rho = std::min(rho, 1.0 / std::sqrt(t));
  std::size_t at = 0, kept = 0;
  for (const ParameterBlock& block : r.blocks) {
    const std::size_t rows = block.rows, columns = block.columns, size = rows * columns;
    const MutableView g = r.u.subspan(at, size);
    const View x = r.x.subspan(at, size);
    std::vector<double> squares(size), v(size);
    for (std::size_t i = 0; i < size; ++i) squares[i] = g[i] * g[i] + (in_squares ? epsilon1 : 0.0);
    if (columns > 1) {
      const std::span<double> row = r.slots[0].view().subspan(kept, rows);
      const std::span<double> column = r.slots[0].view().subspan(kept + rows, columns);
      for (std::size_t i = 0; i < rows; ++i) {
        const double sum = lane_sum(columns, [&](std::size_t j) { return squares[i * columns + j]; });
        row[i] = beta2 * row[i] + fresh * (sum / static_cast<double>(columns));
      }
      for (std::size_t j = 0; j < columns; ++j) {
        double sum = 0.0;
        for (std::size_t i = 0; i < rows; ++i) sum += squares[i * columns + j];
        column[j] = beta2 * column[j] + fresh * (sum / static_cast<double>(rows));
      }
      double mean = lane_sum(rows, [&](std::size_t i) { return row[i]; }) / static_cast<double>(rows);
      if (!in_squares) mean = std::max(mean, epsilon1);
      for (std::size_t i = 0; i < size; ++i) v[i] = mean == 0.0 ? 0.0 : (row[i / columns] / mean) * column[i % columns];
      kept += rows + columns;
    } else {
      for (std::size_t i = 0; i < size; ++i) {
        double& s = r.slots[0][kept + i];
        s = beta2 * s + fresh * squares[i];
        v[i] = s;
      }
      kept += rows;
    }
    const double n = static_cast<double>(size);
    double alpha = rho;
    if (r.values[kScaleParameter] != 0.0) alpha *= std::max(r.values[kEpsilon2], reference_norm(x) / std::sqrt(n));
    for (std::size_t i = 0; i < size; ++i) {
      if (!in_squares) v[i] = std::max(v[i], epsilon1 * epsilon1);
      g[i] = v[i] == 0.0 ? 0.0 : g[i] / std::sqrt(v[i]);
    }
    const double clipped = alpha / std::max(1.0, (reference_norm(g) / std::sqrt(n)) / r.values[kClipping]);
    const double decay = r.values[kRate] * r.values[kWeightDecay];
    for (std::size_t i = 0; i < size; ++i) g[i] = clipped * g[i] + decay * x[i];
    at += size;
  }
}

const RuleDef kAdafactor{.name = "adafactor",
                         .num_slots = 1,
                         .rate = kRate,
                         .scale_free = true,
                         .slot_size = slot_size,
                         .prepare = prepare_adafactor,
                         .whole64 = adafactor<double>,
                         .whole32 = adafactor<float>,
                         .reference = textbook_adafactor};

ParamSpec on_spec(std::string name, std::string meaning, std::string why) {
  ParamSpec spec = flag_spec(std::move(name), std::move(meaning), std::move(why));
  spec.default_text = "true";
  return spec;
}
ParamSpec adafactor_rate() { return rate_spec("0.01", "the paper's largest relative step; torch's"); }
ParamSpec beta2_decay_spec() {
  return number_spec("beta2_decay", "0.8", kNotNegative, "c, where beta2 = 1 - t^-c",
                     "the paper's: the mean of squares gets longer as the run does");
}
ParamSpec epsilon2_spec() {
  return number_spec("epsilon2", "1e-3", kNotNegative, "least root mean square of x that the step is measured by",
                     "the paper's");
}
ParamSpec clipping_spec() {
  return number_spec("clipping_threshold", "1",
                     {.low = 1.0, .high = std::numeric_limits<double>::infinity(), .high_open = true},
                     "d: largest root mean square of the quotient", "the paper's");
}
const char* const kAdafactorReference =
    "N. Shazeer, M. Stern, \"Adafactor: adaptive learning rates with sublinear memory cost\", ICML 2018, algorithms 4 "
    "to 6";

Hyper rate_of(const Given& given) {
  return {bound_schedule(given.bound, "learning_rate"), "learning_rate", kNotNegative};
}

}  // namespace

void add_adafactor(Registry<OptimizerMaker>& registry) {
  add_rule(
      registry,
      {.name = "adafactor",
       .summary = "Adam without a mean of gradients whose squares are kept as one number a row and one a column.",
       .formula =
           "of each block of several columns: R = beta2 R + (1 - beta2) mean over columns of (g^2 + epsilon1), C the "
           "same "
           "over rows, v = R C / mean(R); of vectors: v = beta2 v + (1 - beta2) (g^2 + epsilon1);  u = g / sqrt(v), "
           "u = u / max(1, rms(u) / clipping_threshold), x = x - max(epsilon2, rms(x)) min(r, 1 / sqrt(t)) u - r "
           "weight_decay x;  beta2 = 1 - t^-beta2_decay",
       .params = {adafactor_rate(),
                  beta2_decay_spec(),
                  number_spec("epsilon1", "1e-30", kNotNegative, "keeps the quotient finite; see epsilon_placement",
                              "the paper's"),
                  epsilon2_spec(),
                  clipping_spec(),
                  weight_decay_spec("0", "pull of every parameter towards 0, times r", "off: the paper has none"),
                  on_spec("relative_step", "no step beyond 1 / sqrt(t); false: r as it is", "the paper's"),
                  on_spec("scale_parameter", "steps are measured by the block's root mean square", "the paper's"),
                  {.name = "epsilon_placement",
                   .kind = ParamKind::choice,
                   .default_text = "squares",
                   .choices = {"squares", "clamp"},
                   .meaning = "epsilon1 is added to every square, or is the least mean(R) and the least sqrt(v)",
                   .why = "the paper's; clamp is torch's"}},
       .reference = kAdafactorReference,
       .differs = "PyTorch: epsilon_placement=clamp (torch.adafactor), beta2_decay there is -c; optax: weight_decay is "
                  "not scaled by r, and only "
                  "dimensions >= 128 are factored. A block of one column is a vector. No momentum: put ema behind it",
       .example = "adafactor(0.01, beta2_decay=0.8, weight_decay=0.01)"},
      [](const Given& given) {
        const auto flag = [&](const char* name) { return Hyper(given.flag(name) ? 1.0 : 0.0); };
        return std::vector<Rule>{
            {.def = &kAdafactor,
             .values = {rate_of(given), given["beta2_decay"], given["epsilon1"], given["epsilon2"],
                        given["clipping_threshold"], given["weight_decay"], flag("relative_step"),
                        flag("scale_parameter"), given.choice("epsilon_placement") == "squares" ? 1.0 : 0.0}}};
      });
  ParamSpec epsilon1 =
      number_spec("epsilon1", "auto", kNotNegative,
                  "least mean(R), and its square the least v; auto: the machine epsilon of x's type", "torch's None");
  epsilon1.allows_auto = true;
  add_rule(
      registry,
      {.name = "torch.adafactor",
       .summary = "The steps of torch.optim.Adafactor of PyTorch 2, to rounding.",
       .formula =
           "R, C and beta2 as adafactor without its epsilon1: v = R C / max(mean(R), epsilon1), u = g / max(sqrt(v), "
           "epsilon1), x = x - r weight_decay x - max(epsilon2, rms(x)) min(r, 1 / sqrt(t)) u / max(1, rms(u) / "
           "clipping_threshold)",
       .params = {adafactor_rate(), beta2_decay_spec(), epsilon1, epsilon2_spec(), clipping_spec(),
                  weight_decay_spec("0", "pull of every parameter towards 0, times r", "torch's")},
       .reference = "PyTorch 2, torch.optim.Adafactor",
       .differs = "beta2_decay there is -c; a block of one column is a vector, and 0 / 0 (epsilon1=0 where g was "
                  "always 0) is 0, not NaN",
       .example = "torch.adafactor(0.05, weight_decay=0.1)"},
      [](const Given& given) {
        return std::vector<Rule>{
            {.def = &kAdafactor,
             .values = {rate_of(given), given["beta2_decay"],
                        given.bound.is_auto("epsilon1") ? Hyper(kMachineEpsilon) : given["epsilon1"], given["epsilon2"],
                        given["clipping_threshold"], given["weight_decay"], 1.0, 1.0, 0.0}}};
      });
}

}  // namespace descent::rules
