#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/ids.hpp"

namespace isolde::sql {

/// A relation that a statement uses: what is locked, and what is allowed, before it runs.
struct RelationUse {
  base::Oid relation;
  uint8_t lock = 0;          ///< txn::table_mode's index
  uint32_t privileges = 0;   ///< of the relation (sql/catalog/privilege.hpp)
  std::vector<int> read;     ///< columns by place; with SELECT
  std::vector<int> written;  ///< with INSERT or UPDATE
  base::Oid as_role;         ///< a view's owner, or 0: whoever runs the statement
  bool unpopulated = false;  ///< a materialized view that cannot be read before REFRESH
};

/// A function of the catalog that a statement calls: EXECUTE is asked for before it runs.
struct RoutineUse {
  base::Oid function;
  base::Oid as_role;  ///< as above
};

}  // namespace isolde::sql
