// Bytes from anywhere: a file, a gzip or Zstandard stream, standard input, memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

namespace descent::data {

/// Told while a table is read for the first time: how much so far, and which part of the whole that is, 0 to 1. While a
/// pipe fills memory these are bytes, and the part is negative, as nobody knows; then they are rows. 1 is told once, at
/// the end.
using ReadObserver = std::function<void(std::uint64_t so_far, double part)>;

/// A sequence of bytes that is read from front to back, as often as asked.
class ByteSource {
 public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;

  /// Fills the front of `into` and returns how many bytes; 0 only at the end of the source.
  /// Throws: Error(system) with the system's own words, Error(data) for a damaged or cut stream.
  virtual std::size_t read(std::span<char> into) = 0;
  /// Back to the first byte.
  virtual void rewind() = 0;
  /// Lets go of the file until rewind(), which opens it again.
  virtual void rest() {}
  /// For messages: the path as given, "standard input".
  [[nodiscard]] virtual std::string name() const = 0;
  /// Fraction read, 0 to 1, measured on the bytes of the file; negative when unknown.
  [[nodiscard]] virtual double progress() const { return -1.0; }
};

/// The bytes of the file `path`; those of standard input for "-", which is kept in memory, because inferring types
/// takes a pass of its own. A gzip or Zstandard stream (told by its first bytes, whatever the name) is unpacked on the
/// way, all its members or frames; a stream that is cut off or fails its checksum is an error, never a short file.
/// Throws: Error(system) naming the path: no such file, no permission, a directory. `on_read` is told the bytes so far
/// while standard input is being read.
[[nodiscard]] std::unique_ptr<ByteSource> open_bytes(const std::string& path, const ReadObserver& on_read = {});

/// `bytes` under the name `name`; what is packed is unpacked as above.
[[nodiscard]] std::unique_ptr<ByteSource> memory_bytes(std::string bytes, std::string name = "memory");

}  // namespace descent::data
