#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "sql/settings/setting_definition.hpp"

// Between a setting's value and its text, in PostgreSQL's rules and words.

namespace isolde::sql {

/// Reads a text: type, unit, range and the setting's own check. 22023 when it does not fit.
base::Result<SettingValue> parse_setting(const SettingDefinition& definition, std::string_view text,
                                         const CheckInput& input);

/// As SHOW prints it: with a unit.
std::string show_setting(const SettingDefinition& definition, const SettingValue& value);
/// As pg_settings.setting has it: a bare number in the base unit.
std::string raw_setting(const SettingDefinition& definition, const SettingValue& value);

/// `invalid value for parameter "x": "y"`, 22023.
base::Error invalid_value(const SettingDefinition& definition, std::string_view text);

/// True, false, or nothing: "on", "off", "1", "0" and unambiguous beginnings of true, false, yes,
/// no, on and off, in any case.
bool parse_bool_word(std::string_view text, bool& value);

/// The words after SET x TO, put into the one text that set() takes: lists are joined by commas,
/// each word quoted where the setting holds identifiers. 22023 when it takes only one.
base::Result<std::string> join_set_arguments(const SettingDefinition& definition,
                                             const std::vector<std::string>& arguments);

}  // namespace isolde::sql
