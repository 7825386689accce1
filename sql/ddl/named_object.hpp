#pragma once

#include <string_view>

#include "sql/ddl/definer.hpp"

struct PgQuery__RenameStmt;
struct PgQuery__AlterObjectSchemaStmt;

namespace isolde::sql {

/// An object that ALTER names, other than a relation.
struct NamedObject {
  ObjectPtr object;
  std::string_view word;  ///< "TYPE", "FUNCTION", ...: of the command tag
};
/// `object_type` is libpg_query's; fails when there is none, and with 0A000 for other kinds.
NamedObject object_named(Definer& d, int object_type, const PgQuery__Node& name);

/// Renames a type, domain, function, schema, role or database, or a domain's constraint. Answers
/// the word of the command tag; nothing for statements about other things.
std::string_view rename_object(Definer& d, const PgQuery__RenameStmt& statement);
/// The same of SET SCHEMA.
std::string_view move_object(Definer& d, const PgQuery__AlterObjectSchemaStmt& statement);

}  // namespace isolde::sql
