#pragma once

#include <string_view>
#include <vector>

#include "sql/catalog/catalog_image.hpp"
#include "sql/catalog/search_path.hpp"

namespace isolde::sql {

class Catalog;

/// Where a statement finds the tables that it names.
struct TableNames {
  CatalogImagePtr image;
  Catalog* catalog = nullptr;
  SearchPath path;
  std::string_view database;
};

}  // namespace isolde::sql
