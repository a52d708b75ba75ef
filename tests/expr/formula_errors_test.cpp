// Every wrong formula with its message, its column and its caret: read them aloud before changing one.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/expr/derivative.hpp"
#include "descent/expr/formula.hpp"

namespace descent::expr {
namespace {

const std::vector<std::string> kColumns = {"price", "petal length", "e", "exp"};

std::string message_of(const std::string& text, std::vector<std::string> columns = {}) {
  try {
    static_cast<void>(parse(text, {.columns = std::move(columns)}));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::formula);
    return error.what();
  }
  return "accepted";
}

struct Wrong {
  std::string text;
  std::size_t column = 0;
  std::string message;
  std::vector<std::string> columns{};
};

void expect_messages(const std::vector<Wrong>& table) {
  for (const Wrong& wrong : table)
    EXPECT_EQ(message_of(wrong.text, wrong.columns), "formula, column " + std::to_string(wrong.column) + ": " +
                                                         wrong.message + "\n  " + wrong.text + "\n  " +
                                                         std::string(wrong.column - 1, ' ') + "^");
}

TEST(FormulaErrors, OfNothingAndOfWhatIsMissing) {
  const std::string ends = "the formula ends where a number, a name or '(' should follow";
  const std::string expected = "expected a number, a name or '(', got ";
  expect_messages({{"", 1, "the formula is empty: write one such as (x - 1)^2"},
                   {"   ", 4, "the formula is empty: write one such as (x - 1)^2"},
                   {"x+", 3, ends},
                   {"x-", 3, ends},
                   {"x*", 3, ends},
                   {"x/ ", 4, ends},
                   {"x^", 3, ends},
                   {"x <", 4, ends},
                   {"-", 2, ends},
                   {"exp(x)^", 8, ends},
                   {"*x", 1, expected + "\"*\""},
                   {"x*/y", 3, expected + "\"/\""},
                   {"x^*2", 3, expected + "\"*\""},
                   {"x^^2", 3, expected + "\"^\""},
                   {"<x", 1, expected + "\"<\""}});
}

TEST(FormulaErrors, OfBrackets) {
  expect_messages({{"(x", 1, "this bracket is never closed"},
                   {"2*((x+1)", 3, "this bracket is never closed"},
                   {"sin(x", 4, "this bracket is never closed"},
                   {"x)", 2, "this bracket closes nothing that is open"},
                   {"sin(x))", 7, "this bracket closes nothing that is open"},
                   {"()", 2, "nothing between the brackets"},
                   {"x+()", 4, "nothing between the brackets"},
                   {"(x+)", 4, "expected a number, a name or '(' before this bracket"},
                   {"[x]", 1, "brackets are round: use ( )"},
                   {"{x}", 1, "brackets are round: use ( )"},
                   {"|x|", 1, "write abs(...) for an absolute value"}});
}

TEST(FormulaErrors, OfNames) {
  const std::string all = join(function_names());
  expect_messages(
      {{"sine(x)", 1, "unknown function 'sine' (did you mean 'sin'?)"},
       {"1+sinn(x)", 3, "unknown function 'sinn' (did you mean 'sin'?)"},
       {"EXP(x)", 1, "unknown function 'EXP' (did you mean 'exp'?)"},
       {"sqr(x)", 1, "unknown function 'sqr' (did you mean 'sqrt'?)"},
       {"ln(x)", 1, "unknown function 'ln' (the natural logarithm is log(x))"},
       {"log10(x)", 1, "unknown function 'log10' (write log(x)/log(10))"},
       {"relu(x)", 1, "unknown function 'relu' (write max(0, x))"},
       {"arctan(x)", 1, "unknown function 'arctan' (write atan(x))"},
       {"if(x,1,2)", 1, "unknown function 'if' (write where(condition, value, otherwise))"},
       {"psi(x)", 1, "unknown function 'psi' (write digamma(x))"},
       {"bessely(x)", 1, "unknown function 'bessely' (write y0(x) or y1(x))"},
       {"lgama(x)", 1, "unknown function 'lgama' (did you mean 'lgamma'?)"},
       {"jn(n, x)", 3, "the first argument of 'jn' is its order, a whole number from 0 on, as in jn(2, x)"},
       {"polygamma(1.5, x)", 10,
        "the first argument of 'polygamma' is its order, a whole number from 0 on, as in polygamma(2, x)"},
       {"jn(-1, x)", 3, "the first argument of 'jn' is its order, a whole number from 0 on, as in jn(2, x)"},
       {"y0 x", 4, "two values side by side: write an operator between them, as in y0*x"},
       {"norm(x)", 1, "unknown function 'norm'; there are " + all + "; to multiply, write norm*(...)"},
       {"width*width(x)", 7, "unknown function 'width': to multiply, write width*(...)"},
       {"x(y+1)", 1, "unknown function 'x': to multiply, write x*(...)"},
       {"pi(2)", 3, "to multiply, write * before the bracket"},
       {"sin", 1, "'sin' is a function: write sin(...)"},
       {"sin x", 1, "'sin' is a function: write sin(...)"},
       {"3exp x", 2, "'exp' is a function: write exp(...)"},
       {"sin^2(x)", 4, "the power goes after the bracket: sin(x)^2"},
       {"x y", 3, "two values side by side: write an operator between them, as in x*y"},
       {"x 2", 3, "two values side by side: write an operator between them, as in x*2"},
       {"(x)2", 4, "to multiply, write * before the number"},
       {"`x", 1, "this backquote is never closed"},
       {"``", 1, "a name in backquotes may not be empty"},
       {"\"x\"", 1, "names stand without quotes; odd ones go into backquotes, as in `petal length`"},
       {"'x'", 1, "names stand without quotes; odd ones go into backquotes, as in `petal length`"},
       {"$x", 1, "unexpected character \"$\"; names with other signs go into backquotes"},
       {"a.b", 2,
        "names have no points: leave out a module's name (np., math.), and put a column's name in "
        "backquotes, as in `petal.length`"},
       {"np.exp(x)", 3,
        "names have no points: leave out a module's name (np., math.), and put a column's name in "
        "backquotes, as in `petal.length`"},
       {"x[0]^2", 2, "there are no indices: give each variable a name of its own, such as x0 and x1"},
       {"x. + 1", 2,
        "a decimal point needs a digit beside it; names with a point go into backquotes, as in "
        "`petal.length`"},
       {"x^2 // y", 5, "'//', Python's division to whole numbers, is not an operator: / divides"}});
}

TEST(FormulaErrors, OfNumbers) {
  const auto no_number = [](const std::string& text, const std::string& product) {
    return "\"" + text + "\" is not a number: an exponent needs digits, as in 2e3; for a product write " + product;
  };
  expect_messages(
      {{"2e", 2, no_number("2e", "2*e")},
       {"2e+", 2, no_number("2e", "2*e")},
       {"2ex", 2, no_number("2ex", "2*ex")},
       {"1+2E*x", 4, no_number("2E", "2*E")},
       {"1.2.3", 4, "a number has one decimal point"},
       {"1..2", 3, "a number has one decimal point"},
       {"1e5.5", 4, "an exponent is a whole number"},
       {"1_000", 2, "the digits of a number stand together: no _"},
       {"1 000", 3, "two numbers side by side: write an operator between them"},
       {"1,5", 2, "a comma separates the arguments of a function; decimals are written with a point, as in 1.5"},
       {"0x10", 1, "numbers are decimal: there is no 0x form"},
       {"1e400", 1, "\"1e400\" is too large for a number: the limit is about 1.8e308"}});
  EXPECT_EQ(message_of("2exp(x) + 2*e"), "accepted");
}

TEST(FormulaErrors, OfComparisonsAndWords) {
  expect_messages({{"a<b<c", 4, "comparisons do not chain: write (a < b)*(b < c) for 'both'"},
                   {"0 <= x < 1", 8, "comparisons do not chain: write (a <= b)*(b < c) for 'both'"},
                   {"a==b==c", 5, "comparisons do not chain: write (a == b)*(b == c) for 'both'"},
                   {"x=2", 2, "'=' alone means nothing here: compare with =="},
                   {"x=<2", 2, "'=<' is not an operator: compare with <="},
                   {"x=>2", 2, "'=>' is not an operator: compare with >="},
                   {"x<>2", 2, "'<>' is not an operator: compare with !="},
                   {"x===2", 2, "'===' is not an operator: compare with =="},
                   {"x!==2", 2, "'!==' is not an operator: compare with !="},
                   {"a and b", 3, "there is no 'and': multiply conditions, (a < b)*(b < c)"},
                   {"a && b", 3, "there is no 'and': multiply conditions, (a < b)*(b < c)"},
                   {"a or b", 3, "there is no 'or': take the larger condition, max(a < b, b < c)"},
                   {"a || b", 3, "there is no 'or': take the larger condition, max(a < b, b < c)"},
                   {"not x", 1, "there is no 'not': compare with 0, (a < b) == 0"},
                   {"!x", 1, "there is neither a factorial nor a 'not': compare with 0, (a < b) == 0"},
                   {"x ? 1 : 2", 3, "there is no '?': write where(condition, value, otherwise)"}});
}

TEST(FormulaErrors, OfOtherNotations) {
  expect_messages({{"x**2", 2, "'**' is not an operator: use ^ for powers"},
                   {"x%2", 2, "there is neither a remainder nor per cent: 5 % is 0.05"},
                   {"x;y", 2, "a formula is one expression; arguments are separated by commas"}});
  // One column a character, whatever its bytes.
  EXPECT_EQ(message_of("2\xC3\x97x"), "formula, column 2: use * to multiply\n  2\xC3\x97x\n   ^");
  EXPECT_EQ(message_of("x\xC2\xB2 + 1"), "formula, column 2: write ^2\n  x\xC2\xB2 + 1\n   ^");
  EXPECT_EQ(message_of("2*\xCF\x80"), "formula, column 3: write pi\n  2*\xCF\x80\n    ^");
  EXPECT_EQ(message_of("1\xE2\x88\x92x"),
            "formula, column 2: this minus sign is a typographic one: use the plain -\n  1\xE2\x88\x92x\n   ^");
  EXPECT_EQ(message_of("\xC3\xA9"),
            "formula, column 1: unexpected character \"\xC3\xA9\"; names with other signs go into backquotes\n"
            "  \xC3\xA9\n  ^");
}

TEST(FormulaErrors, OfNumbersOfArguments) {
  const std::string missing = "an argument is missing before this";
  expect_messages({{"sin()", 1, "'sin' takes 1 argument, got 0"},
                   {"1+sin(x,y)", 3, "'sin' takes 1 argument, got 2"},
                   {"atan2(x)", 1, "'atan2' takes 2 arguments, got 1: atan2(y, x)"},
                   {"pow(x)", 1, "'pow' takes 2 arguments, got 1: pow(base, exponent)"},
                   {"min(x)", 1, "'min' takes 2 or more arguments, got 1: min(a, b, ...)"},
                   {"max()", 1, "'max' takes 2 or more arguments, got 0: max(a, b, ...)"},
                   {"where(x)", 1, "'where' takes 3 arguments, got 1: where(condition, value, otherwise)"},
                   {"where(x>0, 1)", 1, "'where' takes 3 arguments, got 2: where(condition, value, otherwise)"},
                   {"sin(,x)", 5, missing},
                   {"min(x,)", 7, missing},
                   {"min(x,,y)", 7, missing}});
}

TEST(FormulaErrors, OfData) {
  expect_messages(
      {{"sum(x)", 1, "'sum' adds up over the rows of data, and there are none: give data with --data"},
       {"1+mean(x)", 3, "'mean' adds up over the rows of data, and there are none: give data with --data"},
       {"2*price", 3, "column 'price' has one value per row: put it inside sum(...) or mean(...)", kColumns},
       {"sum(petal length)", 5, "write `petal length` for the column: it is no plain name", kColumns},
       {"sum(price(2))", 5, "unknown function 'price': to multiply, write price*(...)", kColumns},
       {"sum(e*x)", 5, "'e' is a constant and a column: write `e` for the column, exp(1) for the constant", kColumns},
       {"sum(exp*x)", 5, "'exp' is a function and a column: write `exp` for the column", kColumns}});
}

TEST(FormulaErrors, OfBytesThatAreNoText) {
  EXPECT_EQ(message_of("x+\xFF\xFE"), "formula, column 3: the byte \"\\xFF\" is no UTF-8\n  x+??\n    ^");
  EXPECT_EQ(message_of(std::string("x+\0y", 4)),
            "formula, column 3: a control character, \"\\x00\", has no place in a formula\n  x+ y\n    ^");
  EXPECT_EQ(message_of("`\xFF`"),
            "formula, column 1: a name may hold neither control characters nor bytes that are no UTF-8\n  `?`\n  ^");
}

TEST(FormulaErrors, OfLongFormulasShowThePlaceAlone) {
  EXPECT_EQ(message_of("x +\n  sinn(x)"),
            "formula:2:3: unknown function 'sinn' (did you mean 'sin'?)\n    sinn(x)\n    ^");
  const std::string zeros(200, '0');
  EXPECT_EQ(message_of(zeros + " $ " + zeros),
            "formula, column 202: unexpected character \"$\"; names with other signs go into backquotes\n  ..." +
                std::string(59, '0') + " $ " + std::string(38, '0') + "...\n  " + std::string(63, ' ') + "^");
}

TEST(FormulaErrors, OfDepthAndLength) {
  const std::string deep(kMaxFormulaDepth, '(');
  EXPECT_EQ(message_of(deep + "x" + std::string(kMaxFormulaDepth, ')')), "accepted");
  const std::string place = "formula, column 201: nested too deeply: 200 levels are the limit\n";
  for (const char* level : {"(", "-"}) {
    std::string text;
    for (std::size_t i = 0; i <= kMaxFormulaDepth; ++i) text += level;
    EXPECT_EQ(message_of(text + "x").substr(0, place.size()), place);
  }
  std::string tower = "x";
  for (std::size_t i = 0; i <= kMaxFormulaDepth; ++i) tower += "^x";
  EXPECT_NE(message_of(tower).find("nested too deeply: 200 levels are the limit"), std::string::npos);
  EXPECT_EQ(message_of(std::string(kMaxFormulaBytes + 1, '1')),
            "formula: the formula is too long: 65536 bytes are the limit, got 65537");
}

TEST(FormulaErrors, OfADerivativeByAnUnknownVariable) {
  const auto message = [](const std::string& text, const char* variable) {
    try {
      static_cast<void>(derivative(parse(text), variable));
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  EXPECT_EQ(message("height*width", "widht"),
            "the formula has no variable \"widht\" (did you mean 'width'?); it has height, width");
  EXPECT_EQ(message("2", "x"), "the formula has no variable \"x\"; it has none");
}

}  // namespace
}  // namespace descent::expr
