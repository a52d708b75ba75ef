// What the entries of rules are written with: see CONTRIBUTING, "rule".
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "descent/optim/optimizer.hpp"
#include "src/optim/rules/rule_def.hpp"

namespace descent::rules {

inline constexpr Interval kPositive{
    .low = 0.0, .high = std::numeric_limits<double>::infinity(), .low_open = true, .high_open = true};
inline constexpr Interval kNotNegative{.low = 0.0, .high = std::numeric_limits<double>::infinity(), .high_open = true};
inline constexpr Interval kFraction{.low = 0.0, .high = 1.0, .high_open = true};

/// A number, or a schedule of it. An empty default = required.
[[nodiscard]] ParamSpec number_spec(std::string name, std::string default_text, Interval interval, std::string meaning,
                                    std::string why);
[[nodiscard]] ParamSpec flag_spec(std::string name, std::string meaning, std::string why);  ///< default: false
[[nodiscard]] ParamSpec choice_spec(std::string name, std::vector<std::string> choices, std::string meaning,
                                    std::string why);  ///< default: the first
/// Not the learning rate's default, `auto`, but a number: of rules that need none, or whose paper gives one.
[[nodiscard]] ParamSpec rate_spec(std::string default_text = "auto",
                                  std::string why = "nobody should have to choose one");
/// Of rules that find the rate: a factor of it, 1.
[[nodiscard]] ParamSpec rate_factor_spec();
[[nodiscard]] ParamSpec momentum_spec();
[[nodiscard]] ParamSpec beta1_spec();
[[nodiscard]] ParamSpec beta2_spec();
[[nodiscard]] ParamSpec epsilon_spec();
[[nodiscard]] ParamSpec weight_decay_spec(std::string default_text, std::string meaning, std::string why);
[[nodiscard]] ParamSpec rms_placement_spec();  ///< epsilon_placement: outside or inside the root
[[nodiscard]] ParamSpec centered_spec();
/// weight_decay = 0, added to the gradient before anything else: an L2 penalty.
[[nodiscard]] ParamSpec coupled_decay_spec();
/// weight_decay = 0.01, added to the direction, behind whatever divides the gradient.
[[nodiscard]] ParamSpec decoupled_decay_spec();

/// What a user gave for an entry, checked and completed.
struct Given {
  const Entry& entry;
  const BoundArguments& bound;

  /// A number or schedule, to be a value of a Rule.
  [[nodiscard]] Hyper operator[](const char* name) const;
  [[nodiscard]] bool flag(const char* name) const { return bound.flag(name); }
  [[nodiscard]] const std::string& choice(const char* name) const { return bound.choice(name); }
  /// True unless it is the plain number 0: what switches an optional rule on.
  [[nodiscard]] bool uses(const char* name) const;
  /// The entry's learning_rate, to be a value of a Rule: always a schedule, so that whoever asks the chain finds one.
  [[nodiscard]] Hyper rate_value() const;
  /// scale_by_learning_rate with the entry's learning_rate.
  [[nodiscard]] Rule rate() const;
  /// add_decayed_weights with the entry's weight_decay; nothing where that is 0.
  void append_decay(std::vector<Rule>& rules) const;
};

/// rprop under either name.
[[nodiscard]] std::vector<ParamSpec> rprop_specs(std::string min_step, std::string why);
[[nodiscard]] Rule rprop_rule(const Given& given);

using RuleMaker = std::vector<Rule> (*)(const Given&);
/// Adds an entry that is a link of a chain. The meaning of a learning rate that may be `auto` is completed with what
/// that is for these rules.
void add_rule(Registry<OptimizerMaker>& registry, Entry entry, RuleMaker maker);

// One line for each file of entries; optimizer_registry.cpp calls them in this order.
using Entries = Registry<OptimizerMaker>;
void add_presets(Entries&);                 // presets.cpp: sgd momentum nesterov rmsprop adam adamw
void add_adaptive(Entries&);                // adaptive.cpp: adagrad adadelta rprop asgd
void add_adam_family(Entries&);             // adam_family.cpp: amsgrad adamax nadam radam, decoupled too
void add_sign_rules(Entries&);              // sign.cpp: sign_sgd signum lion
void add_variance_rules(Entries&);          // variance_entries.cpp: adabelief yogi adan ademamix adopt
void add_ftrl(Entries&);                    // ftrl.cpp
void add_rate_free(Entries&);               // rate_free.cpp: dog dowg adgd polyak
void add_rate_free_adam(Entries&);          // rate_free_adam.cpp: prodigy dadapt_adam
void add_schedule_free(Entries&);           // schedule_free.cpp
void add_layerwise(Entries&);               // layerwise.cpp: lars lamb scale_by_trust_ratio
void add_adafactor(Entries&);               // adafactor.cpp: adafactor torch.adafactor
void add_muon(Entries&);                    // muon.cpp: muon torch.muon scale_by_muon
void add_soap(Entries&);                    // soap.cpp: soap scale_by_soap
void add_torch(Entries&);                   // torch.cpp: torch.sgd torch.adam ...
void add_sparse_adam(Entries&);             // sparse_adam.cpp: torch.sparse_adam
void add_transforms(Entries&);              // transforms.cpp: what presets are made of
void add_adaptive_transforms(Entries&);     // adaptive.cpp
void add_adam_family_transforms(Entries&);  // adam_family.cpp
void add_block_transforms(Entries&);        // block_transforms.cpp: per block, row or name
void add_wrappers(Entries&);                // wrappers.cpp: accumulate skip noise lookahead averages
void add_sam(Entries&);                     // sam.cpp
void add_restrictions(Entries&);            // restrict.cpp: only except

}  // namespace descent::rules
