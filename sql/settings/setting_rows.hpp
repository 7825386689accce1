#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sql/settings/session_settings.hpp"

namespace isolde::sql {

/// One row of SHOW ALL.
struct ShowAllRow {
  std::string name, setting, description;
};
/// Sorted by name; without hidden settings and those that this user may not see.
std::vector<ShowAllRow> show_all_rows(const SessionSettings& settings);

/// One row of pg_settings, columns in their order; nullopt is NULL.
struct PgSettingsRow {
  std::string name;
  std::string setting;
  std::optional<std::string> unit;
  std::string category;
  std::string short_desc;
  std::optional<std::string> extra_desc;
  std::string context;
  std::string vartype;
  std::string source;
  std::optional<std::string> min_val, max_val;
  std::optional<std::vector<std::string>> enumvals;
  std::optional<std::string> boot_val, reset_val;
  std::optional<std::string> sourcefile;
  std::optional<int32_t> sourceline;
  bool pending_restart = false;
};
std::vector<PgSettingsRow> pg_settings_rows(const SessionSettings& settings);

}  // namespace isolde::sql
