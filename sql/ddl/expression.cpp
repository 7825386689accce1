#include "sql/ddl/expression.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/binder/nodes.hpp"
#include "sql/ddl/qualify.hpp"
#include "sql/parser/tree_walk.hpp"

namespace isolde::sql {

int find_column(const RelationObject& table, std::string_view name) {
  for (size_t i = 0; i < table.columns.size(); ++i) {
    if (!table.columns[i].dropped && table.columns[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

int16_t column_number(const RelationObject& table, std::string_view name) {
  int place = find_column(table, name);
  if (place < 0) {
    fail(base::sqlstate::kUndefinedColumn,
         "column " + quoted(name) + " of relation " + quoted(table.name) + " does not exist");
  }
  return static_cast<int16_t>(place + 1);
}

namespace {

Clause clause_of(KeptClause clause) {
  switch (clause) {
    case KeptClause::kDefault:
      return Clause::kColumnDefault;
    case KeptClause::kGenerated:
      return Clause::kGeneratedColumn;
    case KeptClause::kCheck:
      return Clause::kCheck;
    case KeptClause::kIndexKey:
      return Clause::kIndexExpression;
    case KeptClause::kIndexPredicate:
      return Clause::kIndexPredicate;
  }
  return Clause::kColumnDefault;
}

/// As in "cannot use subquery in check constraint".
std::string_view place_name(KeptClause clause) {
  switch (clause) {
    case KeptClause::kDefault:
      return "DEFAULT expression";
    case KeptClause::kGenerated:
      return "column generation expression";
    case KeptClause::kCheck:
      return "check constraint";
    case KeptClause::kIndexKey:
      return "index expression";
    case KeptClause::kIndexPredicate:
      return "index predicate";
  }
  return "";
}

/// What no such expression may contain, whatever it means.
void check_tree(Definer& d, const PgQuery__Node& node, KeptClause clause) {
  walk_tree(node, [&](const PgQuery__Node& at) {
    if (at.node_case == PG_QUERY__NODE__NODE_SUB_LINK) {
      d.fail_at(at.sub_link->location, base::sqlstate::kFeatureNotSupported,
                "cannot use subquery in " + std::string(place_name(clause)));
    }
    if (at.node_case == PG_QUERY__NODE__NODE_COLUMN_REF && clause == KeptClause::kDefault) {
      d.fail_at(at.column_ref->location, base::sqlstate::kFeatureNotSupported,
                "cannot use column reference in DEFAULT expression");
    }
    if (at.node_case == PG_QUERY__NODE__NODE_PARAM_REF) {
      d.fail_at(at.param_ref->location, base::sqlstate::kUndefinedParameter,
                "there is no parameter $" + std::to_string(at.param_ref->number));
    }
    return true;
  });
}

void check_volatility(const PlanMemory& memory, KeptClause clause) {
  if (clause == KeptClause::kDefault || clause == KeptClause::kCheck) return;
  bool immutable = std::ranges::all_of(memory.exprs, [](const Expr& expr) {
    return expr.function == nullptr || expr.function->volatility == Volatility::kImmutable;
  });
  if (immutable) return;
  std::string message =
      clause == KeptClause::kGenerated
          ? "generation expression is not immutable"
          : "functions in " + std::string(place_name(clause)) + " must be marked IMMUTABLE";
  fail(base::sqlstate::kInvalidObjectDefinition, std::move(message));
}

/// attnums of the live columns that an expression reads.
std::vector<int16_t> columns_read(const PlanMemory& memory, const RelationObject& table) {
  std::vector<int16_t> live;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    if (!table.columns[i].dropped) live.push_back(static_cast<int16_t>(i + 1));
  }
  std::vector<int16_t> read;
  for (const Expr& expr : memory.exprs) {
    if (expr.kind == ExprKind::kColumn) read.push_back(live[static_cast<size_t>(expr.index)]);
  }
  std::ranges::sort(read);
  read.erase(std::unique(read.begin(), read.end()), read.end());
  return read;
}

int place_of_column(const PlanMemory& memory, const RelationObject& table, int16_t number) {
  int index = 0;
  for (int16_t before = 1; before < number; ++before) {
    index += !table.columns[static_cast<size_t>(before - 1)].dropped;
  }
  for (const Expr& expr : memory.exprs) {
    if (expr.kind == ExprKind::kColumn && expr.index == index) return expr.location;
  }
  return -1;
}

}  // namespace

/// Objects that users have made and that a bound expression uses.
std::vector<Oid> objects_used(const PlanMemory& memory, const CatalogImage& image) {
  std::vector<Oid> used;
  auto note = [&](Oid oid) {
    if (std::ranges::find(used, oid) == used.end()) used.push_back(oid);
  };
  for (const RoutineUse& use : memory.routines) note(use.function);
  for (const Expr& expr : memory.exprs) {
    if (expr.function != nullptr && image.find(ObjectKind::kFunction, expr.function->oid)) {
      note(expr.function->oid);
    }
    if (expr.type != nullptr) {
      if (ObjectPtr owner = image.owner_of_type(expr.type->oid)) note(owner->oid);
    }
    bool names_relation = expr.kind == ExprKind::kConst && expr.type != nullptr &&
                          expr.type->oid == types::kRegclass && !expr.value.is_null();
    if (names_relation) {
      Oid relation(static_cast<uint32_t>(expr.value.as_int()));
      if (image.relation(relation) != nullptr) note(relation);
    }
  }
  return used;
}

KeptExpression keep_expression(Definer& d, const PgQuery__Node& node, KeptClause clause,
                               const RelationObject& table, const ColumnObject* column) {
  check_tree(d, node, clause);
  PlanMemory memory;
  const Expr* bound =
      Binder(d.binder_input(), memory).bind_row_expression(node, table, clause_of(clause), column);
  check_volatility(memory, clause);
  KeptExpression kept;
  kept.columns = columns_read(memory, table);
  if (clause == KeptClause::kGenerated) {
    for (int16_t number : kept.columns) {
      const ColumnObject& other = table.columns[static_cast<size_t>(number - 1)];
      if (!other.generated) continue;
      d.fail_at(place_of_column(memory, table, number),
                base::Error(base::sqlstate::kInvalidObjectDefinition,
                            "cannot use generated column " + quoted(other.name) +
                                " in column generation expression")
                    .detail("A generated column cannot reference another generated column."));
    }
  }
  kept.needs = objects_used(memory, d.image());
  std::erase(kept.needs, table.oid);
  kept.type = bound->type;
  kept.text = qualified_expression(d, node, memory);
  return kept;
}

}  // namespace isolde::sql
