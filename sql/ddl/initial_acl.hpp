#pragma once

#include <optional>
#include <vector>

#include "sql/ddl/definer.hpp"

namespace isolde::sql {

/// What a new object of this owner and schema is granted from the start: nothing (the default), or
/// what ALTER DEFAULT PRIVILEGES says.
std::optional<std::vector<AclEntry>> initial_acl(Definer& d, const CatalogObject& object);

/// pg_default_acl.defaclobjtype of a kind of object, or 0 for those that have none.
char default_acl_type(AclKind kind);

}  // namespace isolde::sql
