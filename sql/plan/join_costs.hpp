#pragma once

namespace isolde::sql {

// What reading and joining cost, in PostgreSQL's unit: a page read in order is 1.

constexpr double kRowCost = 0.01;        ///< to hand a row on
constexpr double kCompareCost = 0.0025;  ///< to evaluate a condition over a pair of rows
constexpr double kKeepCost = 0.015;      ///< to put a row into a hash table, or aside
constexpr double kLookUpCost = 0.0075;   ///< to look for a key there
constexpr double kIndexCost = 0.3;       ///< to find a place in an index
constexpr double kIndexRowCost = 0.02;   ///< to fetch a row from there
constexpr double kFetchCost = 0.04;      ///< the same, in no order of its pages
constexpr double kEntryCost = 0.006;     ///< to read an entry that has all that is wanted
constexpr double kSortRowCost = 0.02;    ///< to keep a row to be sorted,
constexpr double kSortCost = 0.0005;     ///< and for each comparison
constexpr double kForbidden = 1e10;      ///< of what an enable_ setting turns off

}  // namespace isolde::sql
