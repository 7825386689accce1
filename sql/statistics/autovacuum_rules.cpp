#include "sql/statistics/autovacuum_rules.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace isolde::sql {

std::optional<std::string_view> storage_option(const RelationObject& table, std::string_view name) {
  for (const std::string& option : table.options) {
    std::string_view text = option;
    const size_t equals = text.find('=');
    if (equals != std::string_view::npos && text.substr(0, equals) == name)
      return text.substr(equals + 1);
  }
  return std::nullopt;
}

AutovacuumRules::Needs AutovacuumRules::needs(const RelationObject& table,
                                              const TableHistory& history) const {
  if (!enabled) return {};
  const double rows = std::max(table.statistics.rows, 0.0);
  auto passes = [rows](int64_t count, double threshold, double scale) {
    return static_cast<double>(count) > threshold + scale * rows;
  };
  Needs needs;
  needs.vacuum = passes(history.dead, vacuum_threshold, vacuum_scale);
  if (insert_threshold >= 0 &&
      passes(history.inserted_since_vacuum, insert_threshold, insert_scale))
    needs.vacuum = true;
  needs.analyze = passes(history.changed_since_analyze, analyze_threshold, analyze_scale);
  return needs;
}

AutovacuumRules autovacuum_rules(const SettingsSnapshot& settings, const RelationObject& table) {
  auto number = [&](std::string_view name, double server) {
    auto own = storage_option(table, name);
    return own ? std::strtod(std::string(*own).c_str(), nullptr) : server;
  };
  auto integer = [&](std::string_view name) { return number(name, settings.integer(name)); };
  auto real = [&](std::string_view name) { return number(name, settings.real(name)); };
  AutovacuumRules rules{};
  const std::string_view enabled = storage_option(table, "autovacuum_enabled").value_or("true");
  rules.enabled = enabled == "true" || enabled == "on" || enabled == "1" || enabled == "yes";
  rules.vacuum_threshold = integer("autovacuum_vacuum_threshold");
  rules.vacuum_scale = real("autovacuum_vacuum_scale_factor");
  rules.insert_threshold = integer("autovacuum_vacuum_insert_threshold");
  rules.insert_scale = real("autovacuum_vacuum_insert_scale_factor");
  rules.analyze_threshold = integer("autovacuum_analyze_threshold");
  rules.analyze_scale = real("autovacuum_analyze_scale_factor");
  // -1 in either: what VACUUM by hand does.
  double nap = real("autovacuum_vacuum_cost_delay");
  if (nap < 0) nap = settings.real("vacuum_cost_delay");
  double work = integer("autovacuum_vacuum_cost_limit");
  if (work <= 0) work = settings.integer("vacuum_cost_limit");
  rules.nap = std::chrono::microseconds(std::llround(nap * 1000));
  rules.work_before_nap = static_cast<uint32_t>(work);
  rules.log_from = std::chrono::milliseconds(std::llround(integer("log_autovacuum_min_duration")));
  return rules;
}

}  // namespace isolde::sql
