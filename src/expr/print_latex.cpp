#include <algorithm>
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

constexpr Notation kLatex{"\\left(", "\\right)", "^{", "}", {" = ", " \\ne ", " < ", " \\le ", " > ", " \\ge "}};

class LatexPrinter final : public Printer {
 public:
  explicit LatexPrinter(const Graph& graph) : Printer(graph, kLatex) {}

 private:
  [[nodiscard]] std::string number(double value) const override { return number_latex(value); }

  [[nodiscard]] Binding binding(Id id) const override {
    const Op op = graph().op(id);
    if (op == Op::constant && number_text(graph().number(id)).find('e') != std::string::npos) return Binding::product;
    if (is_reduction(op)) return Binding::sum;
    return op == Op::exp ? Binding::power : Printer::binding(id);
  }

  void print_node(Op op, Id id) override {
    switch (op) {
      case Op::constant: out_ += number_latex(graph().number(id)); return;
      case Op::pi: out_ += "\\pi"; return;
      case Op::e: out_ += "e"; return;
      case Op::variable: out_ += name_latex(graph().variables[graph().index(id)]); return;
      case Op::column: out_ += name_latex(graph().columns[graph().index(id)]) + "_{i}"; return;
      case Op::pow:
        if (!is_product(graph(), id)) return print_power(graph().arg(id, 0), graph().arg(id, 1));
        return print_product(as_quotient(graph(), id));
      case Op::scale:
      case Op::mul: return print_product(as_quotient(graph(), id));
      case Op::exp: return print_raised("e", graph().arg(id, 0));
      case Op::sqrt: return print_between("\\sqrt{", graph().arg(id, 0), "}");
      case Op::abs: return print_between("\\left|", graph().arg(id, 0), "\\right|");
      case Op::sum: out_ += "\\sum_{i} "; return print(graph().arg(id, 0), Binding::product);
      case Op::mean: out_ += "\\frac{1}{n} \\sum_{i} "; return print(graph().arg(id, 0), Binding::product);
      case Op::where: return print_cases(id);
      default: return is_comparison(op) ? print_truth(op, id) : print_function(*find_function(op), id);
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

  /// Iverson's bracket: 1 or 0.
  void print_truth(Op op, Id id) {
    out_ += "\\left[";
    print_comparison(op, id);
    out_ += "\\right]";
  }

  void print_cases(Id id) {
    out_ += "\\begin{cases} ";
    print(graph().arg(id, 1), Binding::comparison);
    out_ += " & \\text{if } ";
    print(graph().arg(id, 0), Binding::comparison);
    out_ += " \\\\ ";
    print(graph().arg(id, 2), Binding::comparison);
    out_ += " & \\text{otherwise} \\end{cases}";
  }

  void print_function(const Function& function, Id id) {
    const bool upright = function.latex.empty();
    print_call(upright ? "\\operatorname{" + std::string(function.name) + "}" : std::string(function.latex), id);
  }

  void print_product(const Quotient& quotient) override {
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
      const bool digit_next = graph().is_constant(parts[i].base) || starts_with_number(parts[i].base);
      if (i > 0 || with_number) out_ += digit_next ? " \\cdot " : " ";
      const bool alone = !with_number && parts.size() == 1;
      print_part(parts[i], alone ? Binding::sum : Binding::power);
    }
  }

  [[nodiscard]] bool starts_with_number(Id id) const {
    return graph().op(id) == Op::pow && graph().is_constant(graph().arg(id, 0));
  }
};

}  // namespace

std::string to_latex(const Formula& formula) { return LatexPrinter(*formula.graph()).run(formula.root()); }

}  // namespace descent::expr
