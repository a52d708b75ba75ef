#include <utility>

#include "src/optim/method_entries.hpp"

namespace descent {
namespace {

ParamSpec rate_spec(const char* why) {
  return {.name = "learning_rate",
          .kind = ParamKind::number,
          .default_text = "auto",
          .interval = {.low = 0.0, .low_open = true, .high_open = true},
          .meaning =
              "r, the same in every update; L is the largest curvature along the gradients of all batches at the "
              "start, raised by 4 in every later epoch",
          .why = why,
          .allows_auto = true};
}

ParamSpec inner_epochs_spec(const char* why) {
  return {.name = "inner_epochs",
          .kind = ParamKind::integer,
          .default_text = "1",
          .interval = {.low = 1, .high = 1000},
          .meaning = "passes over the batches from one whole gradient to the next",
          .why = why};
}

OptimizerMaker maker(Method method) {
  return [method](const Call&, const BoundArguments& bound) {
    Optimizer result(method);
    if (!bound.is_auto("learning_rate")) result.learning_rate = bound.number("learning_rate");
    if (method != Method::saga) result.inner_epochs = static_cast<std::size_t>(bound.integer("inner_epochs"));
    return result;
  };
}

}  // namespace

void add_variance_reduced(Registry<OptimizerMaker>& registry) {
  const auto add = [&](Method method, Entry entry) {
    entry.kind = "optimizer";
    registry.add(std::move(entry), maker(method));
  };
  add(Method::svrg,
      {.name = "svrg",
       .summary = "Stochastic gradients corrected by a whole one: exact minima of sums over rows, in batches, with a "
                  "constant rate.",
       .formula = "x = x - r (s (g_B(x) - g_B(z)) + g(z)), s = K |B| / n for K batches of n rows; z = x before every "
                  "`inner_epochs` passes",
       .params =
           {rate_spec(
                "1 / (2 L): fewest passes on eight sums, stable there to 1 / L; the paper proves it below 1 / (4 L)"),
            inner_epochs_spec("fewest passes to a gap of 1e-10 on seven of eight sums; the paper takes 2")},
       .reference = "R. Johnson, T. Zhang, \"Accelerating stochastic gradient descent using predictive variance "
                    "reduction\", NeurIPS 2013",
       .differs = "batches come from a fresh order of the rows, without replacement; z is the last point (the paper's "
                  "option I); s keeps a smaller last batch from counting as much as the others",
       .example = "svrg(0.1)"});
  add(Method::saga,
      {.name = "saga",
       .summary = "Stochastic gradients corrected by the last of the same rows: exact minima of sums over rows, in "
                  "batches, with a constant rate; keeps a gradient for each batch.",
       .formula = "x = x - r (s_j (g_j(x) - y_j) + sum_k (|B_k| / n) y_k), then y_j = g_j(x); s_j = K |B_j| / n for K "
                  "fixed groups of rows B_j",
       .params = {rate_spec("1 / (3 L), the paper's")},
       .reference = "A. Defazio, F. Bach, S. Lacoste-Julien, \"SAGA: a fast incremental gradient method with support "
                    "for non-strongly convex composite objectives\", NeurIPS 2014",
       .differs = "the groups are visited in a fresh order every epoch, without replacement; a penalty is part of g_j, "
                  "there is no proximal map",
       .example = "saga"});
  add(Method::sarah,
      {.name = "sarah",
       .summary = "A whole gradient carried along by the changes that batches see: exact minima of sums over rows, in "
                  "batches, with a constant rate.",
       .formula = "x = x - r v, v = v + s (g_B(x) - g_B(x_before)), s = K |B| / n for K batches of n rows; v = g(x) "
                  "before every `inner_epochs` passes",
       .params = {rate_spec("1 / (2 L): fewest passes on eight sums; the paper's loops contract below 1 / L"),
                  inner_epochs_spec(
                      "fewest passes to a gap of 1e-10 on seven of eight sums: v shrinks as it is carried on")},
       .reference = "L. M. Nguyen, J. Liu, K. Scheinberg, M. Takac, \"SARAH: a novel method for machine learning "
                    "problems using stochastic recursive gradient\", ICML 2017",
       .differs =
           "a loop goes on from the last point, not from one drawn among all; batches come from a fresh order of "
           "the rows, without replacement",
       .example = "sarah(0.1, inner_epochs=2)"});
}

bool is_variance_reduced(Method method) {
  return method == Method::svrg || method == Method::saga || method == Method::sarah;
}

}  // namespace descent
