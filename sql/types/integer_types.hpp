#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace isolde::sql {

// Storage: Datum::as_int holds int2, int4 and int8 as themselves, oid and xid as 0 to 2^32-1, xid8
// as its 64 bits, bool in as_bool.

/// Reads an integer with blanks around it, of at most `bytes` bytes; `type` is for messages.
int64_t parse_integer(std::string_view text, int bytes, std::string_view type);
/// Reads "t", "yes", "on", "1", ... in any case, shortened where clear; false when it is none.
bool parse_bool(std::string_view text, bool& value);
void append_integer(std::string& out, int64_t value);

}  // namespace isolde::sql
