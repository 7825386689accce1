#include <algorithm>
#include <utility>

#include "sql/catalog/system_relations.hpp"
#include "sql/deparse/writer.hpp"
#include "sql/functions/keywords.hpp"
#include "sql/functions/rows_from.hpp"
#include "sql/table/table_info.hpp"
#include "sql/views/virtual_table.hpp"

// FROM: each item on a line of its own, joins indented under it.

namespace isolde::sql {

namespace {

bool reads_columns(const Expr& expr) {
  return expr.kind == ExprKind::kColumn ||
         std::any_of(expr.arguments.begin(), expr.arguments.end(),
                     [](const Expr* argument) { return reads_columns(*argument); });
}

/// Reads items beside it, and not only of queries around.
bool is_lateral(const FromItem& item) {
  return std::any_of(item.passed.begin(), item.passed.end(),
                     [](const Expr* value) { return reads_columns(*value); });
}

}  // namespace

std::string RelationNames::relation(const FromItem& item) const {
  if (item.view != nullptr) return quoted_identifier(item.view->name);
  if (item.kind == FromItem::Kind::kTable) return quoted_identifier(item.info->name());
  return quoted_identifier(system_relation(item.table->oid())->name);
}

void Writer::from(const Query& query) {
  for (size_t i = 0; i < query.from.size(); ++i) {
    if (i == 0) {
      keyword(" FROM ", -8, 8, 2);
    } else {
      out_ += ',';
      keyword("", -8, 8, 4);
    }
    from_item(*query.from[i]);
  }
}

/// What it reads of other items is handed down to it as to a subquery.
void Writer::from_function(const FromItem& item) {
  if (is_lateral(item)) out_ += "LATERAL ";
  Frame inner;
  inner.parent = frame_;
  for (size_t i = 0; i < item.passed_slots.size(); ++i) {
    inner.passed.emplace_back(item.passed_slots[i], item.passed[i]);
  }
  const Frame* here = std::exchange(frame_, &inner);
  if (item.function->function == &rows_from_function()) {
    out_ += "ROWS FROM(";
    for (const Expr* call : item.function->arguments) {
      if (call != item.function->arguments.front()) out_ += ", ";
      write(*call, true);
    }
    out_ += ')';
  } else {
    write(*item.function, true);
  }
  frame_ = here;
  if (item.ordinality) out_ += " WITH ORDINALITY";
}

void Writer::from_item(const FromItem& item) {
  switch (item.kind) {
    case FromItem::Kind::kJoin:
      return join(item);
    case FromItem::Kind::kFunction:
      from_function(item);
      break;
    case FromItem::Kind::kSubquery:
      if (item.view != nullptr) {
        out_ += relations_->relation(item);
        break;
      }
      if (is_lateral(item)) out_ += "LATERAL ";
      out_ += '(';
      inner_query(*item.query, item.passed, item.passed_slots, true);
      out_ += ')';
      break;
    case FromItem::Kind::kVirtualTable:
    case FromItem::Kind::kTable:
      if (item.condition != nullptr) refuse("TABLESAMPLE");
      out_ += relations_->relation(item);
      break;
    case FromItem::Kind::kCommonTable:
      refuse("WITH");
  }
  alias(item);
}

/// A function always has one, with its columns; others where they are called otherwise.
void Writer::alias(const FromItem& item) {
  bool columns = item.kind == FromItem::Kind::kFunction;
  std::string name = quoted_identifier(item.alias);
  bool table = item.kind == FromItem::Kind::kTable;
  size_t count = table ? item.info->live.size() : item.columns.size();
  if (table || item.view != nullptr || item.kind == FromItem::Kind::kVirtualTable) {
    std::string relation = relations_->relation(item);
    for (size_t i = 0; i < count; ++i) {
      std::string_view own = table ? std::string_view(item.info->column(item.info->live[i]).name)
                             : item.view != nullptr ? std::string_view(item.view->columns[i].name)
                                                    : item.table->columns()[i].name;
      columns |= item.columns[i].name != own;
    }
    if (!columns && (relation == name || relation.ends_with("." + name))) return;
  }
  if (item.alias.empty()) return;
  if (item.kind == FromItem::Kind::kSubquery && item.view == nullptr) {
    for (size_t i = 0; i < item.columns.size(); ++i) {
      columns |= item.columns[i].name != item.query->targets[i].name;
    }
  }
  out_ += ' ' + name;
  if (!columns) return;
  for (size_t i = 0; i < count; ++i) {
    out_ += i == 0 ? "(" : ", ";
    out_ += quoted_identifier(item.columns[i].name);
  }
  out_ += ')';
}

void Writer::join(const FromItem& item) {
  open();
  from_item(*item.left);
  std::string_view words;
  switch (item.join) {
    case FromItem::Join::kInner:
      words = item.condition != nullptr ? " JOIN " : " CROSS JOIN ";
      break;
    case FromItem::Join::kLeft:
      words = " LEFT JOIN ";
      break;
    case FromItem::Join::kRight:
      words = " RIGHT JOIN ";
      break;
    case FromItem::Join::kFull:
      words = " FULL JOIN ";
      break;
    case FromItem::Join::kSemi:
    case FromItem::Join::kAnti:
      break;  // made by the planner only
  }
  keyword(words, -8, 8, 4);
  bool brackets = options_.pretty && item.right->kind == FromItem::Kind::kJoin;
  if (brackets) out_ += '(';
  from_item(*item.right);
  if (brackets) out_ += ')';
  if (item.condition != nullptr) {
    out_ += " ON ";
    open();
    write(*item.condition, false);
    close();
  } else if (item.join != FromItem::Join::kInner) {
    out_ += " ON TRUE";
  }
  close();
}

}  // namespace isolde::sql
