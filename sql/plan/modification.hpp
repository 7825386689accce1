#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sql/plan/expr.hpp"
#include "sql/table/table_info.hpp"

namespace isolde::sql {

struct FromItem;

// INSERT, UPDATE, DELETE and MERGE, bound.
//
// A table's row stands in the row of a query as its live columns in order, then a *reference*: the
// version that it was read from (sql/exec/row_reference.hpp). What is said about a new row (CHECK,
// generated columns, RETURNING) is said over that; "column i" below is the i-th live one.

/// SET column = value.
struct Assignment {
  int column = 0;
  Expr* value = nullptr;
};

/// What holds for every row that is written; over a row that begins with the table's.
struct RowRules {
  struct Check {
    std::string name;
    Expr* condition = nullptr;
    bool of_view = false;  ///< WITH CHECK OPTION of the view of this name
  };
  struct Index {
    /// By key column: null for a plain column.
    std::vector<Expr*> expressions;
    Expr* predicate = nullptr;
  };
  std::vector<Assignment> generated;
  std::vector<Check> checks;  ///< in the order of their names; then those of views
  std::vector<Index> indexes;
  using Constraints = std::vector<std::shared_ptr<const ConstraintObject>>;
  Constraints references;     ///< its foreign keys
  Constraints referenced_by;  ///< foreign keys that refer to it
  Constraints deferred_keys;  ///< unique ones that are DEFERRABLE
};

/// ON CONFLICT.
struct ConflictRule {
  enum class Action : uint8_t { kError, kNothing, kUpdate };
  Action action = Action::kError;
  std::vector<int> arbiters;  ///< places in TableInfo::indexes; none: any
  /// Over the row in the way and behind it the row that was to be inserted ("excluded").
  std::vector<Assignment> assignments;
  Expr* where = nullptr;
};

/// A WHEN of MERGE.
struct MergeAction {
  enum class Kind : uint8_t { kInsert, kUpdate, kDelete, kNothing };
  Kind kind = Kind::kNothing;
  bool matched = false;
  Expr* condition = nullptr;
  std::vector<Expr*> row;  ///< kInsert
  std::vector<Assignment> assignments;
};

/// The view that a statement names in place of the table under it (sql/binder/view_target.cpp).
struct TargetView {
  struct Column {
    std::string name;
    Expr* value = nullptr;  ///< over the table's row
    int column = -1;        ///< the table's column that it is, or -1
  };
  /// A view of a view has two, the lowest first.
  struct Level {
    std::string name;
    Expr* where = nullptr;
    bool checked = false;  ///< new rows must meet it: WITH CHECK OPTION
  };
  RelationPtr view;
  std::string alias;
  std::vector<Column> columns;
  std::vector<Level> levels;
};

struct Modification {
  enum class Kind : uint8_t { kInsert, kUpdate, kDelete, kMerge };
  Kind kind = Kind::kInsert;
  TableInfoPtr table;
  std::string schema;
  /// UPDATE, DELETE, MERGE: the target, first in the query's FROM.
  FromItem* target = nullptr;
  std::shared_ptr<const TargetView> view;  ///< null: the statement names the table itself
  /// INSERT: what `row` is over, or null for a row without columns.
  Query* source = nullptr;
  std::vector<Expr*> row;               ///< INSERT: by column
  Expr* where = nullptr;                ///< COPY: of the new row
  std::vector<Assignment> assignments;  ///< UPDATE: over the row of the query
  std::vector<MergeAction> actions;
  RowRules rules;
  ConflictRule conflict;
  bool counts = false;  ///< its rows are those that the command tag tells of
};

}  // namespace isolde::sql
