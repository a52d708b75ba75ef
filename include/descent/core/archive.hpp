// What is written into a model file and read back: named values in nested sections. Learners see this, never the
// format.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

class ArchiveWriter {
 public:
  ArchiveWriter() = default;
  ArchiveWriter(const ArchiveWriter&) = delete;
  ArchiveWriter& operator=(const ArchiveWriter&) = delete;
  virtual ~ArchiveWriter() = default;

  virtual void begin(std::string_view section) = 0;
  virtual void end() = 0;
  virtual void put_number(std::string_view name,
                          double value) = 0;  ///< reads back to the same bits, not-finite ones too
  virtual void put_integer(std::string_view name, long long value) = 0;
  virtual void put_flag(std::string_view name, bool value) = 0;
  virtual void put_text(std::string_view name, std::string_view value) = 0;
  virtual void put_numbers(std::string_view name, std::span<const double> values) = 0;
  virtual void put_texts(std::string_view name, std::span<const std::string> values) = 0;
};

/// Every getter throws Error(model) naming the path (`learner.coefficients`) when the value is absent or of another
/// kind.
class ArchiveReader {
 public:
  ArchiveReader() = default;
  ArchiveReader(const ArchiveReader&) = delete;
  ArchiveReader& operator=(const ArchiveReader&) = delete;
  virtual ~ArchiveReader() = default;

  virtual void enter(std::string_view section) = 0;
  virtual void leave() = 0;
  [[nodiscard]] virtual bool has(std::string_view name) const = 0;  ///< a value or section of this name is here
  [[nodiscard]] virtual double number(std::string_view name) const = 0;
  [[nodiscard]] virtual long long integer(std::string_view name) const = 0;
  [[nodiscard]] virtual bool flag(std::string_view name) const = 0;
  [[nodiscard]] virtual std::string text(std::string_view name) const = 0;
  [[nodiscard]] virtual std::vector<double> numbers(std::string_view name) const = 0;
  [[nodiscard]] virtual std::vector<std::string> texts(std::string_view name) const = 0;
};

}  // namespace descent
