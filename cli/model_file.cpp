#include "cli/model_file.hpp"

#include "cli/tables.hpp"
#include "descent/core/error.hpp"
#include "descent/model/file.hpp"
#include "descent/model/json_model.hpp"

namespace descent::cli {

void write_model(const std::string& path, const data::Encoder& encoder, const linear::LinearModel& learner,
                 const std::string& command) {
  model::JsonWriter archive;
  archive.put_text("kind", "linear");
  archive.begin("training");
  archive.put_text("program", "descent " DESCENT_VERSION);
  archive.put_text("command", command);
  archive.put_text("status", to_text(learner.report().result.status));
  archive.put_text("reason", learner.report().result.reason);
  archive.put_integer("rows", static_cast<long long>(learner.report().rows));
  archive.end();
  archive.begin("encoder");
  encoder.save(archive);
  archive.end();
  archive.begin("learner");
  learner.save(archive);
  archive.end();
  model::write_file(path, archive.text());
}

LoadedModel read_model(const std::string& path) {
  auto archive = model::JsonReader::parse(model::read_file(path), path);
  if (const std::string kind = archive.text("kind"); kind != "linear")
    throw Error(ErrorCode::model, "holds a model of kind '" + kind + "'; this descent knows linear", path);
  LoadedModel loaded;
  archive.enter("training");
  loaded.command = archive.text("command");
  loaded.status = archive.text("status");
  archive.leave();
  archive.enter("encoder");
  loaded.encoder = data::Encoder::load(archive);
  archive.leave();
  archive.enter("learner");
  loaded.learner = linear::LinearModel::load(archive);
  archive.leave();
  if (loaded.learner->num_features() != loaded.encoder.feature_names().size())
    throw Error(ErrorCode::model,
                "the encoder makes " + std::to_string(loaded.encoder.feature_names().size()) +
                    " features, the learner takes " + std::to_string(loaded.learner->num_features()),
                path);
  return loaded;
}

std::unique_ptr<data::TableSource> open_tables(const Options& options, const data::Encoder* encoder) {
  data::CsvOptions csv = csv_options(options);
  if (encoder != nullptr) csv = encoder->read_options(csv);
  return data::open_csv_files(options.texts("DATA"), csv);
}

}  // namespace descent::cli
