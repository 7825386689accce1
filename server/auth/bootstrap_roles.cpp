#include "server/auth/bootstrap_roles.hpp"

namespace isolde::server {

std::optional<RoleSecret> BootstrapRoles::find_role(std::string_view name) const {
  if (name != "postgres") return std::nullopt;
  return RoleSecret{.can_login = true,
                    .superuser = true,
                    .verifier = {},
                    .valid_until = {},
                    .connection_limit = -1};
}

}  // namespace isolde::server
