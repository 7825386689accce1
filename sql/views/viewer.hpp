#pragma once

#include <optional>
#include <string_view>

#include "sql/catalog/catalog_image.hpp"

namespace isolde::sql {

class SessionServices;

/// What others do is shown to those who may know: superusers, and members of pg_read_all_stats.
class Viewer {
 public:
  explicit Viewer(SessionServices& services);
  bool sees(std::optional<Oid> user) const;
  bool sees(std::string_view user) const { return sees(role(user)); }
  /// The number of a role, if there is one of this name.
  std::optional<Oid> role(std::string_view name) const;

 private:
  CatalogImagePtr image_;
  Oid role_;
  bool sees_all_;
};

}  // namespace isolde::sql
