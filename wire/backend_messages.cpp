#include "wire/backend_messages.hpp"

#include <charconv>

#include "wire/reader.hpp"
#include "wire/report_fields.hpp"

namespace isolde::wire {

namespace {

using Message = Decoded<BackendMessage>;

template <typename T>
Message finish(Reader& in, T message) {
  return in.finish(std::move(message));
}

/// Strings up to an empty one.
std::vector<std::string_view> read_strings(Reader& in) {
  std::vector<std::string_view> strings;
  for (auto text = in.string(); in.ok() && !text.empty(); text = in.string()) {
    strings.push_back(text);
  }
  return strings;
}

Message decode_md5(Reader& in) {
  AuthenticationMd5Password message;
  const std::string_view salt = in.bytes(message.salt.size());
  std::copy(salt.begin(), salt.end(), message.salt.begin());
  return finish(in, message);
}

Message decode_authentication(std::string_view body) {
  Reader in(body);
  const auto code = in.integer<AuthenticationCode>();
  if (!in.ok()) return finish(in, AuthenticationOk{});
  switch (code) {
    case AuthenticationCode::kOk:
      return finish(in, AuthenticationOk{});
    case AuthenticationCode::kKerberosV5:
      return finish(in, AuthenticationKerberosV5{});
    case AuthenticationCode::kCleartextPassword:
      return finish(in, AuthenticationCleartextPassword{});
    case AuthenticationCode::kMd5Password:
      return decode_md5(in);
    case AuthenticationCode::kGss:
      return finish(in, AuthenticationGss{});
    case AuthenticationCode::kGssContinue:
      return finish(in, AuthenticationGssContinue{in.rest()});
    case AuthenticationCode::kSspi:
      return finish(in, AuthenticationSspi{});
    case AuthenticationCode::kSasl:
      return finish(in, AuthenticationSasl{read_strings(in)});
    case AuthenticationCode::kSaslContinue:
      return finish(in, AuthenticationSaslContinue{in.rest()});
    case AuthenticationCode::kSaslFinal:
      return finish(in, AuthenticationSaslFinal{in.rest()});
  }
  return protocol_violation("authentication method " + std::to_string(static_cast<int>(code)) +
                            " not supported");
}

Message decode_key_data(Reader in) {
  BackendKeyData message;
  message.process_id = in.integer<int32_t>();
  message.secret_key = in.integer<int32_t>();
  return finish(in, message);
}

template <typename Response>
Message decode_copy_response(Reader in) {
  Response message;
  message.overall = Format{in.integer<int8_t>()};
  if (message.overall != Format::kText && message.overall != Format::kBinary) {
    in.fail(unsupported_format(static_cast<int>(message.overall)));
  }
  const FormatList columns = in.format_list();
  message.columns.assign(columns.begin(), columns.end());
  return finish(in, std::move(message));
}

Message decode_data_row(Reader in) {
  DataRow message;
  const ValueList values = in.value_list();
  if (in.ok()) message.columns.assign(values.begin(), values.end());
  return finish(in, std::move(message));
}

Message decode_negotiation(Reader in) {
  NegotiateProtocolVersion message;
  message.newest_version = in.integer<uint32_t>();
  const auto count = in.integer<uint32_t>();
  for (uint32_t i = 0; i < count && in.ok(); ++i) message.unknown_options.push_back(in.string());
  return finish(in, std::move(message));
}

Message decode_notification(Reader in) {
  NotificationResponse message;
  message.process_id = in.integer<int32_t>();
  message.channel = in.string();
  message.payload = in.string();
  return finish(in, message);
}

Message decode_parameter_description(Reader in) {
  ParameterDescription message;
  const auto types = in.int_list<OidList>();
  message.types.assign(types.begin(), types.end());
  return finish(in, std::move(message));
}

Message decode_parameter_status(Reader in) {
  ParameterStatus message;
  message.name = in.string();
  message.value = in.string();
  return finish(in, message);
}

Message decode_ready(Reader in) {
  const ReadyForQuery message{TransactionStatus{in.byte()}};
  if (in.ok() && ready_for_query(message.status).empty()) {
    in.fail(protocol_violation("invalid transaction status"));
  }
  return finish(in, message);
}

FieldDescription read_field(Reader& in) {
  FieldDescription field;
  field.name = in.string();
  field.table = in.integer<Oid>();
  field.column = in.integer<int16_t>();
  field.type = in.integer<Oid>();
  field.type_size = in.integer<int16_t>();
  field.type_modifier = in.integer<int32_t>();
  field.format = in.format();
  return field;
}

Message decode_row_description(Reader in) {
  RowDescription message;
  const auto count = in.integer<uint16_t>();
  for (size_t i = 0; i < count && in.ok(); ++i) message.fields.push_back(read_field(in));
  return finish(in, std::move(message));
}

void set_field(Reader&, std::string_view& field, std::string_view text) {
  field = text;
}

void set_field(Reader& in, int32_t& field, std::string_view text) {
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, field);
  if (error == std::errc{} && stop == end && field >= 0) return;
  in.fail(protocol_violation("invalid message format"));
}

Report read_report(Reader& in) {
  Report report;
  for (char code = in.byte(); in.ok() && code != '\0'; code = in.byte()) {
    const std::string_view text = in.string();
    for_each_field(report, [&in, code, text](char known, auto& field) {
      if (code == known) set_field(in, field, text);
    });
  }
  return report;
}

}  // namespace

Message decode_backend(char type, std::string_view body) {
  Reader in(body);
  switch (type) {
    case 'R':
      return decode_authentication(body);
    case 'K':
      return decode_key_data(in);
    case '2':
      return finish(in, BindComplete{});
    case '3':
      return finish(in, CloseComplete{});
    case 'C':
      return finish(in, CommandComplete{in.string()});
    case 'W':
      return decode_copy_response<CopyBothResponse>(in);
    case 'd':
      return finish(in, CopyData{in.rest()});
    case 'c':
      return finish(in, CopyDone{});
    case 'G':
      return decode_copy_response<CopyInResponse>(in);
    case 'H':
      return decode_copy_response<CopyOutResponse>(in);
    case 'D':
      return decode_data_row(in);
    case 'I':
      return finish(in, EmptyQueryResponse{});
    case 'E':
      return finish(in, ErrorResponse{read_report(in)});
    case 'V':
      return finish(in, FunctionCallResponse{in.value()});
    case 'v':
      return decode_negotiation(in);
    case 'n':
      return finish(in, NoData{});
    case 'N':
      return finish(in, NoticeResponse{read_report(in)});
    case 'A':
      return decode_notification(in);
    case 't':
      return decode_parameter_description(in);
    case 'S':
      return decode_parameter_status(in);
    case '1':
      return finish(in, ParseComplete{});
    case 's':
      return finish(in, PortalSuspended{});
    case 'Z':
      return decode_ready(in);
    case 'T':
      return decode_row_description(in);
  }
  return fatal_violation(std::string(kBackendLimits.refusal()) + ' ' +
                         std::to_string(static_cast<unsigned char>(type)));
}

}  // namespace isolde::wire
