#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/ids.hpp"
#include "sql/types/arena.hpp"
#include "sql/types/datum.hpp"

namespace isolde::sql {

/// One privilege: a letter in an aclitem's text, and a word in GRANT.
struct Privilege {
  char letter;
  std::string_view word;
};
/// In the order of their bits, as PostgreSQL's AclMode.
inline constexpr Privilege kPrivileges[] = {
    {'a', "INSERT"},   {'r', "SELECT"},      {'w', "UPDATE"},    {'d', "DELETE"},
    {'D', "TRUNCATE"}, {'x', "REFERENCES"},  {'t', "TRIGGER"},   {'X', "EXECUTE"},
    {'U', "USAGE"},    {'C', "CREATE"},      {'T', "TEMPORARY"}, {'c', "CONNECT"},
    {'s', "SET"},      {'A', "ALTER SYSTEM"}};
inline constexpr size_t kPrivilegeCount = sizeof kPrivileges / sizeof kPrivileges[0];

/// What one role has granted another: "grantee=privileges/grantor".
///
/// Storage: uint32 grantee, uint32 grantor, uint16 privileges, uint16 grant options.
struct AclItem {
  base::Oid grantee;  ///< 0 is PUBLIC
  base::Oid grantor;
  uint16_t privileges = 0;     ///< bit i: kPrivileges[i]
  uint16_t grant_options = 0;  ///< those that the grantee may grant on

  static AclItem read(Datum stored);
  Datum write(Arena& arena) const;
};

/// Bits of letters: "arw".
constexpr uint16_t privilege_bits(std::string_view letters) {
  uint16_t bits = 0;
  for (char c : letters) {
    for (size_t i = 0; i < kPrivilegeCount; ++i) {
      if (kPrivileges[i].letter == c) bits = static_cast<uint16_t>(bits | 1U << i);
    }
  }
  return bits;
}

}  // namespace isolde::sql
