// Formulas: text in, a simplified graph out; printed again as text or LaTeX.
//
//   number      1  0.5  .5  1e-3          (2e and 2ex are refused: write 2*e)
//   name        letters, digits, underscore; any other name in backquotes: `petal length`
//   constant    pi  e
//   operator    lowest first:  == !=  |  < <= > >=  |  + -  |  * / and multiplication by juxtaposition  |  unary -  | ^
//   call        sin(x), min(a, b, c), where(c, a, b), sum(...), mean(...); gamma, j0, j1, jn, y0 and y1 are functions
//               before a bracket and names elsewhere: y0 + a*exp(-b*x)
//
// `^` is right-associative and binds tighter than a minus sign before it: -x^2 is -(x^2), 2^-x is allowed, a^b^c is
// a^(b^c). A number or a closing bracket may be followed directly by a name or an opening bracket: 2x, 2(x+1), (a)(b),
// x^2y; that is the same as `*` in every respect, so 1/2x is (1/2)*x. A comparison is 1 or 0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace descent::expr {

class Graph;

/// A formula: an immutable graph in which equal parts are stored once. Cheap to copy; safe to share between threads.
class Formula {
 public:
  /// The formula 0.
  Formula();

  /// Names of the variables, in the order in which the text first names them (also those that simplification removed).
  [[nodiscard]] const std::vector<std::string>& variables() const;
  /// Names of the columns that were allowed inside sum and mean, as given to parse().
  [[nodiscard]] const std::vector<std::string>& columns() const;
  /// True if the formula contains sum(...) or mean(...), so that its value needs rows.
  [[nodiscard]] bool needs_rows() const;
  /// True if a column stands outside of sum and mean, so that there is one value for each row.
  [[nodiscard]] bool per_row() const;
  /// Operations, numbers and names, each distinct one counted once.
  [[nodiscard]] std::size_t num_nodes() const;

  /// The same graph over the same names. Simplified forms are compared: x*x equals x^2, but (x+1)^2 not x^2+2x+1.
  friend bool operator==(const Formula& a, const Formula& b);

  /// For the module's own sources.
  Formula(std::shared_ptr<const Graph> graph, std::uint32_t root) : graph_(std::move(graph)), root_(root) {}
  [[nodiscard]] const std::shared_ptr<const Graph>& graph() const { return graph_; }
  [[nodiscard]] std::uint32_t root() const { return root_; }

 private:
  std::shared_ptr<const Graph> graph_;
  std::uint32_t root_ = 0;
};

/// The longest text parse() takes, in bytes.
inline constexpr std::size_t kMaxFormulaBytes = 65536;
/// The deepest nesting of brackets, powers and signs parse() takes.
inline constexpr std::size_t kMaxFormulaDepth = 200;

struct ParseOptions {
  /// Names that stand for one value per row. They are allowed inside sum(...) and mean(...) only; every other name is a
  /// variable. Without columns there is nothing to add up, and sum and mean are refused.
  std::vector<std::string> columns{};
  /// Columns are allowed everywhere: the formula has one value for each row, as that of a curve has.
  bool per_row = false;
  /// Names that stand for a number, which the formula then contains in their place.
  std::vector<std::pair<std::string, double>> constants{};
};

/// Reads a formula. Simplification keeps the value at every point where all parts of the text are finite (x - x becomes
/// 0, x/x becomes 1), up to rounding; numbers are combined as the decimals they were written as (3*0.1x becomes 0.3*x)
/// and never into a result that is not finite.
/// Throws: Error(formula) with the column, and a message that ends with the line and a caret under the place.
[[nodiscard]] Formula parse(std::string_view text, const ParseOptions& options = {});

/// The formula as text; parse() with the same columns gives an equal formula back.
/// Throws: Error(formula) if it would be longer than 1 MiB.
[[nodiscard]] std::string to_text(const Formula& formula);

/// The formula in LaTeX's math mode: `2 x \cos\left(x^{2}\right)`. Throws: as to_text.
[[nodiscard]] std::string to_latex(const Formula& formula);

/// The columns that the formula depends on, in the order of formula.columns(); not those that simplification removed.
[[nodiscard]] std::vector<std::string> used_columns(const Formula& formula);

/// True if a variable decides which branch is taken somewhere: it stands in an argument of abs, sign, heaviside, min or
/// max, in a comparison or in the condition of a where. Derivatives then hold on one side only.
[[nodiscard]] bool has_kinks(const Formula& formula);

/// The functions a formula may call, in the order in which the reference lists them: `abs acos ... where`.
[[nodiscard]] std::vector<std::string> function_names();

}  // namespace descent::expr
