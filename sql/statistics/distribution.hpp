#pragma once

#include <optional>
#include <span>

#include "sql/catalog/objects.hpp"
#include "sql/types/type.hpp"

// What a sample of a column tells of the whole column, by PostgreSQL's rules (analyze.c):
//
//      sample, sorted:   1 1 1 1 1 | 2 | 3 3 | 4 | 5 ... 900
//                        common      the rest, cut into parts of equally many rows:
//                        value       histogram bounds
//
//  * How many different values there are: if every value came up more than once, those are all; if
//    none did, all values differ; else the estimator Duj1 of Haas and Stokes (1998).
//  * A value is common when it was seen clearly more often than an average value would be.
//  * Values wider than 1024 bytes count as different and are not kept.

namespace isolde::sql {

/// A column's part of a sample of rows.
struct ColumnSample {
  /// In the order of the table. Wide values are not among them, nor NULLs.
  std::vector<Datum> values;
  int64_t nulls = 0;
  int64_t wide = 0;  ///< values too wide to be kept
  double bytes = 0;  ///< of all values, wide ones included
  static constexpr size_t kWidest = 1024;

  int64_t rows() const { return static_cast<int64_t>(values.size()) + nulls + wide; }
};

/// `target`: how many common values and parts of a histogram at most. `rows`: of the table. Nothing
/// when the sample is empty.
std::optional<RelationStatistics::Column> distribution_of(const Type& type, ColumnSample& sample,
                                                          int target, double rows);

/// Whether a column's statistics were ever gathered.
bool is_known(const RelationStatistics::Column& column);

}  // namespace isolde::sql
