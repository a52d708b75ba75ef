#include "cli/files.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "descent/core/error.hpp"

namespace descent::cli {
namespace {

namespace fs = std::filesystem;

// A signal handler reaches nothing but globals; a command writes one long file, or two.
std::array<std::atomic<const char*>, 4> g_unfinished{};
std::atomic<int> g_stops_itself{0};
static_assert(std::atomic<int>::is_always_lock_free);

[[noreturn]] void fail(const std::string& what, const std::string& path, int error) {
  throw Error(ErrorCode::system, what + ": " + std::strerror(error), path);
}

/// A file descriptor that is closed when it goes out of scope.
class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() { reset(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return value_; }
  int reset() {
    const int result = value_ >= 0 ? ::close(value_) : 0;
    value_ = -1;
    return result;
  }

 private:
  int value_;
};

bool is_special(const std::string& path) {  // /dev/null, /dev/stdout, a pipe: written in place, never renamed over
  std::error_code ignored;
  const auto type = fs::status(path, ignored).type();
  return type == fs::file_type::character || type == fs::file_type::fifo || type == fs::file_type::socket;
}

}  // namespace

Unfinished::Unfinished(std::string path) : path_(std::move(path)) {
  if (path_.empty()) return;
  for (auto& slot : g_unfinished) {
    const char* none = nullptr;
    if (slot.compare_exchange_strong(none, path_.c_str())) return;
  }
}

Unfinished::~Unfinished() {
  for (auto& slot : g_unfinished) {
    const char* mine = path_.c_str();
    if (slot.compare_exchange_strong(mine, nullptr)) return;
  }
}

void remove_unfinished() noexcept {
  for (const auto& slot : g_unfinished)
    if (const char* path = slot.load()) ::unlink(path);
}

StopsItself::StopsItself() noexcept { ++g_stops_itself; }
StopsItself::~StopsItself() { --g_stops_itself; }
bool stops_itself() noexcept { return g_stops_itself.load() > 0; }

void require_writable(const std::string& path, const std::string& option) {
  if (path.empty() || path == "-") return;
  std::error_code ignored;
  const auto refuse = [&](const std::string& why) {
    throw Error(ErrorCode::system, "cannot write '" + path + "': " + why, option);
  };
  if (fs::is_directory(path, ignored)) refuse("it is a folder");
  const fs::path parent = fs::path(path).parent_path();
  const std::string folder = parent.empty() ? "." : parent.string();
  if (!fs::is_directory(folder, ignored)) refuse("there is no folder '" + folder + "'");
  if (!is_special(path) && ::access(folder.c_str(), W_OK) != 0) refuse(std::strerror(errno));
}

std::string run_gnuplot(const std::string& script) {
  std::array<int, 2> to{}, from{};
  if (::pipe2(to.data(), O_CLOEXEC) != 0 || ::pipe2(from.data(), O_CLOEXEC) != 0)
    fail("cannot start", "gnuplot", errno);
  Descriptor to_read(to[0]), to_write(to[1]), from_read(from[0]), from_write(from[1]);
  const pid_t child = ::fork();
  if (child < 0) fail("cannot start", "gnuplot", errno);
  if (child == 0) {
    ::dup2(to[0], STDIN_FILENO);
    ::dup2(from[1], STDOUT_FILENO);
    ::execlp("gnuplot", "gnuplot", "-", static_cast<char*>(nullptr));
    ::_exit(127);
  }
  to_read.reset();
  from_write.reset();
  // gnuplot reads everything before it prints at the end of the script; a second child would only be needed for scripts
  // whose output fills the pipe first, so the script is fed from a child of its own.
  const pid_t feeder = ::fork();
  if (feeder < 0) fail("cannot start", "gnuplot", errno);
  if (feeder == 0) {
    std::signal(SIGPIPE, SIG_DFL);
    from_read.reset();
    std::string_view rest = script;
    while (!rest.empty()) {
      const ssize_t written = ::write(to[1], rest.data(), rest.size());
      if (written <= 0) ::_exit(1);
      rest.remove_prefix(static_cast<std::size_t>(written));
    }
    ::_exit(0);
  }
  to_write.reset();
  std::string output;
  std::array<char, 65536> buffer{};
  for (;;) {
    const ssize_t count = ::read(from_read.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    output.append(buffer.data(), static_cast<std::size_t>(count));
  }
  int status = 0;
  ::waitpid(feeder, nullptr, 0);
  ::waitpid(child, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
    throw Error(ErrorCode::system, "cannot be started; pictures need it (apt-get install gnuplot-nox)", "gnuplot");
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw Error(ErrorCode::system, "ended with an error; its message is above", "gnuplot");
  return output;
}

std::string data_folder() {
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  if (ignored) return {};
  // In the build folder it is a link to the tree's. Installed: bin/descent and share/descent/data.
  for (const fs::path& candidate : {program.parent_path() / "data", program.parent_path() / "../share/descent/data"})
    if (fs::is_directory(candidate / "acceptance", ignored)) return fs::weakly_canonical(candidate, ignored).string();
  return {};
}

}  // namespace descent::cli
