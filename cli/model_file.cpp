#include "cli/model_file.hpp"

#include "cli/tables.hpp"
#include "descent/core/error.hpp"
#include "descent/model/file.hpp"
#include "descent/model/json_model.hpp"

namespace descent::cli {

const Estimator& LoadedModel::learner() const {
  if (linear != nullptr) return *linear;
  if (curve != nullptr) return *curve;
  return *network;
}

metrics::Evaluated LoadedModel::evaluate(BatchSource& source) const {
  if (linear != nullptr) return linear->evaluate(source);
  return curve != nullptr ? curve->evaluate(source) : network->evaluate(source);
}

void write_model(const std::string& path, const data::Encoder& encoder, const Trained& trained) {
  model::JsonWriter archive;
  archive.put_text("kind", trained.kind);
  archive.begin("training");
  archive.put_text("program", "descent " DESCENT_VERSION);
  archive.put_text("command", trained.command);
  archive.put_text("status", to_text(trained.result.status));
  archive.put_text("reason", trained.result.reason);
  archive.put_integer("rows", static_cast<long long>(trained.rows));
  archive.end();
  archive.begin("encoder");
  encoder.save(archive);
  archive.end();
  archive.begin("learner");
  trained.learner.save(archive);
  archive.end();
  model::write_file(path, archive.text());
}

LoadedModel read_model(const std::string& path) {
  auto archive = model::JsonReader::parse(model::read_file(path), path);
  const std::string kind = archive.text("kind");
  if (kind != "linear" && kind != "mlp" && kind != "curve")
    throw Error(ErrorCode::model, "holds a model of kind '" + kind + "'; this descent knows linear, mlp and curve",
                path);
  LoadedModel loaded;
  archive.enter("training");
  loaded.command = archive.text("command");
  loaded.status = archive.text("status");
  archive.leave();
  archive.enter("encoder");
  loaded.encoder = data::Encoder::load(archive);
  archive.leave();
  archive.enter("learner");
  if (kind == "linear") {
    loaded.linear = linear::LinearModel::load(archive);
  } else if (kind == "curve") {
    loaded.curve = curve::CurveModel::load(archive);
  } else {
    loaded.network = nn::MlpModel::load(archive);
  }
  archive.leave();
  if (loaded.learner().num_features() != loaded.encoder.feature_names().size())
    throw Error(ErrorCode::model,
                "the encoder makes " + std::to_string(loaded.encoder.feature_names().size()) +
                    " features, the learner takes " + std::to_string(loaded.learner().num_features()),
                path);
  return loaded;
}

std::unique_ptr<data::TableSource> open_tables(const Options& options, const data::Encoder* encoder, Console* console) {
  data::CsvOptions csv = csv_options(options, console);
  if (encoder != nullptr) csv = encoder->read_options(csv);
  return data::open_csv_files(options.texts("DATA"), csv);
}

}  // namespace descent::cli
