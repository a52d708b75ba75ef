// Plain descent with a rate that the rule finds: distance over gradients, Polyak's step, local curvature.
#include "src/optim/rules/rate_free.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/simd/reduce.hpp"
#include "src/optim/rules/kernels.hpp"
#include "src/optim/rules/sums.hpp"

namespace descent::rules {

ParamSpec d0_spec() {
  return number_spec("d0", "1e-6", kPositive, "first estimate of ||x_0 - x*||, a lower bound of it",
                     "the authors': far below any distance that matters, and d grows in a few dozen updates");
}
ParamSpec growth_spec() {
  return number_spec("growth_rate", "0", kNotNegative, "d grows at most by this factor an update; 0 = no limit",
                     "the authors': unlimited; 1.02 acts as a warm-up");
}
double limited(double value, double before, double growth) {
  return growth > 0.0 ? std::min(value, before * growth) : value;
}

void check_growth(const Given& given) {
  if (given.bound.call("growth_rate") != nullptr) return;
  const double growth = given.bound.number("growth_rate");
  if (growth > 0.0 && growth < 1.0)
    throw Error(ErrorCode::usage, "'growth_rate' must be 0 (no limit) or at least 1: d never shrinks");
}

namespace {

/// `found` is the first scalar of every rule here; the kernel's number is that alone.
void scale_by_found(const Reference& r) {
  for (double& u : r.u) u = r.scalars[0] * u;
}

template <class T>
void add_squares(const T* from, std::size_t n, double& sum) {
  sum += simd::squared_norm(std::span(from, n));
}

// --- dog and dowg: values learning_rate, initial_move, epsilon, weighted; scalars found, distance, squares ---

Flow prepare_dog(Values, const Update& now, std::span<double>, Numbers& k) {
  k[0] = now.step == 0 ? 0.0 : 1.0;  // the first time the sum is ||x_0||^2
  return Flow::go_on;
}

void move_dog(Values v, const Update& now, const double* sums, double* distance_squares) {
  const double length = std::sqrt(sums[0]);
  double& distance = distance_squares[0];
  distance = now.step == 0 ? v[1] * (1.0 + length) : std::max(distance, length);
  const double squares = v[3] != 0.0 ? distance * distance * sums[1] : sums[1];
  distance_squares[1] = now.step == 0 ? squares + v[2] : distance_squares[1] + squares;
}

double dog_rate(Values v, const double* distance_squares) {
  const double distance = distance_squares[0];
  if (distance_squares[1] == 0.0) return 0.0;  // no gradient yet
  return v[0] * (v[3] != 0.0 ? distance * distance : distance) / std::sqrt(distance_squares[1]);
}

Flow summed_dog(Values v, const Update& now, const double* sums, std::span<double> s, Numbers& k) {
  move_dog(v, now, sums, s.data() + 1);
  k[0] = s[0] = dog_rate(v, s.data() + 1);
  return Flow::go_on;
}

template <class T>
void sum_dog(const double* k, const Elements<T>& e, double* sums) {
  std::array<T, kRuleBlock> away{}, out;
  Elements<T> all = e;
  all.slots[1] = away.data();
  all.out = out.data();
  distance_gather(k, all);
  add_squares(away.data(), e.size, sums[0]);
  add_squares(e.in, e.size, sums[1]);
}

std::array<double, 2> textbook_dog_sums(const Reference& r, std::size_t first, std::size_t size) {
  return {textbook_sum(size,
                       [&](std::size_t i) {
                         const double start = r.now.step == 0 ? 0.0 : r.slots[0][first + i];
                         return (r.x[first + i] - start) * (r.x[first + i] - start);
                       }),
          textbook_sum(size, [&](std::size_t i) { return r.u[first + i] * r.u[first + i]; })};
}

const RuleDef kDog{.name = "dog",
                   .num_slots = 1,  // x0
                   .num_scalars = 3,
                   .rate = 0,
                   .found_rate = 0,
                   .rate_free = true,
                   .x_slots = 1U,
                   .prepare = prepare_dog,
                   .num_sums = 2,  // ||x - x0||^2, ||g||^2
                   .sum64 = sum_dog<double>,
                   .sum32 = sum_dog<float>,
                   .summed = summed_dog,
                   .kernel64 = scale_elements,
                   .kernel32 = scale_elements,
                   .reference = [](const Reference& r) {
                     const std::array<double, 2> sums = textbook_dog_sums(r, 0, r.u.size());
                     Numbers unused;
                     summed_dog(r.values, r.now, sums.data(), r.scalars, unused);
                     scale_by_found(r);
                   }};

/// Each block of parameters for itself; what is reported is the largest of their rates.
template <class T>
void whole_dog(const Whole<T>& w) {
  w.scalars[0] = 0.0;
  std::size_t begin = 0;
  for (std::size_t b = 0; b < w.blocks.size(); ++b) {
    const std::size_t size = w.blocks[b].size();
    std::array<double, 2> sums{};
    parallel::reduce_rows(nullptr, size, sums, [&](std::size_t first, std::size_t stop, std::span<double> partial) {
      Elements<T> e{.in = w.u.data() + begin + first,
                    .out = nullptr,
                    .x = w.x.data() + begin + first,
                    .slots = {w.slots[0].data() + begin + first},
                    .size = stop - first,
                    .first = begin + first};
      sum_dog(w.numbers, e, partial.data());
    });
    double* own = w.scalars.data() + 1 + 2 * b;
    move_dog(w.values, w.now, sums.data(), own);
    const Numbers rate{dog_rate(w.values, own)};
    w.scalars[0] = std::max(w.scalars[0], rate[0]);
    scale_elements(rate.data(), {.in = w.u.data() + begin,
                                 .out = w.u.data() + begin,
                                 .x = w.x.data() + begin,
                                 .slots = {},
                                 .size = size,
                                 .first = begin});
    begin += size;
  }
}

const RuleDef kDogBlocks{.name = "dog",
                         .num_slots = 1,
                         .num_scalars = 1,
                         .num_block_scalars = 2,
                         .rate = 0,
                         .found_rate = 0,
                         .rate_free = true,
                         .x_slots = 1U,
                         .prepare = prepare_dog,
                         .whole64 = whole_dog<double>,
                         .whole32 = whole_dog<float>,
                         .reference = [](const Reference& r) {
                           r.scalars[0] = 0.0;
                           std::size_t begin = 0, b = 0;
                           for (const ParameterBlock& block : r.blocks) {
                             const std::array<double, 2> sums = textbook_dog_sums(r, begin, block.size());
                             double* own = r.scalars.data() + 1 + 2 * b++;
                             move_dog(r.values, r.now, sums.data(), own);
                             const double rate = dog_rate(r.values, own);
                             r.scalars[0] = std::max(r.scalars[0], rate);
                             for (std::size_t i = begin; i < begin + block.size(); ++i) r.u[i] = rate * r.u[i];
                             begin += block.size();
                           }
                         }};

ParamSpec initial_move_spec() {
  return number_spec("initial_move", "1e-6", kPositive, "length of the first move, relative to 1 + ||x_0||",
                     "the authors of dog: too short costs a few dozen updates, too long the run");
}
ParamSpec per_block_spec() {
  return flag_spec("per_block", "D and G of each block of parameters for itself (L-DoG)", "off: one rate for all");
}
std::vector<Rule> dog_rule(const Given& given, bool weighted) {
  return {Rule{.def = given.flag("per_block") ? &kDogBlocks : &kDog,
               .values = {given.rate_value(), given["initial_move"], given["epsilon"], weighted ? 1.0 : 0.0}}};
}

// --- polyak: values learning_rate, minimum, max_rate ---

Flow prepare_polyak(Values v, const Update& now, std::span<double>, Numbers&) {
  if (std::isnan(now.value))
    throw Error(ErrorCode::usage, "needs the objective's value at every update: update(gradient, x, value)", "polyak");
  const double below = v[1] - now.value;  // rounding is not a wrong bound
  if (below > 1e-9 * std::max({1.0, std::fabs(v[1]), std::fabs(now.value)}))
    throw Error(ErrorCode::usage,
                "must be at most the lowest value of the objective, got " + number_text(v[1]) + ", and the value is " +
                    number_text(now.value) + " in update " + count_text(static_cast<double>(now.step)) +
                    " (a lower bound will do)",
                "polyak: minimum");
  return Flow::go_on;
}

Flow summed_polyak(Values v, const Update& now, const double* sums, std::span<double> s, Numbers& k) {
  double rate = std::max(now.value - v[1], 0.0) / sums[0];
  if (sums[0] == 0.0) rate = 0.0;
  if (v[2] > 0.0 && rate > v[2]) rate = v[2];
  k[0] = s[0] = v[0] * rate;
  return Flow::go_on;
}

template <class T>
void sum_polyak(const double*, const Elements<T>& e, double* sums) {
  add_squares(e.in, e.size, sums[0]);
}

const RuleDef kPolyak{.name = "polyak",
                      .num_scalars = 1,
                      .rate = 0,
                      .found_rate = 0,
                      .rate_free = true,
                      .prepare = prepare_polyak,
                      .num_sums = 1,  // ||g||^2
                      .sum64 = sum_polyak<double>,
                      .sum32 = sum_polyak<float>,
                      .summed = summed_polyak,
                      .kernel64 = scale_elements,
                      .kernel32 = scale_elements,
                      .reference = [](const Reference& r) {
                        const double sum = textbook_sum(r.u.size(), [&](std::size_t i) { return r.u[i] * r.u[i]; });
                        Numbers unused;
                        summed_polyak(r.values, r.now, &sum, r.scalars, unused);
                        scale_by_found(r);
                      }};

// --- adgd: values learning_rate, first_rate; scalars found, lambda (0 before the first move), theta (0 = infinite) ---

constexpr double kFirstMove = 1e-6;  // of 1 + ||x_0||: curvature from differences keeps ten digits

/// Both slots are 0 before the first update, so the first sums are ||x_0||^2 and ||g_0||^2.
Flow summed_adgd(Values v, const Update&, const double* sums, std::span<double> s, Numbers& k) {
  const double dx = std::sqrt(sums[0]), dg = std::sqrt(sums[1]);
  if (s[1] == 0.0) {
    s[1] = v[1] > 0.0 ? v[1] : dg > 0.0 ? kFirstMove * (1.0 + dx) / dg : 0.0;
  } else {
    const double bound = dx > 0.0 && dg > 0.0 ? dx / (2.0 * dg) : std::numeric_limits<double>::infinity();
    const bool bounded = std::isfinite(bound);
    double next = s[2] == 0.0 ? (bounded ? bound : 2.0 * s[1]) : std::min(std::sqrt(1.0 + s[2]) * s[1], bound);
    if (std::isnan(sums[0]) || std::isnan(sums[1])) next = std::numeric_limits<double>::quiet_NaN();
    if (s[2] != 0.0 || bounded) s[2] = next / s[1];
    s[1] = next;
  }
  k[0] = s[0] = v[0] * s[1];
  return Flow::go_on;
}

template <class T>
void sum_adgd(const double* k, const Elements<T>& e, double* sums) {
  std::array<T, kRuleBlock> dx{}, dg{}, out;
  Elements<T> all = e;
  all.slots[2] = dx.data();
  all.slots[3] = dg.data();
  all.out = out.data();
  adgd_gather(k, all);
  add_squares(dx.data(), e.size, sums[0]);
  add_squares(dg.data(), e.size, sums[1]);
}

const RuleDef kAdgd{
    .name = "adgd",
    .num_slots = 2,  // x and g of the update before
    .num_scalars = 3,
    .rate = 0,
    .found_rate = 0,
    .rate_free = true,
    .whole_gradients = true,
    .num_sums = 2,  // ||dx||^2, ||dg||^2
    .sum64 = sum_adgd<double>,
    .sum32 = sum_adgd<float>,
    .summed = summed_adgd,
    .kernel64 = adgd_elements,
    .kernel32 = adgd_elements,
    .reference = [](const Reference& r) {
      const auto squared_change = [&](View now, const AlignedBuffer<double>& before) {
        return textbook_sum(now.size(), [&](std::size_t i) { return (now[i] - before[i]) * (now[i] - before[i]); });
      };
      const std::array<double, 2> sums{squared_change(r.x, r.slots[0]), squared_change(r.u, r.slots[1])};
      Numbers unused;
      summed_adgd(r.values, r.now, sums.data(), r.scalars, unused);
      std::copy(r.x.begin(), r.x.end(), r.slots[0].begin());
      std::copy(r.u.begin(), r.u.end(), r.slots[1].begin());
      scale_by_found(r);
    }};

}  // namespace

void add_rate_free(Registry<OptimizerMaker>& registry) {
  add_rule(
      registry,
      {.name = "dog",
       .summary = "Distance over gradients: how far it has come, over the root of all squared gradients.",
       .formula = "x = x - r D / sqrt(G) g, D = max(D, ||x - x_0||), G = G + ||g||^2; "
                  "at first D = initial_move (1 + ||x_0||), G = ||g||^2 + epsilon",
       .params = {rate_factor_spec(), initial_move_spec(),
                  number_spec("epsilon", "1e-8", kPositive, "added to G once", "the authors'"), per_block_spec()},
       .reference = "M. Ivgi, O. Hinder, Y. Carmon, \"DoG is SGD's best friend: a parameter-free dynamic step size "
                    "schedule\", ICML 2023, eq. DoG",
       .differs = "none but rounding from the authors' dog 1.0.3; they report an average of the iterates",
       .example = "dog(initial_move=1e-4)"},
      [](const Given& given) { return dog_rule(given, false); });
  add_rule(
      registry,
      {.name = "dowg",
       .summary = "Distance over weighted gradients: dog, but gradients from near the start count less.",
       .formula = "x = x - r D^2 / sqrt(G) g, D = max(D, ||x - x_0||), G = G + D^2 ||g||^2; "
                  "at first D = initial_move (1 + ||x_0||), G = D^2 ||g||^2 + epsilon",
       .params = {rate_factor_spec(), initial_move_spec(),
                  number_spec("epsilon", "0", kNotNegative, "added to G once",
                              "the paper has none; beside D^2 = 1e-12 a number to be seen would be a limit"),
                  per_block_spec()},
       .reference =
           "A. Khaled, K. Mishchenko, C. Jin, \"DoWG unleashed: an efficient universal parameter-free gradient "
           "descent method\", NeurIPS 2023, algorithm 1",
       .differs = "initial_move is relative to 1 + ||x_0||, as the authors of dog have it; the paper's r_epsilon is "
                  "absolute. Its theorems are for averages of the iterates, reported is the last one",
       .example = "dowg(initial_move=1e-4)"},
      [](const Given& given) { return dog_rule(given, true); });
  add_rule(
      registry,
      {.name = "adgd",
       .summary = "Gradient descent whose rate follows the curvature along its own path.",
       .formula = "x = x - r l g, l' = min(sqrt(1 + theta) l, ||dx|| / (2 ||dg||)), theta = l' / l; at first theta "
                  "is infinite",
       .params = {rate_factor_spec(),
                  number_spec("first_rate", "0", kNotNegative,
                              "l of the first update; 0 = a first move of 1e-6 (1 + ||x_0||)",
                              "short in any units, and long enough for ten digits of the first curvature")},
       .reference = "Y. Malitsky, K. Mishchenko, \"Adaptive gradient descent without descent\", ICML 2020, "
                    "algorithm 1",
       .differs = "the authors' code begins with l = 1e-10, whatever the units. Needs gradients of one function, "
                  "so all rows: with batches it compares two",
       .example = "adgd(first_rate=1e-3)"},
      [](const Given& given) {
        return std::vector<Rule>{Rule{.def = &kAdgd, .values = {given.rate_value(), given["first_rate"]}}};
      });
  add_rule(
      registry,
      {.name = "polyak",
       .summary = "The step that would reach the minimum if it were where the tangent says, for a known lowest value.",
       .formula = "x = x - r min((f - minimum) / ||g||^2, max_rate) g",
       .params = {rate_factor_spec(),
                  number_spec("minimum", "0", Interval{}, "lowest value of the objective, or a bound below it",
                              "that of a sum of squares, and of a model that fits all rows"),
                  number_spec("max_rate", "0", kNotNegative, "longest rate; 0 = no limit",
                              "off, as in the book; Loizou et al. limit it for noisy gradients")},
       .reference = "B. T. Polyak, \"Introduction to optimization\", 1987, section 5.3; N. Loizou, S. Vaswani, I. "
                    "Laradji, S. Lacoste-Julien, \"Stochastic Polyak step-size for SGD\", AISTATS 2021, eq. 3",
       .differs = "Loizou et al.'s c is 1 / r",
       .example = "polyak(minimum=0.5)"},
      [](const Given& given) {
        return std::vector<Rule>{
            Rule{.def = &kPolyak, .values = {given.rate_value(), given["minimum"], given["max_rate"]}}};
      });
}

}  // namespace descent::rules
