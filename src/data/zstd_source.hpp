// A Zstandard stream, unpacked while it is read.
#pragma once

#include <memory>
#include <string_view>

#include "descent/data/byte_source.hpp"

namespace descent::data {

/// A frame's magic number, or that of a skippable frame, which parallel compressors begin with.
[[nodiscard]] bool begins_as_zstd(std::string_view bytes);

/// All frames of the Zstandard stream in `packed`. Throws while reading: Error(data) for a stream that is cut off,
/// damaged, followed by anything else, or that asks for a window of more than 128 MiB.
[[nodiscard]] std::unique_ptr<ByteSource> unzstd(std::unique_ptr<ByteSource> packed);

}  // namespace descent::data
