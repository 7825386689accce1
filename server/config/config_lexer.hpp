#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace isolde::server {

/// A word of the configuration file. Newlines count: they end a setting.
struct ConfigToken {
  enum class Kind : uint8_t {
    kEnd,
    kNewline,
    kName,
    kDottedName,
    kWord,
    kNumber,
    kString,
    kEquals,
    kBad
  };
  Kind kind = Kind::kEnd;
  std::string_view text;  ///< as written, quotes included
};

/// Cuts postgresql.conf syntax into tokens; blanks and comments fall away.
class ConfigLexer {
 public:
  explicit ConfigLexer(std::string_view text) : rest_(text) {}
  ConfigToken next();

 private:
  void skip_blanks();
  ConfigToken take(ConfigToken::Kind kind, size_t length);

  std::string_view rest_;
};

/// The value of a kString token: without its quotes, '' and backslash escapes resolved.
std::string unquote_config_string(std::string_view quoted);

}  // namespace isolde::server
