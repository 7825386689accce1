#include "sql/catalog/acl_change.hpp"

#include <algorithm>

namespace isolde::sql {

namespace {

AclEntry* find_entry(std::vector<AclEntry>& acl, Oid grantee, Oid grantor) {
  for (AclEntry& entry : acl) {
    if (entry.grantee == grantee && entry.grantor == grantor) return &entry;
  }
  return nullptr;
}

/// What `role` has passed on without being able to any more.
bool revoke_passed_on(std::vector<AclEntry>& acl, Oid role, uint32_t lost, Oid owner,
                      bool cascade) {
  if (role == owner || role == Oid{}) return true;
  uint32_t gone = lost & ~grant_options_of(acl, role);
  if (gone == 0) return true;
  for (size_t i = 0; i < acl.size(); ++i) {
    const AclEntry& entry = acl[i];
    uint32_t passed = entry.privileges & gone;
    if (entry.grantor != role || passed == 0) continue;
    if (!cascade) return false;
    if (!take_grant(acl, {entry.grantee, role, passed, 0}, owner, true)) return false;
  }
  return true;
}

}  // namespace

void add_grant(std::vector<AclEntry>& acl, const AclEntry& entry) {
  if (AclEntry* found = find_entry(acl, entry.grantee, entry.grantor)) {
    found->privileges |= entry.privileges;
    found->grant_options |= entry.grant_options;
    return;
  }
  acl.push_back(entry);
}

bool take_grant(std::vector<AclEntry>& acl, const AclEntry& entry, Oid owner, bool cascade) {
  AclEntry* found = find_entry(acl, entry.grantee, entry.grantor);
  if (found == nullptr) return true;
  uint32_t options = (entry.privileges | entry.grant_options) & found->grant_options;
  found->privileges &= ~entry.privileges;
  found->grant_options &= ~(entry.privileges | entry.grant_options);
  return options == 0 || revoke_passed_on(acl, entry.grantee, options, owner, cascade);
}

uint32_t grant_options_of(const std::vector<AclEntry>& acl, Oid role) {
  uint32_t options = 0;
  for (const AclEntry& entry : acl) {
    if (entry.grantee == role) options |= entry.grant_options;
  }
  return options;
}

void drop_empty(std::vector<AclEntry>& acl) {
  std::erase_if(acl, [](const AclEntry& e) { return e.privileges == 0 && e.grant_options == 0; });
}

}  // namespace isolde::sql
