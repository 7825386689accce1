#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "sql/settings/registry.hpp"
#include "sql/settings/server_settings.hpp"
#include "sql/settings/setting_access.hpp"
#include "sql/settings/setting_definition.hpp"
#include "sql/settings/setting_fields.hpp"
#include "sql/settings/setting_stack.hpp"

namespace isolde::sql {

/// What a session adds to the rules: it refuses what its state forbids and hears of changes.
class SettingsListener {
 public:
  virtual ~SettingsListener() = default;
  /// A value that passed all other checks is about to be set. The error refuses it.
  virtual base::Status check_setting(const SettingDefinition&, const SettingValue&, const SetBy&) {
    return {};
  }
  /// The value in force has changed: by SET, RESET, the end of a transaction or a reload.
  /// May call override_value, nothing else that changes settings.
  virtual void setting_changed(const SettingDefinition&, const SettingValue&) {}
};

/// The settings of one session: the server's snapshot with the session's own values laid over it.
/// Not thread safe.
///
/// Levels: 0 outside transactions; begin_level() opens 1 for the transaction, further ones for
/// savepoints and functions. A SET on level 0 cannot be undone.
class SessionSettings {
 public:
  explicit SessionSettings(std::shared_ptr<const SettingsSnapshot> server,
                           SettingsListener* listener = nullptr);

  // --- changing ---------------------------------------------------------------------------------
  /// SET, set_config, start-up packet, ALTER DATABASE / ROLE ... SET: `by.source` says which. From
  /// sources up to kOverride the value is also what RESET brings back.
  base::Status set(std::string_view name, std::string_view value, const SetBy& by);
  /// RESET, SET ... TO DEFAULT
  base::Status reset(std::string_view name, const SetBy& by);
  /// RESET ALL. DISCARD ALL uses it too.
  void reset_all();
  /// The session itself speaks (session_authorization, is_superuser, concurrency): no context
  /// check.
  base::Status override_value(std::string_view name, std::string_view value);
  /// Every transaction begins with these; not undone by end_level.
  void set_transaction_modes(IsolationLevel isolation, bool read_only, bool deferrable);

  // --- levels -----------------------------------------------------------------------------------
  /// Returns the new level, to be given to end_level.
  int begin_level() { return ++level_; }
  /// Ends `level` and all above it.
  void end_level(int level, bool commit);
  int level() const { return level_; }

  // --- reading by name --------------------------------------------------------------------------
  /// The registry's, or a custom setting that exists; null for an unknown name.
  const SettingDefinition* find(std::string_view name) const;
  SettingValue value(const SettingDefinition& definition) const;
  /// SHOW: 42704 for an unknown name, 42501 for what only superusers may see.
  base::Result<std::string> show(std::string_view name) const;
  std::string show(const SettingDefinition& definition) const;
  /// Of a string setting, without a copy; valid until the next change.
  const std::string& text(const SettingDefinition& definition) const;

  struct Origin {
    SettingSource source;
    SettingValue reset_value;
    std::string_view file;  ///< empty when the value does not come from a file
    int line;
    bool pending_restart;
  };
  Origin origin(const SettingDefinition& definition) const;

  // --- reading fast -----------------------------------------------------------------------------
  const SettingFields& fields() const { return fields_; }
  /// Zero is no limit.
  std::chrono::nanoseconds statement_timeout() const { return ms(fields_.statement_timeout); }
  std::chrono::nanoseconds lock_timeout() const { return ms(fields_.lock_timeout); }
  std::chrono::nanoseconds deadlock_timeout() const { return ms(fields_.deadlock_timeout); }
  std::chrono::nanoseconds idle_session_timeout() const { return ms(fields_.idle_session_timeout); }
  std::chrono::nanoseconds idle_in_transaction_session_timeout() const {
    return ms(fields_.idle_in_transaction_session_timeout);
  }
  const std::string& search_path() const { return text(*known_settings().search_path); }
  const std::string& time_zone() const { return text(*known_settings().time_zone); }
  const std::string& application_name() const { return text(*known_settings().application_name); }
  /// Changes whenever any value does: what was derived from settings is good while this stays.
  uint32_t generation() const { return generation_; }

  // --- telling the client -----------------------------------------------------------------------
  using Report = std::pair<std::string_view, std::string>;  ///< name, value
  /// All reported settings, for the start of the session. Forgets pending reports.
  std::vector<Report> all_reports();
  bool has_reports() const { return !unreported_.empty(); }
  /// Those whose value differs from what the client was told last; each once, with its final value.
  std::vector<Report> take_reports();

  // --- the server's side ------------------------------------------------------------------------
  /// Moves to a newer snapshot: whatever the session has not set itself follows the server.
  void adopt(std::shared_ptr<const SettingsSnapshot> server);
  const std::shared_ptr<const SettingsSnapshot>& server() const { return server_; }

 private:
  /// A setting that differs from the server's value, or may have to go back to one.
  struct Own {
    const SettingDefinition* definition;
    SourcedValue current;
    SourcedValue reset;
    SettingStack stack;
  };

  static std::chrono::nanoseconds ms(int32_t count) { return std::chrono::milliseconds(count); }

  const Own* find_own(const SettingDefinition& definition) const;
  Own& own(const SettingDefinition& definition);
  void drop_if_idle(size_t position);
  base::Result<const SettingDefinition*> find_or_make(std::string_view name);
  base::Status set_to(const SettingDefinition& d, std::string_view name, std::string_view text,
                      const SetBy& by);
  base::Result<SettingValue> parse(const SettingDefinition& d, std::string_view name,
                                   std::string_view text) const;
  SourcedValue server_value(const SettingDefinition& d) const;
  void set_default(Own& own, const SourcedValue& value);
  void put(Own& own, SourcedValue next);
  void changed(const SettingDefinition& d, const SettingValue& before, const SettingValue& now);
  void note_for_report(const SettingDefinition& d, const SettingValue& before);

  std::shared_ptr<const SettingsSnapshot> server_;
  SettingsListener* listener_;
  SettingFields fields_;
  int level_ = 0;
  uint32_t generation_ = 0;
  std::vector<Own> own_;
  std::vector<std::unique_ptr<CustomSetting>> custom_;
  /// Reported settings that have changed, with the text the client was told last.
  std::vector<std::pair<const SettingDefinition*, std::string>> unreported_;
};

}  // namespace isolde::sql
