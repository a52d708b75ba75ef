// The text of a term or set, of --penalty and --within: what is accepted is written as a text that is accepted again
// and is the same once more; the nearest point of a set lies in it, also for coordinates near the ends of a double;
// what the map of a term returns is no worse than where it began.
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "descent/core/error.hpp"
#include "descent/optim/proximal.hpp"

namespace {

using descent::ProximalTerm;
using descent::View;

[[noreturn]] void finding(const ProximalTerm& term, View x, const char* what) {
  std::fprintf(stderr, "%s: %s at", term.text().c_str(), what);
  for (const double v : x) std::fprintf(stderr, " %.17g", v);
  std::fprintf(stderr, "\n");
  std::abort();
}

double largest(View x) {
  double size = 0.0;
  for (const double v : x) size = std::fmax(size, std::fabs(v));
  return size;
}

void check_set(const ProximalTerm& set, View x) {
  std::vector<double> inside(x.begin(), x.end());
  set.prox(1.0, inside);
  for (const double v : inside)
    if (!std::isfinite(v)) finding(set, x, "the nearest point is not finite");
  std::vector<double> again = inside;
  set.prox(1.0, again);
  for (std::size_t i = 0; i < x.size(); ++i)
    if (!(std::fabs(again[i] - inside[i]) <= 1e-12 * largest(inside))) finding(set, x, "the nearest point moves again");
  if (set.value(inside) != 0.0) finding(set, x, "the value of a set is not 0");
}

void check_term(const ProximalTerm& term, View x, double step) {
  std::vector<double> v(x.begin(), x.end());
  term.prox(step, v);
  for (const double value : v)
    if (!std::isfinite(value)) finding(term, x, "the map is not finite");
  double squares = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) squares += (v[i] - x[i]) * (v[i] - x[i]);
  const double before = term.value(x), after = term.value(v) + squares / (2.0 * step);
  if (std::isfinite(before) && !(after <= before * (1.0 + 1e-9) + 1e-300)) finding(term, x, "the map makes it worse");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::shared_ptr<const ProximalTerm> term;
  try {
    term = descent::parse_proximal_term(text);
  } catch (const descent::Error& error) {
    if (error.message().empty() || error.code() != descent::ErrorCode::usage) std::abort();
    return 0;
  }
  // Outside the try: what was printed must be accepted.
  if (const auto again = descent::parse_proximal_term(term->text()); again->text() != term->text()) {
    std::fprintf(stderr, "'%s' prints as '%s'\n", term->text().c_str(), again->text().c_str());
    std::abort();
  }
  if (const auto ends = term->interval(); ends && !(ends->low <= ends->high)) finding(*term, {}, "an empty interval");
  static const std::array<double, 3> kPoints[] = {
      {0.0, 0.0, 0.0},      {1.0, -2.0, 0.5},       {1e20, 1e20, -3.0},        {1e308, 1.5e308, -1.7e308},
      {1e-200, -1e-300, 0}, {1e154, 1e155, -1e155}, {5e-324, 1e-310, -5e-324}, {0.25, 0.25, 1e17}};
  for (const auto& x : kPoints) {
    if (term->is_set()) {
      check_set(*term, x);
    } else {
      for (const double step : {0.1, 1.0, 1e6}) check_term(*term, x, step);
    }
  }
  return 0;
}
