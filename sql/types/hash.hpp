#pragma once

#include <cstdint>
#include <string_view>

namespace isolde::sql {

/// Spreads the bits of an integer (the finaliser of SplitMix64).
constexpr uint64_t hash_integer(uint64_t x) {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9;
  x ^= x >> 27;
  x *= 0x94d049bb133111eb;
  return x ^ (x >> 31);
}
uint64_t hash_bytes(std::string_view bytes);
constexpr uint64_t combine_hashes(uint64_t a, uint64_t b) {
  return hash_integer(a + 0x9e3779b97f4a7c15 + (b << 1 | b >> 63));
}

}  // namespace isolde::sql
