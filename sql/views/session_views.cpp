#include "sql/catalog/catalog_image.hpp"
#include "sql/catalog/privileges.hpp"
#include "sql/session/instance.hpp"
#include "sql/session/prepared_transactions.hpp"
#include "sql/session/session_services.hpp"
#include "sql/settings/time_zone_names.hpp"
#include "sql/types/time_zone.hpp"
#include "sql/views/views.hpp"

namespace isolde::sql {

void fill_prepared_statements(SessionServices& services, VirtualRows& rows) {
  for (const auto& row : services.prepared_rows()) {
    rows.row(row.name, row.statement, row.prepared, row.parameters, row.from_sql, row.generic_plans,
             row.custom_plans);
  }
}

void fill_prepared_xacts(SessionServices& services, VirtualRows& rows) {
  auto image = services.catalog_image();
  for (const auto& one : services.instance().prepared_transactions().views()) {
    rows.row(one.id, one.name, one.prepared_at, role_name(*image, one.owner), one.database);
  }
}

void fill_cursors(SessionServices& services, VirtualRows& rows) {
  for (const auto& row : services.cursor_rows()) {
    rows.row(row.name, row.statement, row.holdable, row.binary, row.scrollable, row.created);
  }
}

void fill_timezone_names(SessionServices& services, VirtualRows& rows) {
  const int64_t now = services.statement_start().micros;
  for (const std::string& name : all_zone_names()) {
    const TimeZone* zone = find_time_zone(name);
    if (zone == nullptr) continue;
    base::value_or_throw(services.task().poll());
    const TimeZone::Offset offset = zone->offset_at(now);
    rows.row(name, offset.abbreviation, std::to_string(offset.seconds) + " seconds",
             offset.daylight);
  }
}

}  // namespace isolde::sql
