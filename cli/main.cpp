#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <ctime>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "cli/app.hpp"
#include "cli/files.hpp"

namespace {

descent::StopSource g_stop;  // a signal handler reaches nothing but globals
int g_signal = 0;
double g_asked_at = 0;  // seconds of the first signal; 0 = none yet

double seconds_now() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);  // which a signal handler may call
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

extern "C" void on_signal(int number) {
  // One Ctrl-C may come twice: timeout(1), for one, sends to its child and then to its process group.
  constexpr double kSameKeystroke = 0.25;
  const double now = seconds_now();
  const bool is_first = g_asked_at == 0;
  if (is_first) g_asked_at = now;
  g_signal = number;
  g_stop.request_stop();
  if (is_first ? descent::cli::stops_itself() : now - g_asked_at < kSameKeystroke) return;
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
