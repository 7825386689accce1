#pragma once

#include <span>
#include <string_view>

#include "sql/settings/setting_definition.hpp"

namespace isolde::sql {

/// Settings of one pg_settings category.
struct SettingGroup {
  std::string_view category;
  std::span<const SettingDefinition> settings;
};

// One function a table file.
std::span<const SettingGroup> connection_settings();
std::span<const SettingGroup> resource_settings();
std::span<const SettingGroup> wal_settings();
std::span<const SettingGroup> vacuum_settings();
std::span<const SettingGroup> planner_settings();
std::span<const SettingGroup> cost_settings();
std::span<const SettingGroup> logging_settings();
std::span<const SettingGroup> statement_settings();
std::span<const SettingGroup> format_settings();
std::span<const SettingGroup> compatibility_settings();
std::span<const SettingGroup> preset_settings();
std::span<const SettingGroup> isolde_settings();

}  // namespace isolde::sql
