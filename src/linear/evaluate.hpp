// How well scores agree with targets.
#pragma once

#include <string>
#include <vector>

#include "descent/linear/dense_rows.hpp"
#include "descent/linear/fit_report.hpp"

namespace descent::linear {

/// scores = x_i . w_k + b_k. // shape = [rows x outputs]
void score_rows(MatrixView features, View parameters, std::size_t outputs, MutableView scores);
[[nodiscard]] std::vector<double> score_rows(const DenseRows& rows, View parameters, std::size_t outputs);

/// `truth`: numbers, or codes of `classes`.
[[nodiscard]] Evaluated evaluate_scores(Task task, const std::vector<std::string>& classes, bool probabilistic,
                                        View truth, View scores, View weights);

}  // namespace descent::linear
