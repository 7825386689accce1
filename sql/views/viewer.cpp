#include "sql/views/viewer.hpp"

#include "sql/catalog/builtin_objects.hpp"
#include "sql/catalog/privileges.hpp"
#include "sql/session/session_services.hpp"

namespace isolde::sql {

Viewer::Viewer(SessionServices& services)
    : image_(services.catalog_image()),
      role_(role_by_name(*image_, services.user())),
      sees_all_(has_privileges_of(*image_, role_, oids::kReadAllStats)) {}

bool Viewer::sees(std::optional<Oid> user) const {
  return sees_all_ || (user && has_privileges_of(*image_, role_, *user));
}

std::optional<Oid> Viewer::role(std::string_view name) const {
  ObjectPtr found = name.empty() ? nullptr : image_->find(ObjectKind::kRole, Oid{}, name);
  if (found == nullptr) return std::nullopt;
  return found->oid;
}

}  // namespace isolde::sql
