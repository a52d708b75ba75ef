// A network in a model file.
#include <algorithm>
#include <cmath>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/nn/mlp_model.hpp"
#include "descent/simd/reduce.hpp"

namespace descent::nn {
namespace {

constexpr Task kTasks[] = {Task::regression, Task::binary, Task::multiclass};
[[noreturn]] void damaged(const std::string& what) { throw Error(ErrorCode::model, what, "mlp"); }

void put(ArchiveWriter& archive, const char* section, const Standardization& standardization) {
  if (!standardization.active()) return;
  archive.begin(section);
  archive.put_numbers("means", standardization.means);
  archive.put_numbers("scales", standardization.scales);
  archive.end();
}

Standardization get(ArchiveReader& archive, const char* section, std::size_t size) {
  if (!archive.has(section)) return {};
  archive.enter(section);
  Standardization result{.means = archive.numbers("means"), .scales = archive.numbers("scales")};
  archive.leave();
  if (result.means.size() != size || result.scales.size() != size)
    damaged(std::string("section ") + section + " is not of " + std::to_string(size) + " columns");
  if (!simd::all_finite(result.means) || !simd::all_finite(result.scales) ||
      std::any_of(result.scales.begin(), result.scales.end(), [](double s) { return !(s > 0.0); }))
    damaged(std::string("section ") + section + " holds a scale that is not a number above 0");
  return result;
}

}  // namespace

void MlpModel::save(ArchiveWriter& archive) const {
  archive.begin("mlp");
  archive.put_text("task", to_text(report_.task));
  archive.put_text("loss", report_.loss_text);
  archive.put_text("activation", to_text(report_.shape.activation));
  archive.put_numbers("widths", std::vector<double>(report_.shape.widths.begin(), report_.shape.widths.end()));
  archive.put_texts("feature_names", report_.feature_names);
  archive.put_texts("classes", report_.classes);
  put(archive, "inputs", inputs_);
  put(archive, "target", target_);
  archive.begin("parameters");
  std::size_t at = 0;
  for (const ParameterBlock& block : report_.shape.parameter_blocks()) {
    archive.put_numbers(block.name, network_.parameters().subspan(at, block.size()));
    at += block.size();
  }
  archive.end();
  archive.begin("training");
  archive.put_text("status", to_text(report_.result.status));
  archive.put_text("reason", report_.result.reason);
  archive.put_text("optimizer", report_.result.optimizer);
  archive.put_text("initialization", to_text(report_.initialization));
  archive.put_text("penalty", report_.penalty_text);
  archive.put_integer("batch_size", static_cast<long long>(report_.batch_size));
  archive.put_integer("rows", static_cast<long long>(report_.rows));
  archive.put_integer("steps", static_cast<long long>(report_.result.steps));
  archive.put_integer("epochs", static_cast<long long>(report_.result.epochs));
  archive.put_integer("epoch", static_cast<long long>(report_.epoch));
  archive.put_integer("best_epoch", static_cast<long long>(report_.best.epoch));
  archive.put_integer("seed", static_cast<long long>(options_.seed));
  archive.put_number("objective", report_.objective);
  archive.put_number("best_objective", report_.best.objective);
  archive.put_texts("remarks", report_.remarks);
  archive.end();
  archive.end();
}

std::unique_ptr<MlpModel> MlpModel::load(ArchiveReader& archive) {
  auto model = std::make_unique<MlpModel>();
  MlpReport& report = model->report_;
  archive.enter("mlp");
  const std::string task = archive.text("task");
  for (const Task candidate : kTasks)
    if (task == to_text(candidate)) report.task = candidate;
  if (task != to_text(report.task)) damaged("unknown task " + quoted(task));
  report.loss_text = archive.text("loss");
  const std::string activation = archive.text("activation");
  for (const Activation candidate : {Activation::relu, Activation::tanh, Activation::identity})
    if (activation == to_text(candidate)) report.shape.activation = candidate;
  if (activation != to_text(report.shape.activation)) damaged("unknown activation " + quoted(activation));
  for (const double width : archive.numbers("widths")) {
    if (!(width >= 1.0 && width <= 1e9) || width != std::floor(width))
      damaged("a width is no whole number >= 1: " + number_text(width));
    report.shape.widths.push_back(static_cast<std::size_t>(width));
  }
  report.feature_names = archive.texts("feature_names");
  report.classes = archive.texts("classes");
  const std::size_t outputs = report.shape.widths.empty() ? 0 : report.shape.num_outputs();
  const std::size_t expected_classes = report.task == Task::regression ? 0 : report.task == Task::binary ? 2 : outputs;
  if (report.shape.widths.size() < 2 || report.shape.widths.front() != report.feature_names.size() ||
      report.classes.size() != expected_classes || (report.task == Task::multiclass) != (outputs > 1))
    damaged("the numbers of widths, features and classes do not agree");
  model->inputs_ = get(archive, "inputs", report.feature_names.size());
  model->target_ = get(archive, "target", 1);

  // Block by block: what the file holds says how much memory is taken, not what its widths claim.
  archive.enter("parameters");
  std::vector<double> parameters;
  for (const ParameterBlock& block : report.shape.parameter_blocks()) {
    const std::vector<double> values = archive.numbers(block.name);
    if (values.size() != block.size())
      damaged(block.name + " has " + std::to_string(values.size()) + " numbers, its shape " +
              std::to_string(block.size()));
    parameters.insert(parameters.end(), values.begin(), values.end());
  }
  archive.leave();
  model->network_ = Network(report.shape);
  model->network_.load(parameters);
  report.result.x = std::move(parameters);
  model->options_.hidden.assign(report.shape.widths.begin() + 1, report.shape.widths.end() - 1);
  model->options_.activation = report.shape.activation;

  archive.enter("training");
  report.result.status = parse_status(archive.text("status")).value_or(report.result.status);
  report.result.reason = archive.text("reason");
  report.result.optimizer = archive.text("optimizer");
  report.initialization = parse_initialization(archive.text("initialization"));
  report.penalty_text = archive.text("penalty");
  const auto count = [&](const char* name) { return static_cast<std::uint64_t>(std::max(0LL, archive.integer(name))); };
  report.batch_size = count("batch_size");
  report.rows = count("rows");
  report.result.steps = count("steps");
  report.result.epochs = count("epochs");
  report.epoch = count("epoch");
  report.best.epoch = count("best_epoch");
  model->options_.seed = static_cast<std::uint64_t>(archive.integer("seed"));
  report.objective = archive.number("objective");
  report.best.objective = archive.number("best_objective");
  report.remarks = archive.texts("remarks");
  archive.leave();
  archive.leave();
  return model;
}

}  // namespace descent::nn
