#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "wire/decode_error.hpp"
#include "wire/lists.hpp"
#include "wire/types.hpp"

namespace isolde::wire {

/// Takes the elements of one message body, front to back. The first failure sticks: what is read
/// after it is zero or empty, and finish() reports it. So a decoder is a plain list of reads, with
/// one check at its end.
class Reader {
 public:
  explicit Reader(std::string_view body) : left_(body) {}

  bool ok() const { return !error_.has_value(); }

  char byte() {
    if (left_.empty()) return fail("no data left in message"), '\0';
    return take(1).front();
  }

  template <WireInteger T>
  T integer() {
    const std::string_view raw = bytes(sizeof(T));
    return raw.empty() ? T{} : load_big_endian<T>(raw.data());
  }

  /// A zero-terminated string, without its zero.
  std::string_view string() {
    const size_t end = left_.find('\0');
    if (end == std::string_view::npos) return fail("invalid string in message"), left_;
    return take(end + 1).substr(0, end);
  }

  std::string_view bytes(size_t count) {
    if (count > left_.size()) return fail("insufficient data left in message"), left_;
    return take(count);
  }

  Value value() {
    const auto length = integer<int32_t>();
    if (length == -1) return std::nullopt;
    return bytes(static_cast<uint32_t>(length));  // any other negative length is a huge one
  }

  /// A format code; an unknown one is an error.
  Format format();

  std::string_view rest() { return take(left_.size()); }
  size_t remaining() const { return left_.size(); }

  /// A count of two bytes, then so many integers.
  template <typename List>
  List int_list() {
    using Element = typename List::Iterator::value_type;
    return List(bytes(integer<uint16_t>() * sizeof(Element)));
  }

  /// A count of two bytes, then so many format codes, each of them known.
  FormatList format_list();

  /// A count of two bytes, then so many values.
  ValueList value_list();

  void fail(DecodeError error);

  /// The message, if every read went well and nothing is left over.
  template <typename T>
  Decoded<T> finish(T message) {
    if (ok() && !left_.empty()) fail("invalid message format");
    if (!ok()) return std::move(*error_);
    return message;
  }

 private:
  [[gnu::cold]] void fail(const char* message);
  void check(Format format);

  std::string_view take(size_t count) {
    const std::string_view taken = left_.substr(0, count);
    left_.remove_prefix(count);
    return taken;
  }

  std::string_view left_;
  std::optional<DecodeError> error_;
};

}  // namespace isolde::wire
