#include "descent/report/page.hpp"

#include <algorithm>
#include <cmath>

#include "descent/core/text.hpp"
#include "src/report/markup.hpp"
#include "src/report/page_assets.hpp"

namespace descent::report {
namespace {

// sha256 of nothing: Plotly makes an empty <style> and fills it through the style sheet's own interface. It also writes
// style attributes (of the elements it draws), which no hash can name: style-src-attr lets those through, and only
// those.
constexpr std::string_view kNothingSha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

const char* tone_class(Tone tone) {
  switch (tone) {
    case Tone::good: return "good";
    case Tone::neutral: return "neutral";
    case Tone::warning: return "warning";
    case Tone::bad: return "bad";
  }
  return "neutral";
}

/// What is said in front of a finding, so that its colour is not all there is.
const char* tone_word(Tone tone) {
  switch (tone) {
    case Tone::good: return "Good";
    case Tone::neutral: return "Note";
    case Tone::warning: return "Careful";
    case Tone::bad: return "Problem";
  }
  return "Note";
}

std::string security_policy() {
  return "default-src 'none'; script-src " + csp_hash(plotly_script().sha256) + " " + csp_hash(page_script().sha256) +
         "; style-src " + csp_hash(page_style().sha256) + " " + csp_hash(kNothingSha256) +
         "; style-src-attr 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'";
}

std::string element(std::string_view tag, std::string_view text) {
  return "<" + std::string(tag) + ">" + html_text(text) + "</" + std::string(tag) + ">";
}

std::string facts_section(std::string_view heading, const std::vector<Fact>& facts) {
  if (facts.empty()) return "";
  std::string html = "<section>" + element("h2", heading) + "<table class=\"facts\">\n";
  for (const Fact& fact : facts) {
    html += "<tr><th scope=\"row\">" + html_text(fact.name) + "</th><td>" + html_text(fact.value);
    if (!fact.note.empty()) html += element("small", fact.note);
    html += "</td></tr>\n";
  }
  return html + "</table></section>\n";
}

std::string findings_section(const std::vector<Finding>& findings) {
  if (findings.empty()) return "";
  std::string html = "<section><h2>Findings</h2><ul class=\"findings\">\n";
  for (const Finding& finding : findings) {
    html += "<li class=\"" + std::string(tone_class(finding.tone)) + "\"><b>" + tone_word(finding.tone) + ":</b> " +
            html_text(finding.text);
    if (!finding.detail.empty()) html += element("p", finding.detail);
    html += "</li>\n";
  }
  return html + "</ul></section>\n";
}

bool reads_as_number(std::string_view cell) {
  return cell.empty() || parse_number(cell, true).has_value() ||
         (cell.back() == '%' && parse_number(cell.substr(0, cell.size() - 1)).has_value());
}

std::string table_rows(const Table& table) {
  std::vector<bool> is_number(table.columns.size(), true);
  for (const auto& row : table.rows)
    for (std::size_t j = 0; j < std::min(row.size(), is_number.size()); ++j)
      if (!reads_as_number(row[j])) is_number[j] = false;
  const auto side = [&](std::size_t j) { return j < is_number.size() && is_number[j] ? " class=\"number\"" : ""; };

  std::string html = "<div class=\"scroll\"><table><thead><tr>";
  for (std::size_t j = 0; j < table.columns.size(); ++j)
    html += "<th scope=\"col\"" + std::string(side(j)) + ">" + html_text(table.columns[j]) + "</th>";
  html += "</tr></thead><tbody>\n";
  for (const auto& row : table.rows) {
    html += "<tr>";
    for (std::size_t j = 0; j < row.size(); ++j)
      html += "<td" + std::string(side(j)) + ">" + html_text(row[j]) + "</td>";
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>";
}

/// The numbers of a small figure in words, for those who cannot see it; empty for curves and clouds.
Table numbers_behind(const AnyFigure& any) {
  Table table;
  if (const auto* heat = std::get_if<HeatMapFigure>(&any)) {
    table.columns.push_back(heat->y.label + " \\ " + heat->x.label);
    table.columns.insert(table.columns.end(), heat->x.categories.begin(), heat->x.categories.end());
    const std::size_t width = heat->x.categories.size();
    for (std::size_t i = 0; i < heat->y.categories.size(); ++i) {
      table.rows.push_back({heat->y.categories[i]});
      for (std::size_t j = 0; j < width; ++j) table.rows.back().push_back(number_text(heat->values[i * width + j]));
    }
  }
  const auto* figure = std::get_if<Figure>(&any);
  if (figure != nullptr && !figure->series.empty() && figure->series.front().style == SeriesStyle::bars) {
    const std::vector<std::string>& names = figure->horizontal ? figure->y.categories : figure->x.categories;
    table.columns.emplace_back("name");
    for (const Series& series : figure->series) table.columns.push_back(series.name);
    for (std::size_t i = 0; i < names.size(); ++i) {
      table.rows.push_back({names[i]});
      for (const Series& series : figure->series)
        table.rows.back().push_back(i < series.y.size() ? number_text(series.y[i], 6) : "");
    }
  }
  return table;
}

std::string figure_element(const AnyFigure& figure, std::size_t number) {
  const std::string id = "figure-" + std::to_string(number);
  const std::string says = title(figure) + ". " + caption(figure);
  std::string html = "<figure id=\"" + id + "\" aria-labelledby=\"" + id + "-title\">\n<header><h2 id=\"" + id +
                     "-title\">" + html_text(title(figure)) + "</h2>";
  const auto* lines = std::get_if<Figure>(&figure);
  if (lines != nullptr && lines->y.log_switch)
    html += "<label class=\"switch\" hidden><input type=\"checkbox\">logarithmic axis</label>";
  html += "</header>\n<div class=\"plot\" role=\"img\" aria-label=\"" + html_text(says) + "\"></div>\n";
  if (std::holds_alternative<ContourFigure>(figure))
    html +=
        "<div class=\"steps\" hidden><button type=\"button\">Play</button><input type=\"range\" min=\"0\" max=\"0\" "
        "aria-label=\"Step of the path\"><output></output></div>\n";
  html += "<figcaption>" + html_text(caption(figure)) + "</figcaption>\n";
  const Table numbers = numbers_behind(figure);
  if (!numbers.rows.empty()) html += "<details><summary>Numbers</summary>" + table_rows(numbers) + "</details>\n";
  return html + "</figure>\n";
}

std::string head(const Page& page) {
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"" +
         security_policy() +
         "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta name=\"referrer\" content=\"no-referrer\">\n" +
         element("title", page.title) + "\n<style>" + std::string(page_style().bytes) + "</style>\n</head>\n";
}

std::string opening(const Page& page) {
  std::string html = "<header>\n" + element("h1", page.title) + "\n<p class=\"headline\">";
  if (!page.status.empty())
    html += "<span class=\"status " + std::string(tone_class(page.tone)) + "\">" + html_text(page.status) + "</span> ";
  html += html_text(page.headline) + "</p>\n";
  if (!page.command.empty()) html += element("pre", page.command) + "\n";
  return html + "</header>\n";
}

}  // namespace

Tone tone_of(Status status) {
  switch (status) {
    case Status::converged: return Tone::good;
    case Status::small_change:
    case Status::step_limit:
    case Status::time_limit:
    case Status::interrupted: return Tone::warning;
    case Status::diverged:
    case Status::line_search_failed: return Tone::bad;
  }
  return Tone::neutral;
}

std::string html(const Page& page) {
  std::string result = head(page) + "<body>\n" + opening(page) + "<main>\n";
  const std::string facts = facts_section("Results", page.results) + facts_section("Settings", page.settings);
  result += findings_section(page.findings);
  if (!facts.empty()) result += "<div class=\"pair\">\n" + facts + "</div>\n";
  if (!page.figures.empty())
    result +=
        "<noscript><p class=\"notice\">The pictures need JavaScript, which is switched off here. Everything that "
        "is text on this page is complete without it.</p></noscript>\n";
  for (std::size_t i = 0; i < page.figures.size(); ++i) result += figure_element(page.figures[i], i + 1);
  for (const Table& table : page.tables)
    result += "<section>" + element("h2", table.title) + table_rows(table) + "</section>\n";
  result += "</main>\n";
  if (!page.footer.empty()) result += "<footer>" + element("p", page.footer) + "</footer>\n";

  if (!page.figures.empty()) {
    result += "<script type=\"application/json\" id=\"figures\">[";
    for (std::size_t i = 0; i < page.figures.size(); ++i) {
      if (i > 0) result += ",\n";
      result += figure_json(page.figures[i]);
    }
    result += "]</script>\n<script>" + std::string(plotly_script().bytes) + "</script>\n<script>" +
              std::string(page_script().bytes) + "</script>\n";
  }
  return result + "</body>\n</html>\n";
}

}  // namespace descent::report
