// The functions that are one elementary function of one or two numbers. A line here is all that the module needs to
// read, print, differentiate and run one; descent::math and descent::simd compute it under the same name.
#pragma once

// F(name, arguments, at_zero, latex, slopes)
//   name       as formulas write it; Op::name and Operation::name too, whose order is that of this list
//   arguments  as messages show them, separated by ", "; the slopes use these names
//   at_zero    of one argument 0 if that is exact, else `inexact`: log(2) and acos(0) stay as they are, to be read
//   latex      "" = upright, by its name
//   slopes     df/d(argument), one for each, separated by "; ": a formula of the arguments and of f, the value
//
// The n of jn and polygamma is a whole number from 2 on; the reader and Builder see to that. jn(2, x) rather than
// j1(x)/x, which is 0/0 at 0. sigmoid(-x) rather than 1 - f, and 1/cosh(x)^2 rather than 1 - f^2, which lose every
// digit for large x.
// clang-format off
#define DESCENT_EXPR_FUNCTIONS(F)                                                        \
  F(abs,      "x",    0.0,     "",         "sign(x)")                                    \
  F(acos,     "x",    inexact, "\\arccos", "-1/sqrt(1 - x^2)")                           \
  F(asin,     "x",    0.0,     "\\arcsin", "1/sqrt(1 - x^2)")                            \
  F(atan,     "x",    0.0,     "\\arctan", "1/(1 + x^2)")                                \
  F(atan2,    "y, x", inexact, "",         "x/(y^2 + x^2); -y/(y^2 + x^2)")              \
  F(cos,      "x",    1.0,     "\\cos",    "-sin(x)")                                    \
  F(cosh,     "x",    1.0,     "\\cosh",   "sinh(x)")                                    \
  F(digamma,  "x",    inexact, "\\psi",    "trigamma(x)")                                \
  F(erf,      "x",    0.0,     "",         "2/sqrt(pi)*exp(-x^2)")                       \
  F(erfc,     "x",    1.0,     "",         "-2/sqrt(pi)*exp(-x^2)")                      \
  F(exp,      "x",    1.0,     "\\exp",    "f")                                          \
  F(expm1,    "x",    0.0,     "",         "exp(x)")                                     \
  F(gamma,    "x",    inexact, "\\Gamma",  "f*digamma(x)")                               \
  F(heaviside,"x",    0.5,     "",         "0")                                          \
  F(j0,       "x",    1.0,     "J_{0}",    "-j1(x)")                                     \
  F(j1,       "x",    0.0,     "J_{1}",    "(j0(x) - jn(2, x))/2")                       \
  F(jn,       "n, x", inexact, "",         "0; (jn(n - 1, x) - jn(n + 1, x))/2")         \
  F(lgamma,   "x",    inexact, "",         "digamma(x)")                                 \
  F(log,      "x",    inexact, "\\log",    "1/x")                                        \
  F(log1p,    "x",    0.0,     "",         "1/(1 + x)")                                  \
  F(polygamma,"n, x", inexact, "",         "0; polygamma(n + 1, x)")                     \
  F(sigmoid,  "x",    0.5,     "",         "f*sigmoid(-x)")                              \
  F(sign,     "x",    0.0,     "",         "0")                                          \
  F(sin,      "x",    0.0,     "\\sin",    "cos(x)")                                     \
  F(sinh,     "x",    0.0,     "\\sinh",   "cosh(x)")                                    \
  F(softplus, "x",    inexact, "",         "sigmoid(x)")                                 \
  F(sqrt,     "x",    0.0,     "",         "1/(2*f)")                                    \
  F(tan,      "x",    0.0,     "\\tan",    "1 + f^2")                                    \
  F(tanh,     "x",    0.0,     "\\tanh",   "1/cosh(x)^2")                                \
  F(trigamma, "x",    inexact, "",         "polygamma(2, x)")                            \
  F(y0,       "x",    inexact, "Y_{0}",    "-y1(x)")                                     \
  F(y1,       "x",    inexact, "Y_{1}",    "y0(x) - f/x")
// clang-format on
