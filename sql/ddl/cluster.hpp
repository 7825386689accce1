#pragma once

#include "sql/ddl/definer.hpp"

struct PgQuery__ClusterStmt;

namespace isolde::sql {

/// CLUSTER [table [USING index]].
void cluster(Definer& d, const PgQuery__ClusterStmt& statement);
/// The table's index of this name, which CLUSTER is to go by from now on; none: no index.
void set_clustered(Definer& d, const RelationObject& table, std::string_view index);

}  // namespace isolde::sql
