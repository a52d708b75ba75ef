// Files on disk: whole, or not at all.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace descent::model {

/// Files larger than this are refused: 1 GiB, about 5e7 coefficients.
inline constexpr std::size_t kMaxFileBytes = std::size_t{1} << 30;

/// The content of the file at `path`. Throws: Error(system) when it cannot be read; Error(model) when it is too large.
[[nodiscard]] std::string read_file(const std::string& path);

/// Puts `text` at `path`: written beside it under a temporary name, flushed to disk, then renamed over it, so that
/// after any failure `path` is what it was before. A symbolic link is followed; a device or a pipe is written directly.
/// Throws: Error(system) with the system's reason.
void write_file(const std::string& path, std::string_view text);

}  // namespace descent::model
