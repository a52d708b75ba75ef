// Eigen's matrices of Dual<N>, Var and TangentVar: products, norms and decompositions with their derivatives.
//
// Not included by any other header of descent: a program that includes it brings Eigen 3.4 itself. Every operation of
// Eigen is one on the tape: where `dot`, `matvec` and the like of vector_functions.hpp do, they are faster. Eigen's
// order of additions depends on its block sizes, so the promise of the same bits everywhere ends here.
#pragma once

#include <Eigen/Core>

#include "descent/autodiff/functions.hpp"

namespace Eigen {

template <descent::autodiff::Differentiable T>
struct NumTraits<T> : NumTraits<double> {
  using Real = T;
  using NonInteger = T;
  using Nested = T;
  enum {
    IsComplex = 0,
    IsInteger = 0,
    IsSigned = 1,
    RequireInitialization = 1,
    ReadCost = 2,
    AddCost = 4,
    MulCost = 4
  };
};

template <descent::autodiff::Differentiable T, class Operation>
struct ScalarBinaryOpTraits<T, double, Operation> {
  using ReturnType = T;
};
template <descent::autodiff::Differentiable T, class Operation>
struct ScalarBinaryOpTraits<double, T, Operation> {
  using ReturnType = T;
};

}  // namespace Eigen
