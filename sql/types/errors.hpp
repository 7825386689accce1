#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace isolde::sql {

/// Ends the statement with an error.
[[noreturn]] void fail(base::SqlState state, std::string message);

/// 22P02: invalid input syntax for type integer: "abc"
[[noreturn]] void fail_syntax(std::string_view type, std::string_view text);
/// 22003: value "99999" is out of range for type smallint
[[noreturn]] void fail_value_range(std::string_view type, std::string_view text);
/// 22003: integer out of range
[[noreturn]] void fail_range(std::string_view what);
/// 22012
[[noreturn]] void fail_division_by_zero();
/// 22P03: invalid bytes in a binary value
[[noreturn]] void fail_binary(std::string message);

}  // namespace isolde::sql
