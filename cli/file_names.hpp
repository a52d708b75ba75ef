// The names of files on a command line, looked at together before any work.
#pragma once

#include "cli/options.hpp"

namespace descent::cli {

/// No name is empty. Every output has a file of its own, and none is read by the same command: by path, and by the
/// files that are there (links). Throws: Error(usage) naming both options.
void check_file_names(const Options& options);

}  // namespace descent::cli
