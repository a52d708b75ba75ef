// Writes the pages that browser_test.py opens: report_pages DIRECTORY. Runs are made by hand here, as `report` knows no
// optimizer; data are computed, not drawn at random.
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <limits>
#include <string>
#include <vector>

#include "descent/core/random.hpp"
#include "descent/core/text.hpp"
#include "descent/report/contour.hpp"
#include "descent/report/fit_figures.hpp"
#include "descent/report/gnuplot.hpp"
#include "descent/report/page.hpp"
#include "descent/report/trace_figures.hpp"

namespace report = descent::report;

namespace {

double rosenbrock(double x, double y) { return (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x); }

struct Run {
  descent::Trace trace{{"x", "y"}};
  descent::Result result;
};

/// Adam on Rosenbrock from (-1.2, 1), the textbook's form.
Run rosenbrock_run(std::uint64_t num_steps) {
  Run run;
  std::array<double, 2> w{-1.2, 1.0}, m{}, v{}, g{};
  double move = 0.0, b1 = 1.0, b2 = 1.0;
  for (std::uint64_t step = 0; step <= num_steps; ++step) {
    const double r = w[1] - w[0] * w[0];
    g = {-2 * (1 - w[0]) - 400 * w[0] * r, 200 * r};
    const double norm = std::max(std::fabs(g[0]), std::fabs(g[1]));
    const double f = rosenbrock(w[0], w[1]);
    run.result = {.status = norm < 1e-6 ? descent::Status::converged : descent::Status::step_limit,
                  .x = {w[0], w[1]},
                  .value = f,
                  .gradient = {g[0], g[1]},
                  .gradient_norm = norm,
                  .steps = step};
    if (step == num_steps) break;
    run.trace.record({.step = step,
                      .objective = f,
                      .loss = f,
                      .gradient_norm = norm,
                      .step_norm = move,
                      .learning_rate = 0.05,
                      .x = w});
    b1 *= 0.9;
    b2 *= 0.999;
    move = 0.0;
    for (std::size_t i = 0; i < 2; ++i) {
      m[i] = 0.9 * m[i] + 0.1 * g[i];
      v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
      const double d = 0.05 * (m[i] / (1 - b1)) / (std::sqrt(v[i] / (1 - b2)) + 1e-8);
      w[i] -= d;
      move += d * d;
    }
    move = std::sqrt(move);
  }
  return run;
}

/// Plain descent on a bowl; diverges when the rate is above 2 / 20.
Run bowl_run(double rate, std::uint64_t num_steps, double penalty_share) {
  Run run;
  std::array<double, 2> w{-2.0, 1.5};
  for (std::uint64_t step = 0; step <= num_steps; ++step) {
    const std::array<double, 2> g{2 * w[0], 20 * w[1]};
    const double f = w[0] * w[0] + 10 * w[1] * w[1] + 1.0;
    const double norm = std::max(std::fabs(g[0]), std::fabs(g[1]));
    run.result = {.status = std::isfinite(f) ? descent::Status::step_limit : descent::Status::diverged,
                  .x = {w[0], w[1]},
                  .value = f,
                  .gradient_norm = norm,
                  .steps = step};
    if (step == num_steps) break;
    run.trace.record({.step = step,
                      .objective = f,
                      .loss = (1 - penalty_share) * f,
                      .penalty = penalty_share * f,
                      .gradient_norm = norm,
                      .step_norm = step == 0 ? 0.0 : rate * norm,
                      .learning_rate = rate,
                      .x = w});
    for (std::size_t i = 0; i < 2; ++i) w[i] -= rate * g[i];
  }
  return run;
}

report::Page minimize_page() {
  const Run run = rosenbrock_run(3000);
  const double seconds = 0.0021;
  report::Page page{
      .title = "Minimum of (1-x)^2 + 100*(y-x^2)^2",
      .status = descent::to_text(run.result.status),
      .tone = report::tone_of(run.result.status),
      .headline = "The gradient test holds: the largest component, " +
                  descent::number_text(run.result.gradient_norm, 3) + ", is below 1e-06.",
      .command =
          "descent minimize '(1-x)^2 + 100*(y-x^2)^2' --start x=-1.2,y=1 --optimizer 'adam(0.05)' --max-steps 5000 "
          "--report rosenbrock.html",
      .results = {{"x", descent::number_text(run.result.x[0])},
                  {"y", descent::number_text(run.result.x[1])},
                  {"objective", descent::number_text(run.result.value)},
                  {"gradient", descent::number_text(run.result.gradient_norm, 6),
                   "largest component, at the last point"},
                  {"steps", descent::count_text(3000)},
                  {"time", descent::number_text(seconds * 1000, 3) + " ms"}},
      .settings = {{"optimizer", "adam(0.05, beta1=0.9, beta2=0.999, epsilon=1e-8)"},
                   {"start", "x = -1.2, y = 1"},
                   {"max_steps", "5,000"},
                   {"gradient_tolerance", "1e-06"}},
      .findings = {{report::Tone::warning,
                    "The valley is narrow: the Hessian's condition number at the minimum is 2,508.",
                    "Methods that use curvature need far fewer steps: try --optimizer lbfgs."}},
      .footer = "descent 0.1.0"};
  page.figures.emplace_back(report::contour(rosenbrock, run.trace, {.result = &run.result}));
  page.figures.emplace_back(report::loss_curves(run.trace, {.result = &run.result}));
  page.figures.emplace_back(report::gradient_curves(run.trace, {.result = &run.result}));
  page.figures.emplace_back(report::parameter_curves(run.trace, {.result = &run.result}));
  return page;
}

report::Page fit_page() {
  const descent::Rng rng(7);
  std::vector<double> x, y, line, predicted;
  for (std::uint64_t i = 0; i < 442; ++i) {
    x.push_back(18 + 24 * rng.uniform(i));
    y.push_back(10.2 * x.back() - 118 + 60 * rng.normal(10000 + i));
    line.push_back(10.2 * x.back() - 118);
    predicted.push_back(152 + 0.52 * (y.back() - 152) + 38 * rng.normal(20000 + i));
  }
  const Run run = bowl_run(0.09, 120, 0.1);
  const std::vector<std::string> names{"age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"};
  const std::vector<double> values{-0.036, -22.86, 5.603, 1.117, -1.09, 0.746, 0.372, 6.53, 68.48, 0.28};
  report::Page page{
      .title = "Fit of progression in data/diabetes.csv",
      .status = "small change",
      .tone = report::Tone::warning,
      .headline = "The objective fell by less than 1e-06; nothing proves a minimum.",
      .command = "descent fit data/diabetes.csv --target progression -o diabetes.json --report diabetes.html",
      .results = {{"R2", "0.5177", "on the 442 rows it was trained on"}, {"RMSE", "53.47"}, {"steps", "120"}},
      .settings = {{"loss", "squared_error, mean"},
                   {"penalty", "none"},
                   {"optimizer", "sgd(auto)"},
                   {"standardize", "auto (on)"}},
      .findings = {{report::Tone::bad, "The result is far from the exact solution.",
                    "Largest stable learning rate: 0.000609."},
                   {report::Tone::good, "Scaling makes the problem 90 times easier."},
                   {report::Tone::neutral, "No rows were held out."}},
      .footer = "descent 0.1.0"};
  page.figures.emplace_back(report::loss_curves(run.trace, {.result = &run.result, .optimum = 1.0}));
  page.figures.emplace_back(report::line_fit(x, y, line, {.x_label = "bmi (kg/m\xC2\xB2)", .y_label = "progression"}));
  page.figures.emplace_back(report::predicted_vs_true(y, predicted, {.y_label = "progression"}));
  page.figures.emplace_back(report::coefficients(names, values));
  page.tables.push_back({.title = "Metrics",
                         .columns = {"part", "rows", "R2", "RMSE"},
                         .rows = {{"train", "442", "0.5177", "53.47"}, {"validation", "88", "0.49", "55.1"}}});
  return page;
}

report::Page classes_page() {
  const std::vector<std::string> names{"petal_length", "petal_width", "sepal_length", "sepal_width"};
  const std::vector<std::string> classes{"setosa", "versicolor", "virginica"};
  const std::vector<report::CoefficientSeries> series{{"setosa", {-2.4, -1.03, -0.42, 0.97}},
                                                      {"versicolor", {-0.21, -0.77, 0.53, -0.32}},
                                                      {"virginica", {2.6, 1.8, -0.11, -0.65}}};
  const Run run = bowl_run(0.11, 200, 0.0);
  report::Page page{.title = "Fit of species in data/iris.csv",
                    .status = "diverged",
                    .tone = report::Tone::bad,
                    .headline = "The objective left the finite numbers."};
  page.figures.emplace_back(
      report::confusion_matrix(classes, std::array{50.0, 0.0, 0.0, 0.0, 47.0, 3.0, 0.0, 1.0, 49.0}));
  page.figures.emplace_back(report::coefficients(names, series));
  page.figures.emplace_back(report::contour([](double a, double b) { return a * a + 10 * b * b + 1.0; }, run.trace,
                                            {.result = &run.result, .title = "A rate too large"}));
  page.figures.emplace_back(report::loss_curves(run.trace));
  return page;
}

/// Everything that a name or a number can do to a page.
report::Page hostile_page() {
  const std::string evil =
      "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">&amp;'\"`touch "
      "owned` @x";
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  report::Page page{.title = evil,
                    .status = evil,
                    .headline = evil,
                    .command = evil,
                    .results = {{evil, evil, evil}},
                    .settings = {{"bytes", std::string("\xFF\xC0\x00z", 4)}},
                    .findings = {{report::Tone::bad, evil, evil}},
                    .tables = {{.title = evil, .columns = {evil}, .rows = {{evil}}}},
                    .footer = evil};
  report::Figure figure{.title = evil, .caption = evil, .x = {.label = evil}, .y = {.label = evil}};
  figure.series = {{.name = evil, .x = {0, 1, 2, 3, 4}, .y = {1, kNan, std::numeric_limits<double>::infinity(), 2, 3}},
                   {.name = "\xFF", .x = {0, 1}, .y = {kNan, kNan}}};
  page.figures.emplace_back(figure);
  page.figures.emplace_back(report::coefficients(std::array{evil, evil}, std::array{1.0, kNan}));
  page.figures.emplace_back(
      report::confusion_matrix(std::array{evil, std::string("b")}, std::array{1.0, 0.0, 0.0, 0.0}));
  page.figures.emplace_back(
      report::ContourFigure{.title = evil,
                            .x = {.label = evil},
                            .y = {.label = evil},
                            .value_label = evil,
                            .grid_x = {0, 1},
                            .grid_y = {0, 1},
                            .z = {0, 1, kNan, 2},
                            .levels = {0.5, 1.5},
                            .paths = {{.name = evil, .steps = {0, 1}, .x = {0, 1}, .y = {0, 1}, .value = {kNan, 0}}},
                            .markers = {{evil, 0.5, 0.5}}});
  return page;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: report_pages DIRECTORY\n";
    return 2;
  }
  const std::filesystem::path directory = argv[1];
  std::filesystem::create_directories(directory);
  const std::vector<std::pair<std::string, report::Page>> pages{
      {"minimize", minimize_page()}, {"fit", fit_page()}, {"classes", classes_page()}, {"hostile", hostile_page()}};
  for (const auto& [name, page] : pages) {
    std::ofstream(directory / (name + ".html"), std::ios::binary) << report::html(page);
    for (std::size_t i = 0; i < page.figures.size(); ++i) {
      const std::string stem = name + "-" + std::to_string(i + 1);
      const auto script = [&, &figure = page.figures[i]](report::GnuplotTerminal terminal, const std::string& ending) {
        std::ofstream(directory / (stem + ending + ".gp"), std::ios::binary)
            << report::gnuplot_script(figure, {.terminal = terminal, .output = (directory / (stem + ending)).string()});
      };
      script(report::GnuplotTerminal::svg, ".svg");
      script(report::GnuplotTerminal::png, ".png");
      script(report::GnuplotTerminal::dumb, ".txt");
    }
  }
  return EXIT_SUCCESS;
}
