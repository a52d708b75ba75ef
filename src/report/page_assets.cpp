#include "src/report/page_assets.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "descent/report/page.hpp"

// The assembler copies a file into the object as it is: 1.5 MB cost no compile time and no quoting. The build gives the
// paths and the sums (CMakeLists.txt).
#define DESCENT_EMBED(name, file)                        \
  __asm__(                                               \
      ".section .rodata\n"                               \
      ".global descent_report_" #name                    \
      "_begin\n"                                         \
      ".global descent_report_" #name                    \
      "_end\n"                                           \
      "descent_report_" #name                            \
      "_begin:\n"                                        \
      ".incbin \"" file                                  \
      "\"\n"                                             \
      "descent_report_" #name                            \
      "_end:\n"                                          \
      ".byte 0\n"                                        \
      ".previous\n");                                    \
  extern "C" const char descent_report_##name##_begin[]; \
  extern "C" const char descent_report_##name##_end[]

DESCENT_EMBED(plotly, DESCENT_PLOTLY_FILE);
DESCENT_EMBED(script, DESCENT_PAGE_SCRIPT_FILE);
DESCENT_EMBED(style, DESCENT_PAGE_STYLE_FILE);

namespace descent::report {
namespace {

constexpr std::string_view kPlotlyVersion = "4.1.1";

std::string_view between(const char* begin, const char* end) { return {begin, static_cast<std::size_t>(end - begin)}; }

std::uint32_t digit(char c) { return static_cast<std::uint32_t>(c <= '9' ? c - '0' : c - 'a' + 10); }

}  // namespace

Asset plotly_script() {
  return {between(descent_report_plotly_begin, descent_report_plotly_end), DESCENT_PLOTLY_SHA256};
}
Asset page_script() {
  return {between(descent_report_script_begin, descent_report_script_end), DESCENT_PAGE_SCRIPT_SHA256};
}
Asset page_style() {
  return {between(descent_report_style_begin, descent_report_style_end), DESCENT_PAGE_STYLE_SHA256};
}

std::string csp_hash(std::string_view hexadecimal) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string result = "'sha256-";
  for (std::size_t at = 0; at < hexadecimal.size(); at += 6) {  // three bytes make four digits
    std::uint32_t bits = 0;
    for (std::size_t i = at; i < at + 6; ++i) bits = bits << 4U | (i < hexadecimal.size() ? digit(hexadecimal[i]) : 0U);
    const std::size_t num_bytes = std::min<std::size_t>(3, (hexadecimal.size() - at) / 2);
    for (std::size_t i = 0; i < 4; ++i) result += i <= num_bytes ? kDigits[bits >> (18U - 6U * i) & 63U] : '=';
  }
  return result + "'";
}

std::string_view plotly_version() { return kPlotlyVersion; }

}  // namespace descent::report
