#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/ddl/definer.hpp"

struct PgQuery__Node;

namespace isolde::sql {

/// What is kept of the query behind a view, materialized or not: its text, with every name in full,
/// so that it means the same whatever the search path of those who use it.
struct KeptQuery {
  std::string definition;
  std::vector<ColumnObject> columns;
  std::vector<Oid> needs;
  std::vector<ColumnRef> needs_columns;
  bool temporary = false;  ///< reads a temporary relation

  /// Makes a relation the view of this query.
  void give_to(RelationObject& view) const;
};

/// The names that a statement gives to the columns of its query, the first of them or all.
struct GivenNames {
  PgQuery__Node* const* names = nullptr;
  size_t count = 0;
  std::string_view too_many;  ///< what is wrong when there are more of them than columns
};

/// `check` sees the query once it is bound.
KeptQuery keep_query(Definer& d, const PgQuery__Node& select, const GivenNames& names,
                     const std::function<void(const Query&)>& check = {});

}  // namespace isolde::sql
