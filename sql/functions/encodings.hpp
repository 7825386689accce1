#pragma once

#include <string_view>

namespace isolde::sql {

/// PostgreSQL's number of an encoding by any of its spellings, or -1.
int find_encoding(std::string_view name);
/// Whether texts can be in that encoding: UTF-8 and SQL_ASCII, which are the same bytes here.
bool is_own_encoding(int number);

}  // namespace isolde::sql
