// Optimizers as values: rules in a row.
//
//   u = gradient;  for each rule: u = rule(u);  x = x - u
//
// `adam(r)` is itself the chain scale_by_adam() | scale_by_learning_rate(r). Differs: optax adds u and negates inside
// scale_by_learning_rate; here a chain always descends, whatever is left out of it.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "descent/core/param_table.hpp"
#include "descent/optim/number.hpp"
#include "descent/optim/rule.hpp"
#include "descent/optim/schedule.hpp"

namespace descent {

/// A row of links; each is a call as the user wrote it and the primitive rules it stands for.
class Chain {
 public:
  struct Link {
    Call call;
    std::vector<Rule> rules;
    std::vector<Link> inner{};  ///< of only and except: what they restrict
  };
  Chain() = default;
  explicit Chain(Link link) { links_.push_back(std::move(link)); }

  [[nodiscard]] const std::vector<Link>& links() const { return links_; }
  [[nodiscard]] std::vector<Rule> rules() const;  ///< all links', in order
  void append(const Chain& other);

  /// The schedule of the last rule that has one; null if none has.
  [[nodiscard]] const Schedule* learning_rate() const;

 private:
  std::vector<Link> links_;
};

/// chain(clip_by_global_norm(1), adamw(cosine(1e-3, 10000)))
template <class... Chains>
[[nodiscard]] Chain chain(const Chain& first, const Chains&... rest) {
  Chain result = first;
  (result.append(rest), ...);
  return result;
}

// Every maker checks its values against optimizer_registry(), where formula, defaults, their reasons, references and
// differences from torch and optax stand (`descent describe adam`). Throws: Error(usage). The most used are here, the
// others in descent/optim/makers/.

enum class MomentumForm { heavy_ball, ema, velocity };  ///< v = m v + (1 - dampening) g; m v + (1 - m) g; m v + r g
enum class RmspropForm { heavy_ball, velocity };
enum class EpsilonPlacement { outside, inside };  ///< of the root
enum class NormForm { exact, torch };

/// u = r g
[[nodiscard]] Chain sgd(const Schedule& learning_rate);
struct MomentumOptions {
  Number momentum = 0.9;
  MomentumForm form = MomentumForm::heavy_ball;
  Number dampening = 0;  ///< heavy_ball only
};
/// u = r v, with velocity u = v
[[nodiscard]] Chain momentum(const Schedule& learning_rate, const MomentumOptions& options = {});
struct NesterovOptions {
  Number momentum = 0.9;
};
/// v = momentum v + g, u = r (g + momentum v)
[[nodiscard]] Chain nesterov(const Schedule& learning_rate, const NesterovOptions& options = {});
struct RmspropOptions {
  Number rho = 0.9, epsilon = 1e-8, momentum = 0;
  bool centered = false;
  EpsilonPlacement epsilon_placement = EpsilonPlacement::outside;
  RmspropForm form = RmspropForm::heavy_ball;
  Number weight_decay = 0;
};
/// s = rho s + (1 - rho) g^2, u = r g / (sqrt(s) + epsilon)
[[nodiscard]] Chain rmsprop(const Schedule& learning_rate, const RmspropOptions& options = {});
struct AdamOptions {
  Number beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weight_decay = 0;
};
/// m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2, u = r (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) +
/// epsilon)
[[nodiscard]] Chain adam(const Schedule& learning_rate, const AdamOptions& options = {});
struct AdamwOptions {
  Number weight_decay = 0.01, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
};
/// Adam with decoupled weight decay: u = r (adam's direction + weight_decay x)
[[nodiscard]] Chain adamw(const Schedule& learning_rate, const AdamwOptions& options = {});

// Primitive rules; others in makers/transforms.hpp.
[[nodiscard]] Chain clip_by_value(const Number& max_value);  ///< u_i = min(max(u_i, -max), max)
struct ClipByGlobalNormOptions {
  NormForm form = NormForm::exact;
};
/// u = u min(1, max / ||u||_2)
[[nodiscard]] Chain clip_by_global_norm(const Number& max_norm, const ClipByGlobalNormOptions& options = {});
[[nodiscard]] Chain add_decayed_weights(const Number& weight_decay);  ///< u = u + weight_decay x
[[nodiscard]] Chain scale(const Number& factor);                      ///< u = factor u
[[nodiscard]] Chain scale_by_learning_rate(const Schedule& learning_rate);

/// The chain that the parameters of the first group with a rate see: without `only`, `except` and `freeze`.
[[nodiscard]] Chain first_group(const Chain& chain);

/// A rule of your own: `apply` is called for blocks of at most kRuleBlock elements, in any order. It has no text, so a
/// chain with it cannot be parsed back; state, if it needs any, is its own.
[[nodiscard]] Chain custom_rule(std::string name, std::function<void(RuleBlock&)> apply);

/// True for u = r g and nothing else: textbook gradient descent.
[[nodiscard]] bool is_plain_descent(const Chain& chain);
/// True if the moves are about as long as the rate, whatever the size of the gradient (adam, rmsprop, sign, ...).
[[nodiscard]] bool is_scale_free(const Chain& chain);

/// True if a rate that falls to 0 over the run would spoil a rule of it (ftrl, the schedule-free ones).
[[nodiscard]] bool keeps_rate(const Chain& chain);
/// The first rule that compares gradients of one function, so that batches mislead it (adgd); empty if there is none.
[[nodiscard]] std::string_view rule_for_whole_gradients(const Chain& chain);
/// False for links that only change a direction (`trace`, `centralize`, ...): nothing in the chain says how far to go.
[[nodiscard]] bool has_length(const Chain& chain);

/// `clip_by_global_norm(1) | adam(cosine(0.05, 5000))`. Throws: Error(usage), with the column.
[[nodiscard]] Chain parse_chain(std::string_view text);
/// Canonical text: values that are the defaults are left out, except those that are required.
[[nodiscard]] std::string to_text(const Chain& chain);
/// The chain with `learning_rate` in place of its own, in each of its groups. Throws: Error(usage) if no rule of it has
/// one.
[[nodiscard]] Chain with_learning_rate(const Chain& chain, const Schedule& learning_rate);

/// c, where the chain converges on a quadratic of largest curvature L exactly for constant rates r < c / L:
/// 2 for sgd, 2 (1 + m) for heavy-ball momentum, 2 (1 + m) / (1 - m) in its form ema, 2 (1 + m) / (1 + 2 m) for
/// nesterov. Nothing for chains that no such bound is known for: they divide by the gradient's size, clip, or decay.
/// Reference: B. T. Polyak, 1964, theorem 9; Schur's conditions on the two roots for each form.
[[nodiscard]] std::optional<double> stable_rate_times_curvature(const Chain& chain);

}  // namespace descent
