#include "sql/views/virtual_table.hpp"

#include <array>

#include "sql/views/views.hpp"

namespace isolde::sql {

const VirtualTable* find_virtual_table(std::string_view name) {
  static const std::array<const VirtualTable*, 4> kTables = {
      &pg_settings_view(), &pg_stat_activity_view(), &pg_prepared_statements_view(),
      &pg_cursors_view()};
  for (const VirtualTable* table : kTables) {
    if (table->name() == name) return table;
  }
  return nullptr;
}

}  // namespace isolde::sql
