#pragma once

#include <limits>
#include <type_traits>
#include <utility>

#include "sql/settings/setting_definition.hpp"
#include "sql/settings/setting_fields.hpp"

// The few words in which the tables of settings are written:
//
//   integer("statement_timeout", kUser, 0, {0, kIntMax}, kMs,
//           "Sets the maximum allowed duration of any statement.",
//           "A value of 0 turns off the timeout.") |
//       into<&SettingFields::statement_timeout>()

namespace isolde::sql::table {

using enum SettingContext;
using enum SettingUnit;
using std::string_view;

inline constexpr double kIntMax = std::numeric_limits<int32_t>::max();
inline constexpr double kIntMin = std::numeric_limits<int32_t>::min();
inline constexpr double kRealMax = std::numeric_limits<double>::max();

struct Range {
  double min, max;
};

constexpr SettingDefinition describe(SettingDefinition d, string_view name, SettingContext context,
                                     string_view short_desc, string_view extra_desc) {
  d.name = name;
  d.context = context;
  d.short_desc = short_desc;
  d.extra_desc = extra_desc;
  return d;
}

constexpr SettingDefinition boolean(string_view name, SettingContext context, bool boot,
                                    string_view desc, string_view extra = {}) {
  SettingDefinition d{.type = SettingType::kBool, .boot_number = boot ? 1.0 : 0.0};
  return describe(d, name, context, desc, extra);
}

constexpr SettingDefinition number(SettingType type, double boot, Range range, SettingUnit unit) {
  return {.type = type, .unit = unit, .min = range.min, .max = range.max, .boot_number = boot};
}

constexpr SettingDefinition integer(string_view name, SettingContext context, int32_t boot,
                                    Range range, SettingUnit unit, string_view desc,
                                    string_view extra = {}) {
  return describe(number(SettingType::kInteger, boot, range, unit), name, context, desc, extra);
}

constexpr SettingDefinition real(string_view name, SettingContext context, double boot, Range range,
                                 SettingUnit unit, string_view desc, string_view extra = {}) {
  return describe(number(SettingType::kReal, boot, range, unit), name, context, desc, extra);
}

constexpr SettingDefinition text(string_view name, SettingContext context, string_view boot,
                                 string_view desc, string_view extra = {}) {
  return describe({.type = SettingType::kString, .boot_text = boot}, name, context, desc, extra);
}

constexpr SettingDefinition choice(string_view name, SettingContext context, string_view boot,
                                   std::span<const EnumOption> options, string_view desc,
                                   string_view extra = {}) {
  SettingDefinition d{.type = SettingType::kEnum, .boot_text = boot, .options = options};
  return describe(d, name, context, desc, extra);
}

/// The number that stands for an enumerator in an EnumOption.
template <typename Enum>
constexpr int32_t number_of(Enum e) {
  return static_cast<int32_t>(e);
}

template <auto kMember>
using FieldType = std::remove_reference_t<decltype(std::declval<SettingFields&>().*kMember)>;

template <auto kMember>
void assign_field(SettingFields& fields, const SettingValue& value) {
  using Field = FieldType<kMember>;
  if constexpr (std::is_same_v<Field, bool> || std::is_same_v<Field, double>)
    fields.*kMember = std::get<Field>(value);
  else
    fields.*kMember = static_cast<Field>(std::get<int32_t>(value));
}

template <auto kMember>
SettingValue read_field(const SettingFields& fields) {
  using Field = FieldType<kMember>;
  if constexpr (std::is_same_v<Field, bool> || std::is_same_v<Field, double>)
    return fields.*kMember;
  else
    return static_cast<int32_t>(fields.*kMember);
}

// What is added to a definition with `|`.
struct Flags {
  uint32_t bits;
};
struct Field {
  void (*assign)(SettingFields&, const SettingValue&);
  SettingValue (*read)(const SettingFields&);
};
struct Check {
  SettingCheck function;
};

constexpr Flags with(uint32_t bits) {
  return {bits};
}
template <auto kMember>
constexpr Field into() {
  return {&assign_field<kMember>, &read_field<kMember>};
}
constexpr Check checked(SettingCheck function) {
  return {function};
}

constexpr SettingDefinition operator|(SettingDefinition d, Flags flags) {
  d.flags |= flags.bits;
  return d;
}
constexpr SettingDefinition operator|(SettingDefinition d, Field field) {
  d.assign = field.assign;
  d.read = field.read;
  return d;
}
constexpr SettingDefinition operator|(SettingDefinition d, Check check) {
  d.check = check.function;
  return d;
}

}  // namespace isolde::sql::table
