// From a table as people keep it to number columns with roles, the same way at fit and at predict.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "descent/core/archive.hpp"
#include "descent/core/batch_source.hpp"
#include "descent/core/estimator.hpp"
#include "descent/data/csv.hpp"

namespace descent::data {

enum class TargetKind {
  automatic,  ///< a text target makes classes, a number target a regression
  number,
  classes,  ///< numbers too: sorted by value, named by their shortest text
};

enum class MissingPolicy {
  error,  ///< refuse, naming the first place
  drop,   ///< leave such rows out (when predicting: features are NaN, and so is the prediction)
  mean,   ///< numbers: the mean of the rows fitted on; text: no level. Rows without a target are dropped
};

enum class OneHot {
  full,  ///< a column for every level: the literal meaning, symmetric under a penalty, as scikit-learn and pandas do
  drop_first,  ///< none for the first level, whose effect goes into the intercept: unique coefficients without a
               ///< penalty
};

struct EncodeOptions {
  std::string target{};                 ///< empty = no target
  std::vector<std::string> features{};  ///< empty = every column but target and weight
  std::string weight{};                 ///< column of sample weights, >= 0; empty = none
  TargetKind target_kind = TargetKind::automatic;
  std::vector<std::string> categorical{};  ///< number columns whose values are names of levels
  MissingPolicy missing = MissingPolicy::error;
  OneHot one_hot = OneHot::full;
  std::size_t max_levels = 1000;  ///< of one text column; more are refused
};

/// What was left out or made up; for remarks on standard error. Counts belong to the last whole pass.
struct EncodeReport {
  struct Note {
    std::string column;
    std::string text;
  };
  std::vector<Note>
      left_out;  ///< columns not used, each with why ("not in the model", "681 different texts in 891 rows")
  std::vector<Note> rounded;          ///< columns with whole numbers that no double can hold, and where the first is
  std::vector<std::string> constant;  ///< encoded features with one value only
  std::uint64_t rows = 0;             ///< handed on
  std::uint64_t rows_dropped = 0;     ///< for a missing value
  std::uint64_t values_imputed = 0;
  std::uint64_t unseen_levels = 0;  ///< values of text features that were not there at fit: no level is set
  std::string first_unseen;         ///< `'cut': "Superb"`
};

/// How a column of the file becomes encoded columns.
struct ColumnEncoding {
  std::string column;
  bool categorical = false;
  bool from_numbers = false;          ///< levels are number_text of values
  std::vector<std::string> levels{};  ///< sorted; empty for a number
  double mean = 0.0;                  ///< of the present values, for MissingPolicy::mean
};

class Encoder;

struct ApplyOptions {
  bool with_target = true;     ///< the target column must be there; otherwise none is handed on
  bool with_weight = true;     ///< the same for the weight column
  bool keep_all_rows = false;  ///< one row out for each row in (predict)
};

/// Columns: encoded features, then target (classes: codes with `levels`), then weight. Keeps a reference to the source.
class EncodedSource final : public BatchSource {
 public:
  EncodedSource(const Encoder& encoder, BatchSource& source, ApplyOptions options);
  ~EncodedSource() override;
  [[nodiscard]] const Schema& schema() const override;
  bool next(Batch& batch) override;
  void rewind() override;
  [[nodiscard]] std::string name() const override;
  [[nodiscard]] double progress() const override;
  [[nodiscard]] const EncodeReport& report() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Learned from rows, kept in the model file.
class Encoder {
 public:
  Encoder() = default;

  /// One pass over `source`, from the first row; leaves it rewound.
  /// Throws: Error(usage) for columns that are not there (with "did you mean"), a column with two roles, no features
  /// left; Error(data) with the place for missing values under MissingPolicy::error, for text in a column that is
  /// nearly all numbers (unless it is listed as categorical), for more levels than max_levels, for one class only, for
  /// a negative weight.
  [[nodiscard]] static Encoder fit(BatchSource& source, EncodeOptions options);

  /// The rows of `source`, encoded; columns are found by name, in any order, others are reported and left alone.
  /// Throws: Error(data) naming all columns that are missing, with "did you mean". `source` must outlive the result.
  [[nodiscard]] std::unique_ptr<EncodedSource> apply(BatchSource& source, ApplyOptions options = {}) const;

  /// `base` with the columns that must be read as text. Use it to open the file that apply() is to read.
  [[nodiscard]] CsvOptions read_options(CsvOptions base = {}) const;

  /// Encoded features in order: `bmi`, `cut=Fair`.
  [[nodiscard]] const std::vector<std::string>& feature_names() const { return feature_names_; }
  [[nodiscard]] const std::vector<ColumnEncoding>& inputs() const { return inputs_; }
  [[nodiscard]] const EncodeOptions& options() const { return options_; }
  [[nodiscard]] const std::string& target() const { return options_.target; }
  [[nodiscard]] const std::string& weight() const { return options_.weight; }
  /// Sorted; empty for a number target.
  [[nodiscard]] const std::vector<std::string>& classes() const { return classes_; }
  /// The target was a number column: classes are sorted by value and named by their shortest text.
  [[nodiscard]] bool classes_from_numbers() const { return classes_from_numbers_; }
  [[nodiscard]] Task task() const;
  /// Of the pass that fitted it; not saved.
  [[nodiscard]] const EncodeReport& report() const { return report_; }

  void save(ArchiveWriter& archive) const;
  /// Throws: Error(model).
  [[nodiscard]] static Encoder load(ArchiveReader& archive);

 private:
  friend class EncoderFit;
  void name_features();

  EncodeOptions options_;
  std::vector<ColumnEncoding> inputs_;
  std::vector<std::string> feature_names_;
  std::vector<std::string> classes_;
  bool classes_from_numbers_ = false;
  EncodeReport report_;
};

}  // namespace descent::data
