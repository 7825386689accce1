#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "wire/decode_error.hpp"
#include "wire/lists.hpp"
#include "wire/types.hpp"

namespace isolde::wire {

/// The messages of a client. Each is a struct of views into the body it was decoded from, so it is
/// cheap to copy and lives only as long as the input buffer stays as it is.

/// Any 'p' message. Only the authentication exchange under way tells which it is; the decoders
/// further down read the body accordingly.
struct AuthenticationResponse {
  static constexpr char kType = 'p';
  std::string_view body;
  bool operator==(const AuthenticationResponse&) const = default;
};

struct Bind {
  static constexpr char kType = 'B';
  std::string_view portal;  ///< "" is the unnamed one, here and below
  std::string_view statement;
  FormatList parameter_formats;
  ValueList parameters;
  FormatList result_formats;
  bool operator==(const Bind&) const = default;
};

/// What Close and Describe are about.
enum class Target : char { kStatement = 'S', kPortal = 'P' };

struct Close {
  static constexpr char kType = 'C';
  Target target = Target::kStatement;
  std::string_view name;
  bool operator==(const Close&) const = default;
};

struct CopyFail {
  static constexpr char kType = 'f';
  std::string_view reason;
  bool operator==(const CopyFail&) const = default;
};

struct Describe {
  static constexpr char kType = 'D';
  Target target = Target::kStatement;
  std::string_view name;
  bool operator==(const Describe&) const = default;
};

struct Execute {
  static constexpr char kType = 'E';
  std::string_view portal;
  int32_t max_rows = 0;  ///< 0 and below: all of them
  bool operator==(const Execute&) const = default;
};

struct Flush {
  static constexpr char kType = 'H';
  bool operator==(const Flush&) const = default;
};

struct FunctionCall {
  static constexpr char kType = 'F';
  Oid function = 0;
  FormatList argument_formats;
  ValueList arguments;
  Format result_format = Format::kText;
  bool operator==(const FunctionCall&) const = default;
};

struct Parse {
  static constexpr char kType = 'P';
  std::string_view statement;
  std::string_view query;
  OidList parameter_types;  ///< 0 leaves a type to be inferred
  bool operator==(const Parse&) const = default;
};

struct Query {
  static constexpr char kType = 'Q';
  std::string_view text;
  bool operator==(const Query&) const = default;
};

struct Sync {
  static constexpr char kType = 'S';
  bool operator==(const Sync&) const = default;
};

struct Terminate {
  static constexpr char kType = 'X';
  bool operator==(const Terminate&) const = default;
};

Decoded<Bind> decode_bind(std::string_view body);
Decoded<Close> decode_close(std::string_view body);
Decoded<CopyData> decode_copy_data(std::string_view body);
Decoded<CopyDone> decode_copy_done(std::string_view body);
Decoded<CopyFail> decode_copy_fail(std::string_view body);
Decoded<Describe> decode_describe(std::string_view body);
Decoded<Execute> decode_execute(std::string_view body);
Decoded<Flush> decode_flush(std::string_view body);
Decoded<FunctionCall> decode_function_call(std::string_view body);
Decoded<Parse> decode_parse(std::string_view body);
Decoded<Query> decode_query(std::string_view body);
Decoded<Sync> decode_sync(std::string_view body);
Decoded<Terminate> decode_terminate(std::string_view body);

using FrontendMessage =
    std::variant<AuthenticationResponse, Bind, Close, CopyData, CopyDone, CopyFail, Describe,
                 Execute, Flush, FunctionCall, Parse, Query, Sync, Terminate>;

/// Any message by its type byte. A server in a hurry switches on Frame::type itself.
Decoded<FrontendMessage> decode_frontend(char type, std::string_view body);

/// What an AuthenticationResponse may be.

/// A clear or hashed password.
struct PasswordMessage {
  std::string_view password;
  bool operator==(const PasswordMessage&) const = default;
};

struct SaslInitialResponse {
  std::string_view mechanism;
  Value response;
  bool operator==(const SaslInitialResponse&) const = default;
};

struct SaslResponse {
  std::string_view data;
  bool operator==(const SaslResponse&) const = default;
};

struct GssResponse {
  std::string_view data;
  bool operator==(const GssResponse&) const = default;
};

Decoded<PasswordMessage> decode_password(std::string_view body);
Decoded<SaslInitialResponse> decode_sasl_initial_response(std::string_view body);
Decoded<SaslResponse> decode_sasl_response(std::string_view body);
Decoded<GssResponse> decode_gss_response(std::string_view body);

/// The way back, for clients and tests.
void encode(const AuthenticationResponse& message, std::string& out);
void encode(const Bind& message, std::string& out);
void encode(const Close& message, std::string& out);
void encode(const CopyData& message, std::string& out);
void encode(const CopyDone& message, std::string& out);
void encode(const CopyFail& message, std::string& out);
void encode(const Describe& message, std::string& out);
void encode(const Execute& message, std::string& out);
void encode(const Flush& message, std::string& out);
void encode(const FunctionCall& message, std::string& out);
void encode(const Parse& message, std::string& out);
void encode(const Query& message, std::string& out);
void encode(const Sync& message, std::string& out);
void encode(const Terminate& message, std::string& out);
void encode(const FrontendMessage& message, std::string& out);
void encode(const PasswordMessage& message, std::string& out);
void encode(const SaslInitialResponse& message, std::string& out);
void encode(const SaslResponse& message, std::string& out);
void encode(const GssResponse& message, std::string& out);

}  // namespace isolde::wire
