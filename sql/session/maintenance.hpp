#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sql/catalog/objects.hpp"

namespace isolde::sql {

/// What a VACUUM or ANALYZE statement asks for.
struct MaintenanceOrder {
  bool vacuum = false;
  bool analyze = false;
  bool full = false;
  bool every_page = false;  ///< FREEZE, DISABLE_PAGE_SKIPPING
  bool verbose = false;
  bool skip_locked = false;
  std::optional<bool> truncate;

  const char* verb() const { return vacuum ? "vacuum" : "analyze"; }
};

struct MaintenanceTarget {
  RelationPtr relation;
  std::vector<std::string> columns;  ///< of ANALYZE; empty: all
};

}  // namespace isolde::sql
