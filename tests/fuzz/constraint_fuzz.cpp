// The texts of --subject-to, one a line: what is accepted is a function of all variables whose value does not depend on
// whether its gradient is asked for, and whose text is read again as the same one relation.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "cli/constraints.hpp"
#include "descent/core/error.hpp"
#include "descent/core/text.hpp"

namespace {

using namespace descent;
using namespace descent::cli;

const std::vector<std::string> kVariables{"x", "y", "v w", "a<=b"};
const std::vector<double> kPoint{0.75, -1.5, 3.0, 0.125};

std::vector<ConstraintText> read(std::vector<std::string> texts) {
  static const Command command{.name = "minimize",
                               .summary = {},
                               .description = {},
                               .options = {{.name = "subject-to", .many = true}, {.name = "fix"}},
                               .examples = {},
                               .run = nullptr};
  Options options(command);
  options.set("subject-to", std::move(texts));
  options.set("fix", {"k=2"});
  return constraints(options, kVariables);
}

[[noreturn]] void finding(const ConstraintText& constraint, const char* what) {
  std::fprintf(stderr, "'%s': %s\n", constraint.text.c_str(), what);
  std::abort();
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

/// The value, then the gradient.
std::vector<double> evaluated(const ConstraintText& constraint) {
  if (constraint.function->num_parameters() != kVariables.size()) finding(constraint, "not of all variables");
  std::vector<double> result(1 + kVariables.size());
  result[0] = constraint.function->evaluate(kPoint, MutableView(result).subspan(1));
  if (!same(result[0], constraint.function->evaluate(kPoint, {}))) finding(constraint, "another value with a gradient");
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<ConstraintText> list;
  try {
    list = read(split({reinterpret_cast<const char*>(data), size}, '\n'));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::formula || error.message().empty() || error.where().empty()) std::abort();
    return 0;
  }
  if (list.empty()) std::abort();
  for (const ConstraintText& constraint : list) {
    const std::vector<double> values = evaluated(constraint);
    // Outside the try: what is shown of a constraint is one.
    const std::vector<ConstraintText> again = read({constraint.text});
    if (again.size() != 1 || again[0].text != constraint.text || again[0].equality != constraint.equality)
      finding(constraint, "is read back as another");
    const std::vector<double> values_again = evaluated(again[0]);
    for (std::size_t i = 0; i < values.size(); ++i)
      if (!same(values[i], values_again[i])) finding(constraint, "has another value when it is read back");
  }
  return 0;
}
