#pragma once

#include <string>
#include <vector>

#include "sql/expr/program.hpp"
#include "sql/plan/modification.hpp"
#include "sql/table/row_codec.hpp"
#include "sql/table/table_info.hpp"
#include "txn/concurrency_control.hpp"

// Plans that read and write tables.

namespace isolde::sql {

/// One part of an index range: the values of a key column.
struct KeyBound {
  enum class Kind : uint8_t {
    kEqual,
    kAnyOf,  ///< the value is an array
    kIsNull,
    kNotNull,
    kLess,
    kLessEqual,
    kGreater,
    kGreaterEqual,
    kPrefix,  ///< LIKE: what comes before the pattern's first wildcard
  };
  Kind kind = Kind::kEqual;
  int column = 0;              ///< of the key
  int value = -1;              ///< among the outputs of TableScan::bounds
  const Type* type = nullptr;  ///< of the value
};

/// How a table is read: from its pages or through an index.
struct TableScan {
  TableInfoPtr table;
  std::string alias;
  int number = -1;  ///< of the item of FROM, for those who evaluate rows again
  RowDecoder filter_columns;
  RowDecoder other_columns;
  Program filter;  ///< what the index range does not say already
  bool has_filter = false;
  Program recheck;  ///< the whole condition
  bool has_recheck = false;
  int reference = -1;  ///< where the reference goes, or -1
  bool reference_payload = false;
  bool reference_filtered = false;  ///< the filter reads it
  txn::RowIntent intent = txn::RowIntent::kRead;
  txn::RowLock strength = txn::RowLock::kShare;
  txn::LockWait wait = txn::LockWait::kWait;

  // Through an index.
  const IndexInfo* index = nullptr;
  std::vector<KeyBound> keys;  ///< equalities of the leading columns, then bounds of the next one
  Program bounds;
  bool backward = false;
  bool keys_only = false;
  std::vector<std::pair<int, int>> from_key;  ///< keys_only: key column and its place in the row
  bool unique_point = false;

  // What EXPLAIN shows: the conditions as they were given, over the columns of `item`.
  const FromItem* item = nullptr;
  std::vector<const Expr*> ranged;    ///< by the index or the place
  std::vector<const Expr*> filtered;  ///< row by row

  // By place.
  bool by_place = false;  ///< `bounds` gives a tid, or an array of them
  bool places_array = false;
};

/// A row that is locked, or kept to be evaluated again: where its reference stands in a row, or
/// where the columns of something that is no table do.
struct RowMark {
  TableInfoPtr table;  ///< null: no table
  int number = -1;     ///< of the item of FROM
  int first = 0;       ///< its reference, or its first column
  int width = 1;
  bool lock = false;
  txn::RowLock strength = txn::RowLock::kUpdate;
  txn::LockWait wait = txn::LockWait::kWait;
  std::string name;  ///< for messages
};

/// The rules of a table's rows, compiled.
struct WriteRules {
  struct Index {
    Program keys;  ///< of the expressions, in the order of key columns that have one
    std::vector<bool> is_expression;
    bool has_expressions = false;
    Program predicate;
    bool has_predicate = false;
  };
  /// A constraint that is checked once the row stands (sql/constraints/), with its columns here.
  struct KeyRule {
    std::shared_ptr<const ConstraintObject> constraint;
    std::vector<int> columns;
  };
  TableInfoPtr table;
  std::string schema;
  std::vector<int> generated;  ///< columns; `generation` has their values
  Program generation;
  std::vector<std::string> checks;  ///< names; `conditions` has their verdicts
  size_t table_checks = 0;          ///< so many; the others are WITH CHECK OPTION, of views
  Program conditions;
  std::vector<Index> indexes;
  RowDecoder index_columns;   ///< to live columns: what keys and predicates read
  RowDecoder all_columns;     ///< to live columns
  std::vector<bool> indexed;  ///< by place: a key or predicate depends on it
  std::vector<bool> key;      ///< by place: foreign keys may refer to it
  std::vector<KeyRule> references, referenced_by, deferred_keys;  ///< see RowRules
  bool has_key_rules() const {
    return !references.empty() || !referenced_by.empty() || !deferred_keys.empty();
  }
};

struct UpdatePart {
  std::vector<int> columns;  ///< that `values` computes
  Program values;
};

/// A WHEN of MERGE; programs over the child's row.
struct MergeStep {
  MergeAction::Kind kind = MergeAction::Kind::kNothing;
  bool matched = false;
  Program condition;
  bool has_condition = false;
  Program row;
  UpdatePart update;
};

struct ModifyPlan {
  Modification::Kind kind = Modification::Kind::kInsert;
  WriteRules rules;
  Program where;  ///< of the new row
  bool has_where = false;
  Program row;        ///< INSERT: a value a live column
  int offset = 0;     ///< of the target in the child's row
  int reference = 0;  ///< its place there
  UpdatePart update;
  std::vector<RowMark> marks;  ///< of the child's row; the first is the target
  ConflictRule::Action conflict = ConflictRule::Action::kError;
  std::vector<int> arbiters;
  UpdatePart conflict_update;
  Program conflict_where;
  bool has_conflict_where = false;
  std::vector<MergeStep> merge;
  Program returning;
  bool returns = false;
  bool counts = false;
};

}  // namespace isolde::sql
