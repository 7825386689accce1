#pragma once

#include <span>

#include "sql/catalog/objects.hpp"
#include "sql/types/arena.hpp"
#include "sql/types/datum.hpp"

namespace isolde::sql {

/// Grants as a value of aclitem[].
Datum acl_array(std::span<const AclEntry> entries, Arena& arena);

}  // namespace isolde::sql
