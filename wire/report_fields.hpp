#pragma once

#include "wire/backend.hpp"

namespace isolde::wire {

/// The one table of an error report's fields, in the order in which PostgreSQL sends them: the code
/// of each beside its place in the struct. `report` may be const. `visit` is called as
/// (code, field) and must take both text and numbers.
template <typename ReportOrConst, typename Visit>
void for_each_field(ReportOrConst& report, Visit visit) {
  visit('S', report.severity);
  visit('V', report.severity_unchanged);
  visit('C', report.sqlstate);
  visit('M', report.message);
  visit('D', report.detail);
  visit('H', report.hint);
  visit('W', report.where);
  visit('s', report.schema_name);
  visit('t', report.table_name);
  visit('c', report.column_name);
  visit('d', report.data_type_name);
  visit('n', report.constraint_name);
  visit('P', report.position);
  visit('p', report.internal_position);
  visit('q', report.internal_query);
  visit('F', report.file);
  visit('L', report.line);
  visit('R', report.routine);
}

/// Sent even when empty: clients rely on them.
constexpr bool is_mandatory(char code) {
  return code == 'S' || code == 'V' || code == 'C' || code == 'M';
}

}  // namespace isolde::wire
