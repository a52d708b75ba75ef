// What the generators are called, what they take and where they come from.
#include "src/data/generators.hpp"

namespace descent::data {
namespace {

ParamSpec features_param(const char* default_text) {
  return {.name = "features",
          .kind = ParamKind::integer,
          .default_text = default_text,
          .interval = {.low = 1, .high = 1e6},
          .meaning = "columns x1, x2, ... (one alone is called x)",
          .why = "what can be drawn as a picture"};
}

}  // namespace

Entry line_entry() {
  return {
      .name = "line",
      .kind = "generator",
      .summary = "Points around a line",
      .formula = "y = intercept + slope x + noise z, x uniform in [low, high)",
      .params =
          {{.name = "slope",
            .default_text = "3",
            .meaning = "of the line",
            .why = "the line 4 + 3 x of most tutorials"},
           {.name = "intercept",
            .default_text = "4",
            .meaning = "of the line",
            .why = "the line 4 + 3 x of most tutorials"},
           {.name = "noise",
            .default_text = "1",
            .interval = {.low = 0},
            .meaning = "factor of z",
            .why = "as in those tutorials"},
           {.name = "low", .default_text = "0", .meaning = "smallest x", .why = "x = 2 rand() in those tutorials"},
           {.name = "high", .default_text = "2", .meaning = "largest x", .why = "x = 2 rand() in those tutorials"},
           {.name = "spacing",
            .kind = ParamKind::choice,
            .default_text = "random",
            .choices = {"random", "even"},
            .meaning = "x drawn, or even steps from low to high, both among them (nothing is drawn for x)",
            .why = "as in those tutorials"},
           {.name = "noise_shape",
            .kind = ParamKind::choice,
            .default_text = "normal",
            .choices = {"normal", "uniform"},
            .meaning = "z standard normal, or uniform in [0, 1)",
            .why = "as in those tutorials"}},
      .reference =
          "the numbers of np.random.seed(S); X = 2 * np.random.rand(n, 1); y = 4 + 3 * X + np.random.randn(n, 1)",
      .example = "line(slope=2, noise=0.5)",
  };
}

Entry blobs_entry() {
  return {
      .name = "blobs",
      .kind = "generator",
      .summary = "Round clouds of points, one for each class",
      .formula = "x = centre + spread z, centres uniform in [-box, box)",
      .params = {{.name = "centers",
                  .kind = ParamKind::integer,
                  .default_text = "3",
                  .interval = {.low = 1, .high = 1e6},
                  .meaning = "clouds, which are the classes 0, 1, ... of `label`",
                  .why = "as in scikit-learn"},
                 features_param("2"),
                 {.name = "spread",
                  .default_text = "1",
                  .interval = {.low = 0},
                  .meaning = "standard deviation of a cloud",
                  .why = "as in scikit-learn"},
                 {.name = "box",
                  .default_text = "10",
                  .interval = {.low = 0},
                  .meaning = "half the side of the box of centres",
                  .why = "as in scikit-learn"},
                 {.name = "shuffle",
                  .kind = ParamKind::flag,
                  .default_text = "true",
                  .meaning = "rows in random order",
                  .why = "as in scikit-learn"}},
      .reference =
          "with --stream numpy the rows of scikit-learn's make_blobs(rows, features, centers=, cluster_std=, "
          "center_box=, random_state=seed)",
      .example = "blobs(centers=4, spread=0.5)",
  };
}

Entry regression_entry() {
  return {
      .name = "regression",
      .kind = "generator",
      .summary = "A linear model of normal features with noise",
      .formula = "y = bias + X c + noise z, c = 100 u for `informative` features and 0 for the others",
      .params =
          {features_param("1"),
           {.name = "informative",
            .kind = ParamKind::integer,
            .default_text = "10",
            .interval = {.low = 0, .high = 1e6},
            .meaning = "features with a coefficient (all of them when there are fewer)",
            .why = "as in scikit-learn"},
           {.name = "noise",
            .default_text = "10",
            .interval = {.low = 0},
            .meaning = "standard deviation of what is added to y",
            .why = "enough to be seen beside coefficients of 0 to 100"},
           {.name = "bias", .default_text = "0", .meaning = "y where all features are 0", .why = "as in scikit-learn"},
           {.name = "shuffle",
            .kind = ParamKind::flag,
            .default_text = "true",
            .meaning = "rows and features in random order",
            .why = "as in scikit-learn"}},
      .reference =
          "with --stream numpy scikit-learn's make_regression(rows, features, n_informative=, noise=, bias=, "
          "random_state=seed); y to rounding, its sums are a BLAS's",
      .example = "regression(features=5, informative=2, noise=20)",
  };
}

Entry normal_entry() {
  return {
      .name = "normal",
      .kind = "generator",
      .summary = "Independent normal numbers",
      .formula = "x = mean + deviation z",
      .params = {features_param("2"),
                 {.name = "mean", .default_text = "0", .meaning = "of every column", .why = "standard normal"},
                 {.name = "deviation",
                  .default_text = "1",
                  .interval = {.low = 0},
                  .meaning = "standard deviation of every column",
                  .why = "standard normal"}},
      .reference = "with --stream numpy the numbers of np.random.seed(S); np.random.randn(rows, features)",
      .example = "normal(features=3)",
  };
}

}  // namespace descent::data
