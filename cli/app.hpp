// The command as a function: what `main` calls, and what `descent example` calls for each of its steps.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/console.hpp"
#include "cli/options.hpp"

namespace descent::cli {

/// All commands, in the order in which `descent --help` lists them.
[[nodiscard]] const std::vector<Command>& commands();

/// Runs `descent ARGS...` and returns the exit status. Errors become a message on console.err; nothing is thrown.
int run(std::vector<std::string> args, Console& console);

}  // namespace descent::cli
