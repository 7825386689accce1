#include "sql/settings/setting_access.hpp"

#include <fmt/format.h>

namespace isolde::sql {

namespace {

base::Error cannot_change(std::string_view name, std::string_view how) {
  return {base::sqlstate::kCantChangeRuntimeParam,
          fmt::format("parameter \"{}\" cannot be {}", name, how)};
}

base::Status require_superuser(std::string_view name, SettingContext caller) {
  if (caller != SettingContext::kUser && caller != SettingContext::kBackend) return {};
  return base::Error(base::sqlstate::kInsufficientPrivilege,
                     fmt::format("permission denied to set parameter \"{}\"", name));
}

base::Status at_connection_start(std::string_view name, const SetBy& by) {
  bool started = by.context == SettingContext::kUser || by.context == SettingContext::kSuperuser;
  if (started && by.source != SettingSource::kClient)
    return cannot_change(name, "set after connection start");
  return {};
}

}  // namespace

base::Status check_access(const SettingDefinition& definition, const SetBy& by,
                          std::string_view name_given) {
  SettingContext caller = by.context;
  switch (definition.context) {
    case SettingContext::kInternal:
      if (caller != SettingContext::kInternal) return cannot_change(name_given, "changed");
      return {};
    case SettingContext::kPostmaster:
      if (caller > SettingContext::kPostmaster)
        return cannot_change(name_given, "changed without restarting the server");
      return {};
    case SettingContext::kSighup:
      if (caller > SettingContext::kSighup) return cannot_change(name_given, "changed now");
      return {};
    case SettingContext::kSuperuserBackend:
      if (caller == SettingContext::kBackend) return require_superuser(name_given, caller);
      return at_connection_start(name_given, by);
    case SettingContext::kBackend:
      return at_connection_start(name_given, by);
    case SettingContext::kSuperuser:
      return require_superuser(name_given, caller);
    case SettingContext::kUser:
      return {};
  }
  return {};
}

base::Status check_readable(const SettingDefinition& definition, bool superuser) {
  if (superuser || !definition.has(setting_flag::kSuperuserOnly)) return {};
  return base::Error(
      base::sqlstate::kInsufficientPrivilege,
      fmt::format("must be superuser or have privileges of pg_read_all_settings to examine \"{}\"",
                  definition.name));
}

}  // namespace isolde::sql
