#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sql/plan/expr.hpp"
#include "sql/plan/modification.hpp"
#include "sql/plan/relation_use.hpp"
#include "sql/plan/window_spec.hpp"
#include "sql/types/arena.hpp"
#include "sql/types/composite_type.hpp"
#include "txn/concurrency_control.hpp"

namespace isolde::sql {

class VirtualTable;
class RelationStats;
struct CommonTable;

struct ColumnInfo {
  std::string name;
  const Type* type = nullptr;
  int32_t typmod = -1;
};

/// One thing in FROM. Its columns stand at `offset` in the row of its query.
struct FromItem {
  enum class Kind : uint8_t { kFunction, kSubquery, kVirtualTable, kJoin, kCommonTable, kTable };
  /// The last two are the planner's own.
  enum class Join : uint8_t { kInner, kLeft, kRight, kFull, kSemi, kAnti };

  Kind kind = Kind::kFunction;
  std::string alias;
  std::vector<ColumnInfo> columns;
  int offset = 0;
  bool lateral = false;
  bool whole_row_is_column = false;  ///< a function's single column may be named by the alias

  Expr* function = nullptr;  ///< kFunction: a kSetCall or any other expression
  bool ordinality = false;
  Query* query = nullptr;  ///< kSubquery
  RelationPtr view;        ///< kSubquery: the view that stands for it, or null
  std::vector<int> passed_slots;
  std::vector<Expr*> passed;
  const VirtualTable* table = nullptr;
  CommonTable* common = nullptr;         ///< kCommonTable
  bool work_table = false;               ///< kCommonTable: what the last round of a recursion added
  const RelationStats* stats = nullptr;  ///< what is known of the rows, or nothing
  TableInfoPtr info;                     ///< kTable; the last of `columns` is the reference
  int number = -1;                       ///< of a table, in the statement
  bool keep_payload = false;             ///< its rows are updated, locked or evaluated again
  bool locked = false;                   ///< FOR UPDATE and the like, with `strength` and `wait`
  txn::RowIntent intent = txn::RowIntent::kRead;
  txn::RowLock strength = txn::RowLock::kShare;
  txn::LockWait wait = txn::LockWait::kWait;
  bool* used = nullptr;  ///< kTable: by column, whether anything reads it
  Join join = Join::kInner;
  FromItem* left = nullptr;
  FromItem* right = nullptr;
  Expr* condition = nullptr;

  int width() const { return static_cast<int>(columns.size()); }
};

struct Target {
  Expr* value = nullptr;
  std::string name;
  bool hidden = false;  ///< only there to be sorted by
};

/// An item of WITH. Read in place when that is all the same, else computed once into a set of rows
/// that its readers share.
struct CommonTable {
  enum class Materialize : uint8_t { kDefault, kAlways, kNever };
  std::string name;
  std::vector<ColumnInfo> columns;
  Query* query = nullptr;      ///< of a recursive one: what it starts with
  Query* recursive = nullptr;  ///< what adds rows to those of the last round
  bool distinct = false;       ///< recursion by UNION: rows seen before are not added
  bool modifies = false;       ///< INSERT, UPDATE, DELETE: runs once and to its end, read or not
  Materialize materialize = Materialize::kDefault;
  int references = 0;
  int slot = 0;  ///< among the statement's shared sets of rows
  /// Values of queries further out that it reads.
  std::vector<Expr*> passed;
  std::vector<int> passed_slots;
};

struct SortItem {
  int target = 0;
  bool descending = false;
  bool nulls_first = false;
};

/// A bound SELECT, VALUES or set operation: names are gone, types are settled.
struct Query {
  enum class Kind : uint8_t { kSelect, kValues, kSetOperation, kModify, kInput };
  enum class SetOperation : uint8_t { kUnion, kIntersect, kExcept };

  Kind kind = Kind::kSelect;
  std::vector<Target> targets;

  // kSelect
  std::vector<FromItem*> from;  ///< joined by commas
  int row_width = 0;
  Expr* where = nullptr;
  bool grouped = false;
  std::vector<Expr*> group_by;
  std::vector<Expr*> aggregates;
  Expr* having = nullptr;
  std::vector<WindowSpec*> windows;
  std::vector<Expr*> window_calls;  ///< in the order of their windows
  bool distinct = false;
  std::vector<int> distinct_on;  ///< targets

  // kValues; the targets say only names and types
  std::vector<std::vector<Expr*>> rows;

  // kSetOperation; likewise
  SetOperation operation = SetOperation::kUnion;
  bool all = false;
  Query* left = nullptr;
  Query* right = nullptr;

  /// Rows are locked: the tables that they come from, and which (hidden) target refers to each.
  bool locks = false;
  std::vector<std::pair<FromItem*, int>> references;

  // kInput: rows that come from without; the targets say names and types

  // kModify; the targets are what RETURNING gives, `from` and `where` as of kSelect
  Modification* modify = nullptr;

  // all kinds
  std::vector<CommonTable*> with;
  std::vector<SortItem> sort;
  Expr* limit = nullptr;
  Expr* offset = nullptr;
  bool with_ties = false;  ///< rows equal to the last one by `sort` come too
  int visible_targets() const;
  /// How many columns the rows have that others read: not the references, which are the last.
  int width() const { return static_cast<int>(targets.size() - references.size()); }
};

/// Owns everything that a bound statement and its plan consist of.
struct PlanMemory {
  Arena constants;
  std::deque<Expr> exprs;
  std::deque<SubqueryExpr> subqueries;
  std::deque<Query> queries;
  std::deque<FromItem> from_items;
  std::deque<CommonTable> common_tables;
  std::deque<WindowSpec> windows;
  std::deque<Modification> modifications;
  std::vector<TableInfoPtr> tables;                ///< that the statement uses
  std::vector<RelationUse> relations;              ///< what is locked before it runs
  std::vector<std::shared_ptr<const void>> texts;  ///< trees of views, defaults and the like
  std::vector<RoutineUse> routines;                ///< functions of the catalog
  int numbered_items = 0;
  std::deque<CompositeType> row_shapes;  ///< the types of ROW(...)
  int outer_values = 0;                  ///< how many slots kOuterValue uses
  int shared_rows = 0;                   ///< how many slots common tables use

  Expr* expr(ExprKind kind, const Type* type, int location) {
    Expr& made = exprs.emplace_back();
    made.kind = kind;
    made.type = type;
    made.location = location;
    return &made;
  }
};

}  // namespace isolde::sql
