#include "descent/metrics/summary.hpp"

#include "descent/metrics/classification.hpp"
#include "descent/metrics/registry.hpp"

namespace descent::metrics {

std::optional<double> Evaluated::find(std::string_view name) const {
  for (const NamedValue& value : values)
    if (value.name == name) return value.value;
  return std::nullopt;
}

Evaluated summarize(const Scored& scored) {
  Evaluated result;
  Predictions known;
  known.truth = scored.truth;
  known.weights = scored.weights;
  std::vector<double> labels;
  if (scored.task == Task::regression) {
    known.values = scored.scores;
  } else {
    const std::size_t count = scored.classes.size();
    const std::size_t outputs = count == 2 ? 1 : count;
    const View scores = scored.scores;
    known.num_classes = count;
    known.scores = scores;
    known.probabilities = scored.probabilities;
    labels.resize(scored.truth.size());
    for (std::size_t i = 0; i < labels.size(); ++i) {
      std::size_t best = 0;
      if (outputs == 1) {
        best = scores[i] > 0.0 ? 1 : 0;
      } else {
        for (std::size_t k = 1; k < outputs; ++k)
          if (scores[i * outputs + k] > scores[i * outputs + best]) best = k;
      }
      labels[i] = static_cast<double>(best);
    }
    known.labels = labels;
    const ConfusionMatrix confusion = confusion_matrix(scored.truth, labels, count, scored.weights);
    result.confusion = confusion.weight;
    const std::vector<Scores> by_class = scores_by_class(confusion);
    for (std::size_t k = 0; k < count; ++k)
      result.classes.push_back(
          {scored.classes[k], by_class[k].precision, by_class[k].recall, by_class[k].f1, by_class[k].support});
    for (const auto& [name, average] : {std::pair{"_macro", Average::macro}, {"_weighted", Average::weighted}}) {
      const Scores mean = average_scores(confusion, average);
      result.values.push_back({std::string("precision") + name, mean.precision});
      result.values.push_back({std::string("recall") + name, mean.recall});
      result.values.push_back({std::string("f1") + name, mean.f1});
    }
  }
  std::vector<NamedValue> defaults;
  for (const std::string& name : default_metrics(scored.task)) {
    const auto* named = metric_registry().find(name);
    if (named != nullptr && applies(named->item, known)) defaults.push_back({name, evaluate(name, known)});
  }
  result.values.insert(result.values.begin(), defaults.begin(), defaults.end());
  return result;
}

}  // namespace descent::metrics
