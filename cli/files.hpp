// What the command asks of the system: places to write to, gnuplot, the data sets that came with it.
#pragma once

#include <string>

namespace descent::cli {

/// Checks that `path` can be written: its folder exists and allows it. Throws: Error(system) naming the option that
/// gave it, so that a run of an hour does not end at a folder that was never there.
void require_writable(const std::string& path, const std::string& option);

/// Feeds `script` to gnuplot and returns what it prints. Throws: Error(system) if gnuplot is not installed or fails.
[[nodiscard]] std::string run_gnuplot(const std::string& script);

/// The folder of the data sets that come with descent; empty when it cannot be found.
[[nodiscard]] std::string data_folder();

/// While it lives, remove_unfinished() removes the file at `path`.
class Unfinished {
 public:
  explicit Unfinished(std::string path);
  ~Unfinished();
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

 private:
  std::string path_;
};

/// For a signal handler that ends the process at once.
void remove_unfinished() noexcept;

/// While it lives, the command looks at the stop token itself and has something to say or to keep when it is asked to
/// stop. Otherwise (reading a file, waiting for a pipe) the first Ctrl-C ends the process: nothing would be lost.
class StopsItself {
 public:
  StopsItself() noexcept;
  ~StopsItself();
  StopsItself(const StopsItself&) = delete;
  StopsItself& operator=(const StopsItself&) = delete;
};

/// For a signal handler.
[[nodiscard]] bool stops_itself() noexcept;

}  // namespace descent::cli
