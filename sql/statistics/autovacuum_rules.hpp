#pragma once

#include <chrono>

#include "sql/catalog/objects.hpp"
#include "sql/settings/server_settings.hpp"
#include "sql/statistics/table_histories.hpp"

namespace isolde::sql {

/// When and how autovacuum works on one table: the server's settings, and over them what the table
/// says in WITH (autovacuum_...).
///
///      dead rows                      > vacuum_threshold + vacuum_scale * rows:   VACUUM
///      inserted since the last VACUUM > insert_threshold + insert_scale * rows:   VACUUM
///      changed since the last ANALYZE > analyze_threshold + analyze_scale * rows: ANALYZE
struct AutovacuumRules {
  bool enabled = true;
  double vacuum_threshold, vacuum_scale;
  double insert_threshold, insert_scale;  ///< a threshold of -1: never
  double analyze_threshold, analyze_scale;
  std::chrono::microseconds nap;
  uint32_t work_before_nap;
  std::chrono::milliseconds log_from;  ///< -1: nothing is logged

  struct Needs {
    bool vacuum = false;
    bool analyze = false;
  };
  Needs needs(const RelationObject& table, const TableHistory& history) const;
};

AutovacuumRules autovacuum_rules(const SettingsSnapshot& settings, const RelationObject& table);

/// The value of an option in WITH (...), or nothing.
std::optional<std::string_view> storage_option(const RelationObject& table, std::string_view name);

}  // namespace isolde::sql
