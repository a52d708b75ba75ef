#include <cmath>
#include <string>

#include "descent/core/text.hpp"
#include "descent/expr/formula.hpp"
#include "src/expr/functions.hpp"
#include "src/expr/lexer.hpp"
#include "src/expr/printer.hpp"

namespace descent::expr {
namespace {

class TextPrinter {
 public:
  explicit TextPrinter(const Graph& graph) : graph_(graph) {}

  std::string run(Id root) {
    print(root, Binding::comparison);
    return std::move(out_);
  }

 private:
  /// Prints `id` where everything looser than `needed` needs brackets.
  void print(Id id, Binding needed) {
    check_printed_size(out_);
    const bool bracket = binding(id) < needed;
    if (bracket) out_ += '(';
    print_bare(id);
    if (bracket) out_ += ')';
  }

  [[nodiscard]] Binding binding(Id id) const {
    const Op op = graph_.op(id);
    if (op == Op::constant) return graph_.number(id) < 0.0 ? Binding::product : Binding::atom;
    if (is_comparison(op)) return Binding::comparison;
    if (op == Op::add) return Binding::sum;
    if (is_product(graph_, id)) return Binding::product;
    return op == Op::pow ? Binding::power : Binding::atom;
  }

  void print_bare(Id id) {
    const Op op = graph_.op(id);
    if (op == Op::constant) {
      out_ += number_text(graph_.number(id));
    } else if (op == Op::pi || op == Op::e) {
      out_ += op == Op::pi ? "pi" : "e";
    } else if (op == Op::variable || op == Op::column) {
      print_name(op == Op::variable ? graph_.variables[graph_.index(id)] : graph_.columns[graph_.index(id)]);
    } else if (is_comparison(op)) {
      print(graph_.arg(id, 0), Binding::sum);
      constexpr const char* kSymbols[] = {" == ", " != ", " < ", " <= ", " > ", " >= "};
      out_ += kSymbols[static_cast<int>(op) - static_cast<int>(Op::eq)];
      print(graph_.arg(id, 1), Binding::sum);
    } else if (op == Op::add) {
      print_sum(id);
    } else if (is_product(graph_, id)) {
      print_product(as_quotient(graph_, id));
    } else if (op == Op::pow) {
      print(graph_.arg(id, 0), Binding::atom);
      out_ += '^';
      print_exponent(graph_.arg(id, 1));
    } else {
      out_ += function_name(op);
      out_ += '(';
      if (op == Op::min || op == Op::max) {
        print_extreme(op, id);
      } else {
        print_list(graph_.args(id));
      }
      out_ += ')';
    }
  }

  void print_list(std::span<const Id> args) {
    for (std::size_t i = 0; i < args.size(); ++i) {
      if (i > 0) out_ += ", ";
      print(args[i], Binding::comparison);
    }
  }

  /// The tree of two-way choices as the one list it came from.
  void print_extreme(Op op, Id id) {
    for (std::size_t i = 0; i < 2; ++i) {
      if (i > 0) out_ += ", ";
      const Id arg = graph_.arg(id, i);
      graph_.op(arg) == op ? print_extreme(op, arg) : print(arg, Binding::comparison);
    }
  }

  void print_name(const std::string& name) {
    const bool plain = is_identifier(name) && find_function(name) == nullptr && name != "pi" && name != "e";
    out_ += plain ? name : "`" + name + "`";
  }

  /// x^2, x^1.5, x^-1.5; x^(1/3), x^(-y), x^y^z.
  void print_exponent(Id exponent) {
    const bool number = graph_.is_constant(exponent);
    print(exponent, number ? Binding::product : Binding::power);
  }

  void print_sum(Id id) {
    bool first = true;
    for (const Id term : graph_.args(id)) {
      const bool negative = (graph_.is_constant(term) || graph_.op(term) == Op::scale) && graph_.number(term) < 0.0;
      if (!first) out_ += negative ? " - " : " + ";
      if (!first && negative) {
        print_negated(term);
      } else {
        print(term, Binding::product);
      }
      first = false;
    }
  }

  void print_negated(Id term) {
    if (graph_.is_constant(term)) {
      out_ += number_text(-graph_.number(term));
      return;
    }
    Quotient quotient = as_quotient(graph_, term);
    quotient.coefficient.num = -quotient.coefficient.num;
    print_product(quotient);
  }

  void print_product(const Quotient& quotient) {
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
      print_part(part);
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
        print_part(part);
        first = false;
      }
      if (count > 1) out_ += ')';
    }
    for (const Quotient::Part& part : quotient.denominator)
      if (!quotient.open || stands_alone(part)) {
        out_ += '/';
        print_part(part);
      }
  }

  /// A product that was not opened up, and 0, which would swallow the rest.
  [[nodiscard]] bool stands_alone(const Quotient::Part& part) const {
    return part.exponent == 1.0 && (is_product(graph_, part.base) || graph_.is_constant(part.base, 0.0));
  }

  void print_part(const Quotient::Part& part) {
    if (part.exponent == 1.0) return print(part.base, Binding::power);
    print(part.base, Binding::atom);
    out_ += '^' + number_text(part.exponent);
  }

  const Graph& graph_;
  std::string out_;
};

}  // namespace

std::string to_text(const Formula& formula) { return TextPrinter(*formula.graph()).run(formula.root()); }

}  // namespace descent::expr
