// Formula text, token by token.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace descent::expr {

enum class TokenKind : std::uint8_t { number, name, quoted_name, symbol, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::size_t at = 0;     ///< first byte
  std::string_view text;  ///< of a name without its backquotes; of a symbol one of + - * / ^ ( ) , < <= > >= == !=
  double number = 0.0;

  [[nodiscard]] bool is(std::string_view symbol) const { return kind == TokenKind::symbol && text == symbol; }
  [[nodiscard]] bool is_name() const { return kind == TokenKind::name || kind == TokenKind::quoted_name; }
};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) { advance(); }

  [[nodiscard]] const Token& next() const { return next_; }
  /// The token taken last; end before the first.
  [[nodiscard]] const Token& last() const { return last_; }
  /// next(), which is then the one after. Throws: Error(formula) when no token can be read there.
  Token take();
  [[nodiscard]] std::string_view text() const { return text_; }

 private:
  void advance();
  void read_number();
  void read_quoted_name();
  void read_symbol();

  std::string_view text_;
  std::size_t at_ = 0;
  Token next_;
  Token last_;
};

/// True for a name that needs no backquotes.
[[nodiscard]] bool is_identifier(std::string_view name);

}  // namespace descent::expr
