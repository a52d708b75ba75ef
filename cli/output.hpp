// Where a command writes a table that need not fit in memory.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/console.hpp"
#include "cli/files.hpp"
#include "descent/model/file.hpp"

namespace descent::cli {

/// Standard output, or a file that appears whole at the end.
class Output {
 public:
  Output(const std::string& path, Console& console) : console_(console) {
    if (path == "-") return;
    file_.emplace(path);
    unfinished_.emplace(file_->temporary());
  }
  void write(std::string_view text) {
    if (file_) {
      file_->write(text);
    } else {
      console_.out << text;
    }
  }
  /// False when whoever reads standard output has seen enough: `| head`.
  [[nodiscard]] bool wanted() const { return file_.has_value() || console_.out.good(); }
  void commit() {
    if (file_) file_->commit();
  }

 private:
  Console& console_;
  std::optional<model::FileWriter> file_;
  std::optional<Unfinished> unfinished_;
};

}  // namespace descent::cli
