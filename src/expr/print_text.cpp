#include <cmath>
#include <string>

#include "descent/core/text.hpp"
#include "descent/expr/formula.hpp"
#include "src/expr/functions.hpp"
#include "src/expr/lexer.hpp"
#include "src/expr/printer.hpp"

namespace descent::expr {
namespace {

constexpr Notation kText{"(", ")", "^", "", {" == ", " != ", " < ", " <= ", " > ", " >= "}};

class TextPrinter final : public Printer {
 public:
  explicit TextPrinter(const Graph& graph) : Printer(graph, kText) {}

 private:
  [[nodiscard]] std::string number(double value) const override { return number_text(value); }

  void print_node(Op op, Id id) override {
    if (op == Op::constant) {
      out_ += number_text(graph().number(id));
    } else if (op == Op::pi || op == Op::e) {
      out_ += op == Op::pi ? "pi" : "e";
    } else if (op == Op::variable) {
      print_name(graph().variables[graph().index(id)]);
    } else if (op == Op::column) {
      print_name(graph().columns[graph().index(id)]);
    } else if (is_comparison(op)) {
      print_comparison(op, id);
    } else if (is_product(graph(), id)) {
      print_product(as_quotient(graph(), id));
    } else if (op == Op::pow) {
      print(graph().arg(id, 0), Binding::atom);
      out_ += '^';
      print_exponent(graph().arg(id, 1));
    } else {
      print_call(find_function(op)->name, id);
    }
  }

  void print_name(const std::string& name) {
    const Function* function = find_function(name);
    const bool plain =
        is_identifier(name) && (function == nullptr || is_also_a_name(*function)) && name != "pi" && name != "e";
    out_ += plain ? name : "`" + name + "`";
  }

  /// x^2, x^1.5, x^-1.5; x^(1/3), x^(-y), x^y^z.
  void print_exponent(Id exponent) {
    const bool number = graph().is_constant(exponent);
    print(exponent, number ? Binding::product : Binding::power);
  }

  void print_product(const Quotient& quotient) override {
    const double num = quotient.coefficient.num;
    bool first = true;
    if (quotient.numerator.empty()) {
      out_ += number_text(num);
      first = false;
    } else if (num == -1.0) {
      out_ += '-';
    } else if (num != 1.0) {
      out_ += number_text(num);
      first = false;
    }
    for (const Quotient::Part& part : quotient.numerator) {
      if (!first) out_ += '*';
      print_part(part, Binding::power);
      first = false;
    }
    print_denominator(quotient);
  }

  void print_denominator(const Quotient& quotient) {
    // Parts that must not melt into the others when read back get a division of their own.
    std::vector<Quotient::Part> together;
    for (const Quotient::Part& part : quotient.denominator)
      if (quotient.open && !stands_alone(part)) together.push_back(part);
    const double den = quotient.coefficient.den;
    const std::size_t count = together.size() + (den != 1.0 ? 1 : 0);
    if (count > 0) {
      out_ += count > 1 ? "/(" : "/";
      bool first = true;
      if (den != 1.0) {
        out_ += number_text(den);
        first = false;
      }
      for (const Quotient::Part& part : together) {
        if (!first) out_ += '*';
        print_part(part, Binding::power);
        first = false;
      }
      if (count > 1) out_ += ')';
    }
    for (const Quotient::Part& part : quotient.denominator)
      if (!quotient.open || stands_alone(part)) {
        out_ += '/';
        print_part(part, Binding::power);
      }
  }

  /// A product that was not opened up, and 0, which would swallow the rest.
  [[nodiscard]] bool stands_alone(const Quotient::Part& part) const {
    return part.exponent == 1.0 && (is_product(graph(), part.base) || graph().is_constant(part.base, 0.0));
  }
};

}  // namespace

std::string to_text(const Formula& formula) { return TextPrinter(*formula.graph()).run(formula.root()); }

}  // namespace descent::expr
