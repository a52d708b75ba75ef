// What a csv file does not say about itself: its separator and whether it has a header.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "descent/data/byte_source.hpp"
#include "src/data/csv_scanner.hpp"

namespace descent::data {

/// The separator, told from the first 64 KiB (whole rows, at most 200): of tab ; , | the first that cuts all of them
/// into the same number of fields, at least two; if none does, the one that does for most rows. A space (a run of them)
/// counts only when every row but the first then has a number. A file that nothing cuts has one column.
[[nodiscard]] char sniff_separator(ByteSource& bytes, const CsvLimits& limits);

/// True unless one of the fields is a number or every one is empty.
[[nodiscard]] bool looks_like_header(std::span<const std::string_view> first_row);

}  // namespace descent::data
