#pragma once

#include "base/result.hpp"
#include "sql/settings/setting_definition.hpp"

namespace isolde::sql {

/// How long a change lasts inside a transaction.
enum class SetAction : uint8_t {
  kSet,    ///< to the end of the session, unless the transaction rolls back
  kLocal,  ///< to the end of the transaction
  kSave,   ///< to the end of the level: the SET clause of a function
};

/// Who changes a setting: with which rights, on whose behalf, for how long.
struct SetBy {
  SettingContext context = SettingContext::kUser;
  SettingSource source = SettingSource::kSession;
  SetAction action = SetAction::kSet;
};

/// May this caller change this setting now? 55P02 when it is too late (or never possible), 42501
/// when only others may. `name_given` is the name as the caller wrote it.
base::Status check_access(const SettingDefinition& definition, const SetBy& by,
                          std::string_view name_given);

/// May its value be shown? 42501
base::Status check_readable(const SettingDefinition& definition, bool superuser);

}  // namespace isolde::sql
