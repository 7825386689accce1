// FOR UPDATE and its kin.

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/binder/binder.hpp"
#include "sql/binder/nodes.hpp"
#include "sql/catalog/privilege.hpp"
#include "sql/exec/current_of.hpp"
#include "sql/exec/row_reference.hpp"
#include "sql/table/table_info.hpp"
#include "txn/lock_method.hpp"

namespace isolde::sql {

namespace {

txn::RowLock strength_of(const PgQuery__LockingClause& clause) {
  switch (clause.strength) {
    case PG_QUERY__LOCK_CLAUSE_STRENGTH__LCS_FORKEYSHARE:
      return txn::RowLock::kKeyShare;
    case PG_QUERY__LOCK_CLAUSE_STRENGTH__LCS_FORSHARE:
      return txn::RowLock::kShare;
    case PG_QUERY__LOCK_CLAUSE_STRENGTH__LCS_FORNOKEYUPDATE:
      return txn::RowLock::kNoKeyUpdate;
    default:
      return txn::RowLock::kUpdate;
  }
}

std::string_view clause_word(txn::RowLock strength) {
  switch (strength) {
    case txn::RowLock::kKeyShare:
      return "FOR KEY SHARE";
    case txn::RowLock::kShare:
      return "FOR SHARE";
    case txn::RowLock::kNoKeyUpdate:
      return "FOR NO KEY UPDATE";
    case txn::RowLock::kUpdate:
      return "FOR UPDATE";
  }
  return "";
}

txn::LockWait wait_of(const PgQuery__LockingClause& clause) {
  switch (clause.wait_policy) {
    case PG_QUERY__LOCK_WAIT_POLICY__LockWaitError:
      return txn::LockWait::kNoWait;
    case PG_QUERY__LOCK_WAIT_POLICY__LockWaitSkip:
      return txn::LockWait::kSkip;
    default:
      return txn::LockWait::kWait;
  }
}

/// Of two clauses for one table the stricter counts: NOWAIT, then SKIP LOCKED.
txn::LockWait stricter(txn::LockWait a, txn::LockWait b) {
  for (txn::LockWait one : {txn::LockWait::kNoWait, txn::LockWait::kSkip}) {
    if (a == one || b == one) return one;
  }
  return txn::LockWait::kWait;
}

}  // namespace

/// Locks the rows of an item, or of everything in a subquery.
void Binder::lock_item(FromItem& item, txn::RowLock strength, txn::LockWait wait) {
  // What is in a view is its owner's affair.
  Oid around = as_role_;
  struct Restore {
    Oid& role;
    Oid before;
    ~Restore() { role = before; }
  } restore{as_role_, around};
  switch (item.kind) {
    case FromItem::Kind::kTable:
      if (item.info->relation->relation_kind == RelationKind::kMaterializedView) {
        fail_at(-1, base::sqlstate::kWrongObjectType,
                "cannot lock rows in materialized view \"" + item.info->relation->name + "\"");
      }
      item.strength = item.locked ? std::max(item.strength, strength) : strength;
      item.wait = item.locked ? stricter(item.wait, wait) : wait;
      item.locked = true;
      item.intent = txn::RowIntent::kLock;
      use_relation(item.info->oid(), txn::table_mode::kRowShare, bit(Privilege::kUpdate));
      return;
    case FromItem::Kind::kJoin:
      lock_item(*item.left, strength, wait);
      lock_item(*item.right, strength, wait);
      return;
    case FromItem::Kind::kSubquery:
      if (item.query->kind != Query::Kind::kSelect) return;
      if (item.view != nullptr) {
        use_relation(item.view->oid, txn::table_mode::kRowShare, bit(Privilege::kUpdate));
        as_role_ = role_inside(*item.view);
      }
      for (FromItem* inner : item.query->from) lock_item(*inner, strength, wait);
      keep_references(*item.query);
      return;
    default:
      return;
  }
}

namespace {

FromItem* item_named(FromItem& item, std::string_view name) {
  if (item.kind == FromItem::Kind::kJoin) {
    FromItem* left = item_named(*item.left, name);
    return left != nullptr ? left : item_named(*item.right, name);
  }
  return item.alias == name ? &item : nullptr;
}

std::string_view what_is(const FromItem& item) {
  switch (item.kind) {
    case FromItem::Kind::kFunction:
      return "a function";
    case FromItem::Kind::kVirtualTable:
      return "a system view";
    default:
      return "a WITH query";
  }
}

}  // namespace

void Binder::bind_locking(Query& query, const PgQuery__SelectStmt& select) {
  for (size_t i = 0; i < select.n_locking_clause; ++i) {
    const PgQuery__LockingClause& clause = *select.locking_clause[i]->locking_clause;
    const txn::RowLock strength = strength_of(clause);
    refuse_locking(query, select, clause_word(strength));
    const txn::LockWait wait = wait_of(clause);
    if (clause.n_locked_rels == 0) {
      for (FromItem* item : query.from) lock_item(*item, strength, wait);
      continue;
    }
    for (size_t r = 0; r < clause.n_locked_rels; ++r) {
      const PgQuery__RangeVar& name = *clause.locked_rels[r]->range_var;
      FromItem* found = nullptr;
      for (FromItem* item : query.from) {
        if (found == nullptr) found = item_named(*item, name.relname);
      }
      if (found == nullptr) {
        fail_at(name.location, base::sqlstate::kUndefinedTable,
                "relation \"" + std::string(name.relname) + "\" in " +
                    std::string(clause_word(strength)) + " clause not found in FROM clause");
      }
      if (found->kind != FromItem::Kind::kTable && found->kind != FromItem::Kind::kSubquery) {
        fail_at(name.location, base::sqlstate::kFeatureNotSupported,
                std::string(clause_word(strength)) + " cannot be applied to " +
                    std::string(what_is(*found)));
      }
      lock_item(*found, strength, wait);
    }
  }
  keep_references(query);
}

void Binder::refuse_locking(const Query& query, const PgQuery__SelectStmt& select,
                            std::string_view word) {
  auto refuse = [&](bool when, std::string_view with) {
    if (!when) return;
    fail_at(-1, base::sqlstate::kFeatureNotSupported,
            std::string(word) + " is not allowed with " + std::string(with));
  };
  refuse(select.op != PG_QUERY__SET_OPERATION__SETOP_NONE, "UNION/INTERSECT/EXCEPT");
  refuse(select.n_distinct_clause > 0, "DISTINCT clause");
  refuse(select.n_group_clause > 0, "GROUP BY clause");
  refuse(select.having_clause != nullptr, "HAVING clause");
  refuse(query.grouped, "aggregate functions");
  refuse(!query.windows.empty(), "window functions");
}

/// The references of all tables in FROM, as hidden columns behind the select list.
void Binder::keep_references(Query& query) {
  if (query.locks) return;
  query.locks = true;
  for (FromItem* item : query.from) keep_reference(query, *item);
}

void Binder::keep_reference(Query& query, FromItem& item) {
  if (item.kind == FromItem::Kind::kJoin) {
    keep_reference(query, *item.left);
    keep_reference(query, *item.right);
    return;
  }
  if (item.kind != FromItem::Kind::kTable) return;
  item.keep_payload = true;
  Expr* reference = memory_.expr(ExprKind::kColumn, &kRowReferenceType, -1);
  reference->index = item.offset + item.width() - 1;
  query.references.push_back({&item, static_cast<int>(query.targets.size())});
  query.targets.push_back({reference, "", true});
}

void Binder::keep_places(Query& query) {
  const bool rows_of_tables = query.kind == Query::Kind::kSelect && !query.grouped &&
                              !query.distinct && query.window_calls.empty();
  if (!rows_of_tables || !query.references.empty()) return;
  for (FromItem* item : query.from) {
    if (item->kind != FromItem::Kind::kTable) continue;
    keep_reference(query, *item);
    item->keep_payload = false;
    item->used[item->width() - 1] = true;
  }
}

/// ctid = where the cursor's row of this table is.
Expr* Binder::bind_current_of(const Query& query, const PgQuery__CurrentOfExpr& current,
                              Scope& scope) {
  const FromItem& target = *query.modify->target;
  std::string ctid = "ctid", alias = target.alias;
  PgQuery__String texts[2] = {PG_QUERY__STRING__INIT, PG_QUERY__STRING__INIT};
  PgQuery__Node names[2] = {PG_QUERY__NODE__INIT, PG_QUERY__NODE__INIT};
  PgQuery__Node* fields[2] = {&names[0], &names[1]};
  texts[0].sval = alias.data();
  texts[1].sval = ctid.data();
  for (int i = 0; i < 2; ++i) {
    names[i].node_case = PG_QUERY__NODE__NODE_STRING;
    names[i].string = &texts[i];
  }
  PgQuery__ColumnRef column = PG_QUERY__COLUMN_REF__INIT;
  column.n_fields = 2;
  column.fields = fields;
  PgQuery__Node node = PG_QUERY__NODE__INIT;
  node.node_case = PG_QUERY__NODE__NODE_COLUMN_REF;
  node.column_ref = &column;
  Expr* row = bind(node, scope, Clause::kWhere);
  const std::string_view name = memory_.constants.copy(current.cursor_name);
  Expr* cursor = constant(type_of(types::kText), Datum::of_bytes(name), -1);
  Expr* table = constant(type_of(types::kOid), Datum::of_int(target.info->oid().value), -1);
  Expr* place = call1(ExprKind::kCall, type_of(types::kTid), -1, {cursor, table});
  place->function = &current_of_function();
  return make_operator("=", row, place, -1);
}

}  // namespace isolde::sql
