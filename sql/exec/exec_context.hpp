#pragma once

#include <cstdint>
#include <vector>

#include "base/task.hpp"
#include "sql/functions/call_context.hpp"
#include "sql/types/arena.hpp"
#include "sql/types/datum.hpp"
#include "sql/types/output_style.hpp"

namespace isolde::sql {

class SharedRows;
struct WorkTable;

/// What one execution of a statement shares among its operators.
struct ExecContext {
  base::Task& task;
  const OutputStyle& style;
  SessionServices* services;
  Arena& arena;          ///< lives as long as the execution
  MemoryBudget* budget;  ///< for arenas of the operators' own
  const Datum* parameters = nullptr;
  Datum* outer = nullptr;  ///< values handed down to subqueries
  /// Byte offset in the query text of the literal that is being read, or -1: the error's position.
  int location = -1;

  /// The sets of rows that WITH shares among its readers, by slot.
  std::vector<SharedRows*> shared{};
  std::vector<WorkTable**> work_tables{};  ///< of recursions that run, by slot
  uint64_t forgotten = 0;                  ///< how often some of them were made anew

  void poll() { base::value_or_throw(task.poll()); }
};

}  // namespace isolde::sql
