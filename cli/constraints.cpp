#include "cli/constraints.hpp"

#include <algorithm>
#include <utility>

#include "cli/formula_problem.hpp"
#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/problem/formula_objective.hpp"

namespace descent::cli {
namespace {

/// A formula of some of the variables as a function of all of them.
class OfAll final : public Objective {
 public:
  OfAll(FormulaObjective formula, const std::vector<std::string>& variables)
      : formula_(std::move(formula)),
        size_(variables.size()),
        inner_(formula_.num_parameters()),
        slope_(formula_.num_parameters()) {
    for (const std::string& name : formula_.variables())
      place_.push_back(
          static_cast<std::size_t>(std::find(variables.begin(), variables.end(), name) - variables.begin()));
  }
  [[nodiscard]] std::size_t num_parameters() const override { return size_; }
  double evaluate(View x, MutableView gradient) override {
    for (std::size_t k = 0; k < place_.size(); ++k) inner_[k] = x[place_[k]];
    if (gradient.empty()) return formula_.evaluate(inner_, {});
    const double value = formula_.evaluate(inner_, slope_);
    std::fill(gradient.begin(), gradient.end(), 0.0);
    for (std::size_t k = 0; k < place_.size(); ++k) gradient[place_[k]] = slope_[k];
    return value;
  }

 private:
  FormulaObjective formula_;
  std::size_t size_;
  std::vector<std::size_t> place_;
  std::vector<double> inner_, slope_;
};

struct Relation {
  std::size_t at = 0, length = 0;
  char kind = '=';  ///< < > =
};

/// The relations of a text, outside of brackets and backquotes.
std::vector<Relation> relations(const std::string& text) {
  std::vector<Relation> found;
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '`') quoted = !quoted;
    if (quoted) continue;
    if (text[i] == '(') ++depth;
    if (text[i] == ')') --depth;
    if (depth > 0 || (text[i] != '<' && text[i] != '>' && text[i] != '=')) continue;
    const bool two = i + 1 < text.size() && text[i + 1] == '=';
    if (text[i] == '=' && i > 0 && text[i - 1] == '!') continue;
    found.push_back({.at = i, .length = two ? 2U : 1U, .kind = text[i]});
    i += two ? 1 : 0;
  }
  return found;
}

struct Names {
  const std::vector<std::string>& variables;
  std::vector<std::pair<std::string, double>> fixed;
};

void add(const std::string& text, const Names& names, std::vector<ConstraintText>& list) {
  const std::vector<std::string>& variables = names.variables;
  const std::vector<Relation> signs = relations(text);
  if (signs.empty() || signs.size() > 2)
    throw Error(ErrorCode::formula,
                "expected a relation such as x + y <= 1 or x*y = 2, got " + descent::quoted(text) +
                    (signs.empty() ? ": it has none of <= >= =" : ": it has more than two"),
                "--subject-to");
  if (signs.size() == 2)
    if (const std::size_t end = signs[0].at + signs[0].length; trim(text.substr(end, signs[1].at - end)).empty())
      throw Error(ErrorCode::formula,
                  "'" + text.substr(signs[0].at, signs[1].at + signs[1].length - signs[0].at) +
                      "' is no relation: write <=, >= or =, got " + descent::quoted(text),
                  "--subject-to");
  // Each side alone first, behind blanks: messages then have the column of the whole text.
  std::vector<std::string> sides;
  for (std::size_t k = 0; k <= signs.size(); ++k) {
    const std::size_t begin = k == 0 ? 0 : signs[k - 1].at + signs[k - 1].length;
    const std::size_t end = k < signs.size() ? signs[k].at : text.size();
    const std::string side = text.substr(begin, end - begin);
    const expr::Formula formula = expr::parse(std::string(begin, ' ') + side, {.constants = names.fixed});
    for (const std::string& name : formula.variables())
      if (std::find(variables.begin(), variables.end(), name) == variables.end())
        throw Error(ErrorCode::formula,
                    "'" + name + "' is no variable of the formula" + did_you_mean(name, variables) +
                        "; its variables are " + join(variables),
                    "--subject-to");
    sides.push_back(side);
  }
  for (std::size_t k = 0; k < signs.size(); ++k) {
    const bool turned = signs[k].kind == '>';
    const std::string &left = sides[turned ? k + 1 : k], &right = sides[turned ? k : k + 1];
    const std::string difference = "(" + left + ") - (" + right + ")";
    const std::vector<std::string> written = expr::parse(difference).variables();
    FormulaOptions formula_options;
    for (const auto& held : names.fixed)
      if (std::find(written.begin(), written.end(), held.first) != written.end()) formula_options.fixed.push_back(held);
    if (written.size() == formula_options.fixed.size())
      throw Error(ErrorCode::formula, "has no variable, so no choice of them can satisfy or break it: " + text,
                  "--subject-to");
    list.push_back({.text = signs.size() == 1
                                ? text
                                : std::string(trim(sides[k])) + " " + text.substr(signs[k].at, signs[k].length) + " " +
                                      std::string(trim(sides[k + 1])),
                    .function = std::make_unique<OfAll>(FormulaObjective(difference, {}, formula_options), variables),
                    .equality = signs[k].kind == '='});
  }
}

}  // namespace

std::vector<ConstraintText> constraints(const Options& options, const std::vector<std::string>& variables) {
  std::vector<ConstraintText> list;
  if (!options.given("subject-to")) return list;
  const Names names{.variables = variables, .fixed = fixed_variables(options)};
  for (const std::string& text : options.texts("subject-to")) add(std::string(trim(text)), names, list);
  return list;
}

std::vector<Constraint> as_constraints(const std::vector<ConstraintText>& texts) {
  std::vector<Constraint> result;
  for (const ConstraintText& text : texts)
    result.push_back({.function = text.function.get(), .equality = text.equality});
  return result;
}

}  // namespace descent::cli
