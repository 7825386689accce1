#pragma once

#include "sql/ddl/definer.hpp"

struct PgQuery__AlterOwnerStmt;
struct PgQuery__ReassignOwnedStmt;
struct PgQuery__DropOwnedStmt;

namespace isolde::sql {

/// Gives an object, and what is part of it, to another role; grants of the old owner become the new
/// one's. Nobody asks whether that is allowed.
void change_owner(Definer& d, const CatalogObject& object, Oid owner);
/// 42501 unless whoever runs the statement owns the object and may make the role own such things.
void require_may_give(Definer& d, const CatalogObject& object, Oid owner);

/// ALTER ... OWNER TO of types, domains, functions, schemas and databases. Answers the word of the
/// command tag.
std::string_view alter_owner(Definer& d, const PgQuery__AlterOwnerStmt& statement);
void reassign_owned(Definer& d, const PgQuery__ReassignOwnedStmt& statement);
void drop_owned(Definer& d, const PgQuery__DropOwnedStmt& statement);

}  // namespace isolde::sql
