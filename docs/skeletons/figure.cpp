// A figure: a function from results to data. Both adapters (the Plotly page, gnuplot) draw whatever it returns.
#include <cstddef>

#include "descent/core/error.hpp"
#include "descent/core/trace.hpp"
#include "descent/report/figure.hpp"

namespace descent::report {

// 1. include/descent/report/trace_figures.hpp

/// The learning rate of each update, against step. Throws: Error(usage) when the trace is empty.
[[nodiscard]] Figure learning_rate_curve(const Trace& trace);

// 2. src/report/trace_figures.cpp

Figure learning_rate_curve(const Trace& trace) {
  if (trace.rows().empty()) throw Error(ErrorCode::usage, "the trace is empty: there is no rate to draw");
  Figure figure{.title = "Learning rate", .caption = "What the schedule gave to each update."};
  figure.x.label = "step";
  figure.y.label = "learning rate";
  Series rates{.name = "learning rate"};
  for (const Trace::Row& row : trace.rows()) {
    rates.x.push_back(static_cast<double>(row.step));
    rates.y.push_back(row.learning_rate);
  }
  figure.series.push_back(std::move(rates));
  return figure;
}

}  // namespace descent::report
