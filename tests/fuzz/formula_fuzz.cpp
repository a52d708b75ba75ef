// Any bytes as a formula: what is accepted can be differentiated, printed, read back to the same graph and evaluated.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "descent/core/error.hpp"
#include "descent/expr/derivative.hpp"
#include "descent/expr/formula.hpp"
#include "descent/expr/program.hpp"

namespace {

using namespace descent::expr;

const ParseOptions kOptions{.columns = {"u", "v w"}};

/// Limits of length and depth may refuse what was printed; nothing else may, and what is read must be the same.
void check_printed(const Formula& formula) {
  std::string text;
  try {
    text = to_text(formula);
    static_cast<void>(to_latex(formula));
    if (parse(text, kOptions) == formula) return;
  } catch (const descent::Error& error) {
    for (const char* limit : {"too long", "nested too deeply"})
      if (error.message().find(limit) != std::string::npos) return;
    std::fprintf(stderr, "%s\n", error.what());
  }
  std::fprintf(stderr, "'%s' is not read back\n", text.c_str());
  std::abort();
}

void evaluate(const Formula& formula) {
  const std::vector<double> x(formula.variables().size(), 0.75);
  std::vector<double> gradient(x.size());
  if (!formula.needs_rows()) {
    Program program(formula);
    const double value = program.evaluate(x, gradient);
    const double alone = program.evaluate(x);
    if (value != alone && !(std::isnan(value) && std::isnan(alone))) std::abort();
    return;
  }
  const std::vector<double> u{1.0, -2.0, 0.5}, v{0.0, 3.0, -1.0};
  const std::vector<descent::View> columns{u, v};
  RowProgram(formula).evaluate(x, gradient, columns, 3, [](std::span<double> sums, const auto& block) {
    std::vector<double> partial(sums.size(), 0.0);
    block(0, 3, partial);
    std::copy(partial.begin(), partial.end(), sums.begin());
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Formula formula;
  try {
    formula = parse({reinterpret_cast<const char*>(data), size}, kOptions);
  } catch (const descent::Error& error) {
    if (error.code() != descent::ErrorCode::formula || error.where().empty()) std::abort();
    return 0;
  }
  check_printed(formula);
  const auto slopes = gradient(formula);
  for (std::size_t i = 0; i < slopes.size() && i < 3; ++i) check_printed(slopes[i]);
  evaluate(formula);
  return 0;
}
