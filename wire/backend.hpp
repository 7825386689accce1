#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "wire/message_writer.hpp"
#include "wire/types.hpp"

namespace isolde::wire {

/// What a server sends: BackendWriter appends messages to a buffer, ready to go out.

/// One column of a RowDescription.
struct FieldDescription {
  std::string_view name{};
  Oid table = 0;       ///< 0 for an expression
  int16_t column = 0;  ///< its number in that table, from 1
  Oid type = 0;
  int16_t type_size = 0;  ///< negative for a type of variable width
  int32_t type_modifier = -1;
  Format format = Format::kText;
  bool operator==(const FieldDescription&) const = default;
};

/// The fields of an ErrorResponse or NoticeResponse. Severity, SQLSTATE and message are always
/// sent, the others unless they are empty or 0: Report{.severity = "ERROR", ...} names those set.
struct Report {
  std::string_view severity{};            ///< S, in the client's language
  std::string_view severity_unchanged{};  ///< V, always "ERROR", "FATAL", "NOTICE", ...
  std::string_view sqlstate{};            ///< C
  std::string_view message{};             ///< M
  std::string_view detail{};              ///< D
  std::string_view hint{};                ///< H
  int32_t position = 0;                   ///< P, in characters of the query, from 1
  int32_t internal_position = 0;          ///< p
  std::string_view internal_query{};      ///< q
  std::string_view where{};               ///< W
  std::string_view schema_name{};         ///< s
  std::string_view table_name{};          ///< t
  std::string_view column_name{};         ///< c
  std::string_view data_type_name{};      ///< d
  std::string_view constraint_name{};     ///< n
  std::string_view file{};                ///< F
  int32_t line = 0;                       ///< L
  std::string_view routine{};             ///< R
  bool operator==(const Report&) const = default;
};

/// One DataRow being appended, column after column. Output functions write straight into the send
/// buffer. Like a MessageWriter it takes everything back when it goes away unfinished.
///
///   DataRowWriter row(out, 2);
///   row.null();
///   append_text(row.begin_value());
///   row.end_value();
///   if (!row.finish()) ...
class DataRowWriter {
 public:
  DataRowWriter(std::string& out, uint16_t columns, uint32_t limit = kLargeMessageLimit)
      : message_(out, 'D', limit), columns_left_(columns) {
    message_.integer(columns);
  }

  void null() {
    next_column();
    message_.integer(int32_t{-1});
  }

  void value(std::string_view bytes) {
    next_column();
    message_.value(bytes);
  }

  /// Append the value's bytes to what this returns, then call end_value().
  std::string& begin_value() {
    next_column();
    message_.integer(int32_t{0});
    value_start_ = message_.buffer().size();
    return message_.buffer();
  }

  void end_value() {
    std::string& out = message_.buffer();
    assert(value_start_ != 0 && value_start_ <= out.size() && "a value ends that never began");
    // A value too long for its length word makes a row too long for finish().
    store_big_endian(out.data() + value_start_ - 4,
                     static_cast<uint32_t>(out.size() - value_start_));
    value_start_ = 0;
  }

  /// False, and the row is gone, when it is larger than the limit: an error to report.
  [[nodiscard]] bool finish() {
    assert(value_start_ == 0 && columns_left_ == 0 && "a row with columns missing");
    return message_.finish();
  }

 private:
  void next_column() {
    assert(value_start_ == 0 && columns_left_ > 0 && "more columns than announced");
    --columns_left_;
  }

  MessageWriter message_;
  uint16_t columns_left_;
  size_t value_start_ = 0;  ///< 0: none is open
};

/// Messages that are always the same bytes.
inline constexpr std::string_view kParseComplete{"1\0\0\0\4", 5};
inline constexpr std::string_view kBindComplete{"2\0\0\0\4", 5};
inline constexpr std::string_view kCloseComplete{"3\0\0\0\4", 5};
inline constexpr std::string_view kNoData{"n\0\0\0\4", 5};
inline constexpr std::string_view kPortalSuspended{"s\0\0\0\4", 5};
inline constexpr std::string_view kEmptyQueryResponse{"I\0\0\0\4", 5};
inline constexpr std::string_view kCopyDone{"c\0\0\0\4", 5};
inline constexpr std::string_view kAuthenticationOk{"R\0\0\0\10\0\0\0\0", 9};

constexpr std::string_view ready_for_query(TransactionStatus status) {
  switch (status) {
    case TransactionStatus::kIdle:
      return {"Z\0\0\0\5I", 6};
    case TransactionStatus::kInTransaction:
      return {"Z\0\0\0\5T", 6};
    case TransactionStatus::kFailed:
      return {"Z\0\0\0\5E", 6};
  }
  return {};
}

/// The number in an Authentication message that tells what it asks for.
enum class AuthenticationCode : int32_t {
  kOk = 0,
  kKerberosV5 = 2,
  kCleartextPassword = 3,
  kMd5Password = 5,
  kGss = 7,
  kGssContinue = 8,
  kSspi = 9,
  kSasl = 10,
  kSaslContinue = 11,
  kSaslFinal = 12,
};

using Md5Salt = std::array<char, 4>;

/// Appends messages to a buffer that the caller owns. As cheap to make as a pointer to the buffer.
/// A bool is false, and nothing is written, when data makes a message larger than
/// kLargeMessageLimit.
class BackendWriter {
 public:
  explicit BackendWriter(std::string& out) : out_(out) {}

  void authentication_ok() { out_.append(kAuthenticationOk); }
  void authentication_kerberos_v5();
  void authentication_cleartext_password();
  void authentication_md5_password(const Md5Salt& salt);
  void authentication_gss();
  void authentication_gss_continue(std::string_view data);
  void authentication_sspi();
  void authentication_sasl(std::span<const std::string_view> mechanisms);
  void authentication_sasl_continue(std::string_view data);
  void authentication_sasl_final(std::string_view data);

  void backend_key_data(int32_t process_id, int32_t secret_key);
  /// `newest_version` is the newest we speak within the client's major version, as a whole version
  /// word: the protocol's documentation says "minor", but PostgreSQL sends, and libpq reads, both
  /// halves. `unknown_options` are the "_pq_." parameters that we do not know.
  void negotiate_protocol_version(uint32_t newest_version,
                                  std::span<const std::string_view> unknown_options);
  void parameter_status(std::string_view name, std::string_view value);
  void ready_for_query(TransactionStatus status) { out_.append(wire::ready_for_query(status)); }

  void parse_complete() { out_.append(kParseComplete); }
  void bind_complete() { out_.append(kBindComplete); }
  void close_complete() { out_.append(kCloseComplete); }
  void no_data() { out_.append(kNoData); }
  void portal_suspended() { out_.append(kPortalSuspended); }
  void empty_query_response() { out_.append(kEmptyQueryResponse); }
  void parameter_description(std::span<const Oid> types);
  void row_description(std::span<const FieldDescription> fields);
  DataRowWriter data_row(uint16_t columns) { return {out_, columns}; }

  void command_complete(std::string_view tag);
  /// With a row count behind the tag: "SELECT" and 3, "INSERT 0" and 1.
  void command_complete(std::string_view tag, uint64_t rows);
  [[nodiscard]] bool function_call_response(Value result);

  void copy_in_response(Format overall, std::span<const Format> columns);
  void copy_out_response(Format overall, std::span<const Format> columns);
  void copy_both_response(Format overall, std::span<const Format> columns);
  [[nodiscard]] bool copy_data(std::string_view data);
  void copy_done() { out_.append(kCopyDone); }

  void error_response(const Report& report);
  void notice_response(const Report& report);
  void notification_response(int32_t process_id, std::string_view channel,
                             std::string_view payload);

 private:
  void authentication(AuthenticationCode code, std::string_view data = {});
  void copy_response(char type, Format overall, std::span<const Format> columns);
  void report(char type, const Report& report);

  std::string& out_;
};

}  // namespace isolde::wire
