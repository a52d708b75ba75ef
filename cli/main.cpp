#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "cli/app.hpp"
#include "cli/files.hpp"

namespace {

descent::StopSource g_stop;  // a signal handler reaches nothing but globals
volatile std::sig_atomic_t g_count = 0;
int g_signal = 0;

extern "C" void on_signal(int number) {
  g_signal = number;
  g_stop.request_stop();
  g_count = g_count + 1;
  if (g_count < 2 && descent::cli::stops_itself()) return;
  descent::cli::remove_unfinished();
  constexpr std::string_view kMessage = "\ndescent: interrupted\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, kMessage.data(), kMessage.size());
  ::_exit(128 + number);  // the second Ctrl-C does not wait for the end of the step
}

}  // namespace

namespace {

/// `descent ... | head` has seen enough; a full disk is another matter. errno has long been overwritten.
bool nobody_reads(int descriptor) {
  pollfd state{.fd = descriptor, .events = POLLOUT, .revents = 0};
  return ::poll(&state, 1, 0) == 1 && (state.revents & (POLLERR | POLLHUP)) != 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error of write()
  std::signal(SIGPIPE, SIG_IGN);  // `descent ... | head` ends with a short write, not with a signal

  descent::cli::Console console{.out = std::cout,
                                .err = std::cerr,
                                .out_is_terminal = ::isatty(STDOUT_FILENO) == 1,
                                .err_is_terminal = ::isatty(STDERR_FILENO) == 1,
                                .in_is_terminal = ::isatty(STDIN_FILENO) == 1,
                                .stop = &g_stop,
                                .signal = &g_signal};
  int status = descent::cli::run(std::vector<std::string>(argv + 1, argv + argc), console);
  std::cout.flush();
  if (!std::cout && status == 0 && !nobody_reads(STDOUT_FILENO)) {
    std::cerr << "descent: error: cannot write to standard output\n";
    status = descent::cli::kSystem;
  }
  return status;
}
