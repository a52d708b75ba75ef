// What is done to each block of parameters (or each row of it) for itself.
#include <algorithm>
#include <array>
#include <cmath>

#include "src/optim/rules/entries.hpp"
#include "src/optim/rules/kernels.hpp"
#include "src/optim/rules/norm.hpp"

namespace descent::rules {
namespace {

/// Calls work(first, size) for every block; or for its units: rows of a matrix, a vector as a whole.
template <class Work>
void for_each_block(std::span<const ParameterBlock> blocks, Work work) {
  std::size_t first = 0;
  for (const ParameterBlock& block : blocks) {
    work(first, block.size());
    first += block.size();
  }
}
template <class Work>
void for_each_unit(std::span<const ParameterBlock> blocks, Work work) {
  std::size_t first = 0;
  for (const ParameterBlock& block : blocks) {
    const std::size_t units = block.columns > 1 ? block.rows : 1, size = block.columns > 1 ? block.columns : block.rows;
    for (std::size_t i = 0; i < units; ++i) work(first + i * size, size);
    first += block.size();
  }
}
template <class T>
void multiply(std::span<T> u, double factor) {
  for (T& value : u) value = static_cast<T>(factor) * value;
}

// Each of these is the factor of a block from its norm; `values` are the rule's.
double norm_factor(double norm, double max_norm) { return norm > max_norm ? max_norm / norm : 1.0; }
double rms_factor(double norm, std::size_t size, double max_rms) {
  const double rms = norm / std::sqrt(static_cast<double>(size));
  return rms > max_rms ? max_rms / rms : 1.0;
}
double adaptive_factor(double norm, double norm_of_x, Values v) {
  const double limit = v[0] * std::max(norm_of_x, v[1]);
  return norm > limit ? limit / norm : 1.0;
}

template <class T>
void clip_block_norm(const Whole<T>& w) {
  for_each_block(w.blocks, [&](std::size_t first, std::size_t size) {
    const std::span<T> u = w.u.subspan(first, size);
    const double factor = norm_factor(norm(std::span<const T>(u)), w.values[0]);
    if (factor < 1.0) multiply(u, factor);
  });
}
void reference_block_norm(const Reference& r) {
  for_each_block(r.blocks, [&](std::size_t first, std::size_t size) {
    const double factor = norm_factor(reference_norm(r.u.subspan(first, size)), r.values[0]);
    if (factor < 1.0)
      for (double& u : r.u.subspan(first, size)) u = factor * u;
  });
}

template <class T>
void clip_block_rms(const Whole<T>& w) {
  for_each_block(w.blocks, [&](std::size_t first, std::size_t size) {
    const std::span<T> u = w.u.subspan(first, size);
    const double factor = rms_factor(norm(std::span<const T>(u)), size, w.values[0]);
    if (factor < 1.0) multiply(u, factor);
  });
}
void reference_block_rms(const Reference& r) {
  for_each_block(r.blocks, [&](std::size_t first, std::size_t size) {
    const double factor = rms_factor(reference_norm(r.u.subspan(first, size)), size, r.values[0]);
    if (factor < 1.0)
      for (double& u : r.u.subspan(first, size)) u = factor * u;
  });
}

template <class T>
void clip_adaptively(const Whole<T>& w) {
  for_each_unit(w.blocks, [&](std::size_t first, std::size_t size) {
    const std::span<T> u = w.u.subspan(first, size);
    const double factor = adaptive_factor(norm(std::span<const T>(u)), norm(w.x.subspan(first, size)), w.values);
    if (factor < 1.0) multiply(u, factor);
  });
}
void reference_adaptive(const Reference& r) {
  for_each_unit(r.blocks, [&](std::size_t first, std::size_t size) {
    const double norm_of_x = reference_norm(r.x.subspan(first, size));
    const double factor = adaptive_factor(reference_norm(r.u.subspan(first, size)), norm_of_x, r.values);
    if (factor < 1.0)
      for (double& u : r.u.subspan(first, size)) u = factor * u;
  });
}

/// The mean of a row; sums have the shape of simd::sum.
template <class T>
double mean(std::span<const T> row) {
  std::array<double, simd::kVirtualLanes> lane{};
  for (std::size_t i = 0; i < row.size(); ++i) lane[i % lane.size()] += static_cast<double>(row[i]);
  for (std::size_t width = lane.size() / 2; width > 0; width /= 2)
    for (std::size_t i = 0; i < width; ++i) lane[i] += lane[i + width];
  return lane[0] / static_cast<double>(row.size());
}
template <class T>
void centralize(const Whole<T>& w) {
  std::size_t first = 0;
  for (const ParameterBlock& block : w.blocks) {
    for (std::size_t i = 0; block.columns > 1 && i < block.rows; ++i) {
      const std::span<T> row = w.u.subspan(first + i * block.columns, block.columns);
      const T m = static_cast<T>(mean(std::span<const T>(row)));
      for (T& u : row) u = u - m;
    }
    first += block.size();
  }
}

double reciprocal(double norm) { return norm > 0x1p-1020 ? 1.0 / norm : 1.0; }

template <class T>
void zero_elements(const double*, const Elements<T>& e) {
  std::fill_n(e.out, e.size, T(0));
}

const RuleDef kClipByBlockNorm{.name = "clip_by_block_norm",
                               .whole64 = clip_block_norm<double>,
                               .whole32 = clip_block_norm<float>,
                               .reference = reference_block_norm};
const RuleDef kClipByBlockRms{.name = "clip_by_block_rms",
                              .whole64 = clip_block_rms<double>,
                              .whole32 = clip_block_rms<float>,
                              .reference = reference_block_rms};
const RuleDef kAdaptiveClip{.name = "adaptive_clip",
                            .whole64 = clip_adaptively<double>,
                            .whole32 = clip_adaptively<float>,
                            .reference = reference_adaptive};
const RuleDef kCentralize{.name = "centralize",
                          .whole64 = centralize<double>,
                          .whole32 = centralize<float>,
                          .reference = [](const Reference& r) {
                            std::size_t first = 0;
                            for (const ParameterBlock& block : r.blocks) {
                              for (std::size_t i = 0; block.columns > 1 && i < block.rows; ++i) {
                                const MutableView row = r.u.subspan(first + i * block.columns, block.columns);
                                const double m = simd::sum(row) / static_cast<double>(block.columns);
                                for (double& u : row) u = u - m;
                              }
                              first += block.size();
                            }
                          }};
const RuleDef kNormalize{.name = "normalize",
                         .scale_free = true,
                         .num_sums = kNumRanges,
                         .sum64 = sum_squares<double>,
                         .sum32 = sum_squares<float>,
                         .summed =
                             [](Values, const Update&, const double* sums, std::span<double>, Numbers& k) {
                               k[0] = reciprocal(norm_of(sums));
                               return Flow::go_on;
                             },
                         .kernel64 = scale_elements,
                         .kernel32 = scale_elements,
                         .reference =
                             [](const Reference& r) {
                               const double factor = reciprocal(reference_norm(r.u));
                               for (double& u : r.u) u = factor * u;
                             }};
const RuleDef kFreeze{.name = "freeze",
                      .kernel64 = zero_elements<double>,
                      .kernel32 = zero_elements<float>,
                      .reference = [](const Reference& r) { std::fill(r.u.begin(), r.u.end(), 0.0); }};

template <const RuleDef& def>
void add_transform(Registry<OptimizerMaker>& registry, Entry entry) {
  add_rule(registry, std::move(entry), [](const Given& given) {
    Rule rule{.def = &def, .values = {}};
    for (const ParamSpec& spec : given.entry.params) rule.values.push_back(given[spec.name.c_str()]);
    return std::vector<Rule>{rule};
  });
}

}  // namespace

void add_block_transforms(Registry<OptimizerMaker>& registry) {
  add_transform<kClipByBlockNorm>(registry,
                                  {.name = "clip_by_block_norm",
                                   .summary = "Shortens every block of parameters to max_norm if it is longer.",
                                   .formula = "u_B = u_B min(1, max_norm / ||u_B||_2) for every block B",
                                   .params = {number_spec("max_norm", "", kPositive, "largest length of a block",
                                                          "only the problem's units say it")},
                                   .reference = "Keras, the optimizers' clipnorm; TensorFlow, clip_by_norm",
                                   .differs = "without blocks the vector is one, and this is clip_by_global_norm",
                                   .example = "clip_by_block_norm(1) | adam(0.01)"});
  add_transform<kClipByBlockRms>(
      registry,
      {.name = "clip_by_block_rms",
       .summary = "Scales every block down to a root mean square of at most max_rms.",
       .formula = "u_B = u_B / max(1, rms(u_B) / max_rms) for every block B",
       .params = {number_spec("max_rms", "", kPositive, "largest root mean square of a block",
                              "it depends on what stands in front; adafactor takes 1")},
       .reference = "N. Shazeer, M. Stern, \"Adafactor: adaptive learning rates with sublinear memory cost\", "
                    "ICML 2018, section 6",
       .differs = "none from optax",
       .example = "scale_by_adam | clip_by_block_rms(1) | scale_by_learning_rate(0.01)"});
  add_transform<kAdaptiveClip>(
      registry,
      {.name = "adaptive_clip",
       .summary = "Shortens the gradient of every unit to a part of the unit's own length.",
       .formula = "for every row G of a matrix W, or vector as a whole: if ||G|| > c then G = c G / ||G||, "
                  "c = max_ratio max(||W||, epsilon)",
       .params = {number_spec("max_ratio", "0.01", kPositive, "largest ||G|| / ||W||",
                              "the paper's for batches of 4096; smaller batches want more"),
                  number_spec("epsilon", "1e-3", kPositive, "smallest ||W|| that counts",
                              "the paper's: parameters that start at 0 can move")},
       .reference =
           "A. Brock, S. De, S. L. Smith, K. Simonyan, \"High-performance large-scale image recognition without "
           "normalization\", ICML 2021, eq. 3",
       .differs = "units are rows: optax stores matrices (in, out), so its units are columns",
       .example = "adaptive_clip(0.1) | adam(0.01)"});
  add_transform<kCentralize>(
      registry, {.name = "centralize",
                 .summary = "Takes the mean of every row of every matrix away from it.",
                 .formula = "G = G - mean(G) for every row G of a matrix; vectors stay",
                 .params = {},
                 .reference = "H. Yong, J. Huang, X. Hua, L. Zhang, \"Gradient centralization: a new optimization "
                              "technique for deep neural networks\", ECCV 2020, eq. 1",
                 .differs = "none from optax.centralize",
                 .example = "centralize | sgd(0.01)"});
  add_transform<kNormalize>(registry,
                            {.name = "normalize",
                             .summary = "Gives the whole vector the length 1.",
                             .formula = "u = u / ||u||_2; 0 stays 0",
                             .params = {},
                             .reference = "Y. Nesterov, \"Introductory lectures on convex optimization\", 2004, "
                                          "section 3.2.3, eq. 3.2.9",
                             .differs = "none from optax.normalize_by_update_norm with eps 0",
                             .example = "normalize | sgd(cosine(0.1, 1000))"});
  add_rule(registry,
           {.name = "freeze",
            .summary = "Sets what comes in to 0 for some parameters, by name.",
            .formula = "u_B = 0 for the blocks B with that name (see only), else for parameters called so",
            .params = {{.name = "name",
                        .kind = ParamKind::word,
                        .default_text = "",
                        .interval = {},
                        .meaning = "of blocks or parameters; freeze(a) | freeze(b) for two",
                        .why = "somebody has to be named"}},
            .reference = "optax, masked with set_to_zero",
            .differs = "optax takes a mask in place of names. In front of a chain the rules behind see a gradient of "
                       "0, and decay still pulls; at its end the "
                       "parameters do not move at all",
            .example = "adamw(0.01) | freeze(intercept)"},
           [](const Given& given) {
             return std::vector<Rule>{Rule{
                 .def = &kFreeze, .values = {}, .custom = {}, .restrictions = {{.names = {given.choice("name")}}}}};
           });
}

}  // namespace descent::rules
