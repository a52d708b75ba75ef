// The number that writes down what is done with it: a residual run on these gives its formula.
#pragma once

#include <string>
#include <utility>

#include "descent/core/text.hpp"

namespace descent {

/// Text that descent::expr reads back as the same operations in the same order. Brackets only where they are needed.
class Written {
 public:
  Written() : Written(0.0) {}
  Written(double value)  // NOLINT(google-explicit-constructor): constants are Written
      : text_(number_text(value)), level_(value < 0.0 ? Level::sign : Level::atom) {}
  static Written variable(std::string name) { return {std::move(name), Level::atom}; }

  [[nodiscard]] const std::string& text() const { return text_; }

  friend Written operator-(const Written& a) { return {"-" + a.within(Level::power), Level::sign}; }
  friend Written operator+(const Written& a, const Written& b) { return a.then(" + ", b, Level::sum); }
  friend Written operator-(const Written& a, const Written& b) { return a.then(" - ", b, Level::sum); }
  friend Written operator*(const Written& a, const Written& b) { return a.then("*", b, Level::product); }
  friend Written operator/(const Written& a, const Written& b) { return a.then("/", b, Level::product); }
  friend Written operator+(const Written& a, double b) { return b < 0.0 ? a - Written(-b) : a + Written(b); }
  friend Written operator-(const Written& a, double b) { return b < 0.0 ? a + Written(-b) : a - Written(b); }
  friend Written operator*(const Written& a, double b) { return a * Written(b); }
  friend Written operator/(const Written& a, double b) { return a / Written(b); }
  friend Written operator+(double a, const Written& b) { return Written(a) + b; }
  friend Written operator-(double a, const Written& b) { return Written(a) - b; }
  friend Written operator*(double a, const Written& b) { return Written(a) * b; }
  friend Written operator/(double a, const Written& b) { return Written(a) / b; }
  Written& operator+=(const Written& b) { return *this = *this + b; }
  Written& operator*=(const Written& b) { return *this = *this * b; }

  friend Written pow(const Written& a, const Written& b) {
    return {a.within(Level::atom) + "^" + b.within(Level::atom), Level::power};
  }
  friend Written abs(const Written& a) { return a.given_to("abs"); }
  friend Written cos(const Written& a) { return a.given_to("cos"); }
  friend Written exp(const Written& a) { return a.given_to("exp"); }
  friend Written sin(const Written& a) { return a.given_to("sin"); }
  friend Written sqrt(const Written& a) { return a.given_to("sqrt"); }
  friend Written atan2(const Written& y, const Written& x) {
    return {"atan2(" + y.text_ + ", " + x.text_ + ")", Level::atom};
  }

 private:
  enum class Level { sum, product, sign, power, atom };  // what binds looser than its place is put in brackets

  Written(std::string text, Level level) : text_(std::move(text)), level_(level) {}

  [[nodiscard]] std::string within(Level level) const { return level_ < level ? "(" + text_ + ")" : text_; }
  [[nodiscard]] Written then(const char* op, const Written& b, Level level) const {
    const auto above = static_cast<Level>(static_cast<int>(level) + 1);
    const bool signed_text = b.text_.front() == '-' && b.level_ >= above;
    return {within(level) + op + (signed_text ? "(" + b.text_ + ")" : b.within(above)), level};
  }
  [[nodiscard]] Written given_to(const char* function) const { return {function + ("(" + text_ + ")"), Level::atom}; }

  std::string text_;
  Level level_ = Level::atom;
};

}  // namespace descent
