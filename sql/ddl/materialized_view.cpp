// A materialized view is a table that remembers its query. REFRESH runs the query into a new file
// and makes the indexes anew, as TRUNCATE and a rewriting ALTER TABLE do; until it is first filled
// nobody may read it.

#include "sql/ddl/materialized_view.hpp"

#include <pg_query/pg_query.pb-c.h>

#include "sql/ddl/create_table.hpp"
#include "sql/ddl/index.hpp"
#include "sql/ddl/kept_query.hpp"
#include "sql/ddl/options.hpp"
#include "sql/ddl/row_appender.hpp"
#include "sql/parser/tree_walk.hpp"

namespace isolde::sql {

namespace {

/// Runs the view's query into its file, which is empty. Answers how many rows there are.
int64_t fill(Definer& d, const RelationObject& view) {
  RowAppender appender(d, view.oid);
  int64_t rows = 0;
  d.services().run_internal(
      view.definition,
      [&](auto row, auto) {
        appender.add(row.data());
        ++rows;
        return true;
      },
      true);
  return rows;
}

void check_query(const PgQuery__Node& query) {
  if (query.node_case != PG_QUERY__NODE__NODE_SELECT_STMT) {
    fail(base::sqlstate::kFeatureNotSupported,
         "CREATE MATERIALIZED VIEW AS EXECUTE is not supported");
  }
  walk_tree(query, [&](const PgQuery__Node& node) {
    if (node.node_case == PG_QUERY__NODE__NODE_COMMON_TABLE_EXPR &&
        node.common_table_expr->ctequery->node_case != PG_QUERY__NODE__NODE_SELECT_STMT) {
      fail(base::sqlstate::kFeatureNotSupported,
           "materialized views must not use data-modifying statements in WITH");
    }
    return true;
  });
}

}  // namespace

void create_materialized_view(Definer& d, const PgQuery__CreateTableAsStmt& statement,
                              std::string& tag) {
  tag = "CREATE MATERIALIZED VIEW";
  const PgQuery__IntoClause& into = *statement.into;
  if (text_or_empty(into.rel->relpersistence) == "u") {
    fail(base::sqlstate::kFeatureNotSupported, "materialized views cannot be unlogged");
  }
  check_query(*statement.query);
  const KeptQuery kept =
      keep_query(d, *statement.query,
                 {into.col_names, into.n_col_names, "too many column names were specified"});
  if (kept.temporary) {
    fail(base::sqlstate::kFeatureNotSupported,
         "materialized views must not use temporary tables or views");
  }
  auto view =
      start_relation(d, *into.rel, RelationKind::kMaterializedView, statement.if_not_exists != 0);
  if (view == nullptr) return;
  kept.give_to(*view);
  view->options = storage_options(into.options, into.n_options, false);
  view->populated = into.skip_data == 0;
  view->file = d.new_file();
  d.put(view);
  if (into.skip_data == 0) tag = "SELECT " + std::to_string(fill(d, *view));
}

namespace {

/// What REFRESH ... CONCURRENTLY tells rows apart by: a unique index over columns and all rows.
bool has_whole_unique_index(Definer& d, const RelationObject& view) {
  for (const ObjectPtr& part : d.image().parts_of(view.oid)) {
    if (part->kind != ObjectKind::kRelation) continue;
    const auto& index = static_cast<const RelationObject&>(*part);
    if (!index.index || !index.index->unique || index.index->predicate) continue;
    bool plain = true;
    for (const IndexKeyObject& key : index.index->keys) plain &= key.column != 0;
    if (plain) return true;
  }
  return false;
}

void check_concurrent(Definer& d, const RelationObject& view) {
  if (!view.populated) {
    fail(base::sqlstate::kFeatureNotSupported,
         "CONCURRENTLY cannot be used when the materialized view is not populated");
  }
  if (has_whole_unique_index(d, view)) return;
  ObjectPtr schema = d.image().find(ObjectKind::kNamespace, view.name_space);
  throw base::SqlException(
      base::Error(base::sqlstate::kObjectNotInPrerequisiteState,
                  "cannot refresh materialized view \"" + schema->name + "." + view.name +
                      "\" concurrently")
          .hint("Create a unique index with no WHERE clause on one or more columns of the "
                "materialized view."));
}

}  // namespace

/// CONCURRENTLY keeps the rules that it has in PostgreSQL, but readers wait all the same.
void refresh_materialized_view(Definer& d, const PgQuery__RefreshMatViewStmt& statement) {
  auto check = [&](const RelationObject& relation) {
    d.require_owner(relation);
    if (relation.relation_kind == RelationKind::kMaterializedView) return;
    fail(base::sqlstate::kFeatureNotSupported,
         quoted(relation.name) + " is not a materialized view");
  };
  RelationPtr view = d.relation(*statement.relation, txn::table_mode::kAccessExclusive, check);
  if (statement.concurrent != 0 && statement.skip_data != 0) {
    fail(base::sqlstate::kSyntaxError,
         "CONCURRENTLY and WITH NO DATA options cannot be used together");
  }
  if (statement.concurrent != 0) check_concurrent(d, *view);
  auto emptied = d.edit(*view);
  d.drop_file(emptied->file);
  emptied->file = d.new_file();
  emptied->populated = statement.skip_data == 0;
  d.put(emptied);
  if (emptied->populated) fill(d, *emptied);
  for (const ObjectPtr& part : d.image().parts_of(view->oid)) {
    if (part->kind != ObjectKind::kRelation) continue;
    const auto& index = static_cast<const RelationObject&>(*part);
    if (index.index) rebuild_index(d, index);
  }
}

}  // namespace isolde::sql
