#pragma once

#include <vector>

#include "sql/constraints/constraint_queue.hpp"
#include "sql/exec/exec_context.hpp"
#include "sql/plan/table_plan.hpp"

namespace isolde::sql {

/// Tells the queue what the constraints of a table have to look at, row by row as they are written.
/// Rows are given by live column.
class RowEvents {
 public:
  RowEvents(const WriteRules& rules, ExecContext& exec);

  void inserted(const Datum* row, txn::TupleId version);
  /// Do these assignments concern a constraint? Then updated() wants the old row whole.
  bool watches_update(const txn::Row& old, const std::vector<int>& assigned) const;
  bool watches_delete(const txn::Row& old) const;
  /// `row` has the new values of `assigned` and generated columns.
  void updated(const txn::Row& old, const Datum* old_row, const Datum* row,
               const std::vector<int>& assigned, txn::TupleId version);
  void deleted(const txn::Row& old, const Datum* old_row);

 private:
  /// The queue has something to say about a version that we have made ourselves.
  bool supersedes(const txn::Row& old) const;
  void supersede(const txn::Row& old);
  void add(ConstraintEvent::Kind kind, const WriteRules::KeyRule& rule, txn::TupleId version);
  bool take(const WriteRules::KeyRule& rule, const Datum* row);
  bool refers(const WriteRules::KeyRule& rule) const;
  const Type& type_of(int column) const;

  const WriteRules& rules_;
  ExecContext& exec_;
  std::vector<Datum> values_;  ///< of a key; of two after one another
  std::vector<const Type*> types_;
  std::vector<Datum> new_row_;
};

}  // namespace isolde::sql
