#include "sql/session/session_services.hpp"
#include "sql/settings/setting_rows.hpp"
#include "sql/types/array.hpp"
#include "sql/views/table_columns.hpp"
#include "sql/views/views.hpp"

namespace isolde::sql {

namespace {

void add_optional(VirtualRows& rows, const std::optional<std::string>& text) {
  text ? rows.add_text(*text) : rows.add_null();
}

void add_words(VirtualRows& rows, const std::optional<std::vector<std::string>>& words) {
  if (!words) return rows.add_null();
  std::vector<Datum> elements;
  for (const std::string& word : *words) elements.push_back(Datum::of_bytes(word));
  rows.add(make_array(type_of(types::kText), elements, rows.arena()));
}

void fill(SessionServices& services, VirtualRows& rows) {
  for (const PgSettingsRow& row : pg_settings_rows(services.settings())) {
    rows.start();
    rows.add_text(row.name);
    rows.add_text(row.setting);
    add_optional(rows, row.unit);
    rows.add_text(row.category);
    rows.add_text(row.short_desc);
    add_optional(rows, row.extra_desc);
    rows.add_text(row.context);
    rows.add_text(row.vartype);
    rows.add_text(row.source);
    add_optional(rows, row.min_val);
    add_optional(rows, row.max_val);
    add_words(rows, row.enumvals);
    add_optional(rows, row.boot_val);
    add_optional(rows, row.reset_val);
    add_optional(rows, row.sourcefile);
    row.sourceline ? rows.add_int(*row.sourceline) : rows.add_null();
    rows.add_bool(row.pending_restart);
  }
}

}  // namespace

const VirtualTable& pg_settings_view() {
  static const FunctionTable table("pg_settings",
                                   table_columns({{"name", "text"},
                                                  {"setting", "text"},
                                                  {"unit", "text"},
                                                  {"category", "text"},
                                                  {"short_desc", "text"},
                                                  {"extra_desc", "text"},
                                                  {"context", "text"},
                                                  {"vartype", "text"},
                                                  {"source", "text"},
                                                  {"min_val", "text"},
                                                  {"max_val", "text"},
                                                  {"enumvals", "_text"},
                                                  {"boot_val", "text"},
                                                  {"reset_val", "text"},
                                                  {"sourcefile", "text"},
                                                  {"sourceline", "int4"},
                                                  {"pending_restart", "bool"}}),
                                   fill);
  return table;
}

}  // namespace isolde::sql
