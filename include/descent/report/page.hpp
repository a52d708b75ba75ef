// A report as one self-contained web page.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "descent/core/result.hpp"
#include "descent/report/figure.hpp"

namespace descent::report {

/// How good the news is; shown as a word or sign and a colour, never by colour alone.
enum class Tone : std::uint8_t { good, neutral, warning, bad };

/// converged: good; a stop that proves nothing: warning; diverged and line_search_failed: bad.
[[nodiscard]] Tone tone_of(Status status);

/// One line of a table of two columns.
struct Fact {
  std::string name;
  std::string value;
  std::string note{};  ///< said under the value in small type
};

/// Something the reader should know, or do.
struct Finding {
  Tone tone = Tone::neutral;
  std::string text;
  std::string detail{};
};

/// Every text is plain text; the page escapes it.
struct Page {
  std::string title;          ///< what was done: "Minimum of (1-x)^2 + 100*(y-x^2)^2"
  std::string status{};       ///< one or two words beside the headline: "converged"
  Tone tone = Tone::neutral;  ///< of the status
  std::string headline{};     ///< one sentence: how it ended, with its numbers
  std::string command{};      ///< the command line that makes this page again
  std::vector<Fact> results{};
  std::vector<Fact> settings{};
  std::vector<Finding> findings{};
  std::vector<AnyFigure> figures{};
  std::vector<Table> tables{};
  std::string footer{};  ///< who made it: "descent 0.1.0"
};

/// The whole page: HTML with the drawing library inside (about 1.5 MB), no network, no outside file, safe to mail.
///
/// Without JavaScript the text and tables remain. The Content-Security-Policy lets nothing run but the page's own two
/// scripts, named by their hashes. Equal pages give equal bytes.
[[nodiscard]] std::string html(const Page& page);

/// Version of the Plotly bundle inside: "4.1.1".
[[nodiscard]] std::string_view plotly_version();

}  // namespace descent::report
