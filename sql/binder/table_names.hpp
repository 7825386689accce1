#pragma once

#include <memory>
#include <string_view>

#include "sql/catalog/catalog_image.hpp"
#include "sql/catalog/search_path.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

class Catalog;
class CatalogFunctions;

/// Where a statement finds the tables that it names.
struct TableNames {
  CatalogImagePtr image;
  Catalog* catalog = nullptr;
  SearchPath path;
  std::string_view database;
  Oid role;  ///< who asks; 0: nobody whose rights count
  /// The types of `image`, by the names of `path`.
  std::shared_ptr<const TypeSource> types;
  std::shared_ptr<const CatalogFunctions> functions;
};

}  // namespace isolde::sql
