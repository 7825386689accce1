#include "sql/ddl/temporary.hpp"

#include <pg_query/pg_query.pb-c.h>

#include "sql/ddl/drop.hpp"
#include "sql/ddl/truncate.hpp"

namespace isolde::sql {

void note_on_commit(Definer& d, RelationObject& table, int action) {
  bool acts = action == PG_QUERY__ON_COMMIT_ACTION__ONCOMMIT_DELETE_ROWS ||
              action == PG_QUERY__ON_COMMIT_ACTION__ONCOMMIT_DROP;
  bool says = acts || action == PG_QUERY__ON_COMMIT_ACTION__ONCOMMIT_PRESERVE_ROWS;
  if (says && table.persistence != Persistence::kTemporary) {
    fail(base::sqlstate::kInvalidTableDefinition, "ON COMMIT can only be used on temporary tables");
  }
  if (acts) {
    d.services().on_commit_tables().push_back(
        {table.oid, action == PG_QUERY__ON_COMMIT_ACTION__ONCOMMIT_DROP});
  }
}

void do_on_commit(Definer& d) {
  auto& tables = d.services().on_commit_tables();
  // Tables whose creation was rolled back, or that were dropped.
  std::erase_if(tables, [&](const auto& one) { return d.image().relation(one.table) == nullptr; });
  Dropper dropper(d, true);
  bool drops = false;
  for (const auto& one : tables) {
    RelationPtr table = d.image().relation(one.table);
    if (one.drop) {
      dropper.add(table);
      drops = true;
    } else {
      empty_table(d, *table);
    }
  }
  if (drops) dropper.run(true);
}

void drop_temporary_objects(Definer& d) {
  Oid schema = d.path().temporary;
  if (schema == Oid{}) return;
  Dropper dropper(d, true);
  dropper.add(d.image().find(ObjectKind::kNamespace, schema));
  dropper.run(true);
}

}  // namespace isolde::sql
