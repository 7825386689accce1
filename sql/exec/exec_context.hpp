#pragma once

#include <cstdint>
#include <vector>

#include "base/task.hpp"
#include "sql/functions/call_context.hpp"
#include "sql/types/arena.hpp"
#include "sql/types/datum.hpp"
#include "sql/types/output_style.hpp"

namespace isolde::txn {
class EngineTransaction;
}

namespace isolde::sql {

class SharedRows;
struct WorkTable;
class ConstraintQueue;
class RowSource;
class PlanTimings;
class Substitutes;

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
  size_t outer_count = 0;                  ///< how many there are in `outer`
  txn::EngineTransaction* transaction = nullptr;
  bool wants_verdicts = false;               ///< of the transaction's engine
  const Substitutes* substitutes = nullptr;  ///< while rows are evaluated again
  ConstraintQueue* constraints = nullptr;    ///< what it writes down for the end of the statement
  /// Reads the latest state rather than the statement's view: what a foreign key's actions find.
  bool latest_rows = false;
  RowSource* input = nullptr;      ///< of COPY
  int64_t processed = 0;           ///< rows that the statement has written
  PlanTimings* timings = nullptr;  ///< of EXPLAIN ANALYZE

  void poll() { base::value_or_throw(task.poll()); }
};

}  // namespace isolde::sql
