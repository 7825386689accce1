#include "sql/settings/setting_checks.hpp"
#include "sql/settings/table_builder.hpp"
#include "sql/settings/tables.hpp"

namespace isolde::sql {

namespace {

using namespace table;
using namespace setting_flag;

constexpr EnumOption kClientMessageLevels[] = {
    {"debug5", number_of(MessageLevel::kDebug5)}, {"debug4", number_of(MessageLevel::kDebug4)},
    {"debug3", number_of(MessageLevel::kDebug3)}, {"debug2", number_of(MessageLevel::kDebug2)},
    {"debug1", number_of(MessageLevel::kDebug1)}, {"debug", number_of(MessageLevel::kDebug2), true},
    {"log", number_of(MessageLevel::kLog)},       {"info", number_of(MessageLevel::kInfo), true},
    {"notice", number_of(MessageLevel::kNotice)}, {"warning", number_of(MessageLevel::kWarning)},
    {"error", number_of(MessageLevel::kError)},
};

constexpr EnumOption kDefaultToastCompressionValues[] = {
    {"pglz", 0},
    {"lz4", 1},
};

constexpr EnumOption kIsolationLevels[] = {
    {"serializable", number_of(IsolationLevel::kSerializable)},
    {"repeatable read", number_of(IsolationLevel::kRepeatableRead)},
    {"read committed", number_of(IsolationLevel::kReadCommitted)},
    {"read uncommitted", number_of(IsolationLevel::kReadUncommitted)},
};

constexpr EnumOption kReplicationRoles[] = {
    {"origin", number_of(SessionReplicationRole::kOrigin)},
    {"replica", number_of(SessionReplicationRole::kReplica)},
    {"local", number_of(SessionReplicationRole::kLocal)},
};

constexpr EnumOption kByteaOutputs[] = {
    {"escape", number_of(ByteaOutput::kEscape)},
    {"hex", number_of(ByteaOutput::kHex)},
};

constexpr EnumOption kXmlbinaryValues[] = {
    {"base64", 0},
    {"hex", 1},
};

constexpr EnumOption kXmloptionValues[] = {
    {"content", 0},
    {"document", 1},
};

constexpr SettingDefinition kStatementBehavior[] = {
    choice("client_min_messages", kUser, "notice", kClientMessageLevels,
           "Sets the message levels that are sent to the client.",
           "Each level includes all the levels that follow it. The later the level, the fewer "
           "messages are sent.") |
        into<&SettingFields::client_min_messages>(),
    text("search_path", kUser, "\"$user\", public",
         "Sets the schema search order for names that are not schema-qualified.") |
        with(kList | kListQuote | kExplain) | checked(check::name_list),
    boolean("row_security", kUser, true, "Enable row security.",
            "When enabled, row security will be applied to all users.") |
        into<&SettingFields::row_security>(),
    text("default_table_access_method", kUser, "heap",
         "Sets the default table access method for new tables.") |
        with(kName) | checked(check::table_access_method),
    text("default_tablespace", kUser, "",
         "Sets the default tablespace to create tables and indexes in.",
         "An empty string selects the database's default tablespace.") |
        with(kName) | checked(check::tablespace),
    text("temp_tablespaces", kUser, "",
         "Sets the tablespace(s) to use for temporary tables and sort files.") |
        with(kList | kListQuote) | checked(check::temp_tablespaces),
    choice("default_toast_compression", kUser, "pglz", kDefaultToastCompressionValues,
           "Sets the default compression method for compressible values."),
    boolean("check_function_bodies", kUser, true,
            "Check routine bodies during CREATE FUNCTION and CREATE PROCEDURE.") |
        into<&SettingFields::check_function_bodies>(),
    choice("default_transaction_isolation", kUser, "read committed", kIsolationLevels,
           "Sets the transaction isolation level of each new transaction.") |
        into<&SettingFields::default_transaction_isolation>(),
    boolean("default_transaction_read_only", kUser, false,
            "Sets the default read-only status of new transactions.") |
        with(kReport) | into<&SettingFields::default_transaction_read_only>(),
    boolean("default_transaction_deferrable", kUser, false,
            "Sets the default deferrable status of new transactions.") |
        into<&SettingFields::default_transaction_deferrable>(),
    choice("transaction_isolation", kUser, "read committed", kIsolationLevels,
           "Sets the current transaction's isolation level.") |
        with(kNoResetAll | kLiveField) | into<&SettingFields::transaction_isolation>(),
    boolean("transaction_read_only", kUser, false,
            "Sets the current transaction's read-only status.") |
        with(kNoResetAll | kLiveField) | into<&SettingFields::transaction_read_only>(),
    boolean("transaction_deferrable", kUser, false,
            "Whether to defer a read-only serializable transaction until it can be executed with "
            "no possible serialization failures.") |
        with(kNoResetAll | kLiveField) | into<&SettingFields::transaction_deferrable>(),
    choice("session_replication_role", kSuperuser, "origin", kReplicationRoles,
           "Sets the session's behavior for triggers and rewrite rules.") |
        into<&SettingFields::session_replication_role>(),
    integer("statement_timeout", kUser, 0, {0, kIntMax}, kMs,
            "Sets the maximum allowed duration of any statement.",
            "A value of 0 turns off the timeout.") |
        into<&SettingFields::statement_timeout>(),
    integer("lock_timeout", kUser, 0, {0, kIntMax}, kMs,
            "Sets the maximum allowed duration of any wait for a lock.",
            "A value of 0 turns off the timeout.") |
        into<&SettingFields::lock_timeout>(),
    integer("idle_in_transaction_session_timeout", kUser, 0, {0, kIntMax}, kMs,
            "Sets the maximum allowed idle time between queries, when in a transaction.",
            "A value of 0 turns off the timeout.") |
        into<&SettingFields::idle_in_transaction_session_timeout>(),
    integer("idle_session_timeout", kUser, 0, {0, kIntMax}, kMs,
            "Sets the maximum allowed idle time between queries, when not in a transaction.",
            "A value of 0 turns off the timeout.") |
        into<&SettingFields::idle_session_timeout>(),
    integer("vacuum_freeze_min_age", kUser, 50000000, {0, 1000000000}, kNone,
            "Minimum age at which VACUUM should freeze a table row."),
    integer("vacuum_freeze_table_age", kUser, 150000000, {0, 2000000000}, kNone,
            "Age at which VACUUM should scan whole table to freeze tuples."),
    integer("vacuum_multixact_freeze_min_age", kUser, 5000000, {0, 1000000000}, kNone,
            "Minimum age at which VACUUM should freeze a MultiXactId in a table row."),
    integer("vacuum_multixact_freeze_table_age", kUser, 150000000, {0, 2000000000}, kNone,
            "Multixact age at which VACUUM should scan whole table to freeze tuples."),
    integer("vacuum_failsafe_age", kUser, 1600000000, {0, 2100000000}, kNone,
            "Age at which VACUUM should trigger failsafe to avoid a wraparound outage."),
    integer("vacuum_multixact_failsafe_age", kUser, 1600000000, {0, 2100000000}, kNone,
            "Multixact age at which VACUUM should trigger failsafe to avoid a wraparound outage."),
    choice("bytea_output", kUser, "hex", kByteaOutputs, "Sets the output format for bytea.") |
        into<&SettingFields::bytea_output>(),
    choice("xmlbinary", kUser, "base64", kXmlbinaryValues,
           "Sets how binary values are to be encoded in XML."),
    choice("xmloption", kUser, "content", kXmloptionValues,
           "Sets whether XML data in implicit parsing and serialization operations is to be "
           "considered as documents or content fragments."),
    text("restrict_nonsystem_relation_kind", kUser, "",
         "Prohibits access to non-system relations of specified kinds.") |
        with(kList) | checked(check::relation_kinds),
};

constexpr SettingGroup kGroups[] = {
    {"Client Connection Defaults / Statement Behavior", kStatementBehavior},
};

}  // namespace

std::span<const SettingGroup> statement_settings() {
  return kGroups;
}

}  // namespace isolde::sql
