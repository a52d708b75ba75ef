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

/// A file that grows, and appears whole or not at all: bytes go beside `path` under a temporary name, which commit()
/// flushes to disk and renames over it; without commit() nothing is left behind. A process that is killed leaves its
/// PATH.tmp-NUMBER, with what was written so far; the next writer of `path` removes those that no living process holds
/// (a lock tells: flock). A symbolic link is followed; a device or a pipe is written directly.
class FileWriter {
 public:
  /// Throws: Error(system) when nothing can be written there, before any work is done.
  explicit FileWriter(std::string path);
  ~FileWriter();
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  /// Throws: Error(system), "No space left on device" among them; the temporary file is gone then.
  void write(std::string_view text);
  void commit();
  /// What a program that is killed has to remove; empty when `path` is written directly.
  [[nodiscard]] const std::string& temporary() const { return temporary_; }

 private:
  [[noreturn]] void fail(int error);
  void discard() noexcept;

  std::string path_, target_, temporary_;  ///< temporary_ is empty when written directly
  int descriptor_ = -1;
  unsigned mode_ = 0;
  bool keeps_mode_ = false;
};

/// Puts `text` at `path`: written beside it under a temporary name, flushed to disk, then renamed over it, so that
/// after any failure `path` is what it was before. A symbolic link is followed; a device or a pipe is written directly.
/// Throws: Error(system) with the system's reason.
void write_file(const std::string& path, std::string_view text);

}  // namespace descent::model
