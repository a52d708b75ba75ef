// The text of an optimizer: what is accepted has a canonical text that is accepted again, is the same once more, and
// runs.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "descent/core/error.hpp"
#include "descent/optim/optimizer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string once;
  try {
    once = descent::to_text(descent::parse_optimizer(text));
  } catch (const descent::Error& error) {
    if (error.message().empty() || error.code() == descent::ErrorCode::internal) std::abort();
    return 0;
  }
  // Outside the try: what was printed must be accepted.
  const descent::Optimizer again = descent::parse_optimizer(once);
  const std::string twice = descent::to_text(again);
  if (once != twice) {
    std::fprintf(stderr, "'%s' prints as '%s'\n", once.c_str(), twice.c_str());
    std::abort();
  }
  if (const descent::Schedule* rate = again.chain.learning_rate();
      rate != nullptr && !rate->is_auto() && !rate->needs_value()) {
    for (const std::uint64_t k : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1000}, UINT64_MAX})
      if (!((*rate)(k) >= 0.0)) std::abort();  // finite or not, a rate never points uphill
  }
  return 0;
}
