#pragma once

#include <string>

#include "sql/ddl/definer.hpp"

// Statements that change the catalog. They describe the new state as objects and put them into the
// transaction's changes; who sees them when is the catalog's affair (sql/catalog/catalog.hpp).
//
//   definer.hpp      what they share: names, rights, locks, files, messages
//   create_table     columns (column.hpp), constraints (constraint.hpp), LIKE (copy_definition.hpp)
//   index, sequence  made by themselves, or for constraints and serial columns
//   expression.hpp   defaults, checks and index keys: bound, and kept as text
//   alter_table.hpp  in passes: alter_column, alter_type, alter_constraint, alter_options;
//                    rewrite_table where rows change; rename_relation, relation_owner
//   drop.hpp         by dependencies
//   view             kept as a query with full names
//   enum, domain, composite; function
//   database, kept_settings
//   role, membership, grant, default_privileges, initial_acl, owner: who may do what
//   named_object     RENAME and SET SCHEMA of what is no relation
//   one more file a family: schema, truncate, temporary, ...

namespace isolde::sql {

/// False when the statement is not one of these. Else runs it and leaves its command tag in `tag`.
bool run_definition(Definer& d, const PgQuery__Node& node, std::string& tag);

}  // namespace isolde::sql
