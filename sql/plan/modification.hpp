#pragma once

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
  };
  struct Index {
    /// By key column: null for a plain column.
    std::vector<Expr*> expressions;
    Expr* predicate = nullptr;
  };
  std::vector<Assignment> generated;
  std::vector<Check> checks;  ///< in the order of their names
  std::vector<Index> indexes;
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

struct Modification {
  enum class Kind : uint8_t { kInsert, kUpdate, kDelete, kMerge };
  Kind kind = Kind::kInsert;
  TableInfoPtr table;
  std::string schema;
  /// UPDATE, DELETE, MERGE: the target, first in the query's FROM.
  FromItem* target = nullptr;
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
