// Any bytes as a curve: what is accepted is fitted to a few rows, in doubles and where it is linear in doubled
// precision, and ends in a status; a fit that is called converged has a certificate and finite parameters.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "descent/core/error.hpp"
#include "descent/curve/fit.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace descent;
  using namespace descent::curve;
  static const std::vector<std::string> names{"x", "y", "v w"};
  Curve curve;
  try {
    curve = parse_curve(std::string(reinterpret_cast<const char*>(data), size), names);
  } catch (const Error&) {
    return 0;
  }
  const std::size_t n = curve.parameters.size();
  if (n > 4) return 0;
  auto rows = std::make_shared<CurveRows>();
  rows->names = names;
  rows->columns = {{0.0, 1.0, 2.0, 3.0, 4.0, 5.0}, {1.0, 3.0, 2.0, 5.0, 4.5, 8.0}, {1.0, -1.0, 0.5, 2.0, 0.0, 7.0}};
  CurveOptions options{.start = std::vector<std::optional<double>>(n, 0.7), .profile = false};
  options.run.max_steps = 20;
  try {
    const CurveReport report = fit_curve(curve, rows, options);
    if (report.result.status != Status::converged) return 0;
    if (!report.result.certificate || !std::isfinite(report.result.value)) std::abort();
    for (const double value : report.result.x)
      if (!std::isfinite(value)) std::abort();
  } catch (const Error& error) {
    if (error.code() == ErrorCode::internal) std::abort();
  }
  return 0;
}
