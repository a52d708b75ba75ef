// Softmax cross-entropy: the log loss of more than two classes.
#pragma once

#include "descent/core/span.hpp"

namespace descent::loss {

/// l(s, k) = log(sum_j exp(s_j)) - s_k for each row of scores, and its slope p - e_k with p = softmax(s).
///
/// scores, slopes: shape = [rows x classes], row after row; codes: 0..classes-1 as doubles, shape = [rows];
/// values: shape = [rows]. `slopes` may be empty, or `scores` itself. Finite for any finite scores (the largest is
/// taken out first). Reference: C. M. Bishop, "Pattern Recognition and Machine Learning", 2006, eq. 4.108 and 4.109.
void softmax_cross_entropy(View scores, View codes, std::size_t classes, MutableView values, MutableView slopes);

/// Each row of scores becomes its softmax. // shape = [rows x classes]
void softmax(MutableView scores, std::size_t classes);

/// Probabilities of the classes: softmax of several scores a row; of one score s, 1 - sigmoid(s) and sigmoid(s).
/// scores: shape = [rows x outputs]; out: shape = [rows x max(outputs, 2)].
void probabilities(View scores, std::size_t outputs, MutableView out);

}  // namespace descent::loss
