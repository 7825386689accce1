#include "sql/settings/table_builder.hpp"
#include "sql/settings/tables.hpp"

namespace isolde::sql {

namespace {

using namespace table;
using namespace setting_flag;

constexpr EnumOption kBackslashQuotes[] = {
    {"safe_encoding", number_of(BackslashQuote::kSafeEncoding)},
    {"on", number_of(BackslashQuote::kOn)},
    {"off", number_of(BackslashQuote::kOff)},
    {"true", number_of(BackslashQuote::kOn), true},
    {"false", number_of(BackslashQuote::kOff), true},
    {"yes", number_of(BackslashQuote::kOn), true},
    {"no", number_of(BackslashQuote::kOff), true},
    {"1", number_of(BackslashQuote::kOn), true},
    {"0", number_of(BackslashQuote::kOff), true},
};

constexpr EnumOption kForceParallelModeValues[] = {
    {"off", 0},       {"on", 1},       {"regress", 2}, {"true", 1, true}, {"false", 0, true},
    {"yes", 1, true}, {"no", 0, true}, {"1", 1, true}, {"0", 0, true},
};

constexpr SettingDefinition kPreviousPostgresqlVersions[] = {
    boolean("array_nulls", kUser, true, "Enable input of NULL elements in arrays.",
            "When turned on, unquoted NULL in an array input value means a null value; otherwise "
            "it is taken literally.") |
        into<&SettingFields::array_nulls>(),
    choice("backslash_quote", kUser, "safe_encoding", kBackslashQuotes,
           "Sets whether \"\\'\" is allowed in string literals.") |
        into<&SettingFields::backslash_quote>(),
    boolean("escape_string_warning", kUser, true,
            "Warn about backslash escapes in ordinary string literals.") |
        into<&SettingFields::escape_string_warning>(),
    boolean("lo_compat_privileges", kSuperuser, false,
            "Enables backward compatibility mode for privilege checks on large objects.",
            "Skips privilege checks when reading or modifying large objects, for compatibility "
            "with PostgreSQL releases prior to 9.0."),
    boolean("quote_all_identifiers", kUser, false,
            "When generating SQL fragments, quote all identifiers.") |
        into<&SettingFields::quote_all_identifiers>(),
    boolean("standard_conforming_strings", kUser, true,
            "Causes '...' strings to treat backslashes literally.") |
        with(kReport) | into<&SettingFields::standard_conforming_strings>(),
    boolean("synchronize_seqscans", kUser, true, "Enable synchronized sequential scans."),
};

constexpr SettingDefinition kOtherPlatformsAndClients[] = {
    boolean(
        "transform_null_equals", kUser, false, "Treats \"expr=NULL\" as \"expr IS NULL\".",
        "When turned on, expressions of the form expr = NULL (or NULL = expr) are treated as expr "
        "IS NULL, that is, they return true if expr evaluates to the null value, and false "
        "otherwise. The correct behavior of expr = NULL is to always return null (unknown).") |
        into<&SettingFields::transform_null_equals>(),
};

constexpr SettingDefinition kErrorHandling[] = {
    boolean("exit_on_error", kUser, false, "Terminate session on any error."),
};

constexpr SettingDefinition kDeveloperOptions[] = {
    boolean("allow_system_table_mods", kSuperuser, false,
            "Allows modifications of the structure of system tables.") |
        into<&SettingFields::allow_system_table_mods>(),
    boolean("ignore_system_indexes", kBackend, false, "Disables reading from system indexes.",
            "It does not prevent updating the indexes, so it is safe to use.  The worst "
            "consequence is slowness."),
    choice("force_parallel_mode", kUser, "off", kForceParallelModeValues,
           "Forces use of parallel query facilities.",
           "If possible, run query using a parallel worker and with parallel restrictions.") |
        with(kExplain),
    boolean("jit_expressions", kUser, true, "Allow JIT compilation of expressions."),
    boolean("jit_tuple_deforming", kUser, true, "Allow JIT compilation of tuple deforming."),
};

constexpr SettingGroup kGroups[] = {
    {"Version and Platform Compatibility / Previous PostgreSQL Versions",
     kPreviousPostgresqlVersions},
    {"Version and Platform Compatibility / Other Platforms and Clients", kOtherPlatformsAndClients},
    {"Error Handling", kErrorHandling},
    {"Developer Options", kDeveloperOptions},
};

}  // namespace

std::span<const SettingGroup> compatibility_settings() {
  return kGroups;
}

}  // namespace isolde::sql
