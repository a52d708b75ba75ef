// One line on the terminal that says how far the work is, how fast it goes and how long it still takes.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "cli/console.hpp"

namespace descent::cli {

class Progress {
 public:
  /// `total` = 0: unknown. Shows nothing unless `enabled` (standard error is a terminal, or --progress).
  Progress(Console& console, std::string unit, std::uint64_t total, bool enabled);
  /// Of calls that are few and far between: the clock is looked at in each.
  Progress& of_rare_calls() {
    every_ = 1;
    return *this;
  }
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void set_total(std::uint64_t total) { total_ = total; }
  /// Cheap: looks at the clock every 256th call, draws at most ten times a second.
  void update(std::uint64_t done, std::optional<double> objective = {});
  /// Wipes the line, so that results do not mix with it.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  void draw(std::uint64_t done, std::optional<double> objective, Clock::time_point now);
  Console& console_;
  std::string unit_;
  std::uint64_t total_;
  bool enabled_;
  std::uint64_t calls_ = 0;
  std::uint64_t every_ = 256;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_drawn_ = start_;
  std::size_t width_ = 0;
};

}  // namespace descent::cli
