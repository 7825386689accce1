#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "wire/decode_error.hpp"

namespace isolde::wire::test {

/// Bytes written as in a protocol dump: hex digits in pairs, and text between quotes.
///
///   bytes("51 00000009 'ROLL' 00")
std::string inline bytes(std::string_view dump) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
  std::string out;
  for (size_t i = 0; i < dump.size(); ++i) {
    if (dump[i] == ' ' || dump[i] == '\n') continue;
    if (dump[i] == '\'') {
      const size_t end = dump.find('\'', i + 1);
      out.append(dump.substr(i + 1, end - i - 1));
      i = end;
    } else {
      out.push_back(static_cast<char>(digit(dump[i]) << 4 | digit(dump[i + 1])));
      ++i;
    }
  }
  return out;
}

/// A copy of some bytes with nothing readable behind them, so that a sanitizer sees every read
/// beyond their end.
class ExactBytes {
 public:
  explicit ExactBytes(std::string_view from) : data_(new char[from.size()]), size_(from.size()) {
    from.copy(data_.get(), size_);
  }
  std::string_view view() const { return {data_.get(), size_}; }

 private:
  std::unique_ptr<char[]> data_;
  size_t size_;
};

/// "08P01 no data left in message", for one comparison of both.
inline std::string text_of(const DecodeError& error) {
  return std::string(error.state()) + ' ' + error.message + (error.fatal ? " (fatal)" : "");
}

/// Of a Decoded: its error, or "ok".
template <typename T>
std::string outcome(const Decoded<T>& decoded) {
  return decoded ? "ok" : text_of(decoded.error());
}

}  // namespace isolde::wire::test
