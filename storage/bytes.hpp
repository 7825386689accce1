#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace isolde::storage {

using ByteSpan = std::span<const std::byte>;
using Bytes = std::vector<std::byte>;

/// Integers at any address, in the processor's order (little endian everywhere Isolde runs).
template <typename T>
requires std::is_trivially_copyable_v<T> T load(const std::byte* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}
template <typename T>
requires std::is_trivially_copyable_v<T>
void store(std::byte* to, T value) {
  std::memcpy(to, &value, sizeof value);
}

template <typename T>
requires std::is_trivially_copyable_v<T>
void append(Bytes& to, T value) {
  size_t at = to.size();
  to.resize(at + sizeof value);
  std::memcpy(to.data() + at, &value, sizeof value);
}
inline void append_bytes(Bytes& to, ByteSpan bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}

/// Bytes that only grow. The first ones lie in the object itself: most need no allocation.
class ByteBuffer {
 public:
  ByteBuffer() = default;
  ByteBuffer(const ByteBuffer&) = delete;
  ByteBuffer& operator=(const ByteBuffer&) = delete;

  template <typename T>
  requires std::is_trivially_copyable_v<T>
  void append(T value) { std::memcpy(grow(sizeof value), &value, sizeof value); }
  void append_bytes(ByteSpan bytes) {
    if (!bytes.empty()) std::memcpy(grow(bytes.size()), bytes.data(), bytes.size());
  }
  ByteSpan bytes() const { return {large_ ? large_.get() : small_, size_}; }

 private:
  std::byte* grow(size_t n) {
    if (size_ + n > capacity_) move_to_larger(size_ + n);
    size_ += n;
    return (large_ ? large_.get() : small_) + size_ - n;
  }
  void move_to_larger(size_t needed) {
    capacity_ = std::max(needed, 4 * capacity_);
    std::unique_ptr<std::byte[]> larger(new std::byte[capacity_]);
    std::memcpy(larger.get(), bytes().data(), size_);
    large_ = std::move(larger);
  }

  size_t size_ = 0, capacity_ = sizeof small_;
  std::byte small_[256];
  std::unique_ptr<std::byte[]> large_;
};

/// Takes integers and runs of bytes off the front; `ok()` turns false when there were too few.
class ByteReader {
 public:
  explicit ByteReader(ByteSpan bytes) : left_(bytes) {}
  template <typename T>
  T take() {
    if (left_.size() < sizeof(T)) {
      ok_ = false;
      return T{};
    }
    T value = load<T>(left_.data());
    left_ = left_.subspan(sizeof(T));
    return value;
  }
  ByteSpan take_bytes(size_t n) {
    if (left_.size() < n) {
      ok_ = false;
      return {};
    }
    ByteSpan taken = left_.first(n);
    left_ = left_.subspan(n);
    return taken;
  }
  bool empty() const { return left_.empty(); }
  bool ok() const { return ok_; }

 private:
  ByteSpan left_;
  bool ok_ = true;
};

inline ByteSpan as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text));
}

}  // namespace isolde::storage
