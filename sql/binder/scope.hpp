#pragma once

#include <string>
#include <vector>

#include "sql/plan/query.hpp"

namespace isolde::sql {

struct ScopeColumn {
  std::string name;
  int index = 0;  ///< in the row of the query
  const Type* type = nullptr;
  int32_t typmod = -1;
  Expr* merged = nullptr;   ///< of JOIN ... USING: what stands for both sides
  bool* used = nullptr;     ///< of a table's column: to be set when something reads it
  std::string barred = {};  ///< of an outer join's other side: the table that must not be looked at
};

/// A name that columns can be qualified with.
struct ScopeTable {
  std::string alias;
  std::vector<ScopeColumn> columns;
  bool scalar_function = false;  ///< the alias alone means its only column
  int reference =
      -1;  ///< of a table: the place of the reference to the version (row_reference.hpp)
  bool* reference_used = nullptr;
  std::vector<ScopeColumn> hidden = {};  ///< columns that * leaves out: tableoid of catalogs
  bool barred = false;                   ///< likewise
  const FromItem* item = nullptr;        ///< what the name stands for, unless it is a join's
};

/// What names mean in one query: its tables, and the query around it.
struct Scope {
  Scope* parent = nullptr;
  std::vector<ScopeTable> tables;
  std::vector<ScopeColumn> columns;  ///< what unqualified names and * see, in order

  /// Lists the values of the parent that this scope's query reads; each becomes a kOuterValue.
  std::vector<Expr*>* passed = nullptr;
  std::vector<int>* passed_slots = nullptr;
};

}  // namespace isolde::sql
