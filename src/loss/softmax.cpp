#include "descent/loss/softmax.hpp"

#include <algorithm>

#include "descent/core/elementary.hpp"

namespace descent::loss {
namespace {

double largest(const double* row, std::size_t classes) {
  double top = row[0];
  for (std::size_t k = 1; k < classes; ++k) top = std::max(top, row[k]);
  return top;
}

}  // namespace

void softmax_cross_entropy(View scores, View codes, std::size_t classes, MutableView values, MutableView slopes) {
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const double* row = scores.data() + i * classes;
    const auto own = static_cast<std::size_t>(codes[i]);
    const double top = largest(row, classes);
    const double own_score = row[own];
    double* slope = slopes.empty() ? nullptr : slopes.data() + i * classes;
    double own_term = 0.0;
    double others = 0.0;
    for (std::size_t k = 0; k < classes; ++k) {
      const double term = math::exp(row[k] - top);
      (k == own ? own_term : others) += term;
      if (slope != nullptr) slope[k] = term;
    }
    const double total = own_term + others;
    // When the own class leads, own_term is 1 and log1p keeps small losses to full precision.
    values[i] = own_score == top ? math::log1p(others) : math::log(total) + (top - own_score);
    if (slope == nullptr) continue;
    const double inverse = 1.0 / total;
    for (std::size_t k = 0; k < classes; ++k) slope[k] *= inverse;
    // p_own - 1 by subtraction would lose everything once p_own rounds to 1.
    slope[own] = -others * inverse;
  }
}

void softmax(MutableView scores, std::size_t classes) {
  for (std::size_t begin = 0; begin + classes <= scores.size(); begin += classes) {
    double* row = scores.data() + begin;
    const double top = largest(row, classes);
    double total = 0.0;
    for (std::size_t k = 0; k < classes; ++k) {
      row[k] = math::exp(row[k] - top);
      total += row[k];
    }
    for (std::size_t k = 0; k < classes; ++k) row[k] /= total;
  }
}

void probabilities(View scores, std::size_t outputs, MutableView out) {
  if (outputs > 1) {
    std::copy(scores.begin(), scores.end(), out.begin());
    softmax(out, outputs);
    return;
  }
  for (std::size_t i = 0; i < scores.size(); ++i) {
    out[2 * i] = math::sigmoid(-scores[i]);
    out[2 * i + 1] = math::sigmoid(scores[i]);
  }
}

}  // namespace descent::loss
