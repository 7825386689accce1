#include "sql/ddl/composite.hpp"

#include <pg_query/pg_query.pb-c.h>

#include "sql/catalog/catalog_types.hpp"
#include "sql/ddl/column.hpp"
#include "sql/ddl/create_table.hpp"
#include "sql/ddl/expression.hpp"
#include "sql/ddl/type_name.hpp"

namespace isolde::sql {

void create_composite(Definer& d, const PgQuery__CompositeTypeStmt& statement) {
  const PgQuery__RangeVar& name = *statement.typevar;
  require_free_type_name(d, d.creation_schema(name), name.relname);
  auto made = start_relation(d, name, RelationKind::kComposite, false);
  for (size_t i = 0; i < statement.n_coldeflist; ++i) {
    const PgQuery__ColumnDef& field = *statement.coldeflist[i]->column_def;
    ColumnObject column;
    column.name = field.colname;
    const Type& type = d.type_named(*field.type_name, &column.typmod);
    column.type = type.oid;
    column.collation = default_collation(type);
    if (field.coll_clause != nullptr) {
      column.collation = d.collation(field.coll_clause->collname, field.coll_clause->n_collname);
    }
    if (find_column(*made, column.name) >= 0) {
      fail(base::sqlstate::kDuplicateColumn,
           "column " + quoted(column.name) + " specified more than once");
    }
    check_column(*made, column, type);
    if (type_object(d.image(), type.oid) != nullptr) column.needs.push_back(type.oid);
    made->columns.push_back(std::move(column));
  }
  d.put(made);
}

}  // namespace isolde::sql
