#pragma once

#include "sql/ddl/definer.hpp"

struct PgQuery__RoleSpec;
struct PgQuery__AlterObjectSchemaStmt;

namespace isolde::sql {

/// OWNER TO, of a table, view or sequence and what belongs to it.
void change_owner(Definer& d, Oid relation, const PgQuery__RoleSpec& owner);
/// ALTER TABLE, VIEW, SEQUENCE ... SET SCHEMA; false when the statement is about something else.
bool set_relation_schema(Definer& d, const PgQuery__AlterObjectSchemaStmt& statement,
                         std::string& tag);

}  // namespace isolde::sql
