#pragma once

#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "sql/exec/exec_context.hpp"
#include "sql/exec/row_source.hpp"
#include "sql/plan/plan.hpp"

// Evaluating a row again (PostgreSQL calls it EvalPlanQual).
//
// Somebody who wants to change or lock a row may find, after a wait, that it is another version
// now. Under READ COMMITTED the statement goes on with that one, if its conditions still hold: the
// plan below runs once more, with that row in place of what its scan would give, the other tables'
// rows as they were, and subqueries worked out anew.
//
//      UPDATE t SET n = t.n + u.n FROM u WHERE t.id = u.id AND t.n < 5
//      row (t: v1, u: w1) -> t is v2 now -> the same plan over {t: v2, u: w1} -> a row, or none

namespace isolde::sql {

/// What stands in for scans, by the number of their item of FROM.
class Substitutes {
 public:
  /// Null: the item has no row (as on the far side of an outer join).
  void set(int number, const txn::Row* row) { rows_[number] = row; }
  bool has(int number) const { return rows_.contains(number); }
  const txn::Row* row(int number) const { return rows_.at(number); }
  void clear() { rows_.clear(); }

 private:
  std::unordered_map<int, const txn::Row*> rows_;
};

class Recheck {
 public:
  /// `marks` say where the rows of `plan` keep what they were made from.
  Recheck(const Plan& plan, std::span<const RowMark> marks, ExecContext& exec);
  ~Recheck();

  /// The row that `row` becomes when marks[changed] is `latest`, valid until the next call; null
  /// when its conditions hold no more.
  const Datum* evaluate(const Datum* row, size_t changed, const txn::Row& latest);

 private:
  const Plan& plan_;
  std::span<const RowMark> marks_;
  ExecContext& outer_exec_;
  std::vector<Datum> outer_values_;
  std::unique_ptr<ExecContext> exec_;
  Substitutes substitutes_;
  std::vector<txn::Row> rows_;
  std::vector<storage::Bytes> payloads_;
  std::unique_ptr<RowSource> source_;
};

}  // namespace isolde::sql
