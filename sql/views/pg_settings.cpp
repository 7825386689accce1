#include "sql/session/session_services.hpp"
#include "sql/settings/setting_rows.hpp"
#include "sql/views/views.hpp"

namespace isolde::sql {

void fill_settings(SessionServices& services, VirtualRows& rows) {
  for (const PgSettingsRow& row : pg_settings_rows(services.settings())) {
    rows.row(row.name, row.setting, row.unit, row.category, row.short_desc, row.extra_desc,
             row.context, row.vartype, row.source, row.min_val, row.max_val, row.enumvals,
             row.boot_val, row.reset_val, row.sourcefile, row.sourceline, row.pending_restart);
  }
}

}  // namespace isolde::sql
