#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sql/ddl/definer.hpp"

struct PgQuery__RenameStmt;

namespace isolde::sql {

struct Query;
struct PlanMemory;

/// ALTER TABLE, INDEX, SEQUENCE, VIEW ... RENAME, of the whole, a column or a constraint; false
/// when the statement is about something else.
bool rename_relation(Definer& d, const PgQuery__RenameStmt& statement, std::string& tag);

/// 42809 '"t" is not a view' for the word that a statement names a relation by.
void check_relation_type(const RelationObject& relation, int object_type);
/// Locks it ACCESS EXCLUSIVE (or `mode`); null, with a notice, when there is none and that is all
/// right.
RelationPtr relation_or_notice(Definer& d, const PgQuery__RangeVar& var, bool missing_ok,
                               const std::function<void(const RelationObject&)>& check,
                               txn::LockMode mode = txn::table_mode::kAccessExclusive);

/// The views over a relation that is about to get another name, or whose columns do: they are kept
/// as texts, which are read by the old names and written back with the new ones.
class ViewTexts {
 public:
  ViewTexts(Definer& d, Oid relation);
  ~ViewTexts();
  /// Once the catalog has the new names.
  void rewrite();

 private:
  struct Bound;
  Definer& d_;
  const Oid relation_;
  RelationPtr before_;
  std::vector<std::unique_ptr<Bound>> views_;
};

}  // namespace isolde::sql
