// The files that every page carries, and what the Content-Security-Policy names them by.
#pragma once

#include <string>
#include <string_view>

namespace descent::report {

struct Asset {
  std::string_view bytes;
  std::string_view sha256;  ///< 64 hexadecimal digits, of `bytes`
};

[[nodiscard]] Asset plotly_script();
[[nodiscard]] Asset page_script();
[[nodiscard]] Asset page_style();

/// `'sha256-...'`, as a Content-Security-Policy wants it: base64 of the 32 bytes that `hexadecimal` spells.
[[nodiscard]] std::string csp_hash(std::string_view hexadecimal);

}  // namespace descent::report
