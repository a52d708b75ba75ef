// Figures as gnuplot scripts: files for papers, and characters in a terminal.
//
// The library starts no programs: whoever has the script feeds it to `gnuplot -` on standard input. Data are inside.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "descent/report/figure.hpp"

namespace descent::report {

enum class GnuplotTerminal : std::uint8_t { svg, png, pdf, dumb };

/// The terminal for a file name's ending (.svg .png .pdf .txt); nothing for any other.
[[nodiscard]] std::optional<GnuplotTerminal> gnuplot_terminal(std::string_view file_name);

struct GnuplotOptions {
  GnuplotTerminal terminal = GnuplotTerminal::svg;
  /// Pixels (svg, png), points (pdf) or characters (dumb); 0 = 800 x 500 pixels, 576 x 360 points, 79 x 24 characters.
  int width = 0;
  int height = 0;
  /// File gnuplot writes; empty = gnuplot's standard output.
  std::string output{};
  /// dumb: colours by escape sequences. Set it when the output is a terminal that has them.
  bool color = false;
};

/// A script for gnuplot 5.4 or later that draws `figure`. The same figure and options give the same bytes.
/// Throws: Error(usage) when a size is not sensible (negative, or above 20,000).
[[nodiscard]] std::string gnuplot_script(const AnyFigure& figure, const GnuplotOptions& options = {});

}  // namespace descent::report
