#include <pg_query/pg_query.pb-c.h>

#include "sql/binder/nodes.hpp"
#include "sql/catalog/catalog.hpp"
#include "sql/ddl/ddl.hpp"
#include "sql/ddl/index_maker.hpp"
#include "sql/exec/build_index.hpp"
#include "sql/session/session_services.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

std::shared_ptr<RelationObject> describe_index(const RelationObject& table, std::string name,
                                               Oid oid, IndexObject index) {
  auto made = std::make_shared<RelationObject>();
  made->oid = oid;
  made->relation_kind = RelationKind::kIndex;
  made->persistence = table.persistence;
  made->name = std::move(name);
  made->name_space = table.name_space;
  made->owner = table.owner;
  made->part_of = table.oid;
  for (const IndexKeyObject& key : index.keys) {
    ColumnObject column;
    column.name =
        key.column == 0 ? "expr" : table.columns[static_cast<size_t>(key.column - 1)].name;
    column.type = key.type;
    made->columns.push_back(std::move(column));
  }
  made->index = std::move(index);
  return made;
}

namespace {

IndexKeyObject key_of(const PgQuery__IndexElem& element, const RelationObject& table) {
  IndexKeyObject key;
  if (*element.name == '\0')
    fail(base::sqlstate::kFeatureNotSupported, "indexes on expressions are not supported");
  for (size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].dropped || table.columns[i].name != element.name) continue;
    key.column = static_cast<int16_t>(i + 1);
    key.type = table.columns[i].type;
  }
  if (key.column == 0)
    fail(base::sqlstate::kUndefinedColumn,
         "column \"" + std::string(element.name) + "\" does not exist");
  key.descending = element.ordering == PG_QUERY__SORT_BY_DIR__SORTBY_DESC;
  key.nulls_first = key.descending;
  if (element.nulls_ordering == PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_FIRST) key.nulls_first = true;
  if (element.nulls_ordering == PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_LAST) key.nulls_first = false;
  return key;
}

}  // namespace

void Ddl::create_index(const PgQuery__IndexStmt& statement) {
  const std::string method = statement.access_method;
  if (!method.empty() && method != "btree")
    fail(base::sqlstate::kFeatureNotSupported, "access method \"" + method + "\" is not supported");
  RelationPtr table = find_table(*statement.relation, txn::table_mode::kShare);
  if (table->relation_kind != RelationKind::kTable)
    fail(base::sqlstate::kWrongObjectType,
         "cannot create index on relation \"" + table->name + "\"");
  require_ownership(*image(), in_.role, *table);
  IndexObject index;
  index.table = table->oid;
  index.unique = statement.unique != 0;
  index.nulls_not_distinct = statement.nulls_not_distinct != 0;
  std::string columns;
  for (size_t i = 0; i < statement.n_index_params; ++i) {
    index.keys.push_back(key_of(*statement.index_params[i]->index_elem, *table));
    columns += (columns.empty() ? "" : "_") +
               table->columns[static_cast<size_t>(index.keys.back().column - 1)].name;
  }
  for (size_t i = 0; i < statement.n_index_including_params; ++i)
    index.included.push_back(
        key_of(*statement.index_including_params[i]->index_elem, *table).column);
  if (statement.where_clause != nullptr) index.predicate = expression_text(*statement.where_clause);
  std::string name = statement.idxname;
  if (name.empty()) name = free_name(table->name_space, table->name, columns, "idx");
  lock_name(table->name_space, name);
  if (is_taken(table->name_space, name)) {
    if (!statement.if_not_exists)
      fail(base::sqlstate::kDuplicateTable, "relation \"" + name + "\" already exists");
    notice("relation \"" + name + "\" already exists, skipping");
    return;
  }
  auto made = describe_index(*table, name, catalog().new_oid(), std::move(index));
  made->file = new_file();
  put(made);
  build_index(in_.session, made->oid);
}

}  // namespace isolde::sql
