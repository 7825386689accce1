#pragma once

#include <cstdint>

#include "sql/types/output_style.hpp"

// The settings that code reads on its way through a statement, as plain fields: no look-up, no
// hashing. A change of a setting writes its field (SettingDefinition::assign). Everything else is
// read by definition, see SessionSettings::value.
//
// The three transaction_* fields are the values themselves (setting_flag::kLiveField), because the
// session writes them at the start of every transaction without a SET.

#include "txn/isolation_level.hpp"

namespace isolde::sql {

using txn::IsolationLevel;
enum class DateStyle : uint8_t { kPostgres, kIso, kSql, kGerman };
enum class ClientEncoding : uint8_t { kUtf8, kSqlAscii };
enum class BackslashQuote : uint8_t { kOff, kOn, kSafeEncoding };
enum class LogStatement : uint8_t { kNone, kDdl, kMod, kAll };
enum class SynchronousCommit : uint8_t { kOff, kLocal, kRemoteWrite, kOn, kRemoteApply };
enum class PlanCacheMode : uint8_t { kAuto, kForceGenericPlan, kForceCustomPlan };
enum class PasswordEncryption : uint8_t { kMd5, kScramSha256 };
enum class SessionReplicationRole : uint8_t { kOrigin, kReplica, kLocal };
/// What happens to a transaction that would wait in a circle (or might).
enum class DeadlockPolicy : uint8_t { kDetect, kWaitDie, kWoundWait, kNoWait };
/// Whose spellings are translated before the parser sees the text.
enum class Dialect : uint8_t { kPostgres, kMysql, kSqlServer };
/// Of client_min_messages and the log_min_* settings, in ascending order of weight.
enum class MessageLevel : uint8_t {
  kDebug5,
  kDebug4,
  kDebug3,
  kDebug2,
  kDebug1,
  kLog,
  kInfo,
  kNotice,
  kWarning,
  kError,
  kFatal,
  kPanic,
};

struct SettingFields {
  // Limits of time, in milliseconds; 0 is no limit.
  int32_t statement_timeout = 0;
  int32_t lock_timeout = 0;
  int32_t idle_in_transaction_session_timeout = 0;
  int32_t idle_session_timeout = 0;
  int32_t deadlock_timeout = 0;
  int32_t client_connection_check_interval = 0;

  // Limits of memory, in kB.
  int32_t work_mem = 0;
  int32_t maintenance_work_mem = 0;
  int32_t temp_file_limit = 0;
  int32_t statement_memory = 0;
  double hash_mem_multiplier = 0;

  // Transactions.
  IsolationLevel default_transaction_isolation = IsolationLevel::kReadCommitted;
  bool default_transaction_read_only = false;
  bool default_transaction_deferrable = false;
  IsolationLevel transaction_isolation = IsolationLevel::kReadCommitted;
  bool transaction_read_only = false;
  bool transaction_deferrable = false;
  SynchronousCommit synchronous_commit = SynchronousCommit::kOn;
  DeadlockPolicy deadlock_policy = DeadlockPolicy::kDetect;
  bool snapshot_conflicts = false;
  int32_t rows_before_page_lock = 64;
  int32_t rows_before_table_lock = 5000;

  // Text in and out.
  DateStyle date_style = DateStyle::kIso;
  DateOrder date_order = DateOrder::kMdy;
  IntervalStyle interval_style = IntervalStyle::kPostgres;
  ByteaOutput bytea_output = ByteaOutput::kHex;
  ClientEncoding client_encoding = ClientEncoding::kUtf8;
  int8_t extra_float_digits = 1;
  bool array_nulls = true;
  bool quote_all_identifiers = false;

  // How a statement is read.
  Dialect dialect = Dialect::kPostgres;
  BackslashQuote backslash_quote = BackslashQuote::kSafeEncoding;
  bool standard_conforming_strings = true;
  bool escape_string_warning = true;
  bool transform_null_equals = false;

  // What a statement may do.
  bool row_security = true;
  bool check_function_bodies = true;
  bool allow_system_table_mods = false;
  bool is_superuser = false;
  SessionReplicationRole session_replication_role = SessionReplicationRole::kOrigin;
  PasswordEncryption password_encryption = PasswordEncryption::kScramSha256;

  // Messages and the log.
  MessageLevel client_min_messages = MessageLevel::kNotice;
  MessageLevel log_min_messages = MessageLevel::kWarning;
  MessageLevel log_min_error_statement = MessageLevel::kError;
  LogStatement log_statement = LogStatement::kNone;
  bool log_duration = false;
  bool log_lock_waits = false;
  bool track_activities = true;
  bool track_counts = true;
  bool track_io_timing = false;
  int32_t log_min_duration_statement = -1;  ///< ms

  // Plans.
  PlanCacheMode plan_cache_mode = PlanCacheMode::kAuto;
  bool enable_bitmapscan = true;
  bool enable_hashagg = true;
  bool enable_hashjoin = true;
  bool enable_incremental_sort = true;
  bool enable_indexonlyscan = true;
  bool enable_indexscan = true;
  bool enable_material = true;
  bool enable_memoize = true;
  bool enable_mergejoin = true;
  bool enable_nestloop = true;
  bool enable_seqscan = true;
  bool enable_sort = true;
  bool enable_tidscan = true;
  int32_t effective_cache_size = 0;  ///< pages
  int32_t default_statistics_target = 100;
  int32_t from_collapse_limit = 8;
  int32_t join_collapse_limit = 8;
  double seq_page_cost = 1;
  double random_page_cost = 4;
  double cpu_tuple_cost = 0.01;
  double cpu_index_tuple_cost = 0.005;
  double cpu_operator_cost = 0.0025;
  double cursor_tuple_fraction = 0.1;
};

}  // namespace isolde::sql
