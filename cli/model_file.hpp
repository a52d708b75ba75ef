// A model file: how the table was encoded, the learner, and how it was trained.
#pragma once

#include <memory>
#include <string>

#include "cli/options.hpp"
#include "descent/curve/curve_model.hpp"
#include "descent/data/csv.hpp"
#include "descent/data/encode.hpp"
#include "descent/linear/linear_model.hpp"
#include "descent/nn/mlp_model.hpp"

namespace descent::cli {

struct LoadedModel {
  data::Encoder encoder;
  std::unique_ptr<linear::LinearModel> linear;  ///< one of the three
  std::unique_ptr<nn::MlpModel> network;
  std::unique_ptr<curve::CurveModel> curve;
  std::string command;  ///< that made it
  std::string status;   ///< how its fit ended

  [[nodiscard]] const Estimator& learner() const;
  [[nodiscard]] metrics::Evaluated evaluate(BatchSource& source) const;
};

/// What a model file says besides the encoder.
struct Trained {
  std::string kind;  ///< "linear", "mlp" or "curve"
  const Estimator& learner;
  const Result& result;
  std::size_t rows = 0;
  std::string command;
};

void write_model(const std::string& path, const data::Encoder& encoder, const Trained& trained);
/// Throws: Error(system), Error(model).
[[nodiscard]] LoadedModel read_model(const std::string& path);

/// The DATA of a command: one file, or several as one table. `encoder` (or null) says which columns are text; with a
/// console reading shows its progress.
[[nodiscard]] std::unique_ptr<data::TableSource> open_tables(const Options& options,
                                                             const data::Encoder* encoder = nullptr,
                                                             Console* console = nullptr);

}  // namespace descent::cli
