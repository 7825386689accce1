// UPDATE and DELETE.

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/binder/binder.hpp"
#include "sql/binder/key_rules.hpp"
#include "sql/binder/nodes.hpp"
#include "sql/binder/table_names.hpp"
#include "sql/catalog/privilege.hpp"
#include "sql/table/table_info.hpp"
#include "txn/lock_method.hpp"

namespace isolde::sql {

namespace {

std::string quoted(std::string_view name) {
  return "\"" + std::string(name) + "\"";
}

bool is_default(const PgQuery__Node& node) {
  return node.node_case == PG_QUERY__NODE__NODE_SET_TO_DEFAULT;
}

}  // namespace

void Binder::refuse_part_default(const PgQuery__ResTarget& target) {
  bool element = target.indirection[0]->node_case == PG_QUERY__NODE__NODE_A_INDICES;
  fail_at(target.location, base::sqlstate::kFeatureNotSupported,
          element ? "cannot set an array element to DEFAULT" : "cannot set a subfield to DEFAULT");
}

/// The value in SET (a, b) = (x, y) or (SELECT x, y ...) for one of the columns.
Expr* Binder::multi_value(const PgQuery__MultiAssignRef& ref, Scope& scope, bool* set_default) {
  const PgQuery__Node& source = *ref.source;
  auto number = static_cast<size_t>(ref.colno - 1);
  auto wanted = static_cast<size_t>(ref.ncolumns);
  auto mismatch = [&] {
    fail_at(location_of(source), base::sqlstate::kSyntaxError,
            "number of columns does not match number of values");
  };
  if (source.node_case == PG_QUERY__NODE__NODE_ROW_EXPR) {
    const PgQuery__RowExpr& row = *source.row_expr;
    if (row.n_args != wanted) mismatch();
    if (is_default(*row.args[number])) {
      *set_default = true;
      return nullptr;
    }
    return bind(*row.args[number], scope, Clause::kUpdateSet);
  }
  if (source.node_case != PG_QUERY__NODE__NODE_SUB_LINK) {
    fail_at(location_of(source), base::sqlstate::kFeatureNotSupported,
            "source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression");
  }
  const PgQuery__SubLink& link = *source.sub_link;
  Expr* expr = memory_.expr(ExprKind::kSubquery, nullptr, link.location);
  expr->subquery = &memory_.subqueries.emplace_back();
  SubqueryExpr& sub = *expr->subquery;
  sub.mode = SubqueryExpr::Mode::kScalar;
  sub.query = bind_any(*link.subselect->select_stmt, &scope, &expr->arguments, &sub.passed_slots);
  if (static_cast<size_t>(sub.query->visible_targets()) != wanted) mismatch();
  if (number > 0) {
    if (sub.query->kind == Query::Kind::kSetOperation || sub.query->kind == Query::Kind::kValues) {
      unsupported("this subquery in a multiple-column UPDATE", link.location);
    }
    std::swap(sub.query->targets[0], sub.query->targets[number]);
    for (SortItem& item : sub.query->sort) {
      if (item.target == 0) {
        item.target = static_cast<int>(number);
      } else if (item.target == static_cast<int>(number)) {
        item.target = 0;
      }
    }
  }
  expr->type = sub.query->targets[0].value->type;
  expr->typmod = sub.query->targets[0].value->typmod;
  return expr;
}

Assignment Binder::bind_assignment(const Modification& modify, const PgQuery__ResTarget& target,
                                   Scope& scope, Expr* before) {
  Assignment made;
  made.column = target_column(modify, target);
  const TableInfo& table = *modify.table;
  const ColumnObject& about = table.column(table.live[static_cast<size_t>(made.column)]);
  bool set_default = is_default(*target.val);
  Expr* value = nullptr;
  if (target.val->node_case == PG_QUERY__NODE__NODE_MULTI_ASSIGN_REF) {
    value = multi_value(*target.val->multi_assign_ref, scope, &set_default);
  } else if (!set_default) {
    value = bind(*target.val, scope, Clause::kUpdateSet);
  }
  if (!set_default && (about.generated || about.identity == Identity::kAlways)) {
    throw base::SqlException(
        base::Error(base::sqlstate::kGeneratedAlways,
                    "column " + quoted(about.name) + " can only be updated to DEFAULT")
            .detail("Column " + quoted(about.name) +
                    (about.generated ? " is a generated column."
                                     : " is an identity column defined as GENERATED ALWAYS.")));
  }
  if (set_default && target.n_indirection > 0) refuse_part_default(target);
  if (set_default && about.generated) {
    made.value = nullptr;
    return made;
  }
  if (target.n_indirection > 0 && !set_default) {
    if (before == nullptr) {
      modify.target->used[made.column] = true;
      before = memory_.expr(ExprKind::kColumn,
                            modify.target->columns[static_cast<size_t>(made.column)].type, -1);
      before->index = modify.target->offset + made.column;
    }
    made.value = part_assigned(table, made.column, target, value, before, scope);
    return made;
  }
  made.value =
      set_default ? column_default(table, made.column) : assigned(table, made.column, value);
  return made;
}

std::vector<Assignment> Binder::bind_assignments(const Modification& modify,
                                                 PgQuery__Node* const* targets, size_t count,
                                                 Scope& scope) {
  std::vector<Assignment> made;
  for (size_t i = 0; i < count; ++i) {
    const PgQuery__ResTarget& target = *targets[i]->res_target;
    Assignment one = bind_assignment(modify, target, scope);
    auto same = [&](const Assignment& other) { return other.column == one.column; };
    auto before = std::find_if(made.begin(), made.end(), same);
    if (before != made.end() && target.n_indirection > 0 && before->value != nullptr) {
      // Several fields of one column: the second is set in what the first has made.
      one = bind_assignment(modify, target, scope, before->value);
      *before = one;
      continue;
    }
    if (before != made.end()) {
      fail_at(-1, base::sqlstate::kSyntaxError,
              "multiple assignments to same column " + quoted(target.name));
    }
    made.push_back(one);
  }
  std::erase_if(made, [](const Assignment& one) { return one.value == nullptr; });
  RelationUse& use = use_target(modify, 0);
  for (const Assignment& one : made) {
    if (modify.view != nullptr) break;
    use.written.push_back(modify.table->live[static_cast<size_t>(one.column)]);
  }
  return made;
}

/// FROM or USING beside the target, then WHERE.
void Binder::bind_sources(Query& query, PgQuery__Node* const* from, size_t count,
                          const PgQuery__Node* where, Scope& scope) {
  for (size_t i = 0; i < count; ++i) {
    query.from.push_back(bind_from(*from[i], scope, query.row_width));
  }
  if (where != nullptr) {
    use_target(*query.modify, bit(Privilege::kSelect));
    if (where->node_case == PG_QUERY__NODE__NODE_CURRENT_OF_EXPR) {
      query.where = bind_current_of(query, *where->current_of_expr, scope);
    } else {
      query.where = to_bool(bind(*where, scope, Clause::kWhere), "WHERE");
    }
  }
  query.where = with_view_condition(*query.modify, query.where);
}

void Binder::bind_update(Query& query, const PgQuery__UpdateStmt& update, Scope& scope) {
  FromItem& target =
      bind_target(query, *update.relation, Modification::Kind::kUpdate, bit(Privilege::kUpdate));
  query.from.push_back(&target);
  add_target(scope, *query.modify);
  Modification& modify = *query.modify;
  bind_sources(query, update.from_clause, update.n_from_clause, update.where_clause, scope);
  modify.assignments = bind_assignments(modify, update.target_list, update.n_target_list, scope);
  bind_rules(modify);
  bind_returning(query, update.returning_list, update.n_returning_list, scope);
}

void Binder::bind_delete(Query& query, const PgQuery__DeleteStmt& statement, Scope& scope) {
  FromItem& target =
      bind_target(query, *statement.relation, Modification::Kind::kDelete, bit(Privilege::kDelete));
  query.from.push_back(&target);
  add_target(scope, *query.modify);
  bind_sources(query, statement.using_clause, statement.n_using_clause, statement.where_clause,
               scope);
  note_key_rules(query.modify->rules, *input_.names->image, query.modify->table->oid());
  bind_returning(query, statement.returning_list, statement.n_returning_list, scope);
}

}  // namespace isolde::sql
