#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "sql/types/errors.hpp"

namespace isolde::sql {

template <std::integral T>
constexpr T swap_bytes(T value) {
  auto from = static_cast<std::make_unsigned_t<T>>(value);
  std::make_unsigned_t<T> to = 0;
  for (size_t i = 0; i < sizeof(T); ++i) {
    to = static_cast<std::make_unsigned_t<T>>((to << (sizeof(T) > 1 ? 8 : 0)) | (from & 0xff));
    from = static_cast<std::make_unsigned_t<T>>(sizeof(T) > 1 ? from >> 8 : 0);
  }
  return static_cast<T>(to);
}

/// Appends in network byte order, as binary values travel.
template <std::integral T>
void append_network(std::string& out, T value) {
  if constexpr (std::endian::native == std::endian::little) value = swap_bytes(value);
  out.append(reinterpret_cast<const char*>(&value), sizeof(T));
}

/// Reads the parts of a binary value; throws when it is too short.
class BinaryReader {
 public:
  explicit BinaryReader(std::string_view bytes) : rest_(bytes) {}

  template <std::integral T>
  T read() {
    T value;
    std::memcpy(&value, take(sizeof(T)).data(), sizeof(T));
    if constexpr (std::endian::native == std::endian::little) value = swap_bytes(value);
    return value;
  }
  std::string_view take(size_t bytes) {
    if (bytes > rest_.size()) {
      fail(base::sqlstate::kProtocolViolation, "insufficient data left in message");
    }
    std::string_view taken = rest_.substr(0, bytes);
    rest_.remove_prefix(bytes);
    return taken;
  }
  std::string_view rest() const { return rest_; }
  /// Fails when bytes are left over.
  void finish() const {
    if (!rest_.empty()) {
      fail(base::sqlstate::kInvalidBinaryRepresentation,
           "incorrect binary data format in bind parameter");
    }
  }

 private:
  std::string_view rest_;
};

/// Reads or writes a plain value at any address, in this machine's byte order.
template <typename T>
T load(const char* from) {
  T value;
  std::memcpy(&value, from, sizeof(T));
  return value;
}
template <typename T>
void store(char* to, T value) {
  std::memcpy(to, &value, sizeof(T));
}

}  // namespace isolde::sql
