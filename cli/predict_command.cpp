// `descent predict MODEL DATA...` and `descent evaluate MODEL DATA...`.
#include <algorithm>
#include <cmath>

#include "cli/commands.hpp"
#include "cli/curve_rows.hpp"
#include "cli/files.hpp"
#include "cli/fit_command.hpp"
#include "cli/model_file.hpp"
#include "cli/output.hpp"
#include "cli/tables.hpp"
#include "descent/core/error.hpp"
#include "descent/core/text.hpp"

namespace descent::cli {
namespace {

void print_notes(const data::EncodeReport& report, Console& console) {
  constexpr std::size_t kShown = 20;
  for (std::size_t i = 0; i < std::min(report.left_out.size(), kShown); ++i)
    console.err << "column '" << printable(report.left_out[i].column)
                << "' left alone: " << printable(report.left_out[i].text) << '\n';
  if (report.left_out.size() > kShown)
    console.err << "and " << count_text(static_cast<double>(report.left_out.size() - kShown))
                << " more columns left alone\n";
  if (report.unseen_levels > 0)
    console.err << counted(report.unseen_levels, "value") << " that the model has not seen ("
                << printable(report.first_unseen) << (report.unseen_levels == 1 ? ")" : ", ...)")
                << (report.unseen_levels == 1 ? ": it counts" : ": they count") << " as none of its levels\n";
  if (report.values_imputed > 0)
    console.err << counted(report.values_imputed, "missing value") << (report.values_imputed == 1 ? " was" : " were")
                << " filled in\n";
}

/// One line for each row: the prediction, and with --probabilities those of the classes.
class Predictor {
 public:
  Predictor(const LoadedModel& model, bool with_probabilities)
      : learner_(model.learner()),
        classes_(model.learner().classes()),
        scores_(learner_.num_scores()),
        probabilities_(classes_.size()) {
    with_probabilities_ = with_probabilities;
  }

  [[nodiscard]] std::string header(const std::string& target) const {
    std::vector<std::string> fields{(target.empty() ? "prediction" : target)};
    if (with_probabilities_)
      for (const std::string& name : classes_) fields.push_back("probability:" + name);
    return data::csv_line(fields);
  }

  [[nodiscard]] std::string line(const double* row) {
    const MatrixView features{row, 1, learner_.num_features(), learner_.num_features()};
    for (std::size_t j = 0; j < features.columns; ++j)
      if (std::isnan(row[j]))
        return data::csv_line(std::vector<std::string>(1 + (with_probabilities_ ? classes_.size() : 0)));
    learner_.decision_function(features, scores_);
    if (!std::all_of(scores_.begin(), scores_.end(), [](double score) { return std::isfinite(score); }) &&
        ++not_finite_ == 1)
      first_not_finite_.assign(row, row + features.columns);
    if (classes_.empty()) return data::csv_line({number_text(scores_[0])});
    std::size_t best = 0;
    if (scores_.size() == 1) {
      best = scores_[0] > 0 ? 1 : 0;
    } else {
      for (std::size_t k = 1; k < scores_.size(); ++k)
        if (scores_[k] > scores_[best]) best = k;
    }
    std::vector<std::string> fields{classes_[best]};
    if (with_probabilities_) {
      if (!learner_.probabilities(features, probabilities_))
        throw Error(ErrorCode::usage, "this model has no probabilities: its loss is no log_loss", "--probabilities");
      for (const double p : probabilities_) fields.push_back(number_text(p));
    }
    return data::csv_line(fields);
  }

  /// Rows whose values, none missing, gave a prediction that is not finite.
  [[nodiscard]] std::size_t not_finite() const { return not_finite_; }
  /// The features of the first of them.
  [[nodiscard]] View first_not_finite() const { return first_not_finite_; }

 private:
  const Estimator& learner_;
  const std::vector<std::string>& classes_;
  std::vector<double> scores_, probabilities_;
  bool with_probabilities_ = false;
  std::size_t not_finite_ = 0;
  std::vector<double> first_not_finite_;
};

/// `: the values are too large for the model's coefficients`, or for a curve the part of its formula.
std::string why_not_finite(const LoadedModel& model, View features) {
  if (model.curve == nullptr) return ": the values are too large for the model's coefficients";
  const std::vector<std::string>& names = model.curve->curve().inputs;
  std::vector<std::string> values;
  for (std::size_t j = 0; j < names.size(); ++j) values.push_back(names[j] + "=" + number_text(features[j]));
  const auto part = model.curve->find_not_finite(features);
  return (part ? ": " + part->text + " is " + number_text(part->value) + " at " : " at ") + join(values);
}

int run_predict(const Options& options, Console& console) {
  const std::string output = options.text("output");
  require_writable(output, "-o");
  const LoadedModel model = read_model(options.text("MODEL"));
  if (options.flag("probabilities") && model.learner().classes().empty())
    throw Error(ErrorCode::usage, "this model predicts numbers: it has no classes, and so no probabilities of them",
                "--probabilities");
  const auto source = open_tables(options, &model.encoder, &console);
  const auto rows = model.encoder.apply(*source, {.with_target = false, .with_weight = false, .keep_all_rows = true});
  Predictor predictor(model, options.flag("probabilities"));
  Output out(output, console);
  std::string text = predictor.header(model.encoder.target());
  const std::size_t num_features = model.learner().num_features();
  std::vector<double> row(num_features);
  std::string first_place;
  Batch batch;
  while (rows->next(batch)) {
    for (std::size_t i = 0; i < batch.num_rows; ++i) {
      for (std::size_t j = 0; j < num_features; ++j) row[j] = batch.columns[j].numbers[i];
      const std::size_t before = predictor.not_finite();
      text += predictor.line(row.data());
      if (before == 0 && predictor.not_finite() == 1) {
        const Place place = source->place(i, 0);
        first_place = to_text(Place{.file = place.file, .line = place.line, .column = 0, .name = {}});
      }
    }
    out.write(text);
    text.clear();
    if (!out.wanted()) return kDone;
  }
  out.write(text);
  out.commit();
  if (predictor.not_finite() > 0)
    console.err << counted(predictor.not_finite(), "prediction") << " not finite, "
                << (predictor.not_finite() > 1 ? "the first " : "") << "at " << first_place
                << why_not_finite(model, predictor.first_not_finite()) << '\n';
  if (!options.flag("quiet")) print_notes(rows->report(), console);
  return kDone;
}

int run_evaluate(const Options& options, Console& console) {
  const LoadedModel model = read_model(options.text("MODEL"));
  const auto source = open_tables(options, &model.encoder, &console);
  const bool formula_left = model.curve != nullptr && !model.curve->curve().plain_response();
  const auto rows = model.encoder.apply(*source, {.with_target = true, .with_weight = false});
  const auto table = formula_left ? rows_to_evaluate(model, *source) : nullptr;
  const metrics::Evaluated evaluated = formula_left ? model.curve->evaluate(*table) : model.evaluate(*rows);
  const std::size_t num_rows = formula_left ? table->size() : rows->report().rows;
  if (options.flag("json")) {
    console.out << Json{{"command", "evaluate"},
                        {"model", options.text("MODEL")},
                        {"task", to_text(model.learner().task())},
                        {"rows", num_rows},
                        {"metrics", evaluated_json(evaluated, model.learner().classes())}}
                       .dump(2)
                << '\n';
  } else {
    console.out << counted(num_rows, "row") << " of " << source->name()
                << (formula_left ? ", in " + model.curve->curve().response_text : "") << '\n';
    print_evaluated(evaluated, model.learner().classes(), console.out);
  }
  if (options.flag("quiet")) return kDone;
  data::EncodeReport report = rows->report();
  if (formula_left)
    std::erase_if(report.left_out, [&](const auto& note) {
      const auto& names = model.curve->curve().response_columns;
      return std::find(names.begin(), names.end(), note.column) != names.end();
    });
  print_notes(report, console);
  return kDone;
}

std::vector<OptionSpec> common_options() {
  return {{.name = "MODEL", .meaning = "A model file that fit wrote", .required = true, .file = FileUse::input},
          {.name = "DATA",
           .placeholder = "FILE...",
           .meaning = "One or more csv files with the same columns, read as one table (gz too; - is standard input)",
           .many = true,
           .required = true,
           .file = FileUse::input},
          {.name = "quiet", .kind = OptionKind::flag, .meaning = "No remarks", .letter = 'q'}};
}

}  // namespace

Command predict_command() {
  std::vector<OptionSpec> options = common_options();
  options.push_back({.name = "output",
                     .placeholder = "FILE",
                     .meaning = "Where to write; - is standard output",
                     .default_text = "-",
                     .letter = 'o',
                     .file = FileUse::output});
  options.push_back(
      {.name = "probabilities", .kind = OptionKind::flag, .meaning = "Add a column for the probability of each class"});
  for (OptionSpec& option : reading_options()) options.push_back(std::move(option));
  return {.name = "predict",
          .summary = "Predict the rows of csv files with a model",
          .description =
              "Predict the rows of csv files with a model. Columns are found by name, in any order; one line comes "
              "out for every row that goes in.",
          .options = std::move(options),
          .examples = {"descent predict diabetes.json data/diabetes.csv | head"},
          .run = run_predict};
}

Command evaluate_command() {
  std::vector<OptionSpec> options = common_options();
  options.push_back(
      {.name = "json", .kind = OptionKind::flag, .meaning = "One JSON object on standard output", .group = "Output"});
  for (OptionSpec& option : reading_options()) options.push_back(std::move(option));
  return {.name = "evaluate",
          .summary = "Compare a model's predictions with the truth in csv files",
          .description = {},
          .options = std::move(options),
          .examples = {"descent evaluate iris.json data/iris.csv"},
          .run = run_evaluate};
}

}  // namespace descent::cli
