#include "descent/data/byte_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>

#include "descent/core/error.hpp"
#include "src/data/csv_scanner.hpp"
#include "src/data/gzip_source.hpp"
#include "src/data/zstd_source.hpp"

namespace descent::data {
namespace {

Error system_error(const std::string& what, const std::string& name) {
  return {ErrorCode::system, what + ": " + std::generic_category().message(errno), name};
}

/// An open file descriptor.
class Descriptor {
 public:
  Descriptor(int value, bool owned) : value_(value), owned_(owned) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (owned_ && value_ >= 0) ::close(value_);
  }
  [[nodiscard]] int get() const { return value_; }

 private:
  int value_;
  bool owned_;
};

std::size_t read_some(int descriptor, std::span<char> into, const std::string& name) {
  for (;;) {
    const ssize_t got = ::read(descriptor, into.data(), into.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) throw system_error("cannot read", name);
  }
}

std::unique_ptr<Descriptor> open_file(const std::string& path) {
  auto file = std::make_unique<Descriptor>(::open(path.c_str(), O_RDONLY | O_CLOEXEC), true);
  if (file->get() < 0) throw system_error("cannot open", path);
  return file;
}

class FileBytes final : public ByteSource {
 public:
  FileBytes(const std::string& path, std::unique_ptr<Descriptor> file, std::uint64_t size)
      : path_(path), file_(std::move(file)), size_(size) {}

  std::size_t read(std::span<char> into) override {
    const std::size_t got = read_some(file_->get(), into, path_);
    position_ += got;
    return got;
  }
  void rest() override { file_.reset(); }
  void rewind() override {
    if (!file_) file_ = open_file(path_);
    if (::lseek(file_->get(), 0, SEEK_SET) != 0) throw system_error("cannot go back to the start", path_);
    position_ = 0;
  }
  [[nodiscard]] std::string name() const override { return path_; }
  [[nodiscard]] double progress() const override {
    return size_ == 0 ? 1.0 : std::min(1.0, static_cast<double>(position_) / static_cast<double>(size_));
  }

 private:
  std::string path_;
  std::unique_ptr<Descriptor> file_;
  std::uint64_t size_;
  std::uint64_t position_ = 0;
};

class MemoryBytes final : public ByteSource {
 public:
  MemoryBytes(std::string bytes, std::string name) : bytes_(std::move(bytes)), name_(std::move(name)) {}

  std::size_t read(std::span<char> into) override {
    const std::size_t size = std::min(into.size(), bytes_.size() - position_);
    std::memcpy(into.data(), bytes_.data() + position_, size);
    position_ += size;
    return size;
  }
  void rewind() override { position_ = 0; }
  [[nodiscard]] std::string name() const override { return name_; }
  [[nodiscard]] double progress() const override {
    return bytes_.empty() ? 1.0 : static_cast<double>(position_) / static_cast<double>(bytes_.size());
  }

 private:
  std::string bytes_;
  std::string name_;
  std::size_t position_ = 0;
};

bool begins_as_gzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

/// A pipe, kept for the second pass. Reading ends early after what no reader of text takes: a NUL byte, a line beyond
/// the limit of a record. Whoever reads the bytes says where it is; /dev/zero never ends by itself.
std::string read_to_end(int descriptor, const std::string& name, const ReadObserver& on_read) {
  std::string bytes;
  std::array<char, std::size_t{1} << 16U> part{};
  std::size_t line_bytes = 0;
  while (const std::size_t got = read_some(descriptor, part, name)) {
    const std::string_view read(part.data(), got);
    bytes.append(read);
    if (on_read) on_read(bytes.size(), -1.0);
    if (begins_as_gzip(bytes) || begins_as_zstd(bytes)) continue;
    const std::size_t line_end = read.find_last_of("\r\n");
    line_bytes = line_end == std::string_view::npos ? line_bytes + got : got - line_end - 1;
    if (line_bytes > kMaxRecordBytes || read.find('\0') != std::string_view::npos) break;
  }
  return bytes;
}

/// `source` itself, or what it unpacks to.
std::unique_ptr<ByteSource> unpacked(std::unique_ptr<ByteSource> source) {
  std::array<char, 4> magic{};
  std::size_t size = 0;
  while (size < magic.size()) {
    const std::size_t got = source->read(std::span(magic).subspan(size));
    if (got == 0) break;
    size += got;
  }
  source->rewind();
  const std::string_view begin(magic.data(), size);
  if (begins_as_gzip(begin)) return gunzip(std::move(source));
  return begins_as_zstd(begin) ? unzstd(std::move(source)) : std::move(source);
}

}  // namespace

std::unique_ptr<ByteSource> memory_bytes(std::string bytes, std::string name) {
  return unpacked(std::make_unique<MemoryBytes>(std::move(bytes), std::move(name)));
}

std::unique_ptr<ByteSource> open_bytes(const std::string& path, const ReadObserver& on_read) {
  if (path == "-") return memory_bytes(read_to_end(STDIN_FILENO, "standard input", on_read), "standard input");

  auto file = open_file(path);
  struct stat status {};
  if (::fstat(file->get(), &status) != 0) throw system_error("cannot open", path);
  if (S_ISDIR(status.st_mode)) {
    errno = EISDIR;
    throw system_error("cannot read", path);
  }
  // A pipe behind a name (/dev/stdin, <(command)) cannot be read twice.
  if (!S_ISREG(status.st_mode)) return memory_bytes(read_to_end(file->get(), path, on_read), path);
  return unpacked(std::make_unique<FileBytes>(path, std::move(file), static_cast<std::uint64_t>(status.st_size)));
}

}  // namespace descent::data
