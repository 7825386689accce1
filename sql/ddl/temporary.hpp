#pragma once

#include "sql/ddl/definer.hpp"

namespace isolde::sql {

/// ON COMMIT of a temporary table: `action` is libpg_query's OnCommitAction.
void note_on_commit(Definer& d, RelationObject& table, int action);
/// Before the transaction commits: empties or drops the tables that ask for it.
void do_on_commit(Definer& d);
/// When the session ends, or DISCARD TEMP: everything in its temporary schema.
void drop_temporary_objects(Definer& d);

}  // namespace isolde::sql
