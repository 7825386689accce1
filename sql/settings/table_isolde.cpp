#include "sql/settings/table_builder.hpp"
#include "sql/settings/tables.hpp"

// What PostgreSQL does not have, and the settings that it hides: those exist for SET and SHOW by
// name but do not appear in pg_settings.

namespace isolde::sql {

namespace {

using namespace table;
using namespace setting_flag;

constexpr EnumOption kDeadlockPolicies[] = {
    {"detect", number_of(DeadlockPolicy::kDetect)},
    {"wait_die", number_of(DeadlockPolicy::kWaitDie)},
    {"wound_wait", number_of(DeadlockPolicy::kWoundWait)},
    {"no_wait", number_of(DeadlockPolicy::kNoWait)},
};

constexpr EnumOption kDialects[] = {
    {"postgres", number_of(Dialect::kPostgres)},
    {"mysql", number_of(Dialect::kMysql)},
    {"sqlserver", number_of(Dialect::kSqlServer)},
};

constexpr SettingDefinition kConcurrency[] = {
    text("concurrency", kInternal, "", "Shows the concurrency engine of the current database."),
    choice("isolde.deadlock_policy", kUser, "detect", kDeadlockPolicies,
           "Sets what happens to transactions that might wait for each other in a circle.",
           "Used by engines whose readers take locks.") |
        into<&SettingFields::deadlock_policy>(),
    integer("isolde.rows_before_page_lock", kUser, 64, {0, kIntMax}, kNone,
            "Sets how many rows of a page may be locked before the page is locked instead.",
            "Used by engines that lock rows and escalate. A value of 0 turns it off.") |
        into<&SettingFields::rows_before_page_lock>(),
    integer("isolde.rows_before_table_lock", kUser, 5000, {0, kIntMax}, kNone,
            "Sets how many rows of a table may be locked before the table is locked instead.",
            "Used by engines that lock rows and escalate. A value of 0 turns it off.") |
        into<&SettingFields::rows_before_table_lock>(),
    boolean("isolde.snapshot_conflicts", kUser, false,
            "Makes a write fail when the row has changed since the snapshot was taken.",
            "First updater wins, in engines that would overwrite the change.") |
        into<&SettingFields::snapshot_conflicts>(),
};

constexpr SettingDefinition kLanguage[] = {
    choice("isolde.dialect", kUser, "postgres", kDialects,
           "Sets whose spellings are understood beside PostgreSQL's.") |
        into<&SettingFields::dialect>(),
};

constexpr SettingDefinition kLimits[] = {
    integer("isolde.statement_memory", kUser, 256 * 1024, {0, kIntMax}, kKb,
            "Sets the most memory that one statement may use.",
            "A statement that would take more fails. A value of 0 turns off the limit.") |
        into<&SettingFields::statement_memory>(),
};

constexpr SettingDefinition kHidden[] = {
    boolean("is_superuser", kInternal, false, "Shows whether the current user is a superuser.") |
        with(kReport | kNoShowAll | kNoResetAll) | into<&SettingFields::is_superuser>(),
    text("role", kUser, "none", "Sets the current role.") | with(kNoShowAll | kNoResetAll | kName),
    real("seed", kUser, 0, {-1, 1}, kNone, "Sets the seed for random-number generation.") |
        with(kNoShowAll | kNoResetAll),
    text("session_authorization", kUser, "", "Sets the session user name.") |
        with(kReport | kNoShowAll | kNoResetAll | kName),
};

constexpr SettingGroup kGroups[] = {
    {"Isolde / Concurrency", kConcurrency},
    {"Isolde / Language", kLanguage},
    {"Isolde / Limits", kLimits},
    {"Ungrouped", kHidden},
};

}  // namespace

std::span<const SettingGroup> isolde_settings() {
  return kGroups;
}

}  // namespace isolde::sql
