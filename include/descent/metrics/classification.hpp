// How well predicted classes and probabilities agree with the true classes.
//
// Classes are codes 0 .. num_classes-1 held in doubles, as a target column of a Batch holds them. `weights` >= 0 or
// empty (1 each). Throws, besides what regression.hpp says: Error(data) naming the row when a code is not one of the
// classes.
#pragma once

#include <cstddef>
#include <vector>

#include "descent/core/span.hpp"

namespace descent::metrics {

/// Weight of the rows whose label is the true class.
[[nodiscard]] double accuracy(View truth, View labels, View weights = {});

/// Weights of the rows by true class (row) and predicted class (column).
struct ConfusionMatrix {
  std::size_t num_classes = 0;
  std::vector<double> weight;  // shape = [num_classes x num_classes]

  [[nodiscard]] double operator()(std::size_t truth, std::size_t label) const {
    return weight[truth * num_classes + label];
  }
};

[[nodiscard]] ConfusionMatrix confusion_matrix(View truth, View labels, std::size_t num_classes, View weights = {});

/// precision = tp / (tp + fp), recall = tp / (tp + fn), f1 = 2 tp / (2 tp + fp + fn); a quotient 0 / 0 is 0.
struct Scores {
  double precision = 0.0;
  double recall = 0.0;
  double f1 = 0.0;
  double support = 0.0;  ///< weight of the rows of this class (of all rows, in an average)
};

[[nodiscard]] std::vector<Scores> scores_by_class(const ConfusionMatrix& confusion);

enum class Average {
  macro,     ///< every class counts the same
  micro,     ///< tp, fp and fn are added first; with every row labelled, all three are the accuracy
  weighted,  ///< classes count by their support
};

/// Differs: from scikit-learn 1.2, whose macro average leaves out classes that occur neither in truth nor in labels:
/// here the number of classes is given, and such a class counts as 0.
[[nodiscard]] Scores average_scores(const ConfusionMatrix& confusion, Average average);

/// Mean of -log(probability of the true class).
///
/// Probabilities are clipped to [eps, 1 - eps], eps = 2^-52, then each row is divided by its sum, as scikit-learn 1.2
/// does: a certain and wrong prediction costs 36.04, not infinity. NaN is carried through.
/// `probabilities`: shape = [rows x num_classes].
[[nodiscard]] double log_loss(View truth, View probabilities, std::size_t num_classes, View weights = {});

/// Area under the receiver operating characteristic: the chance that a row of class 1 scores higher than one of class
/// 0, ties counting one half. `truth` holds codes 0 and 1. NaN when one class has no weight or a score is NaN. Differs:
/// scikit-learn 1.2 throws when there is one class only. Reference: J. A. Hanley, B. J. McNeil, "The meaning and use of
/// the area under a ROC curve", Radiology 143, 1982.
[[nodiscard]] double roc_auc(View truth, View scores, View weights = {});

/// Mean over the classes of roc_auc of that class against the rest (classes with NaN make it NaN).
/// `scores`: shape = [rows x num_classes].
[[nodiscard]] double roc_auc_one_vs_rest(View truth, View scores, std::size_t num_classes, View weights = {});

}  // namespace descent::metrics
