// What printing as text and as LaTeX have in common: where a product has its bar, and how tightly things bind.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "src/expr/graph.hpp"

namespace descent::expr {

/// How tightly a printed node holds together.
enum class Binding : std::uint8_t { comparison, sum, product, power, atom };

/// A product, scale or power below one: sign * numerator / denominator.
struct Quotient {
  struct Part {
    Id base = 0;
    double exponent = 1.0;  ///< what to print after the caret; 1 = nothing
  };
  Ratio coefficient{};  ///< its sign included
  std::vector<Part> numerator;
  std::vector<Part> denominator;
  bool open = true;  ///< parse() would open up a product below the bar; it does not in a product of too many factors
};

[[nodiscard]] Quotient as_quotient(const Graph& graph, Id id);

/// True for scale, mul, and powers with a whole negative exponent: what Quotient is for.
[[nodiscard]] bool is_product(const Graph& graph, Id id);

/// The text limit of to_text and to_latex. Throws: Error(formula) beyond it.
void check_printed_size(const std::string& text);

}  // namespace descent::expr
