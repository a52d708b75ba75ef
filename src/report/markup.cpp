#include "src/report/markup.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "descent/core/text.hpp"
#include "src/report/levels.hpp"

namespace descent::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSeriesDigits = 10;  // enough to read any value off a picture, and half the size of all 17
constexpr int kGridDigits = 6;

/// Rounded to `digits` significant digits, which makes its text short; null when not finite.
Json number(double value, int digits) {
  if (!std::isfinite(value)) return nullptr;
  return parse_number(number_text(value, digits)).value_or(value);
}

Json numbers(const std::vector<double>& values, int digits) {
  Json result = Json::array();
  for (const double value : values) result.push_back(number(value, digits));
  return result;
}

Json rows(const std::vector<double>& values, std::size_t columns, int digits) {
  Json result = Json::array();
  for (std::size_t begin = 0; begin + columns <= values.size() && columns > 0; begin += columns)
    result.push_back(numbers({values.begin() + static_cast<std::ptrdiff_t>(begin),
                              values.begin() + static_cast<std::ptrdiff_t>(begin + columns)},
                             digits));
  return result;
}

const char* style_name(SeriesStyle style) {
  switch (style) {
    case SeriesStyle::line: return "line";
    case SeriesStyle::points: return "points";
    case SeriesStyle::bars: return "bars";
    case SeriesStyle::dashes: return "dashes";
  }
  return "line";
}

Json to_json(const Axis& axis) {
  Json result{{"label", axis.label}, {"log", axis.log}, {"log_switch", axis.log_switch}};
  if (axis.range)
    result["range"] = Json::array({number(axis.range->low, kSeriesDigits), number(axis.range->high, kSeriesDigits)});
  if (!axis.categories.empty()) result["categories"] = axis.categories;
  return result;
}

Json to_json(const Figure& figure) {
  Json series = Json::array();
  for (const Series& one : figure.series)
    series.push_back({{"name", one.name},
                      {"style", style_name(one.style)},
                      {"x", numbers(one.x, kSeriesDigits)},
                      {"y", numbers(one.y, kSeriesDigits)}});
  return {{"kind", "figure"},
          {"x", to_json(figure.x)},
          {"y", to_json(figure.y)},
          {"horizontal", figure.horizontal},
          {"series", std::move(series)}};
}

Json to_json(const ContourFigure& figure) {
  std::vector<double> scaled;
  scaled.reserve(figure.z.size());
  for (const double value : figure.z) scaled.push_back(on_level_scale(figure, value));
  Json paths = Json::array();
  for (const Path& path : figure.paths)
    paths.push_back({{"name", path.name},
                     {"steps", path.steps},
                     {"x", numbers(path.x, kSeriesDigits)},
                     {"y", numbers(path.y, kSeriesDigits)},
                     {"value", numbers(path.value, kSeriesDigits)}});
  Json markers = Json::array();
  for (const Marker& marker : figure.markers)
    markers.push_back(
        {{"name", marker.name}, {"x", number(marker.x, kSeriesDigits)}, {"y", number(marker.y, kSeriesDigits)}});
  return {{"kind", "contour"},
          {"x", to_json(figure.x)},
          {"y", to_json(figure.y)},
          {"value_label", figure.value_label},
          {"equal_scale", figure.equal_scale},
          {"grid_x", numbers(figure.grid_x, kSeriesDigits)},
          {"grid_y", numbers(figure.grid_y, kSeriesDigits)},
          {"scaled", rows(scaled, figure.grid_x.size(), kGridDigits)},
          {"levels", numbers(figure.levels, kSeriesDigits)},
          {"level_base", figure.level_base ? number(*figure.level_base, kSeriesDigits) : Json(nullptr)},
          {"paths", std::move(paths)},
          {"markers", std::move(markers)}};
}

Json to_json(const HeatMapFigure& figure) {
  const std::size_t columns = figure.x.categories.size();
  return {{"kind", "heat_map"},
          {"x", to_json(figure.x)},
          {"y", to_json(figure.y)},
          {"values", rows(figure.values, columns, kSeriesDigits)},
          {"shades", rows(figure.shades, columns, kGridDigits)}};
}

}  // namespace

std::string html_text(std::string_view text) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  const bool well_formed = is_utf8(text);
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    else if (c == '"')
      result += "&quot;";
    else if (c == '\'')
      result += "&#39;";
    else if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F || (byte >= 0x80 && !well_formed))
      result += kReplacement;
    else
      result += c;
  }
  return result;
}

std::string figure_json(const AnyFigure& figure) {
  const Json json = std::visit([](const auto& kind) { return to_json(kind); }, figure);
  const std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    if (c == '<')
      result += "\\u003c";  // neither </script> nor <!-- can then stand in the page's data
    else
      result += c;
  }
  return result;
}

}  // namespace descent::report
