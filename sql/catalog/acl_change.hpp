#pragma once

#include <vector>

#include "sql/catalog/objects.hpp"

namespace isolde::sql {

/// Adds what an entry grants (and its grant options) to a list.
void add_grant(std::vector<AclEntry>& acl, const AclEntry& entry);

/// Takes back what `entry` says from its grantee, as granted by its grantor: the grant options of
/// `entry.grant_options`, and privileges of `entry.privileges` together with their grant options.
/// What the grantee had passed on goes too with `cascade`; without, answers false and leaves the
/// list in an undefined state (2BP01).
bool take_grant(std::vector<AclEntry>& acl, const AclEntry& entry, Oid owner, bool cascade);

/// What `role` may pass on. The owner always may.
uint32_t grant_options_of(const std::vector<AclEntry>& acl, Oid role);

/// Entries that grant nothing are no entries.
void drop_empty(std::vector<AclEntry>& acl);

}  // namespace isolde::sql
