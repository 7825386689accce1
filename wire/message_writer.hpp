#pragma once

#include <cassert>
#include <cstdint>
#include <string>
#include <string_view>

#include "wire/byte_order.hpp"
#include "wire/frame.hpp"
#include "wire/types.hpp"

namespace isolde::wire {

/// Appending the protocol's elements to a buffer, and whole messages around them.

template <WireInteger T>
void append_integer(std::string& out, T value) {
  char bytes[sizeof value];
  store_big_endian(bytes, value);
  out.append(bytes, sizeof bytes);
}

/// A zero-terminated string. Text that holds a zero itself is cut there: what follows could not be
/// told from the next element.
inline void append_string(std::string& out, std::string_view text) {
  out.append(text.substr(0, text.find('\0')));
  out.push_back('\0');
}

/// A length word and the bytes; -1 alone for NULL.
inline void append_value(std::string& out, Value value) {
  append_integer(out, value ? static_cast<int32_t>(value->size()) : int32_t{-1});
  if (value) out.append(*value);
}

/// One message being appended: its length word is filled in by finish(). A writer that goes away
/// unfinished, because an error came in between, takes back what it had written: the buffer only
/// ever holds whole messages.
///
///   MessageWriter message(out, 'S');
///   message.string(name);
///   message.string(value);
///   message.finish();
class MessageWriter {
 public:
  MessageWriter(std::string& out, char type, uint32_t limit = kLargeMessageLimit)
      : out_(out), start_(out.size()), limit_(limit) {
    out_.append({type, 0, 0, 0, 0});
  }
  MessageWriter(const MessageWriter&) = delete;
  MessageWriter& operator=(const MessageWriter&) = delete;
  ~MessageWriter() {
    if (!finished_) out_.resize(start_);
  }

  void byte(char value) { out_.push_back(value); }
  template <WireInteger T>
  void integer(T value) {
    append_integer(out_, value);
  }
  void string(std::string_view text) { append_string(out_, text); }
  void value(Value value) { append_value(out_, value); }
  void bytes(std::string_view bytes) { out_.append(bytes); }
  /// A count of two bytes, as most lists have.
  void count(size_t count) {
    assert(count <= UINT16_MAX && "a list longer than its count can say");
    integer(static_cast<uint16_t>(count));
  }
  /// For what writes its bytes itself.
  std::string& buffer() { return out_; }

  /// False, and nothing is written, when the message is longer than the receiver would take.
  bool finish() {
    const size_t length = out_.size() - start_ - 1;
    if (length > limit_) return false;
    store_big_endian(out_.data() + start_ + 1, static_cast<uint32_t>(length));
    finished_ = true;
    return true;
  }

 private:
  std::string& out_;
  size_t start_;
  uint32_t limit_;
  bool finished_ = false;
};

}  // namespace isolde::wire
