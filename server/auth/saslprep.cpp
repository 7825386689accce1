#include "server/auth/saslprep.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace isolde::server {

namespace {

struct Range {
  uint32_t first, last;
};

// RFC 3454, table C.1.2: blanks other than the space.
constexpr Range kBlanks[] = {{0xA0, 0xA0},     {0x1680, 0x1680}, {0x2000, 0x200B},
                             {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}};
// Table B.1: commonly mapped to nothing.
constexpr Range kNothing[] = {{0xAD, 0xAD},     {0x34F, 0x34F},   {0x1806, 0x1806},
                              {0x180B, 0x180D}, {0x200C, 0x200D}, {0x2060, 0x2060},
                              {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}};
// Tables C.2 to C.9, in their larger ranges: controls, private use, surrogates, directions, tags.
constexpr Range kForbidden[] = {
    {0x0, 0x1F},        {0x7F, 0x9F},       {0x6DD, 0x6DD},   {0x70F, 0x70F},   {0x180E, 0x180E},
    {0x200E, 0x200F},   {0x2028, 0x202E},   {0x2061, 0x2063}, {0x206A, 0x206F}, {0x340, 0x341},
    {0x2FF0, 0x2FFB},   {0xD800, 0xF8FF},   {0xFDD0, 0xFDEF}, {0xFFF9, 0xFFFF}, {0x1D173, 0x1D17A},
    {0xE0000, 0xE007F}, {0xF0000, 0x10FFFF}};

template <size_t kCount>
bool within(const Range (&ranges)[kCount], uint32_t c) {
  return std::ranges::any_of(ranges, [&](Range r) { return c >= r.first && c <= r.last; });
}

/// Takes one character off the front; nothing when the bytes are not UTF-8.
std::optional<uint32_t> take_character(std::string_view& text) {
  auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  size_t size = byte(0) < 0x80   ? 1
                : byte(0) < 0xC2 ? 0
                : byte(0) < 0xE0 ? 2
                : byte(0) < 0xF0 ? 3
                : byte(0) < 0xF5 ? 4
                                 : 0;
  if (size == 0 || text.size() < size) return std::nullopt;
  uint32_t c = size == 1 ? byte(0) : byte(0) & (0x7FU >> size);
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return std::nullopt;
    c = c << 6 | (byte(i) & 0x3FU);
  }
  constexpr uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (c < kSmallest[size] || c > 0x10FFFF) return std::nullopt;
  text.remove_prefix(size);
  return c;
}

std::optional<std::string> prepare(std::string_view rest) {
  std::string result;
  while (!rest.empty()) {
    std::string_view before = rest;
    auto c = take_character(rest);
    if (!c) return std::nullopt;
    if (within(kBlanks, *c)) {
      result += ' ';
    } else if (!within(kNothing, *c)) {
      if (within(kForbidden, *c)) return std::nullopt;
      result += before.substr(0, before.size() - rest.size());
    }
  }
  if (result.empty()) return std::nullopt;
  return result;
}

}  // namespace

std::string saslprep(std::string_view password) {
  return prepare(password).value_or(std::string(password));
}

}  // namespace isolde::server
