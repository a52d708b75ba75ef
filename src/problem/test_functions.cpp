#include "descent/problem/test_functions.hpp"

#include <utility>

#include "descent/core/error.hpp"
#include "src/problem/test_functions/sum_of_squares.hpp"

namespace descent {
namespace test_functions {

std::vector<std::string> names_of(std::size_t n) {
  static const std::vector<std::string> letters{"x", "y", "z"};
  if (n <= 3) return {letters.begin(), letters.begin() + static_cast<std::ptrdiff_t>(n)};
  std::vector<std::string> names;
  for (std::size_t i = 0; i < n; ++i) names.push_back("x" + std::to_string(i));
  return names;
}

std::size_t dimension_of(const BoundArguments& arguments) {
  return static_cast<std::size_t>(arguments.integer("dimension"));
}

std::size_t dimension_of(const BoundArguments& arguments, std::size_t group) {
  const std::size_t n = dimension_of(arguments);
  if (n % group != 0)
    throw Error(ErrorCode::usage,
                "dimension must be a multiple of " + std::to_string(group) + ", got " + std::to_string(n));
  return n;
}

ParamSpec dimension_param(const Dimensions& dimensions) {
  return {.name = "dimension",
          .kind = ParamKind::integer,
          .default_text = dimensions.usual,
          .interval = {.low = dimensions.low, .high = dimensions.high},
          .meaning = "number of variables, n",
          .why = dimensions.why};
}

std::string more_garbow_hillstrom(int number) {
  return "J. J. More, B. S. Garbow, K. E. Hillstrom, \"Testing unconstrained optimization software\", ACM TOMS 7(1), "
         "1981, problem " +
         std::to_string(number);
}

void add(Registry<TestFunction>& registry, Entry entry, Maker make) {
  entry.kind = registry.kind();
  registry.add(std::move(entry), {make});
}

}  // namespace test_functions

const Registry<TestFunction>& test_function_registry() {
  static const Registry<TestFunction> registry = [] {
    Registry<TestFunction> r("test function");
    test_functions::add_landscapes(r);
    test_functions::add_few_variables(r);
    test_functions::add_more_variables(r);
    test_functions::add_dense(r);
    test_functions::add_banded(r);
    return r;
  }();
  return registry;
}

TestProblem make_test_problem(std::string_view text) {
  const Call call = parse_call(text);
  return placed(call, [&] {
    const auto& named = test_function_registry().at(call.name);
    return named.item.make(bind(named.entry, call));
  });
}

}  // namespace descent
