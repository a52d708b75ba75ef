// Files the command writes, whole or not at all, and the one program it starts (gnuplot).
#pragma once

#include <string>
#include <string_view>

namespace descent::cli {

/// Writes to a temporary file beside `path` and renames it: a reader never sees half a file.
/// "-" is not a file here. Throws: Error(system) with the file and what the system said.
void write_file(const std::string& path, std::string_view content);

/// Throws: Error(system).
[[nodiscard]] std::string read_file(const std::string& path);

/// True if `path` can be written: its folder exists and allows it. Throws: Error(system) naming the option that gave it,
/// so that a run of an hour does not end at a folder that was never there.
void require_writable(const std::string& path, const std::string& option);

/// Feeds `script` to gnuplot and returns what it prints. Throws: Error(system) if gnuplot is not installed or fails.
[[nodiscard]] std::string run_gnuplot(const std::string& script);

/// The folder of the data sets that come with descent; empty when it cannot be found.
[[nodiscard]] std::string data_folder();

}  // namespace descent::cli
