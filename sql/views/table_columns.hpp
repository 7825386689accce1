#pragma once

#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.hpp"
#include "sql/types/type_registry.hpp"
#include "sql/views/virtual_table.hpp"

namespace isolde::sql {

/// Columns by name and pg_type name.
inline std::vector<ColumnInfo> table_columns(
    std::initializer_list<std::pair<std::string_view, std::string_view>> columns) {
  std::vector<ColumnInfo> made;
  for (auto [name, type] : columns) {
    const Type* found = find_type(type);
    ISOLDE_CHECK(found != nullptr, "a system view has columns of built-in types");
    made.push_back({std::string(name), found, -1});
  }
  return made;
}

/// A view as a name, columns and a function that fills it.
class FunctionTable final : public VirtualTable {
 public:
  using Fill = void (*)(SessionServices& services, VirtualRows& rows);
  FunctionTable(std::string_view name, std::vector<ColumnInfo> columns, Fill fill)
      : name_(name), columns_(std::move(columns)), fill_(fill) {}

  std::string_view name() const override { return name_; }
  std::span<const ColumnInfo> columns() const override { return columns_; }
  void fill(SessionServices& services, VirtualRows& rows) const override { fill_(services, rows); }

 private:
  std::string_view name_;
  std::vector<ColumnInfo> columns_;
  Fill fill_;
};

}  // namespace isolde::sql
