#pragma once

#include <string>

#include "sql/binder/table_names.hpp"
#include "sql/deparse/deparse.hpp"

namespace isolde::sql {

/// pg_get_viewdef: the view's query with the names that things have now, with schemas where the
/// search path does not lead to them.
std::string view_text(const RelationObject& view, const TableNames& names,
                      const DeparseOptions& options);

/// Relations by what the search path makes of their names; with no path, always with schemas.
class CatalogRelationNames final : public RelationNames {
 public:
  CatalogRelationNames(const CatalogImage& image, const SearchPath* path)
      : image_(image), path_(path) {}
  std::string relation(const FromItem& item) const override;

 private:
  const CatalogImage& image_;
  const SearchPath* path_;
};

}  // namespace isolde::sql
