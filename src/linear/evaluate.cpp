#include "src/linear/evaluate.hpp"

#include <cmath>

#include "descent/loss/softmax.hpp"
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

Evaluated evaluate_scores(Task task, const std::vector<std::string>& classes, bool probabilistic, View truth,
                          View scores, View weights) {
  std::vector<double> probabilities;
  if (probabilistic && task != Task::regression) {
    probabilities.resize(truth.size() * classes.size());
    loss::probabilities(scores, classes.size() == 2 ? 1 : classes.size(), probabilities);
  }
  return metrics::summarize({.task = task,
                             .classes = classes,
                             .truth = truth,
                             .scores = scores,
                             .probabilities = probabilities,
                             .weights = weights});
}

}  // namespace descent::linear
