#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sql/catalog/catalog_image.hpp"

namespace isolde::sql {

/// The setting search_path, resolved: which schemas a bare name is looked up in. The session's
/// temporary schema and pg_catalog come first unless the setting places them.
struct SearchPath {
  std::vector<Oid> schemas;  ///< in order, the implicit ones included
  std::vector<Oid> listed;   ///< those of the setting that exist and may be used
  Oid temporary;             ///< the session's own, or 0

  /// Where new objects go: the first that is listed, or 0.
  Oid creation() const { return listed.empty() ? Oid{} : listed.front(); }
  bool contains(Oid schema) const;

  /// By name, with or without a schema; pg_temp is the session's temporary schema.
  RelationPtr relation(const CatalogImage& image, std::string_view schema,
                       std::string_view name) const;
  /// A schema by name; 0 when there is none.
  Oid schema(const CatalogImage& image, std::string_view name) const;
  /// Does the bare name of a relation, type, ... of this kind lead to this object?
  bool is_visible(const CatalogImage& image, const CatalogObject& object) const;
};

/// `user` is whom "$user" stands for; schemas without USAGE for `role` are left out.
SearchPath resolve_search_path(const CatalogImage& image, std::string_view setting,
                               std::string_view user, Oid role, Oid temporary);

}  // namespace isolde::sql
