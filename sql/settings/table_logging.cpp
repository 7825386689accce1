#include "sql/settings/setting_checks.hpp"
#include "sql/settings/table_builder.hpp"
#include "sql/settings/tables.hpp"

namespace isolde::sql {

namespace {

using namespace table;
using namespace setting_flag;

constexpr EnumOption kLogMessageLevels[] = {
    {"debug5", number_of(MessageLevel::kDebug5)},
    {"debug4", number_of(MessageLevel::kDebug4)},
    {"debug3", number_of(MessageLevel::kDebug3)},
    {"debug2", number_of(MessageLevel::kDebug2)},
    {"debug1", number_of(MessageLevel::kDebug1)},
    {"debug", number_of(MessageLevel::kDebug2), true},
    {"info", number_of(MessageLevel::kInfo)},
    {"notice", number_of(MessageLevel::kNotice)},
    {"warning", number_of(MessageLevel::kWarning)},
    {"error", number_of(MessageLevel::kError)},
    {"log", number_of(MessageLevel::kLog)},
    {"fatal", number_of(MessageLevel::kFatal)},
    {"panic", number_of(MessageLevel::kPanic)},
};

constexpr EnumOption kLogErrorVerbosityValues[] = {
    {"terse", 0},
    {"default", 1},
    {"verbose", 2},
};

constexpr EnumOption kLogStatements[] = {
    {"none", number_of(LogStatement::kNone)},
    {"ddl", number_of(LogStatement::kDdl)},
    {"mod", number_of(LogStatement::kMod)},
    {"all", number_of(LogStatement::kAll)},
};

constexpr SettingDefinition kWhereToLog[] = {
    text("log_destination", kSighup, "stderr", "Sets the destination for server log output.",
         "Valid values are combinations of \"stderr\", \"syslog\", \"csvlog\", \"jsonlog\", and "
         "\"eventlog\", depending on the platform.") |
        with(kList) | checked(check::log_destination),
};

constexpr SettingDefinition kWhenToLog[] = {
    choice("log_min_messages", kSuperuser, "warning", kLogMessageLevels,
           "Sets the message levels that are logged.",
           "Each level includes all the levels that follow it. The later the level, the fewer "
           "messages are sent.") |
        into<&SettingFields::log_min_messages>(),
    choice("log_min_error_statement", kSuperuser, "error", kLogMessageLevels,
           "Causes all statements generating error at or above this level to be logged.",
           "Each level includes all the levels that follow it. The later the level, the fewer "
           "messages are sent.") |
        into<&SettingFields::log_min_error_statement>(),
    integer("log_min_duration_statement", kSuperuser, -1, {-1, kIntMax}, kMs,
            "Sets the minimum execution time above which all statements will be logged.",
            "Zero prints all queries. -1 turns this feature off.") |
        into<&SettingFields::log_min_duration_statement>(),
    integer("log_min_duration_sample", kSuperuser, -1, {-1, kIntMax}, kMs,
            "Sets the minimum execution time above which a sample of statements will be logged. "
            "Sampling is determined by log_statement_sample_rate.",
            "Zero logs a sample of all queries. -1 turns this feature off."),
    real("log_statement_sample_rate", kSuperuser, 1, {0, 1}, kNone,
         "Fraction of statements exceeding log_min_duration_sample to be logged.",
         "Use a value between 0.0 (never log) and 1.0 (always log)."),
    real("log_transaction_sample_rate", kSuperuser, 0, {0, 1}, kNone,
         "Sets the fraction of transactions from which to log all statements.",
         "Use a value between 0.0 (never log) and 1.0 (log all statements for all transactions)."),
};

constexpr SettingDefinition kWhatToLog[] = {
    text("application_name", kUser, "",
         "Sets the application name to be reported in statistics and logs.") |
        with(kReport | kName) | checked(check::ascii),
    boolean("debug_pretty_print", kUser, true, "Indents parse and plan tree displays."),
    boolean("debug_print_parse", kUser, false, "Logs each query's parse tree."),
    boolean("debug_print_plan", kUser, false, "Logs each query's execution plan."),
    boolean("debug_print_rewritten", kUser, false, "Logs each query's rewritten parse tree."),
    integer("log_autovacuum_min_duration", kSighup, 600000, {-1, kIntMax}, kMs,
            "Sets the minimum execution time above which autovacuum actions will be logged.",
            "Zero prints all actions. -1 turns autovacuum logging off."),
    boolean("log_checkpoints", kSighup, true, "Logs each checkpoint."),
    boolean("log_connections", kSuperuserBackend, false, "Logs each successful connection."),
    boolean("log_disconnections", kSuperuserBackend, false,
            "Logs end of a session, including duration."),
    boolean("log_duration", kSuperuser, false,
            "Logs the duration of each completed SQL statement.") |
        into<&SettingFields::log_duration>(),
    choice("log_error_verbosity", kSuperuser, "default", kLogErrorVerbosityValues,
           "Sets the verbosity of logged messages."),
    boolean("log_hostname", kSighup, false, "Logs the host name in the connection logs.",
            "By default, connection logs only show the IP address of the connecting host. If you "
            "want them to show the host name you can turn this on, but depending on your host name "
            "resolution setup it might impose a non-negligible performance penalty."),
    text("log_line_prefix", kSighup, "%m [%p] ", "Controls information prefixed to each log line.",
         "If blank, no prefix is used."),
    boolean("log_lock_waits", kSuperuser, false, "Logs long lock waits.") |
        into<&SettingFields::log_lock_waits>(),
    integer("log_parameter_max_length", kSuperuser, -1, {-1, 1073741823}, kB,
            "Sets the maximum length in bytes of data logged for bind parameter values when "
            "logging statements.",
            "-1 to print values in full."),
    integer("log_parameter_max_length_on_error", kUser, 0, {-1, 1073741823}, kB,
            "Sets the maximum length in bytes of data logged for bind parameter values when "
            "logging statements, on error.",
            "-1 to print values in full."),
    choice("log_statement", kSuperuser, "none", kLogStatements,
           "Sets the type of statements logged.") |
        into<&SettingFields::log_statement>(),
    integer("log_temp_files", kSuperuser, -1, {-1, kIntMax}, kKb,
            "Log the use of temporary files larger than this number of kilobytes.",
            "Zero logs all files. The default is -1 (turning this feature off)."),
    text("log_timezone", kSighup, "GMT", "Sets the time zone to use in log messages.") |
        checked(check::time_zone),
};

constexpr SettingDefinition kProcessTitle[] = {
    text("cluster_name", kPostmaster, "",
         "Sets the name of the cluster, which is included in the process title.") |
        with(kName) | checked(check::ascii),
    boolean("update_process_title", kSuperuser, true,
            "Updates the process title to show the active SQL command.",
            "Enables updating of the process title every time a new SQL command is received by the "
            "server."),
};

constexpr SettingGroup kGroups[] = {
    {"Reporting and Logging / Where to Log", kWhereToLog},
    {"Reporting and Logging / When to Log", kWhenToLog},
    {"Reporting and Logging / What to Log", kWhatToLog},
    {"Reporting and Logging / Process Title", kProcessTitle},
};

}  // namespace

std::span<const SettingGroup> logging_settings() {
  return kGroups;
}

}  // namespace isolde::sql
