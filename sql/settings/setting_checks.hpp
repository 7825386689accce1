#pragma once

#include "sql/settings/setting_definition.hpp"

// Checks of single settings, beyond type and range. Each may bring the value into canonical form.

namespace isolde::sql::check {

base::Status date_style(const SettingDefinition&, const CheckInput&, SettingValue&);
base::Status time_zone(const SettingDefinition&, const CheckInput&, SettingValue&);
base::Status time_zone_abbreviations(const SettingDefinition&, const CheckInput&, SettingValue&);
base::Status client_encoding(const SettingDefinition&, const CheckInput&, SettingValue&);
/// What is not printable ASCII becomes '?'.
base::Status ascii(const SettingDefinition&, const CheckInput&, SettingValue&);
base::Status locale(const SettingDefinition&, const CheckInput&, SettingValue&);
base::Status name_list(const SettingDefinition&, const CheckInput&, SettingValue&);
base::Status log_destination(const SettingDefinition&, const CheckInput&, SettingValue&);
base::Status relation_kinds(const SettingDefinition&, const CheckInput&, SettingValue&);
base::Status table_access_method(const SettingDefinition&, const CheckInput&, SettingValue&);
base::Status tablespace(const SettingDefinition&, const CheckInput&, SettingValue&);
base::Status temp_tablespaces(const SettingDefinition&, const CheckInput&, SettingValue&);

}  // namespace isolde::sql::check

namespace isolde::sql {

void assign_date_style(SettingFields& fields, const SettingValue& value);
void assign_client_encoding(SettingFields& fields, const SettingValue& value);

}  // namespace isolde::sql
