#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// Small helpers over libpg_query's tree.

struct PgQuery__Node;

namespace isolde::sql {

/// The text of a String node, or "" for any other.
std::string_view string_of(const PgQuery__Node& node);
/// The last part of a qualified name, or "" when there is none.
std::string_view last_name(PgQuery__Node* const* names, size_t count);
/// "a.b.*"
std::string joined_name(PgQuery__Node* const* names, size_t count);

/// Where an expression begins, as PostgreSQL's exprLocation tells it; -1 when unknown.
int location_of(const PgQuery__Node& node);
/// A constant, as those of SET, as text; "" for any other node.
std::string constant_text(const PgQuery__Node& node);
/// The name that a column gets from its expression.
std::string column_name_of(const PgQuery__Node& node);

}  // namespace isolde::sql
