// GRANT role TO role: memberships, each an object of its own.

#include <pg_query/pg_query.pb-c.h>

#include "sql/catalog/builtin_objects.hpp"
#include "sql/catalog/membership.hpp"
#include "sql/ddl/role.hpp"
#include "sql/ddl/schema.hpp"

namespace isolde::sql {

namespace {

std::shared_ptr<const MembershipObject> find_membership(Definer& d, Oid role, Oid member) {
  std::shared_ptr<const MembershipObject> found;
  d.image().for_each(ObjectKind::kMembership, [&](const ObjectPtr& one) {
    auto grant = std::static_pointer_cast<const MembershipObject>(one);
    if (grant->role == role && grant->member == member) found = std::move(grant);
  });
  return found;
}

bool has_admin_option(Definer& d, Oid role) {
  bool found = false;
  d.image().for_each(ObjectKind::kMembership, [&](const ObjectPtr& one) {
    const auto& grant = static_cast<const MembershipObject&>(*one);
    found |= grant.role == role && grant.admin &&
             is_member_of(*d.image().server(), d.role(), grant.member);
  });
  return found;
}

void check_may_grant(Definer& d, Oid role) {
  auto about = role_object(d, role);
  if (about->superuser && !d.superuser()) {
    fail(base::sqlstate::kInsufficientPrivilege, "must be superuser to alter superusers");
  }
  if (may_create_roles(d) || has_admin_option(d, role)) return;
  fail(base::sqlstate::kInsufficientPrivilege,
       "must have admin option on role " + quoted(about->name));
}

}  // namespace

void add_membership(Definer& d, Oid role, Oid member, bool admin) {
  std::string role_text = quoted(role_name(d.image(), role));
  std::string member_text = quoted(role_name(d.image(), member));
  if (role == oids::kDatabaseOwner) {
    fail(base::sqlstate::kInvalidGrantOperation,
         "role " + role_text + " cannot have explicit members");
  }
  if (is_member_of(*d.image().server(), role, member)) {
    fail(base::sqlstate::kInvalidGrantOperation,
         "role " + role_text + " is a member of role " + member_text);
  }
  auto before = find_membership(d, role, member);
  if (before != nullptr && (!admin || before->admin)) {
    return d.notice(base::sqlstate::kSuccessfulCompletion,
                    "role " + member_text + " is already a member of role " + role_text);
  }
  d.lock(*role_object(d, role), txn::table_mode::kShareRowExclusive);
  auto made = before != nullptr ? d.edit(*before) : std::make_shared<MembershipObject>();
  if (before == nullptr) made->oid = d.new_oid();
  made->role = role;
  made->member = member;
  made->grantor = d.role();
  made->admin = admin;
  made->needs = {member, role};
  d.put(made);
}

void remove_membership(Definer& d, Oid role, Oid member, bool admin_only) {
  auto before = find_membership(d, role, member);
  if (before == nullptr) {
    return d.warning(base::sqlstate::kWarning, "role " + quoted(role_name(d.image(), member)) +
                                                   " is not a member of role " +
                                                   quoted(role_name(d.image(), role)));
  }
  d.lock(*role_object(d, role), txn::table_mode::kShareRowExclusive);
  if (!admin_only) return d.drop(*before);
  auto changed = d.edit(*before);
  changed->admin = false;
  d.put(changed);
}

void grant_roles(Definer& d, const PgQuery__GrantRoleStmt& statement) {
  std::vector<Oid> members;
  for (size_t i = 0; i < statement.n_grantee_roles; ++i) {
    members.push_back(role_of(d, *statement.grantee_roles[i]->role_spec));
  }
  for (size_t i = 0; i < statement.n_granted_roles; ++i) {
    const PgQuery__AccessPriv& granted = *statement.granted_roles[i]->access_priv;
    if (granted.n_cols > 0) {
      fail(base::sqlstate::kInvalidGrantOperation,
           "column names cannot be included in GRANT/REVOKE ROLE");
    }
    Oid role = role_by_name(d.image(), granted.priv_name);
    check_may_grant(d, role);
    for (Oid member : members) {
      if (statement.is_grant) {
        add_membership(d, role, member, statement.admin_opt);
      } else {
        remove_membership(d, role, member, statement.admin_opt);
      }
    }
  }
}

}  // namespace isolde::sql
