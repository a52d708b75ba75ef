// Bad input, refused once, at the edge, before any work. How a *run* ended is never an Error: it is data (result.hpp).
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>

namespace descent {

/// What kind of thing was refused. The command line turns it into its exit status (given in brackets).
enum class ErrorCode : std::uint8_t {
  usage,          ///< a name, option or argument is wrong (2)
  formula,        ///< the text of a formula is wrong (3)
  data,           ///< a data file is wrong or damaged (3)
  model,          ///< a model file is wrong, damaged or from a later version (3)
  failed,         ///< the work itself failed, for example it met a value that is not finite (4)
  system,         ///< the operating system failed us: cannot open, disk full (5)
  out_of_memory,  ///< (6)
  internal,       ///< a bug of ours (1)
};

/// A position in a text, file or table: `train.csv:812:3 'price'`. Parts that are unknown are left out.
struct Place {
  std::string file;
  std::uint64_t line = 0;    ///< from 1; 0 = unknown
  std::uint64_t column = 0;  ///< from 1; 0 = unknown
  std::string name;          ///< of the column, option or variable
};

/// `file:line:column 'name'`, whatever of it is known.
[[nodiscard]] std::string to_text(const Place& place);

/// A refused input: what is wrong, where, what is allowed, what was got, and a hint.
///
/// what() is `where: message`, for example
/// `train.csv:812:3 'price': expected a number, got "n/a" (treat it as missing with --missing n/a)`.
class Error : public std::exception {
 public:
  Error(ErrorCode code, std::string message, std::string where = {});
  Error(ErrorCode code, std::string message, const Place& place);

  [[nodiscard]] ErrorCode code() const noexcept { return code_; }
  [[nodiscard]] const std::string& message() const noexcept { return message_; }
  [[nodiscard]] const std::string& where() const noexcept { return where_; }
  /// `where` in its parts, for who knows more of the place; empty when it was given as a text.
  [[nodiscard]] const Place& place() const noexcept { return place_; }
  [[nodiscard]] const char* what() const noexcept override { return what_.c_str(); }

 private:
  ErrorCode code_;
  std::string message_;
  std::string where_;
  std::string what_;
  Place place_;
};

}  // namespace descent
