// What printing as text and as LaTeX have in common.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
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

/// The signs of a notation.
struct Notation {
  std::string_view open, close;     ///< brackets
  std::string_view raise, raised;   ///< around an exponent
  std::string_view comparisons[6];  ///< == != < <= > >=
};

/// A walk down the graph that puts brackets where something binds too loosely. A notation says how its numbers,
/// products and everything that is no sum look.
class Printer {
 public:
  /// Throws: Error(formula) beyond 1 MiB.
  std::string run(Id root);

 protected:
  Printer(const Graph& graph, const Notation& notation) : graph_(graph), notation_(notation) {}
  ~Printer() = default;

  /// Everything but a sum, which is the same in each notation.
  virtual void print_node(Op op, Id id) = 0;
  virtual void print_product(const Quotient& quotient) = 0;
  [[nodiscard]] virtual std::string number(double value) const = 0;
  [[nodiscard]] virtual Binding binding(Id id) const;

  /// `id`, in brackets if it binds more loosely than `needed`.
  void print(Id id, Binding needed);
  /// left, the sign, right
  void print_comparison(Op op, Id id);
  void print_call(std::string_view name, Id id);
  /// A factor with its exponent; `needed` of one that has none.
  void print_part(const Quotient::Part& part, Binding needed);

  [[nodiscard]] const Graph& graph() const { return graph_; }
  std::string out_;

 private:
  void print_sum(Id id);
  void print_arguments(Op op, Id id);

  const Graph& graph_;
  const Notation& notation_;
};

}  // namespace descent::expr
