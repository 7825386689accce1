#pragma once

#include "sql/ddl/definer.hpp"

struct PgQuery__CreateRoleStmt;
struct PgQuery__AlterRoleStmt;
struct PgQuery__DropRoleStmt;
struct PgQuery__GrantRoleStmt;

namespace isolde::sql {

void create_role(Definer& d, const PgQuery__CreateRoleStmt& statement);
/// ALTER ROLE, and ALTER GROUP ... ADD / DROP USER.
void alter_role(Definer& d, const PgQuery__AlterRoleStmt& statement);
void drop_roles(Definer& d, const PgQuery__DropRoleStmt& statement);
void rename_role(Definer& d, std::string_view from, std::string_view to);
/// GRANT role TO role, and REVOKE.
void grant_roles(Definer& d, const PgQuery__GrantRoleStmt& statement);

/// One membership, without asking who may; `admin`: WITH ADMIN OPTION.
void add_membership(Definer& d, Oid role, Oid member, bool admin);
/// `admin_only`: only the option is taken back.
void remove_membership(Definer& d, Oid role, Oid member, bool admin_only);
/// The role, for changing it.
std::shared_ptr<const RoleObject> role_object(Definer& d, Oid role);
/// Whoever runs the statement is a superuser or has CREATEROLE.
bool may_create_roles(Definer& d);

}  // namespace isolde::sql
