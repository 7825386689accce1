#pragma once

#include "server/auth/role_source.hpp"

namespace isolde::sql {
class ServerCatalog;
}

namespace isolde::server {

/// Roles as CREATE ROLE and GRANT have made them.
class CatalogRoles final : public RoleSource {
 public:
  explicit CatalogRoles(const sql::ServerCatalog& catalog) : catalog_(catalog) {}

  std::optional<RoleSecret> find_role(std::string_view name) const override;
  bool is_member(std::string_view role, std::string_view of) const override;

 private:
  const sql::ServerCatalog& catalog_;
};

}  // namespace isolde::server
