#include "sql/ddl/expression.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/binder/nodes.hpp"
#include "sql/parser/tree_walk.hpp"
#include "sql/parser/unparse.hpp"

namespace isolde::sql {

int find_column(const RelationObject& table, std::string_view name) {
  for (size_t i = 0; i < table.columns.size(); ++i) {
    if (!table.columns[i].dropped && table.columns[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

int16_t column_number(const RelationObject& table, std::string_view name) {
  int place = find_column(table, name);
  if (place < 0) {
    fail(base::sqlstate::kUndefinedColumn,
         "column " + quoted(name) + " of relation " + quoted(table.name) + " does not exist");
  }
  return static_cast<int16_t>(place + 1);
}

KeptExpression keep_expression(Definer& d, const PgQuery__Node& node, KeptClause clause,
                               const RelationObject& table, const ColumnObject*) {
  KeptExpression kept;
  walk_tree(node, [&](const PgQuery__Node& at) {
    if (at.node_case != PG_QUERY__NODE__NODE_COLUMN_REF) return true;
    const PgQuery__ColumnRef& ref = *at.column_ref;
    std::string_view name = last_name(ref.fields, ref.n_fields);
    if (clause == KeptClause::kDefault) {
      d.fail_at(ref.location, base::sqlstate::kFeatureNotSupported,
                "cannot use column reference in DEFAULT expression");
    }
    int place = find_column(table, name);
    if (place < 0) {
      d.fail_at(ref.location, base::sqlstate::kUndefinedColumn,
                "column " + quoted(name) + " does not exist");
    }
    kept.columns.push_back(static_cast<int16_t>(place + 1));
    return true;
  });
  std::ranges::sort(kept.columns);
  kept.columns.erase(std::unique(kept.columns.begin(), kept.columns.end()), kept.columns.end());
  kept.text = unparse_expression(node);
  return kept;
}

}  // namespace isolde::sql
