// What there is to choose from: the table that validation, help, reference pages and tests are made of.
#include <utility>

#include "descent/optim/optimizer.hpp"
#include "src/optim/method_entries.hpp"
#include "src/optim/rules/entries.hpp"

namespace descent {

const Registry<OptimizerMaker>& optimizer_registry() {
  static const Registry<OptimizerMaker> registry = [] {
    Registry<OptimizerMaker> result("optimizer");
    rules::add_presets(result);
    rules::add_adaptive(result);
    rules::add_adam_family(result);
    rules::add_sign_rules(result);
    rules::add_variance_rules(result);
    rules::add_ftrl(result);
    rules::add_rate_free(result);
    rules::add_rate_free_adam(result);
    rules::add_schedule_free(result);
    rules::add_layerwise(result);
    rules::add_adafactor(result);
    rules::add_muon(result);
    rules::add_soap(result);
    rules::add_torch(result);
    rules::add_sparse_adam(result);
    rules::add_transforms(result);
    rules::add_adaptive_transforms(result);
    rules::add_adam_family_transforms(result);
    rules::add_block_transforms(result);
    rules::add_wrappers(result);
    rules::add_sam(result);
    rules::add_restrictions(result);
    add_methods(result);
    add_variance_reduced(result);
    return result;
  }();
  return registry;
}

}  // namespace descent
