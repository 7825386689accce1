#include "server/auth/catalog_roles.hpp"

#include "sql/catalog/membership.hpp"
#include "sql/catalog/server_catalog.hpp"

namespace isolde::server {

namespace {

std::shared_ptr<const sql::RoleObject> role_named(const sql::ObjectSet& objects,
                                                  std::string_view name) {
  auto found = objects.named(sql::ObjectKind::kRole, sql::Oid{}, name);
  if (found.empty()) return nullptr;
  return std::static_pointer_cast<const sql::RoleObject>(found.front()->object);
}

}  // namespace

std::optional<RoleSecret> CatalogRoles::find_role(std::string_view name) const {
  auto role = role_named(*catalog_.objects(), name);
  if (role == nullptr) return std::nullopt;
  RoleSecret secret{.can_login = role->login,
                    .superuser = role->superuser,
                    .verifier = role->password.value_or(""),
                    .valid_until = {},
                    .connection_limit = role->connection_limit};
  if (role->valid_until) secret.valid_until = base::Timestamp{*role->valid_until};
  return secret;
}

bool CatalogRoles::is_member(std::string_view role, std::string_view of) const {
  auto objects = catalog_.objects();
  auto member = role_named(*objects, role);
  auto group = role_named(*objects, of);
  return member != nullptr && group != nullptr &&
         sql::is_member_of(*objects, member->oid, group->oid);
}

}  // namespace isolde::server
