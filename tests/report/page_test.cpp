#include "descent/report/page.hpp"

#include <cstddef>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "descent/report/fit_figures.hpp"
#include "src/report/markup.hpp"
#include "src/report/page_assets.hpp"

namespace descent::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string file_text(const std::string& path) {
  std::ifstream file(std::string(DESCENT_SOURCE_DIR) + "/" + path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// What is left of a page when its own assets are taken out.
std::string without_assets(std::string page) {
  for (const Asset& asset : {plotly_script(), page_script(), page_style()}) {
    const std::size_t at = page.find(asset.bytes);
    if (at != std::string::npos) page.erase(at, asset.bytes.size());
  }
  return page;
}

Page small_page() {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  Page page{.title = "a < b & \"c\"",
            .status = "converged",
            .tone = Tone::good,
            .headline = "Done.",
            .results = {{"x", "1", "exactly"}},
            .settings = {{"start", "0"}},
            .findings = {{Tone::warning, "narrow valley"}},
            .tables = {{.title = "t", .columns = {"name", "value"}, .rows = {{"a", "1.5"}, {"b", "nan"}}}}};
  page.figures.emplace_back(Figure{.title = "</script>", .series = {{.name = "s", .x = {0, 1}, .y = {1, kNan}}}});
  return page;
}

TEST(PlotlyAsset, IsTheFileThatTheReadmePins) {
  const std::string file = file_text("third_party/plotly/plotly-cartesian.min.js");
  EXPECT_TRUE(plotly_script().bytes == file);
  const std::string readme = file_text("third_party/README.md");
  EXPECT_THAT(readme, HasSubstr(std::string(plotly_script().sha256)));
  EXPECT_THAT(readme, HasSubstr("| version | " + std::string(plotly_version()) + " |"));
  EXPECT_THAT(file.substr(0, 200), HasSubstr("v" + std::string(plotly_version())));
}

TEST(PageAssets, NeverEndTheElementTheyStandIn) {
  for (const Asset& asset : {plotly_script(), page_script(), page_style()}) {
    for (const char* end : {"</script", "</SCRIPT", "</style", "</STYLE"})
      EXPECT_EQ(asset.bytes.find(end), std::string_view::npos) << end;
    EXPECT_EQ(asset.bytes.find("<!--"), std::string_view::npos);
    EXPECT_EQ(asset.bytes.find('\r'), std::string_view::npos);
    EXPECT_FALSE(asset.bytes.empty());
  }
}

TEST(CspHash, IsTheBase64OfTheSum) {
  EXPECT_EQ(csp_hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
}

TEST(Html, LetsNothingRunButItsOwnTwoScripts) {
  const std::string page = html(small_page());
  const std::size_t begin = page.find("Content-Security-Policy");
  const std::string policy = page.substr(begin, page.find('>', begin) - begin);
  EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
  EXPECT_THAT(policy,
              HasSubstr("script-src " + csp_hash(plotly_script().sha256) + " " + csp_hash(page_script().sha256) + ";"));
  EXPECT_THAT(policy, Not(HasSubstr("unsafe-eval")));
  EXPECT_THAT(policy, Not(HasSubstr("http")));
  EXPECT_LT(begin, page.find("<style>"));
}

TEST(Html, EscapesEveryTextAndKeepsDataInsideItsElement) {
  const std::string page = without_assets(html(small_page()));
  EXPECT_THAT(page, HasSubstr("<title>a &lt; b &amp; &quot;c&quot;</title>"));
  EXPECT_THAT(page, HasSubstr("aria-label=\"&lt;/script&gt;. \""));
  std::size_t num_ends = 0;
  for (std::size_t at = page.find("</script>"); at != std::string::npos; at = page.find("</script>", at + 1))
    ++num_ends;
  EXPECT_EQ(num_ends, 3U);
  EXPECT_THAT(page, HasSubstr("[1.0,null]"));
}

TEST(Html, CanBeReadWithoutScriptAndWithoutColours) {
  const std::string page = without_assets(html(small_page()));
  EXPECT_THAT(page, HasSubstr("<html lang=\"en\">"));
  EXPECT_THAT(page, HasSubstr("<noscript>"));
  EXPECT_THAT(page, HasSubstr("<b>Careful:</b> narrow valley"));
  EXPECT_THAT(page, HasSubstr("<th scope=\"row\">x</th><td>1<small>exactly</small>"));
  EXPECT_THAT(page, HasSubstr("<td>a</td><td class=\"number\">1.5</td>"));
}

TEST(Html, GivesTheSameBytesForTheSamePage) { EXPECT_TRUE(html(small_page()) == html(small_page())); }

TEST(Html, CarriesNoDrawingLibraryWhenThereIsNothingToDraw) {
  const std::string page = html(Page{.title = "text"});
  EXPECT_LT(page.size(), 20'000U);
  EXPECT_THAT(page, Not(HasSubstr("<noscript>")));
}

TEST(HtmlText, ReplacesBytesThatAreNoText) {
  EXPECT_EQ(html_text("caf\xC3\xA9 <'>"), "caf\xC3\xA9 &lt;&#39;&gt;");
  EXPECT_EQ(html_text("\xFF!"), "\xEF\xBF\xBD!");
  EXPECT_EQ(html_text(std::string("a\0b", 3)),
            "a\xEF\xBF\xBD"
            "b");
}

TEST(FigureJson, HoldsNoMarkupAndSurvivesBytesThatAreNoText) {
  const std::string json = figure_json(Figure{.title = "t", .x = {.label = "<!--<script>\xFF"}});
  EXPECT_EQ(json.find('<'), std::string::npos);
  EXPECT_THAT(json, HasSubstr("\\u003c!--"));
}

TEST(ToneOf, CallsOnlyACertifiedEndGood) {
  EXPECT_EQ(tone_of(Status::converged), Tone::good);
  EXPECT_EQ(tone_of(Status::small_change), Tone::warning);
  EXPECT_EQ(tone_of(Status::diverged), Tone::bad);
}

}  // namespace
}  // namespace descent::report
