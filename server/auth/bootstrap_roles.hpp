#pragma once

#include "server/auth/role_source.hpp"

namespace isolde::server {

/// The one role of a new server: the superuser postgres, who has no password.
class BootstrapRoles final : public RoleSource {
 public:
  std::optional<RoleSecret> find_role(std::string_view name) const override;
};

}  // namespace isolde::server
