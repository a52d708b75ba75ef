#include "descent/report/gnuplot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <limits>

#include <fmt/format.h>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "src/report/levels.hpp"

namespace descent::report {
namespace {

constexpr std::array<std::string_view, 6> kColors{"#2b6cb0", "#d1662a", "#2f8560", "#8058a5", "#a33b57", "#6b7280"};
constexpr std::string_view kPathColor = "#c8471f";
// What the lines, points and bars of series 1, 2, ... look like in a terminal.
constexpr std::string_view kMarks = "*o+x#@";

/// In single quotes nothing is substituted, neither variables nor `commands`: names from data stay text.
std::string quote(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'')
      result += "''";
    else if (static_cast<unsigned char>(c) < 0x20)
      result += ' ';
    else
      result += c;
  }
  return result + "'";
}

class Script {
 public:
  explicit Script(const GnuplotOptions& options) : options_(options) {}

  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
    text_ += '\n';
  }
  [[nodiscard]] bool is_dumb() const { return options_.terminal == GnuplotTerminal::dumb; }
  [[nodiscard]] std::string take() { return std::move(text_); }

  /// `num_lines`: how many lines of text the picture must have room for; 0 = the usual shape.
  void begin(const std::string& title, int num_lines);
  void axis(char name, const Axis& axis);
  void categories(char name, const std::vector<std::string>& names);
  void block(std::string_view name, View x, View y);
  /// `plot a, b, c`.
  void plot(const std::vector<std::string>& parts) { line("plot {}", join(parts, ", \\\n     ")); }

 private:
  const GnuplotOptions& options_;
  std::string text_;
};

void Script::begin(const std::string& title, int num_lines) {
  const auto chosen = [](int value, int otherwise) { return value > 0 ? value : otherwise; };
  const auto size = [&](int width, int height) {
    return fmt::format("{},{}", chosen(options_.width, width), chosen(options_.height, height));
  };
  const int pixels = num_lines > 0 ? 26 * num_lines : 500;
  switch (options_.terminal) {
    case GnuplotTerminal::svg:
      line("set terminal svg noenhanced size {} font 'Helvetica,Arial,sans-serif,13' background '#ffffff'",
           size(800, pixels));
      break;
    case GnuplotTerminal::png:
      line("set terminal pngcairo noenhanced size {} font 'sans,11' background '#ffffff'", size(800, pixels));
      break;
    case GnuplotTerminal::pdf: {
      constexpr double kPointsPerInch = 72.0;
      line("set terminal pdfcairo noenhanced size {}in,{}in font 'sans,10'",
           number_text(chosen(options_.width, 576) / kPointsPerInch, 6),
           number_text(chosen(options_.height, pixels * 576 / 800) / kPointsPerInch, 6));
      break;
    }
    case GnuplotTerminal::dumb:
      line("set terminal dumb noenhanced size {} {}", size(79, num_lines > 0 ? num_lines + 2 : 24),
           options_.color ? "ansi" : "mono");
      break;
  }
  line("set encoding utf8");
  if (!options_.output.empty()) line("set output {}", quote(options_.output));
  line("set title {}", quote(title));
  line("set datafile missing 'NaN'");
  line("set tics nomirror");
  line("set key outside top center horizontal samplen 2");
  if (is_dumb()) {
    line("set border 3");
    line("set tics scale 0.5");
    return;
  }
  line("set border 3 linecolor rgb '#8a94a3'");
  line("set tics textcolor rgb '#3c4654'");
  line("set grid linecolor rgb '#e3e7ec' linetype 1");
}

void Script::axis(char name, const Axis& axis) {
  if (!axis.label.empty()) line("set {}label {}", name, quote(axis.label));
  if (axis.log) {
    line("set logscale {}", name);
    line("set format {} '%.0e'", name);
  }
  if (axis.range) line("set {}range [{}:{}]", name, number_text(axis.range->low), number_text(axis.range->high));
}

void Script::categories(char name, const std::vector<std::string>& names) {
  std::string tics;
  for (std::size_t i = 0; i < names.size(); ++i) {
    constexpr std::size_t kLongest = 28;
    std::string shown = names[i];
    if (shown.size() > kLongest && is_utf8(shown)) {
      std::size_t cut = kLongest - 2;
      while (cut > 0 && (static_cast<unsigned char>(shown[cut]) & 0xC0U) == 0x80U) --cut;
      shown = shown.substr(0, cut) + "..";
    }
    tics += fmt::format("{}{} {}", i > 0 ? ", " : "", quote(shown), i);
  }
  line("set {}tics ({}) scale 0", name, tics);
}

void Script::block(std::string_view name, View x, View y) {
  line("${} << EOD", name);
  // A gap is an empty line: it breaks a line of any style.
  for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
    if (std::isfinite(x[i]) && std::isfinite(y[i]))
      line("{} {}", number_text(x[i], 10), number_text(y[i], 10));
    else
      line("");
  }
  line("EOD");
}

/// Many points overlap, few have to be seen.
double point_size(std::size_t points) { return points > 1000 ? 0.4 : points > 100 ? 0.6 : 0.9; }

std::string series_style(const Script& script, SeriesStyle style, std::size_t index, std::size_t points) {
  const std::string_view color = kColors[index % kColors.size()];
  if (script.is_dumb()) {
    const char mark = style == SeriesStyle::dashes ? '.' : kMarks[index % kMarks.size()];
    // Lines go through `points` of one character each where dots on a line would be drawn with another one per series.
    if (style == SeriesStyle::points) return fmt::format("with points pointtype '{}' linetype {}", mark, index + 1);
    return fmt::format("with lines linetype {}", index + 1);
  }
  switch (style) {
    case SeriesStyle::points:
      return fmt::format("with points pointtype 7 pointsize {} linecolor rgb '#a0{}'", point_size(points),
                         color.substr(1));
    case SeriesStyle::dashes: return "with lines linewidth 1.2 dashtype '-' linecolor rgb '#5b6675'";
    case SeriesStyle::line:
    case SeriesStyle::bars: break;
  }
  return fmt::format("with lines linewidth 1.8 linecolor rgb '{}'", color);
}

void bars(Script& script, const Figure& figure) {
  const char names_axis = figure.horizontal ? 'y' : 'x';
  const std::vector<std::string>& names = figure.horizontal ? figure.y.categories : figure.x.categories;
  const Axis& value = figure.horizontal ? figure.x : figure.y;
  script.axis(figure.horizontal ? 'x' : 'y', value);
  script.categories(names_axis, names);
  const double last = static_cast<double>(names.size()) - 0.5;
  if (figure.horizontal)
    script.line("set yrange [{}:-0.5]", number_text(last));
  else
    script.line("set xrange [-0.5:{}]", number_text(last));
  script.line("set {}zeroaxis linetype -1", figure.horizontal ? 'y' : 'x');
  script.line("unset grid");
  if (figure.series.size() < 2) script.line("unset key");

  std::vector<std::string> parts;
  const double width = 0.7 / static_cast<double>(figure.series.size());
  for (std::size_t k = 0; k < figure.series.size(); ++k) {
    const Series& series = figure.series[k];
    const double offset = (static_cast<double>(k) + 0.5) * width - 0.35;
    script.line("$series{} << EOD", k);
    for (std::size_t i = 0; i < series.y.size(); ++i)
      if (std::isfinite(series.y[i]))
        script.line("{} {}", number_text(static_cast<double>(i) + offset, 6), number_text(series.y[i], 10));
    script.line("EOD");
    const std::string ink = script.is_dumb()
                                ? fmt::format("linetype {}", k + 1)
                                : fmt::format("linewidth {} linecolor rgb '{}'", figure.series.size() > 1 ? 4 : 9,
                                              kColors[k % kColors.size()]);
    // A thick line from zero is the one bar that gnuplot 5.4 draws lying down as well as standing up.
    parts.push_back(fmt::format("$series{} using {} with vectors nohead {} title {}", k,
                                figure.horizontal ? "(0):1:2:(0)" : "1:(0):(0):2", ink, quote(series.name)));
  }
  script.plot(parts);
}

/// Where every value is the same gnuplot complains about an empty range, and finds one itself.
Axis widened(Axis axis, const std::vector<Series>& all, std::vector<double> Series::*values) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const Series& series : all)
    for (const double value : series.*values) {
      if (!std::isfinite(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
  if (axis.range || !(low == high)) return axis;
  const double half = low == 0.0 ? 1.0 : 0.5 * std::fabs(low);
  axis.range = {.low = low - half, .high = low + half};
  return axis;
}

void draw(Script& script, const Figure& figure) {
  if (std::any_of(figure.series.begin(), figure.series.end(),
                  [](const Series& series) { return series.style == SeriesStyle::bars; })) {
    bars(script, figure);
    return;
  }
  script.axis('x', widened(figure.x, figure.series, &Series::x));
  script.axis('y', widened(figure.y, figure.series, &Series::y));
  if (figure.series.size() < 2) script.line("unset key");
  std::vector<std::string> parts;
  for (std::size_t k = 0; k < figure.series.size(); ++k) {
    const Series& series = figure.series[k];
    script.block("series" + std::to_string(k), series.x, series.y);
    parts.push_back(fmt::format("$series{} using 1:2 {} title {}", k,
                                series_style(script, series.style, k, series.x.size()), quote(series.name)));
  }
  script.plot(parts);
}

void draw(Script& script, const ContourFigure& figure) {
  script.axis('x', figure.x);
  script.axis('y', figure.y);
  script.line("$grid << EOD");
  const std::size_t columns = figure.grid_x.size();
  for (std::size_t i = 0; i < figure.grid_y.size(); ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      const double value = on_level_scale(figure, figure.z[i * columns + j]);
      script.line("{} {} {}", number_text(figure.grid_x[j], 8), number_text(figure.grid_y[i], 8),
                  std::isfinite(value) ? number_text(value, 6) : "NaN");
    }
    script.line("");
  }
  script.line("EOD");

  // gnuplot finds the lines once, into $lines; they are then drawn as curves beneath the paths.
  std::vector<std::string> levels;
  for (const double level : figure.levels) levels.push_back(number_text(on_level_scale(figure, level), 8));
  script.line("set contour base");
  script.line("unset surface");
  script.line("set cntrparam levels discrete {}", join(levels, ","));
  script.line("set table $lines");
  script.line("splot $grid using 1:2:3 notitle");
  script.line("unset table");
  script.line("unset contour");
  script.line("unset grid");
  if (figure.equal_scale && !script.is_dumb()) script.line("set size ratio -1");

  std::vector<std::string> parts;
  if (script.is_dumb()) {
    parts.emplace_back("$lines using 1:2 with points pointtype '.' linetype 3 notitle");
  } else {
    script.line("set palette defined (0 '#245482', 0.5 '#8db4d3', 1 '#c9dcea')");
    script.line("set colorbox user origin graph 1.03, graph 0 size 0.015, graph 1 noborder");
    std::string tics;
    const std::size_t every = (figure.levels.size() + 7) / 8;
    for (std::size_t i = 0; i < figure.levels.size(); i += every)
      tics += fmt::format("{}{} {}", i > 0 ? ", " : "", quote(number_text(figure.levels[i], 3)), levels[i]);
    script.line("set cbtics ({}) scale 0", tics);
    script.line("set cblabel {}", quote(figure.value_label));
    script.line("set cbrange [{}:{}]", levels.front(), levels.back());
    script.line("set rmargin at screen 0.86");
    parts.emplace_back("$lines using 1:2:3 with lines linewidth 0.9 linecolor palette notitle");
  }
  for (std::size_t k = 0; k < figure.paths.size(); ++k) {
    const Path& path = figure.paths[k];
    script.block("path" + std::to_string(k), path.x, path.y);
    const std::string_view color = k == 0 ? kPathColor : kColors[(k + 1) % kColors.size()];
    if (script.is_dumb()) {
      parts.push_back(fmt::format("$path{} using 1:2 with points pointtype '{}' linetype 1 title {}", k,
                                  kMarks[1 + k % 5], quote(path.name)));
      if (!path.x.empty())
        parts.push_back(
            fmt::format("$path{} using 1:2 every ::0::0 with points pointtype 'S' linetype 1 title 'start'", k));
      continue;
    }
    parts.push_back(fmt::format("$path{} using 1:2 with {} linewidth 1.6 linecolor rgb '{}' title {}", k,
                                path.x.size() > 150 ? "lines" : "linespoints pointtype 7 pointsize 0.35", color,
                                quote(path.name)));
    if (!path.x.empty())
      parts.push_back(
          fmt::format("$path{} using 1:2 every ::0::0 with points pointtype 6 pointsize 0.9 linewidth 1.6 linecolor "
                      "rgb '{}' title 'start'",
                      k, color));
  }
  if (!figure.markers.empty()) {
    std::vector<double> x, y;
    for (const Marker& marker : figure.markers) {
      x.push_back(marker.x);
      y.push_back(marker.y);
    }
    script.block("markers", x, y);
    parts.push_back(fmt::format(
        "$markers using 1:2 with points {} title {}",
        script.is_dumb() ? "pointtype 'M' linetype 1" : "pointtype 3 pointsize 1 linewidth 1.6 linecolor rgb '#1b2430'",
        quote(figure.markers.front().name)));
  }
  script.plot(parts);
}

void draw(Script& script, const HeatMapFigure& figure) {
  const std::size_t rows = figure.y.categories.size();
  const std::size_t columns = figure.x.categories.size();
  script.axis('x', {.label = figure.x.label});
  script.axis('y', {.label = figure.y.label});
  script.categories('x', figure.x.categories);
  script.categories('y', figure.y.categories);
  script.line("set xrange [-0.5:{}]", number_text(static_cast<double>(columns) - 0.5));
  script.line("set yrange [{}:-0.5]", number_text(static_cast<double>(rows) - 0.5));
  script.line("unset key");
  script.line("unset grid");
  script.line("unset colorbox");
  script.line("$cells << EOD");
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j)
      script.line("{} {} {} {}", j, i, number_text(figure.shades[i * columns + j], 6),
                  number_text(figure.values[i * columns + j], 6));
  script.line("EOD");
  if (script.is_dumb()) {
    script.plot({"$cells using 1:2:4 with labels notitle"});
    return;
  }
  script.line("set palette defined (0 '#eef3f8', 1 '#2b6cb0')");
  script.line("set cbrange [0:1]");
  script.plot(
      {"$cells using 1:2:($1-0.48):($1+0.48):($2-0.48):($2+0.48):3 with boxxyerror fillstyle solid noborder linecolor "
       "palette notitle",
       "$cells using 1:2:4:($3 > 0.5 ? 0xffffff : 0x1b2430) with labels textcolor rgb variable notitle"});
}

void check_size(int value, const char* where) {
  if (value < 0 || value > 20000)
    throw Error(ErrorCode::usage, "expected an integer in [0, 20000], got " + std::to_string(value), where);
}

}  // namespace

std::optional<GnuplotTerminal> gnuplot_terminal(std::string_view file_name) {
  if (file_name.ends_with(".svg")) return GnuplotTerminal::svg;
  if (file_name.ends_with(".png")) return GnuplotTerminal::png;
  if (file_name.ends_with(".pdf")) return GnuplotTerminal::pdf;
  if (file_name.ends_with(".txt")) return GnuplotTerminal::dumb;
  return std::nullopt;
}

namespace {

/// Lying bars need a line each; other figures have the usual shape.
int lines_needed(const AnyFigure& any) {
  const auto* figure = std::get_if<Figure>(&any);
  if (figure == nullptr || !figure->horizontal) return 0;
  constexpr std::size_t kMost = 700;  // keeps 26 pixels each below what a terminal takes
  return static_cast<int>(
             std::min(figure->y.categories.size() * std::max<std::size_t>(figure->series.size(), 1), kMost)) +
         5;
}

}  // namespace

std::string gnuplot_script(const AnyFigure& figure, const GnuplotOptions& options) {
  check_size(options.width, "width");
  check_size(options.height, "height");
  Script script(options);
  script.begin(title(figure), lines_needed(figure));
  std::visit([&](const auto& kind) { draw(script, kind); }, figure);
  return script.take();
}

}  // namespace descent::report
