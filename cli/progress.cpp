#include "cli/progress.hpp"

#include <fmt/format.h>

#include "descent/core/text.hpp"

namespace descent::cli {
namespace {

std::string duration_text(double seconds) {
  if (seconds < 100) return fmt::format("{:.0f} s", seconds);
  if (seconds < 6000) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

}  // namespace

Progress::Progress(Console& console, std::string unit, std::uint64_t total, bool enabled)
    : console_(console), unit_(std::move(unit)), total_(total), enabled_(enabled) {}

void Progress::update(std::uint64_t done, std::optional<double> objective) {
  if (!enabled_ || calls_++ % every_ != 0) return;
  const auto now = Clock::now();
  if (now - last_drawn_ < std::chrono::milliseconds(100)) return;
  draw(done, objective, now);
  last_drawn_ = now;
}

void Progress::draw(std::uint64_t done, std::optional<double> objective, Clock::time_point now) {
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const double rate = static_cast<double>(done) / seconds;
  std::string line;
  if (total_ > 0) {
    const double part = static_cast<double>(done) / static_cast<double>(total_);
    const auto filled = static_cast<std::size_t>(part * 24);
    line = "[" + std::string(filled, '=') + std::string(24 - std::min<std::size_t>(filled, 24), ' ') +
           fmt::format("] {:3.0f} %  ", part * 100);
  }
  line += fmt::format("{} {}, {}/s", count_text(static_cast<double>(done)), unit_, count_text(rate));
  if (objective) line += ", objective " + number_text(*objective, 6);
  if (total_ > done && rate > 0)
    line += std::string(objective ? ", at most " : ", ") + duration_text(static_cast<double>(total_ - done) / rate) +
            " left";
  const std::size_t pad = width_ > line.size() ? width_ - line.size() : 0;
  console_.err << '\r' << line << std::string(pad, ' ') << std::flush;
  width_ = line.size();
}

void Progress::clear() {
  if (width_ == 0) return;
  console_.err << '\r' << std::string(width_, ' ') << '\r' << std::flush;
  width_ = 0;
}

}  // namespace descent::cli
