#include "src/data/generators.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "src/data/row_order.hpp"

namespace descent::data {
namespace {

std::vector<std::string> feature_names(std::size_t count) {
  if (count == 1) return {"x"};
  std::vector<std::string> names;
  for (std::size_t i = 1; i <= count; ++i) names.push_back("x" + std::to_string(i));
  return names;
}

/// Draws that belong to rows, `per_row` to each, from where `draws` stands; in order, or in any where the stream can.
class RowDraws {
 public:
  RowDraws(const Draws& draws, std::uint64_t per_row)
      : draws_(draws.clone()), first_(draws.position()), per_row_(per_row) {}
  Draws& at(std::uint64_t row) {
    if (first_) draws_->seek(*first_ + row * per_row_);
    return *draws_;
  }

 private:
  std::unique_ptr<Draws> draws_;
  std::optional<std::uint64_t> first_;
  std::uint64_t per_row_;
};

/// Makes row `row` of the table before it is put in random order.
using MakeRow = std::function<void(std::uint64_t row, std::span<double> values)>;

class Generated final : public RowGenerator {
 public:
  Generated(std::vector<std::string> names, std::uint64_t rows, MakeRow make) : make_(std::move(make)) {
    names_ = std::move(names);
    rows_ = rows;
  }
  void remark(std::string text) { remarks_.push_back(std::move(text)); }

  /// In random order, which `draws` gives after everything the rows have drawn.
  void shuffle(Draws& draws) {
    if (draws.position()) {
      order_.emplace(rows_, draws);
      return;
    }
    kept_.resize(rows_ * names_.size());
    for (std::uint64_t row = 0; row < rows_; ++row)
      make_(row, std::span(kept_).subspan(row * names_.size(), names_.size()));
    kept_order_ = draws.permutation(rows_);
  }
  /// Columns in another order, the last `fixed` of them in their places.
  void move_columns(std::vector<std::size_t> from) {
    from_ = std::move(from);
    unmoved_.resize(names_.size());
  }

  void next(std::span<double> row) override {
    const std::uint64_t place = next_++;
    const std::span<double> made = from_.empty() ? row : std::span<double>(unmoved_);
    if (kept_.empty()) {
      make_(order_ ? (*order_)(place) : place, made);
    } else {
      std::copy_n(kept_.begin() + static_cast<std::ptrdiff_t>(kept_order_[place] * names_.size()), names_.size(),
                  made.begin());
    }
    if (from_.empty()) return;
    for (std::size_t j = 0; j < row.size(); ++j) row[j] = made[j < from_.size() ? from_[j] : j];
  }

 private:
  MakeRow make_;
  std::optional<RowOrder> order_;
  std::vector<double> kept_;  // shape = [rows x names]
  std::vector<std::size_t> kept_order_;
  std::vector<std::size_t> from_;
  std::vector<double> unmoved_;
  std::uint64_t next_ = 0;
};

void refuse_large_shuffles(const GenerateOptions& options, std::uint64_t columns) {
  if (options.stream == DrawStream::descent || options.rows <= kMaxShuffledNumbers / columns) return;
  throw Error(ErrorCode::usage,
              "rows in the random order of numpy or Python are kept in memory, at most " +
                  count_text(static_cast<double>(kMaxShuffledNumbers)) + " numbers; got " +
                  count_text(static_cast<double>(options.rows)) + " rows of " + std::to_string(columns) +
                  " (take --shuffle false, or --stream descent)",
              "rows");
}

}  // namespace

// x first, all of it, then the noise: X = 2 * rand(n, 1); y = 4 + 3 * X + randn(n, 1).
std::unique_ptr<RowGenerator> make_line(const BoundArguments& arguments, const GenerateOptions& options) {
  const double slope = arguments.number("slope"), intercept = arguments.number("intercept"),
               noise = arguments.number("noise");
  const double low = arguments.number("low"), high = arguments.number("high");
  if (high < low)
    throw Error(ErrorCode::usage, "must not be below low = " + number_text(low) + ", got " + number_text(high),
                "line: high");
  const bool even = arguments.choice("spacing") == "even", uniform = arguments.choice("noise_shape") == "uniform";
  const std::uint64_t rows = options.rows;
  const double step = rows > 1 ? (high - low) / static_cast<double>(rows - 1) : 0.0;

  const auto draws = make_draws(options.stream, options.seed);
  const auto places = std::make_shared<RowDraws>(*draws, 1);
  if (!even) draws->skip_uniforms(rows);
  const auto noises = std::make_shared<RowDraws>(*draws, 1);
  auto table = std::make_unique<Generated>(
      std::vector<std::string>{"x", "y"}, rows, [=](std::uint64_t row, std::span<double> values) {
        values[0] = even ? low + static_cast<double>(row) * step : low + (high - low) * places->at(row).uniform();
        Draws& z = noises->at(row);
        values[1] = intercept + slope * values[0] + noise * (uniform ? z.uniform() : z.normal());
      });
  table->remark("intercept " + number_text(intercept) + ", slope " + number_text(slope));
  return table;
}

// The centres row by row, then the points centre by centre and row by row, then one permutation.
std::unique_ptr<RowGenerator> make_blobs(const BoundArguments& arguments, const GenerateOptions& options) {
  const auto num_centers = static_cast<std::size_t>(arguments.integer("centers"));
  const auto num_features = static_cast<std::size_t>(arguments.integer("features"));
  const double spread = arguments.number("spread"), box = arguments.number("box");
  const bool shuffle = arguments.flag("shuffle");
  if (shuffle) refuse_large_shuffles(options, num_features + 1);

  const auto draws = make_draws(options.stream, options.seed);
  std::vector<std::vector<double>> centers(num_centers, std::vector<double>(num_features));
  std::vector<std::string> remarks;
  for (auto& center : centers) {
    std::vector<std::string> shown;
    for (double& value : center) {
      value = -box + 2.0 * box * draws->uniform();
      shown.push_back(number_text(value, 6));
    }
    if (remarks.size() < 20) remarks.push_back("center " + std::to_string(remarks.size()) + ": " + join(shown));
  }
  // The first `larger` clouds have one point more than the others.
  const std::uint64_t rows = options.rows, size = rows / num_centers, larger = rows % num_centers;
  const auto points = std::make_shared<RowDraws>(*draws, num_features);
  std::vector<std::string> names = feature_names(num_features);
  names.push_back("label");
  auto table = std::make_unique<Generated>(
      std::move(names), rows, [=, centers = std::move(centers)](std::uint64_t row, std::span<double> values) {
        const std::uint64_t in_larger = larger * (size + 1);
        const std::uint64_t c = row < in_larger ? row / (size + 1) : larger + (row - in_larger) / size;
        Draws& z = points->at(row);
        for (std::size_t j = 0; j < num_features; ++j) values[j] = centers[c][j] + spread * z.normal();
        values[num_features] = static_cast<double>(c);
      });
  for (std::string& text : remarks) table->remark(std::move(text));
  if (shuffle) {
    draws->skip_normals(rows * num_features);
    table->shuffle(*draws);
  }
  return table;
}

// X row by row, the true coefficients, the noise, a permutation of the rows, one of the columns.
std::unique_ptr<RowGenerator> make_regression(const BoundArguments& arguments, const GenerateOptions& options) {
  const auto num_features = static_cast<std::size_t>(arguments.integer("features"));
  const std::size_t informative = std::min(num_features, static_cast<std::size_t>(arguments.integer("informative")));
  const double noise = arguments.number("noise"), bias = arguments.number("bias");
  const bool shuffle = arguments.flag("shuffle");
  if (shuffle) refuse_large_shuffles(options, num_features + 1);

  const std::uint64_t rows = options.rows;
  const auto draws = make_draws(options.stream, options.seed);
  const auto features = std::make_shared<RowDraws>(*draws, num_features);
  draws->skip_normals(rows * num_features);
  std::vector<double> coefficients(num_features);
  for (std::size_t j = 0; j < informative; ++j) coefficients[j] = 100.0 * draws->uniform();
  const auto noises = std::make_shared<RowDraws>(*draws, 1);
  std::vector<std::string> names = feature_names(num_features);
  names.push_back("y");
  auto table = std::make_unique<Generated>(std::move(names), rows, [=](std::uint64_t row, std::span<double> values) {
    Draws& x = features->at(row);
    for (std::size_t j = 0; j < num_features; ++j) values[j] = x.normal();
    double y = 0.0;
    for (std::size_t j = 0; j < num_features; ++j) y += values[j] * coefficients[j];
    y += bias;
    if (noise > 0.0) y += noise * noises->at(row).normal();
    values[num_features] = y;
  });
  if (shuffle) {
    if (noise > 0.0) draws->skip_normals(rows);
    table->shuffle(*draws);
    const std::vector<std::size_t> from = draws->permutation(num_features);
    std::vector<double> moved;
    for (const std::size_t j : from) moved.push_back(coefficients[j]);
    coefficients = std::move(moved);
    table->move_columns(from);
  }
  std::vector<std::string> shown;
  for (std::size_t j = 0; j < std::min<std::size_t>(num_features, 20); ++j)
    shown.push_back(number_text(coefficients[j], 6));
  table->remark("coefficients " + join(shown));
  return table;
}

// Row by row, randn(rows, features).
std::unique_ptr<RowGenerator> make_normal(const BoundArguments& arguments, const GenerateOptions& options) {
  const auto num_features = static_cast<std::size_t>(arguments.integer("features"));
  const double mean = arguments.number("mean"), deviation = arguments.number("deviation");
  const auto numbers = std::make_shared<RowDraws>(*make_draws(options.stream, options.seed), num_features);
  return std::make_unique<Generated>(feature_names(num_features), options.rows,
                                     [=](std::uint64_t row, std::span<double> values) {
                                       Draws& z = numbers->at(row);
                                       for (double& value : values) value = mean + deviation * z.normal();
                                     });
}

}  // namespace descent::data
