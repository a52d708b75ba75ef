#include "descent/data/generate.hpp"

#include <algorithm>
#include <utility>

#include "descent/core/text.hpp"
#include "descent/data/csv.hpp"

namespace descent::data {
namespace {

std::vector<std::string> feature_names(std::size_t count) {
  if (count == 1) return {"x"};
  std::vector<std::string> names;
  for (std::size_t i = 1; i <= count; ++i) names.push_back("x" + std::to_string(i));
  return names;
}

void apply_order(std::vector<double>& column, const std::vector<std::size_t>& order) {
  std::vector<double> moved;
  moved.reserve(order.size());
  for (const std::size_t from : order) moved.push_back(column[from]);
  column = std::move(moved);
}

ParamSpec features_param(const char* default_text) {
  return {.name = "features",
          .kind = ParamKind::integer,
          .default_text = default_text,
          .interval = {.low = 1, .high = 1e6},
          .meaning = "columns x1, x2, ... (one alone is called x)",
          .why = "what can be drawn as a picture"};
}

// --- line: x first, all of it, then the noise: X = 2 * rand(n, 1); y = 4 + 3 * X + randn(n, 1).

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

GeneratedTable draw_line(const BoundArguments& arguments, std::size_t rows, Draws& draws) {
  const double slope = arguments.number("slope"), intercept = arguments.number("intercept"),
               noise = arguments.number("noise");
  const double low = arguments.number("low"), high = arguments.number("high");
  if (high < low)
    throw Error(ErrorCode::usage, "must not be below low = " + number_text(low) + ", got " + number_text(high),
                "line: high");
  const bool even = arguments.choice("spacing") == "even", uniform = arguments.choice("noise_shape") == "uniform";

  std::vector<double> x(rows), y(rows);
  const double step = rows > 1 ? (high - low) / static_cast<double>(rows - 1) : 0.0;
  for (std::size_t i = 0; i < rows; ++i)
    x[i] = even ? low + static_cast<double>(i) * step : low + (high - low) * draws.uniform();
  for (std::size_t i = 0; i < rows; ++i)
    y[i] = intercept + slope * x[i] + noise * (uniform ? draws.uniform() : draws.normal());
  return {{"x", "y"},
          {std::move(x), std::move(y)},
          {"intercept " + number_text(intercept) + ", slope " + number_text(slope)}};
}

// --- blobs: the centres row by row, then the points centre by centre and row by row, then one permutation.

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

GeneratedTable draw_blobs(const BoundArguments& arguments, std::size_t rows, Draws& draws) {
  const auto num_centers = static_cast<std::size_t>(arguments.integer("centers"));
  const auto num_features = static_cast<std::size_t>(arguments.integer("features"));
  const double spread = arguments.number("spread"), box = arguments.number("box");

  GeneratedTable table{feature_names(num_features), std::vector<std::vector<double>>(num_features + 1), {}};
  table.names.push_back("label");
  std::vector<std::vector<double>> centers(num_centers, std::vector<double>(num_features));
  for (auto& center : centers) {
    std::vector<std::string> shown;
    for (double& value : center) {
      value = -box + 2.0 * box * draws.uniform();
      shown.push_back(number_text(value, 6));
    }
    if (table.remarks.size() < 20)
      table.remarks.push_back("center " + std::to_string(table.remarks.size()) + ": " + join(shown));
  }
  for (std::size_t c = 0; c < num_centers; ++c) {
    const std::size_t size = rows / num_centers + (c < rows % num_centers ? 1 : 0);
    for (std::size_t i = 0; i < size; ++i) {
      for (std::size_t j = 0; j < num_features; ++j)
        table.columns[j].push_back(centers[c][j] + spread * draws.normal());
      table.columns[num_features].push_back(static_cast<double>(c));
    }
  }
  if (arguments.flag("shuffle")) {
    const auto order = draws.permutation(rows);
    for (auto& column : table.columns) apply_order(column, order);
  }
  return table;
}

// --- regression: X row by row, the true coefficients, the noise, a permutation of the rows, one of the columns.

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

GeneratedTable draw_regression(const BoundArguments& arguments, std::size_t rows, Draws& draws) {
  const auto num_features = static_cast<std::size_t>(arguments.integer("features"));
  const std::size_t informative = std::min(num_features, static_cast<std::size_t>(arguments.integer("informative")));
  const double noise = arguments.number("noise"), bias = arguments.number("bias");

  std::vector<std::vector<double>> features(num_features, std::vector<double>(rows));
  for (std::size_t i = 0; i < rows; ++i)
    for (auto& feature : features) feature[i] = draws.normal();
  std::vector<double> coefficients(num_features);
  for (std::size_t j = 0; j < informative; ++j) coefficients[j] = 100.0 * draws.uniform();
  std::vector<double> y(rows, 0.0);
  for (std::size_t j = 0; j < num_features; ++j)
    for (std::size_t i = 0; i < rows; ++i) y[i] += features[j][i] * coefficients[j];
  for (double& value : y) value += bias;
  if (noise > 0.0)
    for (double& value : y) value += noise * draws.normal();
  if (arguments.flag("shuffle")) {
    const auto order = draws.permutation(rows);
    for (auto& feature : features) apply_order(feature, order);
    apply_order(y, order);
    const auto places = draws.permutation(num_features);
    std::vector<std::vector<double>> moved(num_features);
    for (std::size_t j = 0; j < num_features; ++j) moved[j] = std::move(features[places[j]]);
    features = std::move(moved);
    apply_order(coefficients, places);
  }
  std::vector<std::string> shown;
  for (std::size_t j = 0; j < std::min<std::size_t>(num_features, 20); ++j)
    shown.push_back(number_text(coefficients[j], 6));
  GeneratedTable table{feature_names(num_features), std::move(features), {"coefficients " + join(shown)}};
  table.names.push_back("y");
  table.columns.push_back(std::move(y));
  return table;
}

// --- normal: row by row, randn(rows, features).

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

GeneratedTable draw_normal(const BoundArguments& arguments, std::size_t rows, Draws& draws) {
  const auto num_features = static_cast<std::size_t>(arguments.integer("features"));
  const double mean = arguments.number("mean"), deviation = arguments.number("deviation");
  GeneratedTable table{
      feature_names(num_features), std::vector<std::vector<double>>(num_features, std::vector<double>(rows)), {}};
  for (std::size_t i = 0; i < rows; ++i)
    for (auto& column : table.columns) column[i] = mean + deviation * draws.normal();
  return table;
}

}  // namespace

const Registry<Generator>& generator_registry() {
  static const Registry<Generator> registry = [] {
    Registry<Generator> all("generator");
    all.add(line_entry(), draw_line);
    all.add(blobs_entry(), draw_blobs);
    all.add(regression_entry(), draw_regression);
    all.add(normal_entry(), draw_normal);
    return all;
  }();
  return registry;
}

GeneratedTable generate(const Call& call, const GenerateOptions& options) {
  const auto& generator = generator_registry().at(call.name);
  const BoundArguments arguments = bind(generator.entry, call);
  if (options.rows == 0) throw Error(ErrorCode::usage, "allowed >= 1, got 0", "rows");
  const auto draws = make_draws(options.stream, options.seed);
  return generator.item(arguments, options.rows, *draws);
}

DrawStream parse_draw_stream(std::string_view text) {
  const std::vector<std::string> names = {"descent", "numpy", "python"};
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end())
    throw Error(ErrorCode::usage, "allowed " + join(names) + ", got " + quoted(text) + did_you_mean(text, names),
                "stream");
  return static_cast<DrawStream>(found - names.begin());
}

std::string to_csv(const GeneratedTable& table) {
  std::string text = csv_line(table.names);
  const std::size_t rows = table.columns.empty() ? 0 : table.columns.front().size();
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      text += number_text(table.columns[i][row]);
      text += i + 1 < table.columns.size() ? ',' : '\n';
    }
  }
  return text;
}

MemorySource to_source(const GeneratedTable& table) { return number_table(table.names, table.columns); }

}  // namespace descent::data
