#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace isolde::server {

/// What authentication needs to know of a role.
struct RoleSecret {
  bool can_login = false;
  bool superuser = false;
  std::string verifier{};  ///< "SCRAM-SHA-256$...", "md5..."; empty: no password
  std::optional<base::Timestamp> valid_until{};
  int32_t connection_limit = -1;  ///< -1: none
};

/// Where roles are looked up: the catalog. Thread safe.
class RoleSource {
 public:
  virtual ~RoleSource() = default;
  virtual std::optional<RoleSecret> find_role(std::string_view name) const = 0;
  /// Directly or through other roles. A role is a member of itself. That someone is a superuser
  /// makes nobody a member.
  virtual bool is_member(std::string_view role, std::string_view of) const { return role == of; }
};

}  // namespace isolde::server
