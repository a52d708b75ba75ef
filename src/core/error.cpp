#include "descent/core/error.hpp"

#include <utility>

namespace descent {

std::string to_text(const Place& place) {
  std::string text = place.file;
  if (place.line > 0) {
    text += text.empty() ? "line " : ":";
    text += std::to_string(place.line);
    if (place.column > 0) text += ":" + std::to_string(place.column);
  } else if (place.column > 0) {
    text += (text.empty() ? "column " : ", column ") + std::to_string(place.column);
  }
  if (!place.name.empty()) {
    if (!text.empty()) text += ' ';
    text += "'" + place.name + "'";
  }
  return text;
}

Error::Error(ErrorCode code, std::string message, std::string where)
    : code_(code), message_(std::move(message)), where_(std::move(where)) {
  what_ = where_.empty() ? message_ : where_ + ": " + message_;
}

Error::Error(ErrorCode code, std::string message, const Place& place)
    : Error(code, std::move(message), to_text(place)) {
  place_ = place;
}

}  // namespace descent
