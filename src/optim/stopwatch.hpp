// How long the calls of one kind take altogether.
#pragma once

#include <chrono>
#include <cstdint>

namespace descent {

/// Times every call that takes long, and one of 64 of short ones, which then stands for all: two looks at a clock take
/// 50 ns, Rosenbrock and its gradient 5.
class Stopwatch {
 public:
  template <class Call>
  auto time(const Call& call) {
    if (--until_next_ > 0) return call();
    const Lap lap(*this);
    return call();
  }
  /// An estimate where calls are short.
  [[nodiscard]] double seconds() const { return seconds_; }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::uint32_t kMostStoodFor = 64;
  static constexpr double kLong = 5e-6;

  class Lap {
   public:
    explicit Lap(Stopwatch& watch) : watch_(watch) {}
    Lap(const Lap&) = delete;
    Lap& operator=(const Lap&) = delete;
    ~Lap() {
      const double lap = std::chrono::duration<double>(Clock::now() - begun_).count();
      watch_.seconds_ += lap * watch_.stands_for_;
      watch_.stands_for_ = lap >= kLong                          ? 1
                           : watch_.stands_for_ >= kMostStoodFor ? kMostStoodFor
                                                                 : 2 * watch_.stands_for_;
      watch_.until_next_ = watch_.stands_for_;
    }

   private:
    Stopwatch& watch_;
    Clock::time_point begun_ = Clock::now();
  };

  double seconds_ = 0.0;
  std::uint32_t stands_for_ = 1;
  std::uint32_t until_next_ = 1;
};

}  // namespace descent
