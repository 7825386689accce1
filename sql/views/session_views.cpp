#include "sql/session/session_services.hpp"
#include "sql/types/array.hpp"
#include "sql/views/table_columns.hpp"
#include "sql/views/views.hpp"

namespace isolde::sql {

namespace {

void fill_prepared(SessionServices& services, VirtualRows& rows) {
  for (const auto& row : services.prepared_rows()) {
    rows.start();
    rows.add_text(row.name);
    rows.add_text(row.statement);
    rows.add_int(row.prepared.micros);
    std::vector<Datum> parameters;
    for (base::Oid type : row.parameters) {
      parameters.push_back(rows.arena().bytes(format_type(type_of(type))));
    }
    const Type& text = type_of(types::kText);
    rows.add(parameters.empty() ? empty_array(text, rows.arena())
                                : make_array(text, parameters, rows.arena()));
    rows.add_bool(row.from_sql);
    rows.add_int(row.generic_plans);
    rows.add_int(row.custom_plans);
  }
}

void fill_cursors(SessionServices& services, VirtualRows& rows) {
  for (const auto& row : services.cursor_rows()) {
    rows.start();
    rows.add_text(row.name);
    rows.add_text(row.statement);
    rows.add_bool(row.holdable);
    rows.add_bool(row.binary);
    rows.add_bool(row.scrollable);
    rows.add_int(row.created.micros);
  }
}

}  // namespace

const VirtualTable& pg_prepared_statements_view() {
  static const FunctionTable table("pg_prepared_statements",
                                   table_columns({{"name", "text"},
                                                  {"statement", "text"},
                                                  {"prepare_time", "timestamptz"},
                                                  {"parameter_types", "_text"},
                                                  {"from_sql", "bool"},
                                                  {"generic_plans", "int8"},
                                                  {"custom_plans", "int8"}}),
                                   fill_prepared);
  return table;
}

const VirtualTable& pg_cursors_view() {
  static const FunctionTable table("pg_cursors",
                                   table_columns({{"name", "text"},
                                                  {"statement", "text"},
                                                  {"is_holdable", "bool"},
                                                  {"is_binary", "bool"},
                                                  {"is_scrollable", "bool"},
                                                  {"creation_time", "timestamptz"}}),
                                   fill_cursors);
  return table;
}

}  // namespace isolde::sql
