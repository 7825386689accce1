#pragma once

#include <optional>

namespace isolde::sql {

/// What is known of the rows of one thing in FROM; a table's come from its statistics. What is not
/// known is guessed as PostgreSQL does.
class RelationStats {
 public:
  virtual ~RelationStats() = default;
  virtual double rows() const = 0;
  /// Bytes of a row.
  virtual double width() const { return 32; }
  /// How many different values a column has.
  virtual std::optional<double> distinct(int) const { return std::nullopt; }
  virtual double null_fraction(int) const { return 0; }
};

inline constexpr double kDefaultDistinct = 200;

}  // namespace isolde::sql
