#include <algorithm>
#include <utility>

#include "sql/deparse/writer.hpp"
#include "sql/functions/keywords.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

constexpr int kStep = 8;

/// The columns of a query's own rows, by their tables' names.
class QueryColumns final : public ColumnNames {
 public:
  explicit QueryColumns(const Query& query) : query_(query) {}

  ColumnName column(int index) const override {
    for (const FromItem* item : query_.from) {
      if (const FromItem* leaf = find(*item, index)) {
        const ColumnInfo& info = leaf->columns[static_cast<size_t>(index - leaf->offset)];
        std::string name = quoted_identifier(info.name);
        if (leaf->alias.empty()) return {name, info.type};
        return {quoted_identifier(leaf->alias) + "." + name, info.type};
      }
    }
    return {"?column?", nullptr};
  }

 private:
  static const FromItem* find(const FromItem& item, int index) {
    if (item.kind == FromItem::Kind::kJoin) {
      const FromItem* left = find(*item.left, index);
      return left != nullptr ? left : find(*item.right, index);
    }
    return index >= item.offset && index < item.offset + item.width() ? &item : nullptr;
  }

  const Query& query_;
};

bool is_call(const Expr& expr) {
  bool function =
      expr.kind == ExprKind::kCall && operator_name(expr).empty() && expr.form != CallForm::kValue;
  return function || expr.kind == ExprKind::kAggregate || expr.kind == ExprKind::kWindow ||
         expr.kind == ExprKind::kSetCall;
}

}  // namespace

void Writer::query_with_names(const Query& query, std::span<const Target> names, bool visible) {
  int indent = indent_;
  if (!query.with.empty()) refuse("WITH");
  if (!query.windows.empty()) refuse("a window function");
  switch (query.kind) {
    case Query::Kind::kSelect:
      select(query, names, visible);
      break;
    case Query::Kind::kValues:
      indent_ += kStep;
      values(query);
      order_and_limits(query);
      break;
    case Query::Kind::kSetOperation:
      set_operation(query, names);
      order_and_limits(query);
      break;
    case Query::Kind::kModify:
    case Query::Kind::kInput:
      refuse("a statement that changes tables");
  }
  if (query.locks) refuse("FOR UPDATE");
  indent_ = indent;
}

void Writer::select(const Query& query, std::span<const Target> names, bool visible) {
  QueryColumns columns(query);
  const Frame* around = frame_;
  Frame rows{&columns, around->parent, nullptr, nullptr, around->passed};
  Frame groups = rows;
  bool grouped = query.grouped || !query.group_by.empty() || !query.aggregates.empty();
  if (grouped) {
    groups.grouped = &query;
    groups.rows = &rows;
  }
  indent_ += kStep;
  frame_ = &groups;
  out_ += " SELECT ";
  distinct(query);
  targets(query, names, visible);
  frame_ = &rows;
  from(query);
  if (query.where != nullptr) {
    keyword(" WHERE ", -kStep, kStep, 1);
    write(*query.where, false);
  }
  for (size_t i = 0; i < query.group_by.size(); ++i) {
    const Expr& key = *query.group_by[i];
    bool implied = key.kind == ExprKind::kColumn && key.form == CallForm::kImplicitCast;
    if (implied) continue;  // what a primary key among the others stands for
    if (i == 0) keyword(" GROUP BY ", -kStep, kStep, 1);
    if (i > 0) out_ += ", ";
    sort_value(key);
  }
  frame_ = &groups;
  if (query.having != nullptr) {
    keyword(" HAVING ", -kStep, kStep, 0);
    write(*query.having, false);
  }
  order_and_limits(query);
  frame_ = around;
}

void Writer::distinct(const Query& query) {
  if (!query.distinct_on.empty()) {
    out_ += "DISTINCT ON (";
    for (size_t i = 0; i < query.distinct_on.size(); ++i) {
      if (i > 0) out_ += ", ";
      sort_value(*query.targets[static_cast<size_t>(query.distinct_on[i])].value);
    }
    out_ += ") ";
  } else if (query.distinct) {
    out_ += "DISTINCT ";
  }
}

/// Each on a line of its own.
void Writer::targets(const Query& query, std::span<const Target> names, bool visible) {
  bool first = true;
  for (size_t i = 0; i < query.targets.size(); ++i) {
    if (query.targets[i].hidden) continue;
    if (!first) {
      out_ += ',';
      if (meant(*query.targets[i].value).kind != ExprKind::kCase) keyword("", -kStep, kStep, 4);
    }
    first = false;
    target(*query.targets[i].value, i < names.size() ? names[i].name : "", visible);
  }
}

void Writer::target(const Expr& value, const std::string& name, bool visible) {
  size_t begin = out_.size();
  write(value, true);
  std::string shown = out_.substr(std::min(begin, out_.size()));
  std::string quoted_name = quoted_identifier(name);
  if (meant(value).kind == ExprKind::kColumn || meant(value).kind == ExprKind::kOuterValue) {
    if (shown == quoted_name || shown.ends_with("." + quoted_name)) return;
  } else if (!visible && name == "?column?") {
    return;
  }
  out_ += " AS " + quoted_name;
}

/// A value that is sorted or grouped by: brackets tell calls and literals from names and numbers of
/// columns.
void Writer::sort_value(const Expr& expr) {
  const Expr& inside = meant(expr);
  if (inside.kind == ExprKind::kConst) {
    constant(inside, false);
    out_ += "::" + format_type(*inside.type, inside.typmod);
    return;
  }
  bool name = inside.kind == ExprKind::kColumn || inside.kind == ExprKind::kOuterValue;
  bool brackets = !name && (options_.pretty || is_call(inside));
  if (brackets) out_ += '(';
  write(expr, true);
  if (brackets) out_ += ')';
}

void Writer::order_and_limits(const Query& query) {
  for (size_t i = 0; i < query.sort.size(); ++i) {
    const SortItem& item = query.sort[i];
    if (i == 0) keyword(" ORDER BY ", -kStep, kStep, 1);
    if (i > 0) out_ += ", ";
    if (query.kind == Query::Kind::kSelect) {
      sort_value(*query.targets[static_cast<size_t>(item.target)].value);
    } else {
      out_ += std::to_string(item.target + 1);
    }
    if (item.descending) out_ += item.nulls_first ? " DESC" : " DESC NULLS LAST";
    if (!item.descending && item.nulls_first) out_ += " NULLS FIRST";
  }
  if (query.offset != nullptr) {
    keyword(" OFFSET ", -kStep, kStep, 0);
    write(*query.offset, false);
  }
  if (query.limit != nullptr) {
    keyword(" LIMIT ", -kStep, kStep, 0);
    write(*query.limit, false);
  }
}

void Writer::values(const Query& query) {
  out_ += " VALUES ";
  for (size_t r = 0; r < query.rows.size(); ++r) {
    out_ += r > 0 ? ", (" : "(";
    for (size_t c = 0; c < query.rows[r].size(); ++c) {
      if (c > 0) out_ += ',';
      write(*query.rows[r][c], false);
    }
    out_ += ')';
  }
}

// --- UNION, INTERSECT, EXCEPT

void Writer::set_operand(const Query& query, std::span<const Target> names) {
  bool brackets = query.kind != Query::Kind::kSetOperation &&
                  (!query.sort.empty() || query.limit != nullptr || query.offset != nullptr);
  if (brackets) out_ += '(';
  query_with_names(query, names, true);
  if (brackets) out_ += ')';
}

/// A chain of one operation stays flat on the left; other nested ones have brackets and are
/// indented.
void Writer::set_operation(const Query& query, std::span<const Target> names) {
  auto nested = [](const Query& side) { return side.kind == Query::Kind::kSetOperation; };
  const Query& left = *query.left;
  bool chain = nested(left) && left.operation == query.operation && left.all == query.all;
  if (nested(left) && !chain) {
    out_ += '(';
    keyword("", kStep, 0, 0);
    set_operand(left, names);
    keyword(") ", -kStep, 0, 0);
  } else {
    set_operand(left, names);
    keyword("", 0, 0, 0);
  }
  out_ += query.operation == Query::SetOperation::kUnion       ? "UNION "
          : query.operation == Query::SetOperation::kIntersect ? "INTERSECT "
                                                               : "EXCEPT ";
  if (query.all) out_ += "ALL ";
  bool right_nested = nested(*query.right);
  if (right_nested) out_ += '(';
  keyword("", right_nested ? kStep : 0, 0, 0);
  set_operand(*query.right, names);
  if (right_nested) keyword(")", -kStep, 0, 0);
}

// --- subqueries

void Writer::inner_query(const Query& query, std::span<Expr* const> passed,
                         std::span<const int> slots, bool visible) {
  Frame inner;
  inner.parent = frame_;
  for (size_t i = 0; i < slots.size(); ++i) inner.passed.emplace_back(slots[i], passed[i]);
  const Frame* here = std::exchange(frame_, &inner);
  query_with_names(query, query.targets, visible);
  frame_ = here;
}

void Writer::subquery(const Expr& expr) {
  const SubqueryExpr& sub = *expr.subquery;
  if (relations_ == nullptr) {  // of a plan: the query is no longer as it was written
    out_ += "(SubPlan 1)";
    return;
  }
  bool array = sub.mode == SubqueryExpr::Mode::kArray;
  out_ += array ? "ARRAY(" : "(";
  bool bare = array || sub.mode == SubqueryExpr::Mode::kScalar;
  if (sub.mode == SubqueryExpr::Mode::kExists) out_ += "EXISTS ";
  if (sub.test != nullptr) {
    write(*expr.arguments.back(), true);
    std::string_view name = operator_name(*sub.test);
    bool any = sub.mode == SubqueryExpr::Mode::kAny;
    out_ += any && name == "=" ? " IN " : " " + std::string(name) + (any ? " ANY " : " ALL ");
  }
  if (!bare) out_ += '(';
  inner_query(*sub.query, expr.arguments, sub.passed_slots, false);
  out_ += bare ? ")" : "))";
}

std::string deparse_view(const Query& query, const RelationNames& relations,
                         const DeparseOptions& options) {
  Writer writer(options, nullptr, &relations);
  writer.write_query(query);
  return writer.take() + ";";
}

}  // namespace isolde::sql
