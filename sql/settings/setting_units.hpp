#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sql/settings/setting_definition.hpp"

// Amounts with units: "90s" kept as 90000 in a setting of milliseconds, and shown as 90s again.

namespace isolde::sql {

bool is_time_unit(SettingUnit unit);

/// `amount` of `unit_word` in `base`, or nothing when the word is no unit of that kind. A fraction
/// is rounded to the next smaller unit: 30.1GB is kept as a whole number of MB.
std::optional<double> to_base_unit(double amount, std::string_view unit_word, SettingUnit base);

/// The amount in the largest unit that leaves it whole: 60000 of kMs is "1min".
std::string integer_with_unit(int32_t amount, SettingUnit base);
std::string real_with_unit(double amount, SettingUnit base);

/// A double as printf's %g prints it.
std::string print_real(double value);

}  // namespace isolde::sql
