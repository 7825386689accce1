#include "sql/ddl/lock_table.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <set>

#include "sql/session/instance.hpp"
#include "txn/lock_manager.hpp"

namespace isolde::sql {

namespace {

/// PostgreSQL numbers its modes from 1, in the order of txn::table_mode.
txn::LockMode mode_of(int number) {
  const txn::LockMode modes[] = {
      txn::table_mode::kAccessShare,  txn::table_mode::kRowShare,
      txn::table_mode::kRowExclusive, txn::table_mode::kShareUpdateExclusive,
      txn::table_mode::kShare,        txn::table_mode::kShareRowExclusive,
      txn::table_mode::kExclusive,    txn::table_mode::kAccessExclusive};
  return modes[number - 1];
}

/// Any one of these lets a role take the lock.
uint32_t privileges_for(txn::LockMode mode) {
  uint32_t changes = bit(Privilege::kUpdate) | bit(Privilege::kDelete) | bit(Privilege::kTruncate);
  if (mode.index == txn::table_mode::kAccessShare.index) return bit(Privilege::kSelect);
  if (mode.index == txn::table_mode::kRowExclusive.index) {
    changes |= bit(Privilege::kInsert);
  }
  return changes;
}

class TableLocks {
 public:
  TableLocks(Definer& d, const PgQuery__LockStmt& statement)
      : d_(d), mode_(mode_of(statement.mode)), wait_(statement.nowait == 0) {}

  void add(const PgQuery__RangeVar& var) {
    for (Oid locked;;) {
      RelationPtr found = find(var);
      check(*found, d_.role());
      if (found->oid == locked) return below(*found);
      locked = found->oid;
      acquire(*found);
    }
  }

 private:
  RelationPtr find(const PgQuery__RangeVar& var) {
    RelationPtr found = d_.path().relation(d_.image(), text_or_empty(var.schemaname), var.relname);
    if (found != nullptr) return found;
    const std::string_view schema = text_or_empty(var.schemaname);
    std::string name = (schema.empty() ? "" : std::string(schema) + ".") + var.relname;
    fail(base::sqlstate::kUndefinedTable, "relation " + quoted(name) + " does not exist");
  }

  void check(const RelationObject& relation, Oid role) {
    if (relation.relation_kind != RelationKind::kTable &&
        relation.relation_kind != RelationKind::kView) {
      throw base::SqlException(base::Error(base::sqlstate::kWrongObjectType,
                                           "cannot lock relation " + quoted(relation.name))
                                   .detail("This operation is not supported for " +
                                           std::string(relation_kind_plural(relation)) + "."));
    }
    const uint32_t any = privileges_for(mode_);
    if (privileges_on(d_.image(), role, relation, any) == 0) {
      deny(acl_kind(relation), relation.name);
    }
  }

  void acquire(const RelationObject& relation) {
    auto tag = txn::LockTag::of_relation(d_.database(), relation.oid);
    txn::AcquireOptions options;
    options.wait = wait_;
    auto granted = base::value_or_throw(
        d_.services().instance().locks().acquire(d_.services().locker(), tag, mode_, options));
    if (granted != txn::Granted::kNotAvailable) return;
    fail(base::sqlstate::kLockNotAvailable,
         "could not obtain lock on relation " + quoted(relation.name));
  }

  /// What a view reads is locked with the rights of the view's owner.
  void below(const RelationObject& view) {
    if (view.relation_kind != RelationKind::kView) return;
    std::set<Oid> under;
    for (Oid needed : view.needs) under.insert(needed);
    for (const ColumnRef& ref : view.needs_columns) under.insert(ref.relation);
    for (Oid oid : under) {
      RelationPtr relation = d_.image().relation(oid);
      if (relation == nullptr || !seen_.insert(oid).second) continue;
      if (relation->relation_kind != RelationKind::kTable &&
          relation->relation_kind != RelationKind::kView) {
        continue;
      }
      check(*relation, view.owner);
      acquire(*relation);
      below(*relation);
    }
  }

  Definer& d_;
  const txn::LockMode mode_;
  const bool wait_;
  std::set<Oid> seen_;
};

}  // namespace

void lock_tables(Definer& d, const PgQuery__LockStmt& statement) {
  TableLocks locks(d, statement);
  for (size_t i = 0; i < statement.n_relations; ++i) {
    locks.add(*statement.relations[i]->range_var);
  }
}

}  // namespace isolde::sql
