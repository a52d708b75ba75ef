// The text of chains and calls: whatever is accepted prints to a text that is accepted again and prints the same.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "descent/core/error.hpp"
#include "descent/core/param_table.hpp"

namespace {

std::string canonical(std::string_view text) {
  std::string out;
  for (const descent::Call& call : descent::parse_pipeline(text)) {
    if (!out.empty()) out += " | ";
    out += descent::to_text(call);
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string once;
  try {
    once = canonical(text);
  } catch (const descent::Error& error) {
    if (error.message().empty()) std::abort();
    return 0;
  }
  // Outside the try: what was printed must be accepted.
  const std::string twice = canonical(once);
  if (once != twice) {
    std::fprintf(stderr, "'%s' prints as '%s'\n", once.c_str(), twice.c_str());
    std::abort();
  }
  return 0;
}
