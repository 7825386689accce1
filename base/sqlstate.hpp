#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "base/sqlstate_table.hpp"

namespace isolde::base {

/// A five-character SQLSTATE. Comparable, cheap to copy, usable in constant expressions.
class SqlState {
 public:
  constexpr explicit SqlState(const char (&code)[6])
      : code_{code[0], code[1], code[2], code[3], code[4]} {}

  /// From text that is known to have five characters.
  static constexpr SqlState parse(std::string_view code) {
    const char text[6] = {code[0], code[1], code[2], code[3], code[4], 0};
    return SqlState(text);
  }

  constexpr std::string_view code() const { return {code_.data(), code_.size()}; }
  /// The first two characters: "40" for every transaction rollback, "22" for every data exception.
  constexpr std::string_view error_class() const { return code().substr(0, 2); }
  constexpr bool operator==(const SqlState&) const = default;

 private:
  std::array<char, 5> code_;
};

/// PostgreSQL's condition name of a state ("unique_violation"), or "" for an unknown one.
std::string_view condition_name(SqlState state);

}  // namespace isolde::base

namespace isolde::base::sqlstate {

#define ISOLDE_DEFINE_SQLSTATE(constant, code, name) inline constexpr SqlState constant{code};
ISOLDE_SQLSTATES(ISOLDE_DEFINE_SQLSTATE)
#undef ISOLDE_DEFINE_SQLSTATE

}  // namespace isolde::base::sqlstate
