#include "descent/nn/options.hpp"

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"

namespace descent::nn {

std::vector<std::size_t> parse_hidden(std::string_view model) {
  constexpr long long kMaxWidth = 1'000'000;
  const auto refuse = [&](const std::string& got) {
    throw Error(
        ErrorCode::usage,
        "expected mlp:WIDTH,... with widths of 1 to 1,000,000 for the hidden layers, as in mlp:32 or mlp:64,32, "
        "got " +
            got,
        "model");
  };
  constexpr std::string_view kPrefix = "mlp:";
  if (!model.starts_with(kPrefix)) refuse(quoted(model));
  std::vector<std::size_t> hidden;
  for (const std::string& part : split(model.substr(kPrefix.size()), ',')) {
    const auto width = parse_integer(trim(part));
    if (!width || *width < 1 || *width > kMaxWidth) refuse(quoted(model));
    hidden.push_back(static_cast<std::size_t>(*width));
  }
  return hidden;
}

std::string to_text(const std::vector<std::size_t>& hidden) {
  std::string text = "mlp:";
  for (std::size_t l = 0; l < hidden.size(); ++l) text += (l > 0 ? "," : "") + std::to_string(hidden[l]);
  return text;
}

}  // namespace descent::nn
