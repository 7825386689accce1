#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "sql/settings/registry.hpp"
#include "sql/settings/setting_access.hpp"
#include "sql/settings/setting_definition.hpp"
#include "sql/settings/setting_fields.hpp"

// The values that hold for the whole server: defaults, the configuration file, the command line.
//
//   boot value  <  worked-out default  <  configuration file  <  command line
//
// They are published as immutable snapshots. Sessions share the one that was current when they
// started, and move on to a newer one when they notice that generation() has changed: an idle
// session costs nothing for the settings that it never touched.

namespace isolde::sql {

/// One line of the configuration file.
struct FileSetting {
  std::string name;
  std::string value;
  std::string file;
  int line = 0;
};

/// A setting's server-wide value and where it was set.
struct ServerValue {
  SettingValue value;
  SettingSource source = SettingSource::kDefault;
  std::string file;
  int line = 0;
  bool pending_restart = false;
};

/// Immutable once published; any thread may read it.
class SettingsSnapshot {
 public:
  struct Custom {
    std::shared_ptr<const CustomSetting> setting;
    ServerValue value;
  };

  /// All defaults.
  SettingsSnapshot();

  /// `definition` is the registry's or one of custom_settings().
  const ServerValue& at(const SettingDefinition& definition) const;
  /// The registry's or a custom setting of the configuration file; null for an unknown name.
  const SettingDefinition* find(std::string_view name) const;
  std::span<const Custom> custom_settings() const { return custom_; }
  const SettingFields& fields() const { return fields_; }

  // By name, for code that reads a setting once in a while. The setting must exist and have that
  // type (enums are integers).
  bool boolean(std::string_view name) const;
  int32_t integer(std::string_view name) const;
  double real(std::string_view name) const;
  const std::string& text(std::string_view name) const;
  /// The word for the value of an enum setting.
  std::string_view label(std::string_view name) const;

  // For whoever makes the next snapshot, before it is published.
  ServerValue& mutable_at(const SettingDefinition& definition);
  const SettingDefinition& add_custom(std::string_view name);
  void put(const SettingDefinition& definition, ServerValue value);

 private:
  std::vector<ServerValue> values_;  ///< by SettingDefinition::index
  std::vector<Custom> custom_;
  SettingFields fields_;
};

/// Thread safe.
class ServerSettings {
 public:
  ServerSettings();

  /// -c name=value
  base::Status set_command_line(std::string_view name, std::string_view value);
  /// What the server works out or decides itself: paths, presets. Bypasses the context.
  base::Status set_default(std::string_view name, std::string_view value);

  /// The configuration file at the start: the last line of a name wins. Returns every complaint;
  /// the server should not start with any.
  std::vector<base::Error> load(std::span<const FileSetting> lines);

  struct Reload {
    std::vector<std::string> changes;  ///< for the log: `parameter "x" changed to "y"`
    std::vector<base::Error> errors;   ///< these lines were not applied
  };
  /// The configuration file again: applies what can change while running, notes what cannot, and
  /// takes back what the file no longer says.
  Reload reload(std::span<const FileSetting> lines);

  std::shared_ptr<const SettingsSnapshot> snapshot() const;
  /// Changes with every published snapshot.
  uint64_t generation() const { return generation_.load(std::memory_order_acquire); }

 private:
  base::Status set(std::string_view name, std::string_view value, const SetBy& by);
  Reload apply_file(std::span<const FileSetting> lines, SettingContext context);
  void publish(std::shared_ptr<const SettingsSnapshot> next);

  std::mutex write_mutex_;                            // one change at a time; taken before mutex_
  std::shared_ptr<const SettingsSnapshot> defaults_;  // guarded by write_mutex_

  mutable std::mutex mutex_;  // guards current_; held for moments only
  std::shared_ptr<const SettingsSnapshot> current_;
  std::atomic<uint64_t> generation_{1};
};

}  // namespace isolde::sql
