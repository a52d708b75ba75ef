#include "descent/data/csv.hpp"

namespace descent::data {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

}  // namespace

std::string csv_field(std::string_view text, char separator) {
  // A byte order mark in front would be skipped at the head of a file.
  const bool plain = !text.starts_with("\xEF\xBB\xBF") && text.find_first_of("\"\r\n") == std::string_view::npos &&
                     text.find(separator) == std::string_view::npos &&
                     (text.empty() || (!is_blank(text.front()) && !is_blank(text.back())));
  if (plain) return std::string(text);
  std::string field = "\"";
  for (const char c : text) {
    if (c == '"') field += '"';
    field += c;
  }
  return field + '"';
}

std::string csv_line(const std::vector<std::string>& fields, char separator) {
  // A lone empty field would be an empty line, which readers skip.
  if (fields.size() == 1 && fields[0].empty()) return "\"\"\n";
  std::string line;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) line += separator;
    line += csv_field(fields[i], separator);
  }
  return line + '\n';
}

}  // namespace descent::data
