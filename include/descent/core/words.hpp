// Options that are one of a few words.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "descent/core/error.hpp"
#include "descent/core/text.hpp"

namespace descent {

template <class Value>
struct Word {
  const char* text;
  Value value;
};

/// The value of the word. Throws: Error(usage) at `option`, with the words that are allowed.
template <class Value, std::size_t kCount>
[[nodiscard]] Value parse_word(std::string_view text, const char* option, const Word<Value> (&words)[kCount]) {
  std::vector<std::string> allowed;
  for (const Word<Value>& word : words) {
    if (text == word.text) return word.value;
    allowed.emplace_back(word.text);
  }
  throw Error(ErrorCode::usage, "expected " + join(allowed) + ", got " + quoted(text) + did_you_mean(text, allowed),
              option);
}

/// The word of the value; empty if it has none.
template <class Value, std::size_t kCount>
[[nodiscard]] const char* word_of(Value value, const Word<Value> (&words)[kCount]) {
  for (const Word<Value>& word : words)
    if (word.value == value) return word.text;
  return "";
}

}  // namespace descent
