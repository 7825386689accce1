#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace isolde::wire {

/// What the wire carries as one integer: a number, or an enum with a fixed underlying type.
template <typename T>
concept WireInteger = std::integral<T> || std::is_enum_v<T>;

namespace detail {

inline uint8_t swap_bytes(uint8_t value) {
  return value;
}
inline uint16_t swap_bytes(uint16_t value) {
  return __builtin_bswap16(value);
}
inline uint32_t swap_bytes(uint32_t value) {
  return __builtin_bswap32(value);
}
inline uint64_t swap_bytes(uint64_t value) {
  return __builtin_bswap64(value);
}

template <size_t size>
struct Unsigned;
template <>
struct Unsigned<1> {
  using type = uint8_t;
};
template <>
struct Unsigned<2> {
  using type = uint16_t;
};
template <>
struct Unsigned<4> {
  using type = uint32_t;
};
template <>
struct Unsigned<8> {
  using type = uint64_t;
};

/// Between the machine's byte order and the network's, either way.
template <typename Bits>
Bits network_order(Bits bits) {
  if constexpr (std::endian::native == std::endian::little) return swap_bytes(bits);
  return bits;
}

}  // namespace detail

/// Reads a big-endian integer from sizeof(T) bytes, at any alignment.
template <WireInteger T>
T load_big_endian(const char* from) {
  typename detail::Unsigned<sizeof(T)>::type bits;
  std::memcpy(&bits, from, sizeof bits);
  return static_cast<T>(detail::network_order(bits));
}

template <WireInteger T>
void store_big_endian(char* to, T value) {
  using Bits = typename detail::Unsigned<sizeof(T)>::type;
  const Bits bits = detail::network_order(static_cast<Bits>(value));
  std::memcpy(to, &bits, sizeof bits);
}

}  // namespace isolde::wire
