// Where a chain wants its gradient: sam's first half of an update.
#include <algorithm>
#include <array>
#include <type_traits>

#include "descent/core/error.hpp"
#include "descent/optim/chain_state.hpp"
#include "descent/parallel/reduce.hpp"
#include "src/optim/rules/rule_def.hpp"

namespace descent {

/// Takes the rule that displaces out of the row: what is left runs as if it had never been there.
template <class T>
void BasicChainState<T>::take_displacer() {
  const auto displaces = [](const Rule& rule) { return rule.def->displaces; };
  if (rules_.empty() || std::none_of(rules_.begin(), rules_.end(), displaces)) return;
  displacer_ = rules_.front();
  if (!displacer_.def->displaces || std::count_if(rules_.begin(), rules_.end(), displaces) > 1)
    throw Error(ErrorCode::usage,
                "sam asks for the gradient at another point, which the rules before it would be about: it stands once, "
                "at the front of a chain, got " +
                    text_,
                "optimizer");
  if (!displacer_.restrictions.empty())
    throw Error(ErrorCode::usage, "sam is for all parameters: it displaces them together, and cannot be restricted",
                "optimizer");
  if (rules_.size() == 1)
    throw Error(ErrorCode::usage, "sam says where the gradient is taken, not how far to go: append sgd or adam",
                "optimizer");
  rules_.erase(rules_.begin());
}

template <class T>
bool BasicChainState<T>::displace(std::span<const T> gradient, std::span<const T> x, std::span<T> out) {
  if (!displaces())
    throw Error(ErrorCode::usage, "no rule of " + text_ + " wants a second gradient: call update() alone", "displace");
  is_displaced_ = true;
  const rules::RuleDef& def = *displacer_.def;
  std::vector<double> values;
  for (const Hyper& value : displacer_.values) values.push_back(value.at(step_));
  const rules::Update now{.step = step_, .rate = rate_};
  rules::Numbers numbers{};
  if (def.prepare != nullptr) def.prepare(values, now, {}, numbers);
  if constexpr (std::is_same_v<T, double>)
    if (path_ == ChainPath::reference) {
      rules::Flow flow = rules::Flow::go_on;
      std::copy(gradient.begin(), gradient.end(), out.begin());
      def.reference({.u = out,
                     .x = x,
                     .slots = {},
                     .blocks = blocks_,
                     .values = values,
                     .scalars = {},
                     .now = now,
                     .flow = &flow});
      return flow == rules::Flow::go_on;
    }
  std::vector<double> sums(def.num_sums);
  const auto elements = [&](std::size_t first, std::size_t stop, T* to) {
    return rules::Elements<T>{
        .in = gradient.data() + first, .out = to, .x = x.data() + first, .size = stop - first, .first = first};
  };
  sum_over_elements(sums, [&](std::size_t first, std::size_t stop, std::span<double> partial) {
    def.sum<T>()(numbers.data(), elements(first, stop, nullptr), partial.data());
  });
  if (def.summed(values, now, sums.data(), {}, numbers) == rules::Flow::stop) return false;
  over_blocks([&](std::size_t first, std::size_t count) {
    def.kernel<T>()(numbers.data(), elements(first, first + count, out.data() + first));
  });
  return true;
}

#define DESCENT_INSTANTIATE(T)                        \
  template void BasicChainState<T>::take_displacer(); \
  template bool BasicChainState<T>::displace(std::span<const T>, std::span<const T>, std::span<T>);
DESCENT_INSTANTIATE(double)
DESCENT_INSTANTIATE(float)
#undef DESCENT_INSTANTIATE

}  // namespace descent
