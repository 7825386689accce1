#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.hpp"

// What the server knows about one setting before anybody sets it: a row of the registry.

namespace isolde::sql {

struct SettingFields;

enum class SettingType : uint8_t { kBool, kInteger, kReal, kString, kEnum };

/// Who may change a setting, and when; in PostgreSQL's order, strictest first.
enum class SettingContext : uint8_t {
  kInternal,          ///< nobody
  kPostmaster,        ///< at the start of the server
  kSighup,            ///< in the configuration file, also while the server runs
  kSuperuserBackend,  ///< a superuser, at the start of a session
  kBackend,           ///< anyone, at the start of a session
  kSuperuser,         ///< a superuser, any time
  kUser,              ///< anyone, any time
};

/// Where a value comes from. A later one in this list outweighs an earlier one.
enum class SettingSource : uint8_t {
  kDefault,
  kDynamicDefault,  ///< a default worked out when the server starts
  kFile,
  kCommandLine,
  kDatabase,
  kUser,
  kDatabaseUser,
  kClient,    ///< the start-up packet
  kOverride,  ///< the server itself
  kInteractive,
  kSession,  ///< SET
};

/// The base unit that a number is kept in.
enum class SettingUnit : uint8_t { kNone, kB, kKb, kBlocks, kMb, kMs, kS, kMin };

namespace setting_flag {
inline constexpr uint32_t kReport = 1;          ///< sent as ParameterStatus
inline constexpr uint32_t kNoShowAll = 2;       ///< left out of SHOW ALL and pg_settings
inline constexpr uint32_t kNoResetAll = 4;      ///< left alone by RESET ALL
inline constexpr uint32_t kList = 8;            ///< SET takes several values
inline constexpr uint32_t kListQuote = 16;      ///< ... and quotes each like an identifier
inline constexpr uint32_t kSuperuserOnly = 32;  ///< shown to superusers only
inline constexpr uint32_t kExplain = 64;        ///< changes plans: EXPLAIN (SETTINGS) shows it
inline constexpr uint32_t kName = 128;          ///< an identifier: cut at 63 bytes
inline constexpr uint32_t kOctal = 256;         ///< a file mode: shown as 0777
inline constexpr uint32_t kCustom = 512;        ///< a name with a dot that nobody defined
inline constexpr uint32_t kLiveField = 1024;    ///< the value is the field; see SettingFields
}  // namespace setting_flag

/// A value by the setting's type; of an enum, the number that stands for the word.
using SettingValue = std::variant<bool, int32_t, double, std::string>;

struct EnumOption {
  std::string_view label;
  int32_t value;
  bool hidden = false;  ///< understood, but not offered
};

/// What a check may look at beside the value itself.
struct CheckInput {
  const SettingFields& fields;   ///< the values in force
  std::string_view reset_value;  ///< of a string setting: what RESET would bring back
  std::string_view name_given;   ///< the name as the caller wrote it, for messages; may be empty
};

struct SettingDefinition;

/// Looks at a parsed value more closely and may bring it into canonical form. The error lacks
/// nothing: see invalid_value in setting_text.hpp.
using SettingCheck = base::Status (*)(const SettingDefinition&, const CheckInput&, SettingValue&);

struct SettingDefinition {
  std::string_view name{};
  SettingType type = SettingType::kString;
  SettingContext context = SettingContext::kUser;
  SettingUnit unit = SettingUnit::kNone;
  uint32_t flags = 0;
  double min = 0, max = 0;
  double boot_number = 0;        ///< bool, integer, real
  std::string_view boot_text{};  ///< string, enum
  std::span<const EnumOption> options{};
  std::string_view short_desc{}, extra_desc{};
  SettingCheck check = nullptr;
  void (*assign)(SettingFields&, const SettingValue&) = nullptr;
  SettingValue (*read)(const SettingFields&) = nullptr;  ///< the inverse of assign
  // Filled in by the registry.
  std::string_view category{};
  uint16_t index = kNoIndex;

  static constexpr uint16_t kNoIndex = 0xffff;  ///< of custom settings
  bool has(uint32_t flag) const { return (flags & flag) != 0; }
  SettingValue boot_value() const;
};

/// PostgreSQL's words, as pg_settings shows them: "user", "configuration file", "integer", "8kB".
std::string_view context_name(SettingContext context);
std::string_view source_name(SettingSource source);
std::string_view type_name(SettingType type);
std::string_view unit_name(SettingUnit unit);

}  // namespace isolde::sql
