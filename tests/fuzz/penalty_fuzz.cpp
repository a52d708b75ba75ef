// The texts of a penalty and of a loss, --penalty and --loss of fit: what is accepted is written as a text that is
// accepted again and means the same; penalties are not negative and losses neither negative nor NaN where they are
// small.
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "descent/core/error.hpp"
#include "descent/loss/loss.hpp"
#include "descent/loss/penalty.hpp"

namespace {

using namespace descent::loss;

[[noreturn]] void finding(const std::string& text, const char* what) {
  std::fprintf(stderr, "%s: %s\n", text.c_str(), what);
  std::abort();
}

/// Nothing if it is refused, as it must be: with a message.
template <class Read>
auto accepted(const Read& read) -> std::optional<decltype(read())> {
  try {
    return read();
  } catch (const descent::Error& error) {
    if (error.message().empty() || error.code() != descent::ErrorCode::usage) std::abort();
    return std::nullopt;
  }
}

bool near(double a, double b) { return std::fabs(a - b) <= 1e-14 * std::fmax(std::fabs(a), std::fabs(b)) + 1e-320; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto penalty = accepted([&] { return parse_penalty(text); })) {
    if (!(penalty->l1 >= 0.0 && penalty->l2 >= 0.0)) finding(penalty->text(), "a negative penalty");
    const Penalty again = parse_penalty(penalty->text());
    // The strength and share of two weights are rounded.
    if (!near(again.l1, penalty->l1) || !near(again.l2, penalty->l2)) finding(penalty->text(), "reads back as another");
  }
  if (const auto loss = accepted([&] { return parse_loss(text); })) {
    if (const auto again = parse_loss((*loss)->text()); again->text() != (*loss)->text())
      finding((*loss)->text(), "prints as another when it is read back");
    const std::array<double, 4> scores{0.0, 1.0, -2.0, 30.0}, targets{1.0, 1.0, -1.0, -1.0};
    std::array<double, 4> values{}, slopes{}, curvatures{};
    (*loss)->evaluate(scores, targets, values, slopes);
    (*loss)->curvature(scores, targets, curvatures);
    for (std::size_t i = 0; i < scores.size(); ++i) {
      if (!(values[i] >= 0.0) || std::isnan(slopes[i]) || !(curvatures[i] >= 0.0))
        finding((*loss)->text(), "a negative value or curvature, or NaN");
      if (!(curvatures[i] <= (*loss)->max_curvature() * (1.0 + 1e-12)))
        finding((*loss)->text(), "curves more than it says");
    }
  }
  return 0;
}
