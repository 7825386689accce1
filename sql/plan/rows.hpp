#pragma once

#include <algorithm>
#include <vector>

#include "sql/plan/plan.hpp"

namespace isolde::sql {

/// A plan with where it keeps the columns that expressions name: column i of the query's row stands
/// at `place[i]` of the plan's, or nowhere (-1). Without `place`, all stand where their number
/// says.
struct PlannedRows {
  const Plan* plan = nullptr;
  std::vector<int> place{};

  int place_of(int column) const {
    return place.empty() ? column : place[static_cast<size_t>(column)];
  }
  /// Makes `place` explicit.
  void name_columns() {
    if (!place.empty()) return;
    for (int i = 0; i < plan->width; ++i) place.push_back(i);
  }
};

}  // namespace isolde::sql
