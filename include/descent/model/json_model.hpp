// Model files: JSON text with a header, a version and a checksum. Data only: nothing in a file is ever run.
//
//   {"format": "descent-model", "version": 1, "checksum": "crc32c:1b2c3d4e", "content": {...}}
//
// The checksum is taken over the content in canonical form (no blanks, members sorted by name), so a file may be laid
// out anew by other tools; any other change is refused. Numbers are written in the shortest form that reads back to the
// same bits; those that are not finite as the strings "nan", "inf", "-inf". A text that is not UTF-8 is written as
// {"latin1": ...}, its bytes as code points.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "descent/core/archive.hpp"

namespace descent::model {

/// The newest version of the format that this library writes and reads.
inline constexpr long long kFormatVersion = 1;
/// Sections inside sections, at most.
inline constexpr std::size_t kMaxDepth = 64;

/// Collects what an Estimator saves. Throws: Error(internal) when a name repeats within its section or is not UTF-8, or
/// sections do not match or lie too deep: bugs of the one who saves.
class JsonWriter final : public ArchiveWriter {
 public:
  JsonWriter();
  ~JsonWriter() override;

  void begin(std::string_view section) override;
  void end() override;
  void put_number(std::string_view name, double value) override;
  void put_integer(std::string_view name, long long value) override;
  void put_flag(std::string_view name, bool value) override;
  void put_text(std::string_view name, std::string_view value) override;
  void put_numbers(std::string_view name, std::span<const double> values) override;
  void put_texts(std::string_view name, std::span<const std::string> values) override;

  /// The whole file, members in the order in which they were put, indented by two blanks, each list on one line, with a
  /// line end. All sections must be closed.
  [[nodiscard]] std::string text() const;

 private:
  void member(std::string_view name);

  struct State;
  std::unique_ptr<State> state_;
};

/// Gives back what was saved. Every getter throws as ArchiveReader says: Error(model) with the file and the path.
class JsonReader final : public ArchiveReader {
 public:
  /// `name` is for messages: the file's. Throws: Error(model) when the text is no JSON (with line and column), no
  /// descent model, written by a later descent, or damaged: cut off, changed, members repeated, nested too deeply.
  [[nodiscard]] static JsonReader parse(std::string_view text, std::string_view name);

  JsonReader(JsonReader&& other) noexcept;
  ~JsonReader() override;

  void enter(std::string_view section) override;
  void leave() override;
  [[nodiscard]] bool has(std::string_view name) const override;
  [[nodiscard]] double number(std::string_view name) const override;
  [[nodiscard]] long long integer(std::string_view name) const override;
  [[nodiscard]] bool flag(std::string_view name) const override;
  [[nodiscard]] std::string text(std::string_view name) const override;
  [[nodiscard]] std::vector<double> numbers(std::string_view name) const override;
  [[nodiscard]] std::vector<std::string> texts(std::string_view name) const override;

 private:
  struct State;
  explicit JsonReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace descent::model
