// Updates of the rows that a gradient names.
#include <algorithm>
#include <array>
#include <string>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/optim/chain_state.hpp"
#include "src/optim/rules/kernels.hpp"

namespace descent {

template <class T>
void BasicChainState<T>::check_rows(const SparseGradient<T>& gradient, std::span<const T> x) const {
  const auto refuse = [](const std::string& what, const char* where) { throw Error(ErrorCode::usage, what, where); };
  if (displaces()) refuse("sam of " + text_ + " needs the gradient of all parameters", "optimizer");
  for (const Rule& rule : rules_) {
    const rules::RuleDef& def = *rule.def;
    if (def.needs_all() || def.solution_slot >= 0 || rule.custom != nullptr)
      refuse("the rule " + quoted(std::string(rule.name())) + " of " + text_ +
                 " needs all parameters; rows alone can be updated by rules that see each element for itself",
             "optimizer");
  }
  const std::size_t width = gradient.width;
  if (width == 0 || size_ % width != 0 || x.size() != size_)
    refuse("rows of " + std::to_string(width) + " do not make up " + std::to_string(x.size()) + " of " +
               std::to_string(size_) + " parameters",
           "width");
  if (gradient.values.size() != gradient.rows.size() * width)
    refuse(std::to_string(gradient.rows.size()) + " rows of " + std::to_string(width) + " need as many values, got " +
               std::to_string(gradient.values.size()),
           "values");
  for (std::size_t i = 0; i < gradient.rows.size(); ++i) {
    const std::size_t row = gradient.rows[i];
    if (row >= size_ / width || (i > 0 && row <= gradient.rows[i - 1]))
      refuse("rows must rise and be below " + std::to_string(size_ / width) + "; number " + std::to_string(i) + " is " +
                 std::to_string(row),
             "rows");
  }
}

template <class T>
void BasicChainState<T>::update_rows(const SparseGradient<T>& gradient, std::span<T> x, double value) {
  check_rows(gradient, x);
  if (step_ == 0) begin_slots(x);
  begin_update();
  for (std::size_t i = 0; i < rules_.size(); ++i)
    if (!prepare(i, value))
      throw Error(ErrorCode::usage,
                  "the rule " + quoted(std::string(rules_[i].name())) +
                      " holds updates back, and rows that are absent later would never get theirs",
                  "optimizer");
  const std::size_t width = gradient.width;
  for (std::size_t i = 0; i < gradient.rows.size();) {
    std::size_t next = i + 1;  // neighbours run together
    while (next < gradient.rows.size() && gradient.rows[next] == gradient.rows[next - 1] + 1) ++next;
    const std::span<const T> values = gradient.values.subspan(i * width, (next - i) * width);
    const std::size_t start = gradient.rows[i] * width;
    for (std::size_t at = 0; at < values.size(); at += kRuleBlock) {
      const std::span<const T> part = values.subspan(at, std::min(kRuleBlock, values.size() - at));
      alignas(64) std::array<T, kRuleBlock> block;
      const T* u = run_rules(0, rules_.size(), part, block.data(), x, start + at);
      rules::subtract(1.0, {u, part.size()}, x.subspan(start + at, part.size()));
    }
    i = next;
  }
  ++step_;
  look_up_rate();
}

#define DESCENT_INSTANTIATE(T)                                                                      \
  template void BasicChainState<T>::check_rows(const SparseGradient<T>&, std::span<const T>) const; \
  template void BasicChainState<T>::update_rows(const SparseGradient<T>&, std::span<T>, double);
DESCENT_INSTANTIATE(double)
DESCENT_INSTANTIATE(float)
#undef DESCENT_INSTANTIATE

}  // namespace descent
