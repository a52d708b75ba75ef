// The rules as kernels on spans. A block kernel changes `update` in place; a fused kernel makes a whole update.
#pragma once

#include "descent/core/span.hpp"
#include "src/optim/rules/scalar.hpp"

namespace descent::rules {

void clip_by_value(double max_value, MutableView update);
void subtract(View update, MutableView x);  ///< x -= update
void trace(const TraceStep& step, MutableView v, MutableView update);
void scale_by_rms(const RmsStep& step, MutableView s, MutableView update);
void scale_by_adam(const AdamStep& step, MutableView m, MutableView v, MutableView update);

void fused_sgd(ClipStep clip, double rate, View gradient, MutableView x);
void fused_trace(ClipStep clip, const TraceStep& step, double rate, View gradient, MutableView v, MutableView x);
/// `decay` = nullptr: none (adam); else decoupled weight decay (adamw).
void fused_adam(ClipStep clip, const AdamStep& step, const double* decay, double rate, View gradient, MutableView m,
                MutableView v, MutableView x);

}  // namespace descent::rules
