#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "sql/settings/setting_definition.hpp"

namespace isolde::sql {

/// All settings the server defines, sorted by name; made once, never changed. Thread safe.
class SettingsRegistry {
 public:
  static const SettingsRegistry& instance();

  /// By name in any case; null when there is none.
  const SettingDefinition* find(std::string_view name) const;
  /// The same, for a name that the caller knows to exist.
  const SettingDefinition& get(std::string_view name) const;

  /// definition.index is the place in this list.
  std::span<const SettingDefinition> all() const { return definitions_; }
  size_t size() const { return definitions_.size(); }

  SettingsRegistry(const SettingsRegistry&) = delete;
  SettingsRegistry& operator=(const SettingsRegistry&) = delete;

 private:
  SettingsRegistry();
  std::vector<SettingDefinition> definitions_;
};

/// The ones that code asks for by definition: `settings.text(*known_settings().search_path)`.
struct KnownSettings {
  const SettingDefinition* application_name;
  const SettingDefinition* concurrency;
  const SettingDefinition* default_table_access_method;
  const SettingDefinition* is_superuser;
  const SettingDefinition* role;
  const SettingDefinition* search_path;
  const SettingDefinition* seed;
  const SettingDefinition* session_authorization;
  const SettingDefinition* temp_tablespaces;
  const SettingDefinition* time_zone;
  const SettingDefinition* transaction_deferrable;
  const SettingDefinition* transaction_isolation;
  const SettingDefinition* transaction_read_only;
};
const KnownSettings& known_settings();

/// A setting that somebody made up by setting it: `SET myapp.user = 'x'`.
struct CustomSetting {
  explicit CustomSetting(std::string_view setting_name);
  const std::string name;
  SettingDefinition definition;  ///< refers to `name`
};

/// May a setting of this name be made up? 42704 for a name without a dot, 42602 for a malformed one
/// or one in a name space that is taken.
base::Status check_custom_name(std::string_view name);

/// `unrecognized configuration parameter "x"`, 42704.
base::Error unrecognized_setting(std::string_view name);

}  // namespace isolde::sql
