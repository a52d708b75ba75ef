#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>

#include "descent/core/text.hpp"
#include "descent/expr/formula.hpp"
#include "src/expr/functions.hpp"
#include "src/expr/lexer.hpp"
#include "src/expr/printer.hpp"

namespace descent::expr {
namespace {

constexpr std::string_view kGreek[] = {"alpha", "beta",    "gamma",  "delta", "epsilon", "zeta",  "eta",   "theta",
                                       "iota",  "kappa",   "lambda", "mu",    "nu",      "xi",    "rho",   "sigma",
                                       "tau",   "upsilon", "phi",    "chi",   "psi",     "omega", "Gamma", "Delta",
                                       "Theta", "Lambda",  "Xi",     "Sigma", "Phi",     "Psi",   "Omega"};

/// 1.5e+20 as 1.5 \cdot 10^{20}.
std::string number_latex(double value) {
  std::string text = number_text(value);
  const std::size_t mark = text.find('e');
  if (mark == std::string::npos) return text;
  const std::string mantissa = text.substr(0, mark);
  const std::string power = "10^{" + number_text(*parse_number(text.substr(mark + 1))) + "}";
  if (mantissa == "1") return power;
  if (mantissa == "-1") return "-" + power;
  return mantissa + " \\cdot " + power;
}

std::string escaped(std::string_view name) {
  std::string text;
  for (const char c : name) {
    if (c == '\\') {
      text += "\\textbackslash{}";
    } else if (c == '^' || c == '~') {
      text += std::string("\\") + c + "{}";
    } else {
      if (std::string_view("_#$%&{}").find(c) != std::string_view::npos) text += '\\';
      text += c;
    }
  }
  return text;
}

bool is_greek(std::string_view name) {
  return std::find(std::begin(kGreek), std::end(kGreek), name) != std::end(kGreek);
}

/// x, x_{1} (for x1 and x_1), \theta_{2}, \mathrm{width}.
std::string name_latex(std::string_view name) {
  if (!is_identifier(name)) return "\\text{" + escaped(name) + "}";
  std::size_t end = name.size();
  while (end > 1 && name[end - 1] >= '0' && name[end - 1] <= '9') --end;
  std::string_view stem = name.substr(0, end);
  const std::string_view digits = name.substr(end);
  if (stem.size() > 1 && stem.ends_with('_') && !digits.empty()) stem.remove_suffix(1);
  const std::string subscript = digits.empty() ? "" : "_{" + std::string(digits) + "}";
  if (stem.size() == 1 && stem != "_") return std::string(stem) + subscript;
  if (is_greek(stem)) return "\\" + std::string(stem) + subscript;
  return "\\mathrm{" + escaped(stem) + "}" + subscript;
}

class LatexPrinter {
 public:
  explicit LatexPrinter(const Graph& graph) : graph_(graph) {}

  std::string run(Id root) {
    print(root, Binding::comparison);
    return std::move(out_);
  }

 private:
  void print(Id id, Binding needed) {
    check_printed_size(out_);
    const bool bracket = binding(id) < needed;
    if (bracket) out_ += "\\left(";
    print_bare(id);
    if (bracket) out_ += "\\right)";
  }

  [[nodiscard]] Binding binding(Id id) const {
    const Op op = graph_.op(id);
    if (op == Op::constant) {
      const bool plain = graph_.number(id) >= 0.0 && number_text(graph_.number(id)).find('e') == std::string::npos;
      return plain ? Binding::atom : Binding::product;
    }
    if (is_comparison(op)) return Binding::comparison;
    if (op == Op::add || is_reduction(op)) return Binding::sum;
    if (is_product(graph_, id)) return Binding::product;
    return op == Op::pow || op == Op::exp ? Binding::power : Binding::atom;
  }

  void print_bare(Id id) {
    const Op op = graph_.op(id);
    switch (op) {
      case Op::constant: out_ += number_latex(graph_.number(id)); return;
      case Op::pi: out_ += "\\pi"; return;
      case Op::e: out_ += "e"; return;
      case Op::variable: out_ += name_latex(graph_.variables[graph_.index(id)]); return;
      case Op::column: out_ += name_latex(graph_.columns[graph_.index(id)]) + "_{i}"; return;
      case Op::add: return print_sum(id);
      case Op::pow:
        if (!is_product(graph_, id)) return print_power(graph_.arg(id, 0), graph_.arg(id, 1));
        return print_product(as_quotient(graph_, id));
      case Op::scale:
      case Op::mul: return print_product(as_quotient(graph_, id));
      case Op::exp: return print_raised("e", graph_.arg(id, 0));
      case Op::sqrt: return print_between("\\sqrt{", graph_.arg(id, 0), "}");
      case Op::abs: return print_between("\\left|", graph_.arg(id, 0), "\\right|");
      case Op::sum: out_ += "\\sum_{i} "; return print(graph_.arg(id, 0), Binding::product);
      case Op::mean: out_ += "\\frac{1}{n} \\sum_{i} "; return print(graph_.arg(id, 0), Binding::product);
      case Op::where: return print_cases(id);
      default: return is_comparison(op) ? print_comparison(op, id) : print_call(op, id);
    }
  }

  void print_between(std::string_view open, Id id, std::string_view close) {
    out_ += open;
    print(id, Binding::comparison);
    out_ += close;
  }

  void print_raised(std::string_view base, Id exponent) {
    out_ += base;
    print_between("^{", exponent, "}");
  }

  void print_power(Id base, Id exponent) {
    print(base, Binding::atom);
    print_between("^{", exponent, "}");
  }

  void print_comparison(Op op, Id id) {
    constexpr const char* kSymbols[] = {" = ", " \\ne ", " < ", " \\le ", " > ", " \\ge "};
    out_ += "\\left[";
    print(graph_.arg(id, 0), Binding::sum);
    out_ += kSymbols[static_cast<int>(op) - static_cast<int>(Op::eq)];
    print(graph_.arg(id, 1), Binding::sum);
    out_ += "\\right]";
  }

  void print_cases(Id id) {
    out_ += "\\begin{cases} ";
    print(graph_.arg(id, 1), Binding::comparison);
    out_ += " & \\text{if } ";
    print(graph_.arg(id, 0), Binding::comparison);
    out_ += " \\\\ ";
    print(graph_.arg(id, 2), Binding::comparison);
    out_ += " & \\text{otherwise} \\end{cases}";
  }

  void print_call(Op op, Id id) {
    const std::string_view name = function_name(op);
    const std::string_view latex = find_function(name)->latex;
    out_ += latex.empty() ? "\\operatorname{" + std::string(name) + "}" : std::string(latex);
    out_ += "\\left(";
    print_arguments(op, id);
    out_ += "\\right)";
  }

  void print_arguments(Op op, Id id) {
    bool first = true;
    for (const Id arg : graph_.args(id)) {
      if (!first) out_ += ", ";
      first = false;
      const bool nested = (op == Op::min || op == Op::max) && graph_.op(arg) == op;
      nested ? print_arguments(op, arg) : print(arg, Binding::comparison);
    }
  }

  void print_sum(Id id) {
    bool first = true;
    for (const Id term : graph_.args(id)) {
      const bool negative = (graph_.is_constant(term) || graph_.op(term) == Op::scale) && graph_.number(term) < 0.0;
      if (!first) out_ += negative ? " - " : " + ";
      if (first || !negative) {
        print(term, Binding::product);
      } else if (graph_.is_constant(term)) {
        out_ += number_latex(-graph_.number(term));
      } else {
        Quotient quotient = as_quotient(graph_, term);
        quotient.coefficient.num = -quotient.coefficient.num;
        print_product(quotient);
      }
      first = false;
    }
  }

  void print_product(const Quotient& quotient) {
    auto [num, den] = quotient.coefficient;
    if (num < 0.0) {
      out_ += '-';
      num = -num;
    }
    const bool fraction = den != 1.0 || !quotient.denominator.empty();
    if (fraction) out_ += "\\frac{";
    print_factors(num, quotient.numerator);
    if (!fraction) return;
    out_ += "}{";
    print_factors(den, quotient.denominator);
    out_ += '}';
  }

  void print_factors(double coefficient, const std::vector<Quotient::Part>& parts) {
    const bool with_number = parts.empty() || coefficient != 1.0;
    if (with_number) out_ += number_latex(coefficient);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      // Digits side by side would read as one number.
      const bool digit_next = graph_.is_constant(parts[i].base) || starts_with_number(parts[i].base);
      if (i > 0 || with_number) out_ += digit_next ? " \\cdot " : " ";
      const bool alone = !with_number && parts.size() == 1;
      print_part(parts[i], alone ? Binding::sum : Binding::power);
    }
  }

  [[nodiscard]] bool starts_with_number(Id id) const {
    return graph_.op(id) == Op::pow && graph_.is_constant(graph_.arg(id, 0));
  }

  void print_part(const Quotient::Part& part, Binding needed) {
    if (part.exponent == 1.0) return print(part.base, needed);
    print(part.base, Binding::atom);
    out_ += "^{" + number_text(part.exponent) + "}";
  }

  const Graph& graph_;
  std::string out_;
};

}  // namespace

std::string to_latex(const Formula& formula) { return LatexPrinter(*formula.graph()).run(formula.root()); }

}  // namespace descent::expr
