#pragma once

#include <optional>
#include <vector>

#include "sql/plan/query.hpp"
#include "sql/plan/table_plan.hpp"

// What an index can do for a scan: which conditions become its range of keys, and whether it gives
// the rows in an order that is wanted.

namespace isolde::sql {

/// What a condition says of one column: value OP key, in an index's terms.
struct KeyCondition {
  KeyBound::Kind kind;
  const Expr* key;    ///< over the item's columns
  const Expr* value;  ///< null for kIsNull and kNotNull
  const Type* type;   ///< of the value, of one element with kAnyOf
  Expr* condition;
  bool exact = true;  ///< the range says all of the condition
};

std::vector<KeyCondition> key_conditions(const std::vector<Expr*>& conditions);

/// Whether an expression reads columns of the row.
bool reads_columns(const Expr* expr);
/// Can it be worked out once, before the scan?
bool is_bound_value(const Expr* expr);

/// The order in which a query wants its rows.
struct WantedOrder {
  struct Key {
    const Expr* value;
    bool descending;
    bool nulls_first;
  };
  const Query* query = nullptr;
  std::vector<Key> keys;
  std::optional<double> first;  ///< only so many rows are wanted
  bool met = false;             ///< the plan gives them in this order
};

/// A way through an index.
struct IndexChoice {
  const IndexInfo* index = nullptr;
  std::vector<const KeyCondition*> used;
  std::vector<int> columns;  ///< of the key, for each of `used`
  int equalities = 0;
  bool point = false;    ///< at most one row
  bool ordered = false;  ///< in the wanted order,
  bool backward = false;
  bool covering = false;  ///< the keys have all that is read

  /// It narrows the scan down.
  bool selective() const;
};

/// The conditions that an index can serve, as its range.
IndexChoice try_index(const FromItem& item, const IndexInfo& index,
                      const std::vector<KeyCondition>& conditions);
/// Sets `ordered` and `backward` if the index has the order.
void match_order(const FromItem& item, IndexChoice& choice, const WantedOrder& wanted);
/// Sets `covering` if the key has all columns of the item that are needed.
void match_columns(const FromItem& item, IndexChoice& choice, const std::vector<bool>& needed);
/// The column of the key that stands for a column of the item, or -1.
int key_column_of(const FromItem& item, const IndexInfo& index, int column);

}  // namespace isolde::sql
