// The commands, one source file each.
#pragma once

#include "cli/console.hpp"
#include "cli/options.hpp"

namespace descent::cli {

[[nodiscard]] Command minimize_command();
[[nodiscard]] Command fit_command();
[[nodiscard]] Command tune_command();
[[nodiscard]] Command predict_command();
[[nodiscard]] Command evaluate_command();
[[nodiscard]] Command inspect_command();
[[nodiscard]] Command describe_command();
[[nodiscard]] Command list_command();
[[nodiscard]] Command generate_command();
[[nodiscard]] Command example_command();

void print_version(Console& console);

}  // namespace descent::cli
