// Pictures as plain data: what is to be seen, never how it is drawn. The adapters (page.hpp for Plotly, gnuplot.hpp)
// turn the same figure into an interactive page, a file or characters in a terminal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace descent::report {

enum class SeriesStyle : std::uint8_t {
  line,
  points,
  bars,
  dashes,  ///< a line to compare with: an optimum, the diagonal
};

/// Points (x[i], y[i]). Values that are not finite are gaps. Bars take their place from Axis::categories and leave x
/// empty.
struct Series {
  std::string name;
  std::vector<double> x{};
  std::vector<double> y{};
  SeriesStyle style = SeriesStyle::line;
};

struct Range {
  double low = 0.0;
  double high = 1.0;
};

struct Axis {
  std::string label{};  ///< with the unit, where there is one
  bool log = false;     ///< how it is first drawn; values <= 0 are gaps then
  /// The page offers a switch between a linear and a logarithmic axis.
  bool log_switch = false;
  std::optional<Range> range{};           ///< nothing = all that is there
  std::vector<std::string> categories{};  ///< names in place of numbers, first to last
};

/// Lines, points and bars over two axes.
struct Figure {
  std::string title;
  std::string caption{};  ///< what is to be seen, and what was left out; also read to those who cannot see it
  Axis x{};
  Axis y{};
  std::vector<Series> series{};
  bool horizontal = false;  ///< bars lie; the categories are those of y
};

/// Where a run went. Point i is (x[i], y[i]), reached after steps[i] updates, with objective value[i].
struct Path {
  std::string name;
  std::vector<std::uint64_t> steps{};
  std::vector<double> x{};
  std::vector<double> y{};
  std::vector<double> value{};
};

struct Marker {
  std::string name;
  double x = 0.0;
  double y = 0.0;
};

/// A function of two variables as level lines, with the paths of runs over it and a slider over their steps.
struct ContourFigure {
  std::string title;
  std::string caption{};
  Axis x{};
  Axis y{};
  std::string value_label = "objective";
  std::vector<double> grid_x{};  ///< ascending
  std::vector<double> grid_y{};  ///< ascending
  std::vector<double> z{};       ///< not finite = no value there. // shape = [grid_y x grid_x]
  std::vector<double> levels{};  ///< values of the lines, ascending; at least two
  /// Levels are spread evenly in log10(z - level_base) when set, in z otherwise.
  std::optional<double> level_base{};
  bool equal_scale = false;  ///< one unit is as long on both axes
  std::vector<Path> paths{};
  std::vector<Marker> markers{};  ///< minima
};

/// A matrix as coloured cells with a number in each: confusion matrices.
struct HeatMapFigure {
  std::string title;
  std::string caption{};
  Axis x{};                      ///< categories name the columns
  Axis y{};                      ///< categories name the rows, from the top
  std::vector<double> values{};  ///< written in the cells. // shape = [y.categories x x.categories]
  std::vector<double> shades{};  ///< 0 to 1, how dark a cell is. // shape = [y.categories x x.categories]
};

using AnyFigure = std::variant<Figure, ContourFigure, HeatMapFigure>;

[[nodiscard]] const std::string& title(const AnyFigure& figure);
[[nodiscard]] const std::string& caption(const AnyFigure& figure);

/// Text in rows and columns. Cells that read as numbers are set flush right.
struct Table {
  std::string title;
  std::vector<std::string> columns{};
  std::vector<std::vector<std::string>> rows{};  ///< each with as many cells as there are columns
};

}  // namespace descent::report
