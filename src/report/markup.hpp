// Text made safe for the places of a page where it stands.
#pragma once

#include <string>
#include <string_view>

#include "descent/report/figure.hpp"

namespace descent::report {

/// `text` for HTML, in elements and in quoted attributes: & < > " ' escaped; bytes that are no UTF-8 and control
/// characters as U+FFFD.
[[nodiscard]] std::string html_text(std::string_view text);

/// A figure as the JSON that page.js reads. Safe inside <script>: it holds no '<'. Not-finite numbers are null.
[[nodiscard]] std::string figure_json(const AnyFigure& figure);

}  // namespace descent::report
