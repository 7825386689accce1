#include "sql/ddl/create_table_as.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <deque>
#include <optional>
#include <utility>

#include "sql/binder/nodes.hpp"
#include "sql/ddl/column.hpp"
#include "sql/ddl/create_table.hpp"
#include "sql/ddl/materialized_view.hpp"
#include "sql/ddl/options.hpp"
#include "sql/ddl/row_appender.hpp"
#include "sql/ddl/temporary.hpp"
#include "sql/parser/unparse.hpp"
#include "sql/statistics/table_changes.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

/// One table made of a query. The query is bound before there is the table: one of the same name
/// that it reads is another.
class QueryTable {
 public:
  QueryTable(Definer& d, const PgQuery__SelectStmt& select, const PgQuery__IntoClause& into)
      : d_(d), select_(select), into_(into) {}

  /// Answers how many rows it has.
  int64_t run(const std::string& text) {
    find_columns();
    if (into_.skip_data) {
      create();
      return 0;
    }
    int64_t rows = 0;
    d_.services().run_internal(
        text,
        [&](auto row, auto) {
          if (!appender_) create();
          appender_->add(row.data());
          table_changes_of(d_.services()).inserted(appender_->table().oid());
          ++rows;
          return true;
        },
        true);
    if (!appender_) create();
    return rows;
  }

 private:
  void find_columns() {
    PlanMemory memory;
    Query* query = Binder(d_.binder_input(), memory).bind_query(select_);
    size_t at = 0;
    for (const Target& target : query->targets) {
      if (target.hidden) break;
      ColumnObject column;
      column.name =
          at < into_.n_col_names ? std::string(string_of(*into_.col_names[at])) : target.name;
      column.type = target.value->type->oid;
      column.typmod = target.value->typmod;
      column.collation = default_collation(*target.value->type);
      check_column(described_, column, *target.value->type);
      described_.columns.push_back(std::move(column));
      ++at;
    }
    if (into_.n_col_names > at) {
      fail(base::sqlstate::kSyntaxError, "too many column names were specified");
    }
  }

  void create() {
    auto table = start_relation(d_, *into_.rel, RelationKind::kTable, false);
    table->columns = described_.columns;
    table->options = storage_options(into_.options, into_.n_options, false);
    note_on_commit(d_, *table, into_.on_commit);
    table->file = d_.new_file();
    d_.put(table);
    appender_.emplace(d_, table->oid);
  }

  Definer& d_;
  const PgQuery__SelectStmt& select_;
  const PgQuery__IntoClause& into_;
  RelationObject described_;
  std::optional<RowAppender> appender_;
};

}  // namespace

void create_table_as(Definer& d, const PgQuery__CreateTableAsStmt& statement, std::string& tag) {
  tag = "CREATE TABLE AS";
  if (statement.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW) {
    return create_materialized_view(d, statement, tag);
  }
  const PgQuery__IntoClause& into = *statement.into;
  const Oid schema = d.creation_schema(*into.rel);
  if (d.image().relation(schema, into.rel->relname) != nullptr) {
    std::string message = "relation " + quoted(into.rel->relname) + " already exists";
    if (!statement.if_not_exists) fail(base::sqlstate::kDuplicateTable, std::move(message));
    return d.notice(base::sqlstate::kDuplicateTable, message + ", skipping");
  }
  if (statement.query->node_case != PG_QUERY__NODE__NODE_SELECT_STMT) {
    fail(base::sqlstate::kFeatureNotSupported, "CREATE TABLE AS EXECUTE is not supported");
  }
  const int64_t rows =
      QueryTable(d, *statement.query->select_stmt, into).run(unparse_statement(*statement.query));
  if (!into.skip_data) tag = "SELECT " + std::to_string(rows);
}

namespace {

/// The query without INTO, which a set operation has in its first query. The tree is others' too:
/// what changes is copied.
class WithoutInto {
 public:
  explicit WithoutInto(const PgQuery__SelectStmt& select) : query_(copy(select)) {}
  const PgQuery__SelectStmt& query() const { return *query_; }
  const PgQuery__IntoClause& into() const { return *into_; }

 private:
  PgQuery__SelectStmt* copy(const PgQuery__SelectStmt& select) {
    PgQuery__SelectStmt& made = copies_.emplace_back(select);
    if (made.into_clause != nullptr) {
      into_ = std::exchange(made.into_clause, nullptr);
    } else if (made.larg != nullptr) {
      made.larg = copy(*select.larg);
    }
    return &made;
  }

  std::deque<PgQuery__SelectStmt> copies_;
  const PgQuery__IntoClause* into_ = nullptr;
  const PgQuery__SelectStmt* query_;
};

}  // namespace

void select_into(Definer& d, const PgQuery__SelectStmt& select, std::string& tag) {
  WithoutInto parts(select);
  PgQuery__Node node = PG_QUERY__NODE__INIT;
  node.node_case = PG_QUERY__NODE__NODE_SELECT_STMT;
  node.select_stmt = const_cast<PgQuery__SelectStmt*>(&parts.query());
  const int64_t rows = QueryTable(d, parts.query(), parts.into()).run(unparse_statement(node));
  tag = "SELECT " + std::to_string(rows);
}

bool has_into(const PgQuery__SelectStmt& select) {
  const PgQuery__SelectStmt* at = &select;
  while (at->into_clause == nullptr && at->larg != nullptr) at = at->larg;
  return at->into_clause != nullptr;
}

}  // namespace isolde::sql
