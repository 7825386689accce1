#include "sql/catalog/membership.hpp"

#include <unordered_set>

namespace isolde::sql {

namespace {

bool inherits(const ObjectSet& server, Oid role) {
  EntryPtr entry = server.find(ObjectKind::kRole, role);
  return entry != nullptr && static_cast<const RoleObject&>(*entry->object).inherit;
}

}  // namespace

bool is_member_of(const ObjectSet& server, Oid member, Oid role, bool inheriting) {
  std::vector<Oid> open{member};
  std::unordered_set<Oid> seen{member};
  while (!open.empty()) {
    Oid one = open.back();
    open.pop_back();
    if (one == role) return true;
    if (inheriting && !inherits(server, one)) continue;
    for (const EntryPtr& entry : server.dependents_of(one)) {
      if (entry->object->kind != ObjectKind::kMembership) continue;
      const auto& grant = static_cast<const MembershipObject&>(*entry->object);
      if (grant.member == one && seen.insert(grant.role).second) open.push_back(grant.role);
    }
  }
  return false;
}

}  // namespace isolde::sql
