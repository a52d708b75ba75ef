#include "descent/loss/loss.hpp"

#include <array>

#include "src/loss/makers.hpp"

namespace descent::loss {

const char* to_text(Compat compat) { return compat == Compat::native ? "none" : "sklearn-1.2"; }

Compat parse_compat(std::string_view text) {
  if (text == "none" || text == "native") return Compat::native;
  if (text == "sklearn-1.2") return Compat::sklearn_1_2;
  static const std::vector<std::string> kNames{"none", "sklearn-1.2"};
  throw Error(ErrorCode::usage,
              "unknown compatibility " + quoted(text) + did_you_mean(text, kNames) + "; allowed: " + join(kNames),
              "compat");
}

std::shared_ptr<const Loss> Loss::smoothed(double) const { return nullptr; }

const Registry<LossMaker>& loss_registry() {
  static const Registry<LossMaker> registry = [] {
    Registry<LossMaker> all("loss");
    add_regression_losses(all);
    add_classification_losses(all);
    return all;
  }();
  return registry;
}

std::shared_ptr<const Loss> parse_loss(std::string_view text, Compat compat) {
  std::string call_text(trim(text));
  if (const auto colon = call_text.find(':'); colon != std::string::npos && call_text.find('(') == std::string::npos)
    call_text = call_text.substr(0, colon) + "(" + call_text.substr(colon + 1) + ")";
  const Call call = parse_call(call_text);
  return placed(call, [&] {
    const auto& named = loss_registry().at(call.name);
    return named.item(bind(named.entry, call), compat);
  });
}

}  // namespace descent::loss
