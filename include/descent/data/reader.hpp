// The file formats that can be read, by name.
#pragma once

#include <functional>
#include <memory>

#include "descent/core/registry.hpp"
#include "descent/data/byte_source.hpp"
#include "descent/data/table_source.hpp"

namespace descent::data {

using ReaderMaker = std::function<std::unique_ptr<TableSource>(std::unique_ptr<ByteSource>, const BoundArguments&)>;

/// csv; further formats come with their own work.
[[nodiscard]] const Registry<ReaderMaker>& reader_registry();

}  // namespace descent::data
