#pragma once

#include <pg_query/pg_query.pb-c.h>

#include <string>
#include <string_view>
#include <vector>

// Small helpers over libpg_query's tree. Only for .cpp files.

namespace isolde::sql {

inline std::string_view string_of(const PgQuery__Node& node) {
  return node.node_case == PG_QUERY__NODE__NODE_STRING ? std::string_view(node.string->sval)
                                                       : std::string_view();
}

/// The last part of a qualified name, or "" when there is none.
inline std::string_view last_name(PgQuery__Node* const* names, size_t count) {
  return count == 0 ? std::string_view() : string_of(*names[count - 1]);
}

inline std::string joined_name(PgQuery__Node* const* names, size_t count) {
  std::string all;
  for (size_t i = 0; i < count; ++i) {
    if (i > 0) all += '.';
    all += names[i]->node_case == PG_QUERY__NODE__NODE_A_STAR ? std::string_view("*")
                                                              : string_of(*names[i]);
  }
  return all;
}

/// Where an expression begins, as PostgreSQL's exprLocation tells it; -1 when unknown.
int location_of(const PgQuery__Node& node);
/// The name that a column gets from its expression.
std::string column_name_of(const PgQuery__Node& node);

}  // namespace isolde::sql
