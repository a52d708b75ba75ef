// A gzip stream, unpacked while it is read.
#pragma once

#include <memory>

#include "descent/data/byte_source.hpp"

namespace descent::data {

/// All members of the gzip stream in `packed`. Throws while reading: Error(data) for a stream that is cut off, damaged
/// or followed by anything but zeros.
[[nodiscard]] std::unique_ptr<ByteSource> gunzip(std::unique_ptr<ByteSource> packed);

}  // namespace descent::data
