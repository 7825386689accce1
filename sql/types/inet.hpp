#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "sql/types/arena.hpp"
#include "sql/types/datum.hpp"

namespace isolde::sql {

/// An address with the length of its network's prefix: inet and cidr. In a cidr, the bits behind
/// the prefix are zero.
///
/// Storage: a byte 2 (IPv4) or 3 (IPv6), a byte for the length of the prefix, 4 or 16 bytes.
struct Inet {
  bool v6 = false;
  int bits = 0;
  std::array<uint8_t, 16> address{};

  int size() const { return v6 ? 16 : 4; }
  int max_bits() const { return v6 ? 128 : 32; }

  static Inet read(Datum stored);
  Datum write(Arena& arena) const;
  /// Throws 22P02.
  static Inet parse(std::string_view text, bool cidr);

  /// The address alone.
  std::string host() const;
  /// The first `count` bits, the others being 0 or 1.
  Inet with_tail(int count, bool ones) const;
  /// Whether any bit behind the first `count` is set.
  bool has_tail(int count) const;
};

/// By family, network, length of prefix, and address.
std::strong_ordering compare_inets(const Inet& a, const Inet& b);
/// The order of the first `count` bits.
std::strong_ordering compare_prefixes(const Inet& a, const Inet& b, int count);

}  // namespace isolde::sql
