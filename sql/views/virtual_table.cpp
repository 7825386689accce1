#include "sql/views/virtual_table.hpp"

#include "sql/views/views.hpp"

namespace isolde::sql {

const VirtualTable* find_virtual_table(std::string_view name) {
  struct Named {
    std::string_view name;
    const VirtualTable& (*table)();
  };
  static constexpr Named kTables[] = {
      {"pg_settings", pg_settings_view},
      {"pg_stat_activity", pg_stat_activity_view},
      {"pg_prepared_statements", pg_prepared_statements_view},
      {"pg_cursors", pg_cursors_view},
  };
  for (const Named& one : kTables) {
    if (one.name == name) return &one.table();
  }
  return nullptr;
}

}  // namespace isolde::sql
