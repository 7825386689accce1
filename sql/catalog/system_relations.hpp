#pragma once

#include <span>
#include <string_view>

#include "sql/catalog/objects.hpp"

// The relations of pg_catalog, information_schema and isolde. Nobody stores them: a relation here
// is either a view over others, or its rows are made by code on the spot (sql/views). What is not
// in Isolde (publications, say) is a relation without rows.
//
// They are the same in every database, and so stand beside its image (catalog_image.hpp), which
// finds them by name and by number but does not list them.

namespace isolde::sql {

/// One of them, as the files of this folder declare it.
struct SystemRelation {
  uint32_t oid;  ///< PostgreSQL's
  std::string_view name;
  std::string_view columns;     ///< "oid oid!, relname name!, ...": ! is NOT NULL
  std::string_view query = {};  ///< of a view over others; names in it are those of the system
};

extern const std::span<const SystemRelation> kSystemCatalogs;
extern const std::span<const SystemRelation> kSystemViews;
extern const std::span<const SystemRelation> kStatisticsViews;
extern const std::span<const SystemRelation> kInformationSchema;
extern const std::span<const SystemRelation> kIsoldeViews;

/// Null when there is none.
RelationPtr system_relation(Oid oid);
RelationPtr system_relation(Oid name_space, std::string_view name);
/// In order of their numbers.
std::span<const RelationPtr> system_relations();
/// Also of what a database has from the start: schemas.
bool is_system_object(Oid oid);

}  // namespace isolde::sql
