#pragma once

#include <cstdint>

namespace isolde::sql {

constexpr int32_t make_numeric_typmod(int32_t precision, int32_t scale) {
  return (precision << 16 | (scale & 0x7ff)) + 4;
}
constexpr int32_t numeric_precision(int32_t typmod) {
  return ((typmod - 4) >> 16) & 0xffff;
}
/// Sign-extended from eleven bits.
constexpr int32_t numeric_scale(int32_t typmod) {
  return (((typmod - 4) & 0x7ff) ^ 1024) - 1024;
}

/// Bits of an interval's typmod, as the grammar gives them.
namespace interval_field {
inline constexpr int32_t kMonth = 1 << 1;
inline constexpr int32_t kYear = 1 << 2;
inline constexpr int32_t kDay = 1 << 3;
inline constexpr int32_t kHour = 1 << 10;
inline constexpr int32_t kMinute = 1 << 11;
inline constexpr int32_t kSecond = 1 << 12;
inline constexpr int32_t kAll = 0x7fff;
inline constexpr int32_t kAnyPrecision = 0xffff;
}  // namespace interval_field

}  // namespace isolde::sql
