#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "sql/plan/query.hpp"
#include "sql/types/arena.hpp"

namespace isolde::sql {

class SessionServices;

/// Collects the rows of a virtual table.
class VirtualRows {
 public:
  VirtualRows(std::span<const Type* const> types, Arena& arena) : types_(types), arena_(arena) {}

  /// A new row, all NULL.
  void start() { rows_.push_back(row_ = arena_.allocate_array<Datum>(types_.size())), at_ = 0; }
  void add(Datum value) { row_[at_++] = value; }
  void add_null() { ++at_; }
  void add_text(std::string_view text) { add(arena_.bytes(text)); }
  void add_int(int64_t value) { add(Datum::of_int(value)); }
  void add_bool(bool value) { add(Datum::of_bool(value)); }
  Arena& arena() { return arena_; }
  const Type& type(size_t column) const { return *types_[column]; }

  std::vector<const Datum*> take() { return std::move(rows_); }

 private:
  std::span<const Type* const> types_;
  Arena& arena_;
  std::vector<const Datum*> rows_;
  Datum* row_ = nullptr;
  size_t at_ = 0;
};

/// A system view whose rows are made on the spot.
class VirtualTable {
 public:
  virtual ~VirtualTable() = default;
  virtual std::string_view name() const = 0;
  virtual std::span<const ColumnInfo> columns() const = 0;
  virtual void fill(SessionServices& services, VirtualRows& rows) const = 0;
};

/// A system view by name in pg_catalog, or nullptr.
const VirtualTable* find_virtual_table(std::string_view name);

}  // namespace isolde::sql
