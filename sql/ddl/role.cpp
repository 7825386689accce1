#include "sql/ddl/role.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/binder/nodes.hpp"
#include "sql/catalog/builtin_objects.hpp"
#include "sql/ddl/options.hpp"
#include "sql/ddl/role_use.hpp"
#include "sql/ddl/schema.hpp"
#include "sql/session/instance.hpp"
#include "sql/types/arena.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

[[noreturn]] void deny_role(std::string message) {
  fail(base::sqlstate::kInsufficientPrivilege, std::move(message));
}

void require_free_name(Definer& d, std::string_view name, int location) {
  if (name == "public" || name == "none") {
    d.fail_at(location, base::sqlstate::kReservedName,
              "role name " + quoted(name) + " is reserved");
  }
  if (is_reserved_name(name)) {
    throw base::SqlException(
        base::Error(base::sqlstate::kReservedName, "role name " + quoted(name) + " is reserved")
            .detail("Role names starting with \"pg_\" are reserved."));
  }
  d.lock_name(ObjectKind::kRole, Oid{}, name);
  if (d.image().find(ObjectKind::kRole, Oid{}, name) != nullptr) {
    fail(base::sqlstate::kDuplicateObject, "role " + quoted(name) + " already exists");
  }
}

/// The options of CREATE ROLE and ALTER ROLE.
class RoleOptions {
 public:
  RoleOptions(Definer& d, PgQuery__Node* const* options, size_t count) : d_(d) {
    for (size_t i = 0; i < count; ++i) {
      const PgQuery__DefElem& option = *options[i]->def_elem;
      std::string_view name = option.defname;
      if (name == "sysid") {
        d.notice(base::sqlstate::kSuccessfulCompletion, "SYSID can no longer be specified");
        continue;
      }
      if (find(name) != nullptr) fail_redundant(d, option);
      options_.push_back(&option);
    }
  }

  const PgQuery__DefElem* find(std::string_view name) const {
    for (const PgQuery__DefElem* option : options_) {
      if (option->defname == name) return option;
    }
    return nullptr;
  }
  bool says(std::string_view name) const {
    const PgQuery__DefElem* option = find(name);
    return option != nullptr && option_bool(*option);
  }
  /// Nothing but this one.
  bool only(std::string_view name) const {
    return options_.size() == 1 && options_[0]->defname == name;
  }
  std::vector<Oid> roles(std::string_view name) const {
    std::vector<Oid> found;
    const PgQuery__DefElem* option = find(name);
    if (option == nullptr || option->arg == nullptr) return found;
    const PgQuery__List& list = *option->arg->list;
    for (size_t i = 0; i < list.n_items; ++i) {
      found.push_back(role_of(d_, *list.items[i]->role_spec));
    }
    return found;
  }

  void apply(RoleObject& role) const {
    set("superuser", role.superuser);
    set("inherit", role.inherit);
    set("createrole", role.create_role);
    set("createdb", role.create_db);
    set("canlogin", role.login);
    set("isreplication", role.replication);
    set("bypassrls", role.bypass_rls);
    if (const PgQuery__DefElem* option = find("connectionlimit")) {
      int64_t limit = option_int(*option);
      if (limit < -1) {
        fail(base::sqlstate::kInvalidParameterValue,
             "invalid connection limit: " + std::to_string(limit));
      }
      role.connection_limit = static_cast<int32_t>(limit);
    }
    if (const PgQuery__DefElem* option = find("validUntil")) set_valid_until(role, *option);
    if (const PgQuery__DefElem* option = find("password")) set_password(role, *option);
  }

 private:
  void set(std::string_view name, bool& to) const {
    if (const PgQuery__DefElem* option = find(name)) to = option_bool(*option);
  }

  void set_valid_until(RoleObject& role, const PgQuery__DefElem& option) const {
    Arena arena;
    Datum value = type_of(types::kTimestamptz)
                      .from_text(option_text(option), -1, arena, d_.services().style());
    role.valid_until = value.as_int();
    if (*role.valid_until == INT64_MAX) role.valid_until.reset();
  }

  void set_password(RoleObject& role, const PgQuery__DefElem& option) const {
    role.password.reset();
    if (option.arg == nullptr) return;
    std::string password = option_text(option);
    if (password.empty()) {
      return d_.notice(base::sqlstate::kSuccessfulCompletion,
                       "empty string is not a valid password, clearing password");
    }
    const auto& verifier = d_.services().instance().password_verifier;
    if (!verifier) {
      fail(base::sqlstate::kFeatureNotSupported, "passwords are not supported here");
    }
    role.password = verifier(password);
  }

  Definer& d_;
  std::vector<const PgQuery__DefElem*> options_;
};

void check_may_create(Definer& d, const RoleOptions& options) {
  if (d.superuser()) return;
  if (options.says("superuser")) deny_role("must be superuser to create superusers");
  if (options.says("isreplication")) deny_role("must be superuser to create replication users");
  if (options.says("bypassrls")) deny_role("must be superuser to create bypassrls users");
  if (!may_create_roles(d)) deny_role("permission denied to create role");
}

void check_may_alter(Definer& d, const RoleObject& role, const RoleOptions& options) {
  if (d.superuser()) return;
  if (role.superuser || options.find("superuser") != nullptr) {
    deny_role("must be superuser to alter superuser roles or change superuser attribute");
  }
  if (role.replication || options.find("isreplication") != nullptr) {
    deny_role("must be superuser to alter replication roles or change replication attribute");
  }
  if (options.find("bypassrls") != nullptr) {
    deny_role("must be superuser to change bypassrls attribute");
  }
  bool own_password = role.oid == d.role() && options.only("password");
  if (!may_create_roles(d) && !own_password) deny_role("permission denied");
}

std::vector<ObjectPtr> objects_about(Definer& d, Oid role) {
  std::vector<ObjectPtr> found;
  d.image().for_each(ObjectKind::kMembership, [&](const ObjectPtr& one) {
    const auto& grant = static_cast<const MembershipObject&>(*one);
    if (grant.role == role || grant.member == role) found.push_back(one);
  });
  d.image().for_each(ObjectKind::kSettings, [&](const ObjectPtr& one) {
    if (static_cast<const SettingsObject&>(*one).role == role) found.push_back(one);
  });
  return found;
}

void drop_role(Definer& d, const RoleObject& role) {
  if (role.oid == d.role()) {
    fail(base::sqlstate::kObjectInUse, "current user cannot be dropped");
  }
  if (role.name == d.services().user()) {
    fail(base::sqlstate::kObjectInUse, "session user cannot be dropped");
  }
  if (role.superuser && !d.superuser()) deny_role("must be superuser to drop superusers");
  d.lock(role, txn::table_mode::kAccessExclusive);
  if (role.oid.value < oids::kFirstUser.value) {
    fail(base::sqlstate::kDependentObjectsStillExist,
         "cannot drop role " + role.name + " because it is required by the database system");
  }
  std::string uses = uses_of_role(d, role.oid);
  if (!uses.empty()) {
    throw base::SqlException(base::Error(base::sqlstate::kDependentObjectsStillExist,
                                         "role " + quoted(role.name) +
                                             " cannot be dropped because some objects depend on it")
                                 .detail(std::move(uses)));
  }
  for (const ObjectPtr& one : objects_about(d, role.oid)) d.drop(*one);
  d.drop(role);
}

}  // namespace

bool may_create_roles(Definer& d) {
  auto role = d.image().get<RoleObject>(ObjectKind::kRole, d.role());
  return role != nullptr && (role->superuser || role->create_role);
}

std::shared_ptr<const RoleObject> role_object(Definer& d, Oid role) {
  return d.image().get<RoleObject>(ObjectKind::kRole, role);
}

void create_role(Definer& d, const PgQuery__CreateRoleStmt& statement) {
  RoleOptions options(d, statement.options, statement.n_options);
  check_may_create(d, options);
  require_free_name(d, statement.role, -1);
  auto made = std::make_shared<RoleObject>();
  made->oid = d.new_oid();
  made->name = statement.role;
  made->login = statement.stmt_type == PG_QUERY__ROLE_STMT_TYPE__ROLESTMT_USER;
  options.apply(*made);
  d.put(made);
  for (Oid role : options.roles("addroleto")) add_membership(d, role, made->oid, false);
  for (Oid member : options.roles("adminmembers")) add_membership(d, made->oid, member, true);
  for (Oid member : options.roles("rolemembers")) add_membership(d, made->oid, member, false);
}

void alter_role(Definer& d, const PgQuery__AlterRoleStmt& statement) {
  RoleOptions options(d, statement.options, statement.n_options);
  Oid oid = role_of(d, *statement.role);
  auto role = role_object(d, oid);
  if (is_reserved_name(role->name)) {
    fail(base::sqlstate::kReservedName, "role name " + quoted(role->name) + " is reserved");
  }
  check_may_alter(d, *role, options);
  d.lock(*role, txn::table_mode::kAccessExclusive);
  auto changed = d.edit(*role);
  options.apply(*changed);
  d.put(changed);
  for (Oid member : options.roles("rolemembers")) {
    if (statement.action > 0) add_membership(d, oid, member, false);
    if (statement.action < 0) remove_membership(d, oid, member, false);
  }
}

void drop_roles(Definer& d, const PgQuery__DropRoleStmt& statement) {
  if (!may_create_roles(d)) deny_role("permission denied to drop role");
  std::vector<Oid> dropped;
  for (size_t i = 0; i < statement.n_roles; ++i) {
    const PgQuery__RoleSpec& spec = *statement.roles[i]->role_spec;
    if (spec.roletype != PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CSTRING) {
      fail(base::sqlstate::kInvalidParameterValue,
           "cannot use special role specifier in DROP ROLE");
    }
    ObjectPtr found = d.image().find(ObjectKind::kRole, Oid{}, spec.rolename);
    if (found == nullptr && statement.missing_ok) {
      d.notice(base::sqlstate::kSuccessfulCompletion,
               "role " + quoted(spec.rolename) + " does not exist, skipping");
      continue;
    }
    dropped.push_back(role_by_name(d.image(), spec.rolename));
  }
  for (Oid role : dropped) {
    if (auto still = role_object(d, role)) drop_role(d, *still);
  }
}

void rename_role(Definer& d, std::string_view from, std::string_view to) {
  auto role = role_object(d, role_by_name(d.image(), from));
  if (role->name == d.services().user()) {
    fail(base::sqlstate::kFeatureNotSupported, "session user cannot be renamed");
  }
  if (role->oid == d.role()) {
    fail(base::sqlstate::kFeatureNotSupported, "current user cannot be renamed");
  }
  if (is_reserved_name(from)) {
    throw base::SqlException(
        base::Error(base::sqlstate::kReservedName, "role name " + quoted(from) + " is reserved")
            .detail("Role names starting with \"pg_\" are reserved."));
  }
  require_free_name(d, to, -1);
  if (role->superuser && !d.superuser()) deny_role("must be superuser to rename superusers");
  if (!may_create_roles(d)) deny_role("permission denied to rename role");
  auto changed = d.edit(*role);
  changed->name = to;
  if (changed->password && changed->password->starts_with("md5")) {
    changed->password.reset();
    d.notice(base::sqlstate::kSuccessfulCompletion, "MD5 password cleared because of role rename");
  }
  d.put(changed);
}

}  // namespace isolde::sql
