// Text to graph by recursive descent, one function per level of precedence.
#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_map>
#include <vector>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/expr/formula.hpp"
#include "src/expr/builder.hpp"
#include "src/expr/diagnostic.hpp"
#include "src/expr/functions.hpp"
#include "src/expr/lexer.hpp"
#include "src/expr/settle.hpp"

namespace descent::expr {
namespace {

class Parser {
 public:
  Parser(std::string_view text, const ParseOptions& options, const std::vector<std::string>& variables,
         bool as_slope = false)
      : lexer_(text),
        columns_(options.columns),
        per_row_(options.per_row),
        constants_(options.constants),
        as_slope_(as_slope) {
    for (const std::string& name : variables) variables_.emplace(name, builder_.variable(name));
    for (std::size_t i = 0; i < columns_.size(); ++i) column_index_.emplace(columns_[i], static_cast<std::uint32_t>(i));
  }

  Formula run() {
    if (next().kind == TokenKind::end) fail(next(), "the formula is empty: write one such as (x - 1)^2");
    const Id root = comparison();
    if (next().kind != TokenKind::end) unexpected();
    Graph graph = builder_.take();
    graph.columns = columns_;
    return {std::make_shared<const Graph>(std::move(graph)), root};
  }

 private:
  /// Counts the levels of brackets, signs and powers around the current place.
  class Nesting {
   public:
    Nesting(Parser& parser, const Token& at) : depth_(parser.depth_) {
      if (++depth_ > kMaxFormulaDepth)
        parser.fail(at, "nested too deeply: " + std::to_string(kMaxFormulaDepth) + " levels are the limit");
    }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;
    ~Nesting() { --depth_; }

   private:
    std::size_t& depth_;
  };

  [[nodiscard]] const Token& next() const { return lexer_.next(); }
  Token take() { return lexer_.take(); }
  bool take_if(std::string_view symbol) {
    if (!next().is(symbol)) return false;
    take();
    return true;
  }
  [[noreturn]] void fail(const Token& at, const std::string& message) const { refuse(lexer_.text(), at.at, message); }

  Id comparison() {
    const Id left = sum();
    const auto op = comparison_op();
    if (!op) return left;
    const std::string sign = shown(lexer_.last());
    const Id right = sum();
    if (comparison_op())
      fail(lexer_.last(),
           "comparisons do not chain: write (a " + sign + " b)*(b " + shown(lexer_.last()) + " c) for 'both'");
    return builder_.call(*op, {left, right});
  }

  std::optional<Op> comparison_op() {
    constexpr std::pair<std::string_view, Op> kOps[] = {{"==", Op::eq}, {"!=", Op::ne}, {"<", Op::lt},
                                                        {"<=", Op::le}, {">", Op::gt},  {">=", Op::ge}};
    for (const auto& [symbol, op] : kOps)
      if (take_if(symbol)) return op;
    return {};
  }

  Id sum() {
    std::vector<Id> terms{product()};
    while (next().is("+") || next().is("-")) {
      const bool minus = take().is("-");
      const Id term = product();
      terms.push_back(minus ? builder_.negate(term) : term);
    }
    return terms.size() == 1 ? terms.front() : builder_.add(terms);
  }

  Id product() {
    std::vector<Factor> factors{{signed_factor(), false}};
    for (;;) {
      if (next().is("*") || next().is("/")) {
        const bool inverse = take().is("/");
        factors.push_back({signed_factor(), inverse});
      } else if (juxtaposed()) {
        factors.push_back({power(), false});
      } else {
        return factors.size() == 1 ? factors.front().id : builder_.multiply(factors);
      }
    }
  }

  /// True where 2x, 2(x), (a)(b) or (a)b stands; refuses what only looks like a product.
  bool juxtaposed() const {
    const bool opens = next().is("(");
    if (!opens && !next().is_name() && next().kind != TokenKind::number) return false;
    const Token& before = lexer_.last();
    if (before.is_name() && opens) fail(next(), "to multiply, write * before the bracket");
    if (before.is_name()) side_by_side(before);
    if (next().kind == TokenKind::number)
      fail(next(), before.kind == TokenKind::number ? "two numbers side by side: write an operator between them"
                                                    : "to multiply, write * before the number");
    return true;
  }

  [[noreturn]] void side_by_side(const Token& before) const {
    for (const Token* word : {&before, &next()}) {
      if (word->text == "and") fail(*word, "there is no 'and': multiply conditions, (a < b)*(b < c)");
      if (word->text == "or") fail(*word, "there is no 'or': take the larger condition, max(a < b, b < c)");
      if (word->text == "not") fail(*word, "there is no 'not': compare with 0, (a < b) == 0");
    }
    const std::string together(lexer_.text().substr(before.at, next().at + next().text.size() - before.at));
    if (column_index_.contains(together)) fail(before, "write `" + together + "` for the column: it is no plain name");
    fail(next(),
         "two values side by side: write an operator between them, as in " + shown(before) + "*" + shown(next()));
  }

  static std::string shown(const Token& token) { return std::string(token.text); }

  Id signed_factor() {
    if (!next().is("-") && !next().is("+")) return power();
    const Token sign = take();
    const Nesting nesting(*this, sign);
    const Id operand = signed_factor();
    return sign.is("-") ? builder_.negate(operand) : operand;
  }

  Id power() {
    const Id base = primary();
    if (!next().is("^")) return base;
    const Token caret = take();
    const Nesting nesting(*this, caret);
    return builder_.power(base, exponent());
  }

  /// 2^-x: a sign may follow the caret directly, and takes all of the power after it.
  Id exponent() {
    if (!next().is("-") && !next().is("+")) return power();
    const Token sign = take();
    const Nesting nesting(*this, sign);
    const Id operand = exponent();
    return sign.is("-") ? builder_.negate(operand) : operand;
  }

  Id primary() {
    const Token token = next();
    if (token.kind == TokenKind::number) return builder_.constant(take().number);
    if (token.is_name()) return take(), named(token);
    if (token.is("(")) return bracket();
    unexpected();
  }

  Id bracket() {
    const Token open = take();
    const Nesting nesting(*this, open);
    if (next().is(")")) fail(next(), "nothing between the brackets");
    const Id inside = comparison();
    close(open);
    return inside;
  }

  void close(const Token& open) {
    if (take_if(")")) return;
    if (next().kind == TokenKind::end) fail(open, "this bracket is never closed");
    unexpected();
  }

  Id named(const Token& name) {
    if (name.kind == TokenKind::name) {
      const Function* function = find_function(name.text);
      if (function != nullptr && (next().is("(") || !is_also_a_name(*function))) return call(name, *function);
      if (name.text == "pi" || name.text == "e") return named_constant(name);
      if (next().is("(")) unknown_function(name);
    }
    return variable_or_column(name);
  }

  Id named_constant(const Token& name) {
    if (column_index_.contains(std::string(name.text)))
      fail(name, "'" + shown(name) + "' is a constant and a column: write `" + shown(name) + "` for the column" +
                     (name.text == "e" ? ", exp(1) for the constant" : ", acos(-1) for the constant"));
    return builder_.leaf(name.text == "pi" ? Op::pi : Op::e);
  }

  Id variable_or_column(const Token& name) {
    const std::string text(name.text);
    const auto column = column_index_.find(text);
    if (column != column_index_.end()) {
      if (reductions_ == 0 && !per_row_)
        fail(name, "column '" + text + "' has one value per row: put it inside sum(...) or mean(...)");
      return builder_.column(column->second);
    }
    for (const auto& [constant, value] : constants_)
      if (constant == text) return builder_.constant(value);
    const auto [at, fresh] = variables_.try_emplace(text, 0);
    if (fresh) at->second = builder_.variable(text);
    return at->second;
  }

  [[noreturn]] void unknown_function(const Token& name) const {
    const std::string text(name.text);
    std::string hint(alias_hint(name.text));
    if (!hint.empty()) {
      hint = " (" + hint + ")";
    } else if (variables_.contains(text) || column_index_.contains(text) || text.size() == 1) {
      hint = ": to multiply, write " + text + "*(...)";
    } else {
      const auto names = function_names();
      hint = did_you_mean(text, names);
      if (hint.empty()) hint = "; there are " + join(names) + "; to multiply, write " + text + "*(...)";
    }
    fail(name, "unknown function '" + text + "'" + hint);
  }

  Id call(const Token& name, const Function& function) {
    if (!next().is("(")) {
      if (column_index_.contains(std::string(name.text)))
        fail(name, "'" + shown(name) + "' is a function and a column: write `" + shown(name) + "` for the column");
      if (next().is("^")) fail(next(), "the power goes after the bracket: " + shown(name) + "(x)^2");
      fail(name, "'" + shown(name) + "' is a function: write " + shown(name) + "(...)");
    }
    if (is_reduction(function.op) && columns_.empty())
      fail(name, "'" + shown(name) + "' adds up over the rows of data, and there are none: give data with --data");
    const Token open = take();
    const Nesting nesting(*this, open);
    reductions_ += is_reduction(function.op) ? 1 : 0;
    std::vector<Id> arguments;
    if (!next().is(")")) {
      do {
        if (next().is(",") || (next().is(")") && !arguments.empty()))
          fail(next(), "an argument is missing before this");
        arguments.push_back(comparison());
      } while (take_if(","));
    }
    close(open);
    reductions_ -= is_reduction(function.op) ? 1 : 0;
    check_count(name, function, arguments.size());
    if (has_order(function.op) && !as_slope_) check_order(open, function, arguments[0]);
    if (function.op == Op::pow) return builder_.power(arguments[0], arguments[1]);
    return builder_.call(function.op, arguments);
  }

  void check_count(const Token& name, const Function& function, std::size_t got) const {
    const std::size_t wanted = num_arguments(function);
    if (got == wanted || (got > wanted && function.or_more)) return;
    const std::string usage =
        wanted == 1 ? ""
                    : ": " + shown(name) + "(" + std::string(function.arguments) + (function.or_more ? ", ...)" : ")");
    fail(name, "'" + shown(name) + "' takes " + std::to_string(wanted) + (function.or_more ? " or more" : "") +
                   (wanted == 1 ? " argument" : " arguments") + ", got " + std::to_string(got) + usage);
  }

  void check_order(const Token& open, const Function& function, Id order) const {
    const double n = builder_.graph().is_constant(order) ? builder_.graph().number(order) : -1.0;
    if (n >= 0.0 && n == std::trunc(n)) return;
    fail(open, "the first argument of '" + std::string(function.name) +
                   "' is its order, a whole number from 0 on, as in " + std::string(function.name) + "(2, x)");
  }

  [[noreturn]] void unexpected() const {
    const Token& token = next();
    if (token.kind == TokenKind::end) {
      fail(token, "the formula ends where a number, a name or '(' should follow");
    }
    if (token.is(")")) {
      const bool operand_missing = lexer_.last().kind == TokenKind::symbol && !lexer_.last().is(")");
      fail(token, operand_missing ? "expected a number, a name or '(' before this bracket"
                                  : "this bracket closes nothing that is open");
    }
    if (token.is(","))
      fail(token, "a comma separates the arguments of a function; decimals are written with a point, as in 1.5");
    fail(token, "expected a number, a name or '(', got " + quoted(token.text));
  }

  Lexer lexer_;
  Builder builder_;
  std::vector<std::string> columns_;
  bool per_row_;
  std::vector<std::pair<std::string, double>> constants_;
  bool as_slope_;  // orders are names, which the derivative replaces
  std::unordered_map<std::string, std::uint32_t> column_index_;
  std::unordered_map<std::string, Id> variables_;
  std::size_t depth_ = 0;
  std::size_t reductions_ = 0;  // sums and means that are open here
};

}  // namespace

Formula parse_once(std::string_view text, const ParseOptions& options, const std::vector<std::string>& variables) {
  if (text.size() > kMaxFormulaBytes)
    throw Error(ErrorCode::formula,
                "the formula is too long: " + std::to_string(kMaxFormulaBytes) + " bytes are the limit, got " +
                    std::to_string(text.size()),
                "formula");
  return Parser(text, options, variables).run();
}

Formula parse_slope(std::string_view text) { return Parser(text, {}, {}, true).run(); }

Formula parse(std::string_view text, const ParseOptions& options) { return settle(parse_once(text, options, {})); }

}  // namespace descent::expr
