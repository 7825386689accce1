#pragma once

#include <optional>
#include <vector>

#include "sql/catalog/objects.hpp"
#include "sql/types/arena.hpp"
#include "sql/types/type.hpp"

namespace isolde::sql {

// For the planner: what ANALYZE has found out, with values of the column's own type.
//
//      auto known = ColumnStatistics::of(*info.relation, place, *info.shape[place].type);
//      if (known) known->fraction_equal(value) ...

class ColumnStatistics {
 public:
  struct Common {
    Datum value;
    double frequency;  ///< of all rows, NULLs included
  };

  /// `place` is attnum - 1. Nothing when the column was never analysed.
  static std::optional<ColumnStatistics> of(const RelationObject& relation, size_t place,
                                            const Type& type);

  double null_fraction() const { return about_.null_fraction; }
  double width() const { return about_.width; }
  /// How many different values there are among so many rows of the table.
  double distinct(double rows) const;
  /// -1 to 1: how well the order of values follows that of the rows. Nothing for types without
  /// order.
  std::optional<double> correlation() const;
  /// Most common first.
  const std::vector<Common>& common() const { return common_; }
  double common_fraction() const { return common_fraction_; }
  /// Bounds of parts with equally many rows, common values left out. Ascending; may be empty.
  const std::vector<Datum>& histogram() const { return histogram_; }

  /// The part of all rows whose value equals this one (var_eq_const).
  double fraction_equal(Datum value, double rows) const;
  /// The part whose value is less than this one, or not greater (scalarineqsel); nothing when
  /// there is nothing to go by.
  std::optional<double> fraction_below(Datum value, bool or_equal) const;

 private:
  ColumnStatistics(const RelationStatistics::Column& about, const Type& type);
  double part_of_histogram_below(Datum value) const;

  RelationStatistics::Column about_;  ///< without the values
  const Type* type_;
  std::unique_ptr<Arena> arena_;
  std::vector<Common> common_;
  double common_fraction_ = 0;
  std::vector<Datum> histogram_;
};

}  // namespace isolde::sql
