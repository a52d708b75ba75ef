// Where derivatives come from.
#pragma once

namespace descent {

/// How a gradient, or a product with the Hessian, was obtained; results say so.
enum class GradientSource { formula, autodiff, analytic, numeric };

[[nodiscard]] const char* to_text(GradientSource source);

}  // namespace descent
