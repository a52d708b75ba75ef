// Rows from anywhere: files, memory, a generator, an encoder in front of another source.
#pragma once

#include <cstdint>
#include <string>

#include "descent/core/batch.hpp"
#include "descent/core/schema.hpp"

namespace descent {

/// A table that is read from front to back, as often as asked. How it is cut into batches is the source's business; the
/// rows and their order are not: every pass gives the same rows in the same order.
class BatchSource {
 public:
  BatchSource() = default;
  BatchSource(const BatchSource&) = delete;
  BatchSource& operator=(const BatchSource&) = delete;
  virtual ~BatchSource() = default;

  /// The same for the life of the source.
  [[nodiscard]] virtual const Schema& schema() const = 0;

  /// Replaces `batch` with the next rows; false (and an empty batch) after the last. Throws: Error(data),
  /// Error(system).
  virtual bool next(Batch& batch) = 0;

  /// Back to the first row. Throws: Error(usage) if this source can be read only once (a pipe).
  virtual void rewind() = 0;

  /// For messages: a file name, "standard input".
  [[nodiscard]] virtual std::string name() const = 0;

  /// Fraction of the source read in this pass, 0 to 1; negative when unknown.
  [[nodiscard]] virtual double progress() const { return -1.0; }
};

}  // namespace descent
