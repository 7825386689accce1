#include "sql/settings/registry.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.hpp"
#include "sql/settings/tables.hpp"
#include "sql/settings/text_case.hpp"

namespace isolde::sql {

namespace {

constexpr std::string_view kReservedPrefix = "isolde";

/// Identifiers with dots between them, two at least.
bool is_dotted_name(std::string_view name) {
  bool at_start = true, dotted = false;
  for (char c : name) {
    bool high = static_cast<unsigned char>(c) >= 0x80;
    bool letter = (to_lower(c) >= 'a' && to_lower(c) <= 'z') || c == '_' || high;
    if (at_start) {
      if (!letter) return false;
      at_start = false;
    } else if (c == '.') {
      at_start = dotted = true;
    } else if (!letter && !(c >= '0' && c <= '9') && c != '$') {
      return false;
    }
  }
  return dotted && !at_start;
}

base::Error invalid_name(std::string_view name, std::string detail) {
  return base::Error(base::sqlstate::kInvalidName,
                     fmt::format("invalid configuration parameter name \"{}\"", name))
      .detail(std::move(detail));
}

}  // namespace

SettingsRegistry::SettingsRegistry() {
  using Table = std::span<const SettingGroup> (*)();
  constexpr Table kTables[] = {
      connection_settings, resource_settings,      wal_settings,     vacuum_settings,
      planner_settings,    cost_settings,          logging_settings, statement_settings,
      format_settings,     compatibility_settings, preset_settings,  isolde_settings,
  };
  for (Table table : kTables) {
    for (const SettingGroup& group : table()) {
      for (SettingDefinition definition : group.settings) {
        definition.category = group.category;
        definitions_.push_back(definition);
      }
    }
  }
  std::ranges::sort(definitions_, less_ignoring_case, &SettingDefinition::name);
  for (size_t i = 0; i < definitions_.size(); ++i) definitions_[i].index = static_cast<uint16_t>(i);
}

const SettingsRegistry& SettingsRegistry::instance() {
  static const SettingsRegistry registry;
  return registry;
}

const SettingDefinition* SettingsRegistry::find(std::string_view name) const {
  auto found =
      std::ranges::lower_bound(definitions_, name, less_ignoring_case, &SettingDefinition::name);
  if (found == definitions_.end() || !equal_ignoring_case(found->name, name)) return nullptr;
  return &*found;
}

const SettingDefinition& SettingsRegistry::get(std::string_view name) const {
  const SettingDefinition* definition = find(name);
  ISOLDE_CHECK(definition != nullptr, "code asks for a setting that the registry does not have");
  return *definition;
}

const KnownSettings& known_settings() {
  auto get = [](std::string_view name) { return &SettingsRegistry::instance().get(name); };
  static const KnownSettings known{
      .application_name = get("application_name"),
      .concurrency = get("concurrency"),
      .default_table_access_method = get("default_table_access_method"),
      .is_superuser = get("is_superuser"),
      .role = get("role"),
      .search_path = get("search_path"),
      .seed = get("seed"),
      .session_authorization = get("session_authorization"),
      .temp_tablespaces = get("temp_tablespaces"),
      .time_zone = get("TimeZone"),
      .transaction_deferrable = get("transaction_deferrable"),
      .transaction_isolation = get("transaction_isolation"),
      .transaction_read_only = get("transaction_read_only"),
  };
  return known;
}

CustomSetting::CustomSetting(std::string_view setting_name) : name(setting_name) {
  definition.name = name;
  definition.flags = setting_flag::kCustom | setting_flag::kNoShowAll;
  definition.category = "Customized Options";
}

base::Status check_custom_name(std::string_view name) {
  size_t dot = name.find('.');
  if (dot == std::string_view::npos) return unrecognized_setting(name);
  if (!is_dotted_name(name))
    return invalid_name(name,
                        "Custom parameter names must be two or more simple identifiers separated "
                        "by dots.");
  if (equal_ignoring_case(name.substr(0, dot), kReservedPrefix))
    return invalid_name(name, fmt::format("\"{}\" is a reserved prefix.", kReservedPrefix));
  return {};
}

base::Error unrecognized_setting(std::string_view name) {
  return {base::sqlstate::kUndefinedObject,
          fmt::format("unrecognized configuration parameter \"{}\"", name)};
}

}  // namespace isolde::sql
