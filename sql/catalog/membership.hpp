#pragma once

#include "sql/catalog/object_set.hpp"

namespace isolde::sql {

/// Directly or through other roles; a role is a member of itself. That someone is a superuser makes
/// nobody a member. `inheriting`: only along roles that inherit, so that the privileges are theirs
/// without SET ROLE.
bool is_member_of(const ObjectSet& server, Oid member, Oid role, bool inheriting = false);

}  // namespace isolde::sql
