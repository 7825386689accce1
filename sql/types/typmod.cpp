#include <fmt/format.h>

#include <algorithm>

#include "sql/types/errors.hpp"
#include "sql/types/type_registry.hpp"
#include "sql/types/typmod.hpp"

// The modifiers in brackets after a type's name, packed into 32 bits as in PostgreSQL.
//
//   varchar(n), char(n)     n + 4
//   numeric(p, s)           (p << 16 | (s & 0x7ff)) + 4
//   time, timestamp (p)     p
//   interval fields (p)     fields << 16 | p, with 0xffff for "any precision"

namespace isolde::sql {

namespace {

constexpr int32_t kHeader = 4;
constexpr int32_t kMaxLength = 10485760;
constexpr int32_t kMaxPrecision = 6;

std::string interval_fields(int32_t fields) {
  struct Row {
    int32_t mask;
    const char* text;
  };
  static constexpr Row kRows[] = {
      {interval_field::kYear, " year"},
      {interval_field::kMonth, " month"},
      {interval_field::kDay, " day"},
      {interval_field::kHour, " hour"},
      {interval_field::kMinute, " minute"},
      {interval_field::kSecond, " second"},
      {interval_field::kYear | interval_field::kMonth, " year to month"},
      {interval_field::kDay | interval_field::kHour, " day to hour"},
      {interval_field::kDay | interval_field::kHour | interval_field::kMinute, " day to minute"},
      {interval_field::kDay | interval_field::kHour | interval_field::kMinute |
           interval_field::kSecond,
       " day to second"},
      {interval_field::kHour | interval_field::kMinute, " hour to minute"},
      {interval_field::kHour | interval_field::kMinute | interval_field::kSecond,
       " hour to second"},
      {interval_field::kMinute | interval_field::kSecond, " minute to second"},
  };
  for (const Row& row : kRows) {
    if (row.mask == fields) return row.text;
  }
  return "";
}

std::string format_interval(int32_t typmod) {
  std::string text = "interval" + interval_fields((typmod >> 16) & interval_field::kAll);
  int32_t precision = typmod & interval_field::kAnyPrecision;
  if (precision != interval_field::kAnyPrecision) text += fmt::format("({})", precision);
  return text;
}

std::string format_with_typmod(const Type& type, int32_t typmod) {
  switch (type.oid.value) {
    case types::kVarchar.value:
    case types::kBpchar.value:
      return fmt::format("{}({})", type.sql_name, typmod - kHeader);
    case types::kNumeric.value:
      return fmt::format("numeric({},{})", numeric_precision(typmod), numeric_scale(typmod));
    case types::kTime.value:
    case types::kTimestamp.value:
      return fmt::format("{}({}) without time zone", type.name, typmod);
    case types::kTimetz.value:
      return fmt::format("time({}) with time zone", typmod);
    case types::kTimestamptz.value:
      return fmt::format("timestamp({}) with time zone", typmod);
    case types::kInterval.value:
      return format_interval(typmod);
    default:
      return std::string(type.sql_name);
  }
}

[[noreturn]] void fail_modifier(std::string message) {
  fail(base::sqlstate::kInvalidParameterValue, std::move(message));
}

int32_t length_typmod(const char* name, std::span<const int32_t> modifiers) {
  if (modifiers.size() != 1) fail_modifier("invalid type modifier");
  if (modifiers[0] < 1) fail_modifier(fmt::format("length for type {} must be at least 1", name));
  if (modifiers[0] > kMaxLength) {
    fail_modifier(fmt::format("length for type {} cannot exceed {}", name, kMaxLength));
  }
  return modifiers[0] + kHeader;
}

int32_t numeric_typmod(std::span<const int32_t> modifiers) {
  if (modifiers.empty() || modifiers.size() > 2) fail_modifier("invalid NUMERIC type modifier");
  if (modifiers[0] < 1 || modifiers[0] > 1000) {
    fail_modifier(fmt::format("NUMERIC precision {} must be between 1 and 1000", modifiers[0]));
  }
  int32_t scale = modifiers.size() == 2 ? modifiers[1] : 0;
  if (scale < -1000 || scale > 1000) {
    fail_modifier(fmt::format("NUMERIC scale {} must be between -1000 and 1000", scale));
  }
  return make_numeric_typmod(modifiers[0], scale);
}

/// Precisions beyond 6 are cut, with a warning in PostgreSQL.
int32_t precision_typmod(const char* name, const char* suffix, std::span<const int32_t> modifiers) {
  if (modifiers.size() != 1) fail_modifier("invalid type modifier");
  if (modifiers[0] < 0) {
    fail_modifier(
        fmt::format("{}({}){} precision must not be negative", name, modifiers[0], suffix));
  }
  return std::min(modifiers[0], kMaxPrecision);
}

/// Either the field mask alone or the mask and a precision.
int32_t interval_typmod(std::span<const int32_t> modifiers) {
  if (modifiers.empty() || modifiers.size() > 2) fail_modifier("invalid INTERVAL type modifier");
  int32_t fields = modifiers[0];
  int32_t precision = interval_field::kAnyPrecision;
  if (modifiers.size() == 2) {
    if (modifiers[1] < 0) {
      fail_modifier(fmt::format("INTERVAL({}) precision must not be negative", modifiers[1]));
    }
    precision = std::min(modifiers[1], kMaxPrecision);
  } else if (fields == interval_field::kAll) {
    return -1;
  }
  return fields << 16 | precision;
}

}  // namespace

std::string format_type(const Type& type, std::optional<int32_t> typmod) {
  if (type.is_array()) {
    const Type* element = find_type(type.element_type);
    if (element != nullptr) return format_type(*element, typmod) + "[]";
  }
  if (!typmod.has_value()) return std::string(type.sql_name);
  if (*typmod >= 0) return format_with_typmod(type, *typmod);
  // A bare "character" would mean character(1).
  return type.oid == types::kBpchar ? "bpchar" : std::string(type.sql_name);
}

bool takes_modifiers(const Type& type) {
  switch (type.oid.value) {
    case types::kVarchar.value:
    case types::kBpchar.value:
    case types::kNumeric.value:
    case types::kTime.value:
    case types::kTimetz.value:
    case types::kTimestamp.value:
    case types::kTimestamptz.value:
    case types::kInterval.value:
      return true;
    default:
      return type.is_array() && find_type(type.element_type) != nullptr &&
             takes_modifiers(type_of(type.element_type));
  }
}

int32_t typmod_from_modifiers(const Type& type, std::span<const int32_t> modifiers) {
  switch (type.oid.value) {
    case types::kVarchar.value:
      return length_typmod("varchar", modifiers);
    case types::kBpchar.value:
      return length_typmod("char", modifiers);
    case types::kNumeric.value:
      return numeric_typmod(modifiers);
    case types::kTime.value:
      return precision_typmod("TIME", "", modifiers);
    case types::kTimetz.value:
      return precision_typmod("TIME", " WITH TIME ZONE", modifiers);
    case types::kTimestamp.value:
      return precision_typmod("TIMESTAMP", "", modifiers);
    case types::kTimestamptz.value:
      return precision_typmod("TIMESTAMP", " WITH TIME ZONE", modifiers);
    case types::kInterval.value:
      return interval_typmod(modifiers);
    default:
      if (takes_modifiers(type))
        return typmod_from_modifiers(type_of(type.element_type), modifiers);
      fail(base::sqlstate::kSyntaxError,
           fmt::format("type modifier is not allowed for type \"{}\"", type.name));
  }
}

}  // namespace isolde::sql
