#include "descent/model/file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"
#include "descent/model/json_model.hpp"

namespace descent::model {
namespace {

[[noreturn]] void fail(const std::string& what, const std::string& path, int error) {
  throw Error(ErrorCode::system, what + ": " + std::generic_category().message(error), path);
}

/// An open file that is closed whatever happens.
class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

/// 0, or the error.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

/// Removes what writers of `target` left when they were killed: TARGET.tmp-NUMBER, our own, that nobody has locked. A
/// lock tells what a process number does not: another machine or container may have that process. File systems
/// without locks keep everything.
void remove_abandoned(const std::string& target) noexcept {
  namespace fs = std::filesystem;
  try {
    const fs::path path(target);
    const std::string prefix = path.filename().string() + ".tmp-";
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    std::error_code failed;
    for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
      const std::string name = entry->path().filename().string();
      if (!name.starts_with(prefix) || name.size() == prefix.size() ||
          name.find_first_not_of("0123456789", prefix.size()) != std::string::npos)
        continue;
      File file(::open(entry->path().c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
      struct stat opened {
      }, named{};
      if (file.get() < 0 || ::fstat(file.get(), &opened) != 0 || !S_ISREG(opened.st_mode) ||
          opened.st_uid != ::geteuid() || ::flock(file.get(), LOCK_EX | LOCK_NB) != 0)
        continue;
      // Under the lock the name still means this file, or its writer has committed it.
      if (::stat(entry->path().c_str(), &named) == 0 && named.st_ino == opened.st_ino && named.st_dev == opened.st_dev)
        ::unlink(entry->path().c_str());
    }
  } catch (const std::exception&) {
    return;  // whatever is left is left: it is no reason not to write
  }
}

/// A new file, locked as a living writer's, or -1 with errno. Who cleans may take it before the lock: then again.
int create_locked(const std::string& path) {
  for (int attempt = 0; attempt < 16; ++attempt) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (descriptor < 0) return -1;
    while (::flock(descriptor, LOCK_EX) != 0 && errno == EINTR) {
    }
    struct stat status {};
    if (::fstat(descriptor, &status) == 0 && status.st_nlink > 0) return descriptor;
    ::close(descriptor);
  }
  errno = EBUSY;
  return -1;
}

/// Where symbolic links lead; `path` itself when nothing is there yet.
std::string resolved(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), std::free);
  return real ? std::string(real.get()) : path;
}

}  // namespace

std::string read_file(const std::string& path) {
  File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) fail("cannot open", path, errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) fail("cannot read", path, errno);
  if (S_ISDIR(status.st_mode)) fail("cannot read", path, EISDIR);
  std::string text;
  if (status.st_size > 0) text.reserve(std::min(static_cast<std::size_t>(status.st_size) + 1, kMaxFileBytes));
  std::array<char, 65536> buffer;
  while (true) {
    const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("cannot read", path, errno);
    if (got == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(got));
    if (text.size() > kMaxFileBytes)
      throw Error(ErrorCode::model,
                  "larger than " + count_text(static_cast<double>(kMaxFileBytes)) + " bytes: not a descent model",
                  path);
  }
}

FileWriter::FileWriter(std::string path) : path_(std::move(path)), target_(resolved(path_)) {
  struct stat status {};
  const bool exists = ::stat(target_.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) fail(EISDIR);
  if (exists && !S_ISREG(status.st_mode)) {
    descriptor_ = ::open(target_.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor_ < 0) fail(errno);
    return;
  }
  // Renaming needs the directory alone: do not replace what its owner has protected.
  if (exists && ::access(target_.c_str(), W_OK) != 0) fail(errno);
  keeps_mode_ = exists;
  mode_ = status.st_mode & 07777;
  remove_abandoned(target_);
  temporary_ = target_ + ".tmp-" + std::to_string(::getpid());
  descriptor_ = create_locked(temporary_);
  if (descriptor_ < 0) {
    const int error = errno;
    temporary_.clear();  // what is there is not ours
    fail(error);
  }
}

FileWriter::~FileWriter() { discard(); }

void FileWriter::discard() noexcept {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
  temporary_.clear();
}

void FileWriter::fail(int error) {
  discard();
  descent::model::fail("cannot write", path_, error);
}

void FileWriter::write(std::string_view text) {
  if (const int error = write_all(descriptor_, text); error != 0) fail(error);
}

void FileWriter::commit() {
  if (!temporary_.empty()) {
    if (keeps_mode_ && ::fchmod(descriptor_, mode_) != 0) fail(errno);
    if (::fsync(descriptor_) != 0) fail(errno);
  }
  // close() reports what a network file system could not write; the lock stays until the file has its name.
  const File lock(temporary_.empty() ? -1 : ::fcntl(descriptor_, F_DUPFD_CLOEXEC, 0));
  if (::close(std::exchange(descriptor_, -1)) != 0) fail(errno);
  if (!temporary_.empty() && ::rename(temporary_.c_str(), target_.c_str()) != 0) fail(errno);
  temporary_.clear();
}

void write_file(const std::string& path, std::string_view text) {
  FileWriter file(path);
  file.write(text);
  file.commit();
}

}  // namespace descent::model
