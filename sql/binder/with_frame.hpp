#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

#include "sql/binder/scope.hpp"

struct PgQuery__CommonTableExpr;

namespace isolde::sql {

/// The items of one WITH clause, while the query that they belong to is being bound. Items are
/// bound when the query is, in order; those of WITH RECURSIVE when they are first named, so that
/// they may be written in any order.
struct WithFrame {
  enum class State : uint8_t { kUnbound, kBinding, kFirstTerm, kRecursiveTerm, kBound };
  struct Item {
    const PgQuery__CommonTableExpr* node = nullptr;
    CommonTable* table = nullptr;
    State state = State::kUnbound;
    int self_references = 0;
  };

  WithFrame* above = nullptr;
  bool recursive = false;
  Scope outer;                ///< what items see of the queries around: no tables of its own
  std::deque<Item> items;     ///< those of the clause, then further copies of NOT MATERIALIZED ones
  size_t visible = 0;         ///< items before this one can be named
  size_t binding = SIZE_MAX;  ///< the item that is being bound
};

}  // namespace isolde::sql
