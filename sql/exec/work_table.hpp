#pragma once

#include <vector>

#include "sql/types/arena.hpp"

namespace isolde::sql {

/// The rows that one round of a recursion added.
struct WorkTable {
  explicit WorkTable(MemoryBudget* budget) : arena(budget) {}
  void add(const Datum* row) { rows.push_back(row); }
  void clear() {
    rows.clear();
    arena.reset();
  }

  Arena arena;
  std::vector<const Datum*> rows;
};

}  // namespace isolde::sql
