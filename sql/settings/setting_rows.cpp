#include "sql/settings/setting_rows.hpp"

#include "sql/settings/setting_text.hpp"
#include "sql/settings/setting_units.hpp"

namespace isolde::sql {

namespace {

bool visible(const SettingDefinition& d, const SessionSettings& settings) {
  return !d.has(setting_flag::kNoShowAll) && check_readable(d, settings.fields().is_superuser).ok();
}

std::optional<std::string> nullable(std::string_view text) {
  if (text.empty()) return std::nullopt;
  return std::string(text);
}

/// An empty default of a string setting is "no value" in PostgreSQL.
std::optional<std::string> default_text(const SettingDefinition& d, const SettingValue& value) {
  return d.type == SettingType::kString ? nullable(std::get<std::string>(value))
                                        : raw_setting(d, value);
}

std::optional<std::string> limit_text(const SettingDefinition& d, double limit) {
  if (d.type == SettingType::kReal) return print_real(limit);
  if (d.type == SettingType::kInteger) return std::to_string(static_cast<int32_t>(limit));
  return std::nullopt;
}

std::optional<std::vector<std::string>> offered_values(const SettingDefinition& d) {
  if (d.type != SettingType::kEnum) return std::nullopt;
  std::vector<std::string> labels;
  for (const EnumOption& option : d.options) {
    if (!option.hidden) labels.emplace_back(option.label);
  }
  return labels;
}

PgSettingsRow describe(const SettingDefinition& d, const SessionSettings& settings) {
  PgSettingsRow row;
  row.name = d.name;
  row.setting = raw_setting(d, settings.value(d));
  row.unit = nullable(unit_name(d.unit));
  row.category = d.category;
  row.short_desc = d.short_desc;
  row.extra_desc = nullable(d.extra_desc);
  row.context = context_name(d.context);
  row.vartype = type_name(d.type);
  row.min_val = limit_text(d, d.min);
  row.max_val = limit_text(d, d.max);
  row.enumvals = offered_values(d);
  row.boot_val = default_text(d, d.boot_value());
  return row;
}

void add_origin(PgSettingsRow& row, const SettingDefinition& d, const SessionSettings& settings) {
  SessionSettings::Origin origin = settings.origin(d);
  row.source = source_name(origin.source);
  row.reset_val = default_text(d, origin.reset_value);
  row.pending_restart = origin.pending_restart;
  if (origin.file.empty() || !settings.fields().is_superuser) return;
  row.sourcefile = std::string(origin.file);
  row.sourceline = origin.line;
}

}  // namespace

std::vector<ShowAllRow> show_all_rows(const SessionSettings& settings) {
  std::vector<ShowAllRow> rows;
  for (const SettingDefinition& d : SettingsRegistry::instance().all()) {
    if (visible(d, settings))
      rows.push_back({std::string(d.name), settings.show(d), std::string(d.short_desc)});
  }
  return rows;
}

std::vector<PgSettingsRow> pg_settings_rows(const SessionSettings& settings) {
  std::vector<PgSettingsRow> rows;
  for (const SettingDefinition& d : SettingsRegistry::instance().all()) {
    if (!visible(d, settings)) continue;
    rows.push_back(describe(d, settings));
    add_origin(rows.back(), d, settings);
  }
  return rows;
}

}  // namespace isolde::sql
