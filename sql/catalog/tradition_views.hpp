#pragma once

#include <span>

#include "sql/catalog/system_relations.hpp"

// Views that users of MySQL and SQL Server know, and the schemas that these stand in.

namespace isolde::sql {

namespace oids {
inline constexpr Oid kPerformanceSchema{13998};
inline constexpr Oid kSysSchema{13997};
}  // namespace oids

extern const std::span<const SystemRelation> kPerformanceViews;
extern const std::span<const SystemRelation> kInnodbViews;  ///< of information_schema
extern const std::span<const SystemRelation> kSysViews;

}  // namespace isolde::sql
