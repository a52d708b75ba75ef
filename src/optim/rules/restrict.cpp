// only and except: links for some parameters.
#include <utility>
#include <vector>

#include "descent/core/error.hpp"
#include "src/optim/call_building.hpp"
#include "src/optim/rules/entries.hpp"

namespace descent::rules {
namespace {

std::vector<ParamSpec> specs(const char* which) {
  return {
      {.name = "blocks",
       .kind = ParamKind::names,
       .default_text = "",
       .meaning = std::string(which) + ", by name: of blocks, or of whole parts of their names between dots, else of "
                                       "parameters",
       .why = "somebody has to be named"},
      {.name = "links",
       .kind = ParamKind::chain,
       .default_text = "",
       .meaning = "a link of a chain, or a list of them, that these parameters alone pass",
       .why = "there has to be something to pass"}};
}

Optimizer restrict_to(const BoundArguments& bound, bool except) {
  Chain inner;
  for (const Call& call : bound.calls("links")) try {
      inner.append(make_chain(call));
    } catch (const Error& error) {  // say which of the links
      if (!error.where().empty() || call.column == 0) throw;
      throw Error(error.code(), error.message(), Place{.column = call.column});
    }
  return restricted({.names = bound.names("blocks"), .except = except}, inner);
}

}  // namespace

void add_restrictions(Registry<OptimizerMaker>& registry) {
  const char* const differs =
      "optax.masked and multi_transform take a function of the tree of parameters, PyTorch groups of tensors; here one "
      "link after another is restricted, and what no link has scaled by a learning rate is refused";
  registry.add(
      {.name = "only",
       .kind = "optimizer",
       .summary = "Restricts links of a chain to some parameters; all others pass as they are.",
       .formula = "u_B = links(u_B) for the blocks B with one of the names, as if there were no others: norms, "
                  "moments and held-back updates are of these alone",
       .params = specs("the parameters they are for"),
       .reference = "optax, masked and multi_transform",
       .differs = differs,
       .example = "only(weights, [accumulate(2), adamw(0.001)]) | except(weights, sgd(0.01))"},
      [](const Call&, const BoundArguments& bound) { return restrict_to(bound, false); });
  registry.add({.name = "except",
                .kind = "optimizer",
                .summary = "Restricts links of a chain to all parameters but some.",
                .formula = "u_B = links(u_B) for the blocks B with none of the names (see only)",
                .params = specs("the parameters they are not for"),
                .reference = "optax, masked and multi_transform",
                .differs = differs,
                .example = "only(bias, sgd(0.1)) | except(bias, adamw(0.001))"},
               [](const Call&, const BoundArguments& bound) { return restrict_to(bound, true); });
}

}  // namespace descent::rules
