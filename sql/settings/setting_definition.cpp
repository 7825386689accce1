#include "sql/settings/setting_definition.hpp"

#include "base/check.hpp"

namespace isolde::sql {

namespace {

int32_t enum_value_of(const SettingDefinition& definition, std::string_view label) {
  for (const EnumOption& option : definition.options) {
    if (option.label == label) return option.value;
  }
  ISOLDE_CHECK(false, "the default of an enum setting must be one of its values");
  return 0;
}

}  // namespace

SettingValue SettingDefinition::boot_value() const {
  switch (type) {
    case SettingType::kBool:
      return boot_number != 0;
    case SettingType::kInteger:
      return static_cast<int32_t>(boot_number);
    case SettingType::kReal:
      return boot_number;
    case SettingType::kString:
      return std::string(boot_text);
    case SettingType::kEnum:
      return enum_value_of(*this, boot_text);
  }
  return {};
}

std::string_view context_name(SettingContext context) {
  switch (context) {
    case SettingContext::kInternal:
      return "internal";
    case SettingContext::kPostmaster:
      return "postmaster";
    case SettingContext::kSighup:
      return "sighup";
    case SettingContext::kSuperuserBackend:
      return "superuser-backend";
    case SettingContext::kBackend:
      return "backend";
    case SettingContext::kSuperuser:
      return "superuser";
    case SettingContext::kUser:
      return "user";
  }
  return "";
}

std::string_view source_name(SettingSource source) {
  switch (source) {
    case SettingSource::kDefault:
    case SettingSource::kDynamicDefault:
      return "default";
    case SettingSource::kFile:
      return "configuration file";
    case SettingSource::kCommandLine:
      return "command line";
    case SettingSource::kDatabase:
      return "database";
    case SettingSource::kUser:
      return "user";
    case SettingSource::kDatabaseUser:
      return "database user";
    case SettingSource::kClient:
      return "client";
    case SettingSource::kOverride:
      return "override";
    case SettingSource::kInteractive:
      return "interactive";
    case SettingSource::kSession:
      return "session";
  }
  return "";
}

std::string_view type_name(SettingType type) {
  switch (type) {
    case SettingType::kBool:
      return "bool";
    case SettingType::kInteger:
      return "integer";
    case SettingType::kReal:
      return "real";
    case SettingType::kString:
      return "string";
    case SettingType::kEnum:
      return "enum";
  }
  return "";
}

std::string_view unit_name(SettingUnit unit) {
  switch (unit) {
    case SettingUnit::kNone:
      return "";
    case SettingUnit::kB:
      return "B";
    case SettingUnit::kKb:
      return "kB";
    case SettingUnit::kBlocks:
      return "8kB";
    case SettingUnit::kMb:
      return "MB";
    case SettingUnit::kMs:
      return "ms";
    case SettingUnit::kS:
      return "s";
    case SettingUnit::kMin:
      return "min";
  }
  return "";
}

}  // namespace isolde::sql
