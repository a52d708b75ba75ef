#include "src/linear/evaluate.hpp"

#include <cmath>

#include "descent/core/elementary.hpp"
#include "descent/loss/softmax.hpp"
#include "descent/metrics/classification.hpp"
#include "descent/metrics/registry.hpp"
#include "descent/simd/reduce.hpp"
#include "src/linear/rows_kernels.hpp"

namespace descent::linear {

void score_rows(MatrixView features, View parameters, std::size_t outputs, MutableView scores) {
  const std::size_t count = features.columns;
  const bool intercept = parameters.size() > outputs * count;
  for (std::size_t i = 0; i < features.rows; ++i)
    for (std::size_t k = 0; k < outputs; ++k) {
      const View w = parameters.subspan(k * count, count);
      const View row = features.row(i);
      double sum = 0.0;
      // The order of the kernels in rows_simd.cpp, so that a prediction has the bits of the fit's own scores.
      if (count >= kNarrowRow) {
        sum = simd::dot(row, w);
      } else {
        for (std::size_t j = 0; j < count; ++j) sum += row[j] * w[j];
      }
      scores[i * outputs + k] = sum + (intercept ? parameters[outputs * count + k] : 0.0);
    }
}

std::vector<double> score_rows(const DenseRows& rows, View parameters, std::size_t outputs) {
  std::vector<double> scores(rows.num_rows() * outputs);
  for (std::size_t i = 0; i < rows.num_rows(); ++i)
    score_rows(rows.block(i, i + 1), parameters, outputs, MutableView(scores).subspan(i * outputs, outputs));
  return scores;
}

void to_probabilities(View scores, std::size_t outputs, MutableView out) {
  if (outputs > 1) {
    std::copy(scores.begin(), scores.end(), out.begin());
    loss::softmax(out, outputs);
    return;
  }
  for (std::size_t i = 0; i < scores.size(); ++i) {
    out[2 * i] = math::sigmoid(-scores[i]);
    out[2 * i + 1] = math::sigmoid(scores[i]);
  }
}

std::optional<double> Evaluated::find(std::string_view name) const {
  for (const NamedValue& value : values)
    if (value.name == name) return value.value;
  return std::nullopt;
}

Evaluated evaluate_scores(Task task, const std::vector<std::string>& classes, bool probabilistic, View truth,
                          View scores, View weights) {
  Evaluated result;
  metrics::Predictions known;
  known.truth = truth;
  known.weights = weights;
  std::vector<double> labels, probabilities;
  if (task == Task::regression) {
    known.values = scores;
  } else {
    const std::size_t count = classes.size();
    const std::size_t outputs = count == 2 ? 1 : count;
    known.num_classes = count;
    known.scores = scores;
    labels.resize(truth.size());
    for (std::size_t i = 0; i < truth.size(); ++i) {
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
    if (probabilistic) {
      probabilities.resize(truth.size() * count);
      to_probabilities(scores, outputs, probabilities);
      known.probabilities = probabilities;
    }
    const metrics::ConfusionMatrix confusion = metrics::confusion_matrix(truth, labels, count, weights);
    result.confusion = confusion.weight;
    const std::vector<metrics::Scores> by_class = metrics::scores_by_class(confusion);
    for (std::size_t k = 0; k < count; ++k)
      result.classes.push_back(
          {classes[k], by_class[k].precision, by_class[k].recall, by_class[k].f1, by_class[k].support});
    for (const auto& [name, average] :
         {std::pair{"_macro", metrics::Average::macro}, {"_weighted", metrics::Average::weighted}}) {
      const metrics::Scores mean = metrics::average_scores(confusion, average);
      result.values.push_back({std::string("precision") + name, mean.precision});
      result.values.push_back({std::string("recall") + name, mean.recall});
      result.values.push_back({std::string("f1") + name, mean.f1});
    }
  }
  std::vector<NamedValue> defaults;
  for (const std::string& name : metrics::default_metrics(task)) {
    const auto* named = metrics::metric_registry().find(name);
    if (named != nullptr && metrics::applies(named->item, known))
      defaults.push_back({name, metrics::evaluate(name, known)});
  }
  result.values.insert(result.values.begin(), defaults.begin(), defaults.end());
  return result;
}

}  // namespace descent::linear
