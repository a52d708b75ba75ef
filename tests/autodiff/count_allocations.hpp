// Counts what the whole test program allocates, so that a test can say "none".
#pragma once

#include <cstddef>

namespace descent::autodiff {

[[nodiscard]] std::size_t num_allocations();

}  // namespace descent::autodiff
