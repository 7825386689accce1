#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "wire/backend.hpp"
#include "wire/decode_error.hpp"

namespace isolde::wire {

/// The messages of a server as a client sees them. Text is a view of the body; lists are vectors,
/// for the convenience of clients and tests: the server itself only needs BackendWriter.

struct AuthenticationOk {
  bool operator==(const AuthenticationOk&) const = default;
};
struct AuthenticationKerberosV5 {
  bool operator==(const AuthenticationKerberosV5&) const = default;
};
struct AuthenticationCleartextPassword {
  bool operator==(const AuthenticationCleartextPassword&) const = default;
};
struct AuthenticationMd5Password {
  Md5Salt salt{};
  bool operator==(const AuthenticationMd5Password&) const = default;
};
struct AuthenticationGss {
  bool operator==(const AuthenticationGss&) const = default;
};
struct AuthenticationGssContinue {
  std::string_view data;
  bool operator==(const AuthenticationGssContinue&) const = default;
};
struct AuthenticationSspi {
  bool operator==(const AuthenticationSspi&) const = default;
};
struct AuthenticationSasl {
  std::vector<std::string_view> mechanisms;
  bool operator==(const AuthenticationSasl&) const = default;
};
struct AuthenticationSaslContinue {
  std::string_view data;
  bool operator==(const AuthenticationSaslContinue&) const = default;
};
struct AuthenticationSaslFinal {
  std::string_view data;
  bool operator==(const AuthenticationSaslFinal&) const = default;
};

struct BackendKeyData {
  int32_t process_id = 0;
  int32_t secret_key = 0;
  bool operator==(const BackendKeyData&) const = default;
};
struct BindComplete {
  bool operator==(const BindComplete&) const = default;
};
struct CloseComplete {
  bool operator==(const CloseComplete&) const = default;
};
struct CommandComplete {
  std::string_view tag;
  bool operator==(const CommandComplete&) const = default;
};
struct CopyInResponse {
  Format overall = Format::kText;
  std::vector<Format> columns;
  bool operator==(const CopyInResponse&) const = default;
};
struct CopyOutResponse {
  Format overall = Format::kText;
  std::vector<Format> columns;
  bool operator==(const CopyOutResponse&) const = default;
};
struct CopyBothResponse {
  Format overall = Format::kText;
  std::vector<Format> columns;
  bool operator==(const CopyBothResponse&) const = default;
};
struct DataRow {
  std::vector<Value> columns;
  bool operator==(const DataRow&) const = default;
};
struct EmptyQueryResponse {
  bool operator==(const EmptyQueryResponse&) const = default;
};
struct ErrorResponse {
  Report report;
  bool operator==(const ErrorResponse&) const = default;
};
struct FunctionCallResponse {
  Value result;
  bool operator==(const FunctionCallResponse&) const = default;
};
struct NegotiateProtocolVersion {
  uint32_t newest_version = kProtocolVersion;
  std::vector<std::string_view> unknown_options;
  bool operator==(const NegotiateProtocolVersion&) const = default;
};
struct NoData {
  bool operator==(const NoData&) const = default;
};
struct NoticeResponse {
  Report report;
  bool operator==(const NoticeResponse&) const = default;
};
struct NotificationResponse {
  int32_t process_id = 0;
  std::string_view channel;
  std::string_view payload;
  bool operator==(const NotificationResponse&) const = default;
};
struct ParameterDescription {
  std::vector<Oid> types;
  bool operator==(const ParameterDescription&) const = default;
};
struct ParameterStatus {
  std::string_view name;
  std::string_view value;
  bool operator==(const ParameterStatus&) const = default;
};
struct ParseComplete {
  bool operator==(const ParseComplete&) const = default;
};
struct PortalSuspended {
  bool operator==(const PortalSuspended&) const = default;
};
struct ReadyForQuery {
  TransactionStatus status = TransactionStatus::kIdle;
  bool operator==(const ReadyForQuery&) const = default;
};
struct RowDescription {
  std::vector<FieldDescription> fields;
  bool operator==(const RowDescription&) const = default;
};

using BackendMessage =
    std::variant<AuthenticationOk, AuthenticationKerberosV5, AuthenticationCleartextPassword,
                 AuthenticationMd5Password, AuthenticationGss, AuthenticationGssContinue,
                 AuthenticationSspi, AuthenticationSasl, AuthenticationSaslContinue,
                 AuthenticationSaslFinal, BackendKeyData, BindComplete, CloseComplete,
                 CommandComplete, CopyBothResponse, CopyData, CopyDone, CopyInResponse,
                 CopyOutResponse, DataRow, EmptyQueryResponse, ErrorResponse, FunctionCallResponse,
                 NegotiateProtocolVersion, NoData, NoticeResponse, NotificationResponse,
                 ParameterDescription, ParameterStatus, ParseComplete, PortalSuspended,
                 ReadyForQuery, RowDescription>;

/// Fields of an error report with codes we do not know are skipped, as the protocol asks.
Decoded<BackendMessage> decode_backend(char type, std::string_view body);

/// Through BackendWriter. Nothing is written for a message larger than kLargeMessageLimit.
void encode(const BackendMessage& message, std::string& out);

}  // namespace isolde::wire
