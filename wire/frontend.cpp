#include "wire/frontend.hpp"

#include "wire/reader.hpp"

namespace isolde::wire {

namespace {

/// More than one format code must mean one a value.
void check_format_count(Reader& in, const FormatList& formats, const ValueList& values,
                        const char* opening, const char* noun) {
  if (formats.size() <= 1 || formats.size() == values.size()) return;
  in.fail(protocol_violation(std::string(opening) + ' ' + std::to_string(formats.size()) + ' ' +
                             noun + " formats but " + std::to_string(values.size()) + ' ' + noun +
                             's'));
}

DecodeError unknown_target(Target target, const char* message_name) {
  const int subtype = static_cast<unsigned char>(target);
  return protocol_violation(std::string("invalid ") + message_name + " message subtype " +
                            std::to_string(subtype));
}

template <typename Message>
Decoded<Message> decode_target(std::string_view body, const char* message_name) {
  Reader in(body);
  Message message;
  message.target = Target{in.byte()};
  message.name = in.string();
  const bool known = message.target == Target::kStatement || message.target == Target::kPortal;
  if (!known) in.fail(unknown_target(message.target, message_name));
  return in.finish(message);
}

template <typename Message>
Decoded<Message> decode_empty(std::string_view body) {
  return Reader(body).finish(Message{});
}

}  // namespace

Decoded<Bind> decode_bind(std::string_view body) {
  Reader in(body);
  Bind message;
  message.portal = in.string();
  message.statement = in.string();
  message.parameter_formats = in.format_list();
  message.parameters = in.value_list();
  check_format_count(in, message.parameter_formats, message.parameters, "bind message has",
                     "parameter");
  message.result_formats = in.format_list();
  return in.finish(message);
}

Decoded<Close> decode_close(std::string_view body) {
  return decode_target<Close>(body, "CLOSE");
}

Decoded<CopyData> decode_copy_data(std::string_view body) {
  return CopyData{body};
}

Decoded<CopyDone> decode_copy_done(std::string_view body) {
  return decode_empty<CopyDone>(body);
}

Decoded<CopyFail> decode_copy_fail(std::string_view body) {
  Reader in(body);
  return in.finish(CopyFail{in.string()});
}

Decoded<Describe> decode_describe(std::string_view body) {
  return decode_target<Describe>(body, "DESCRIBE");
}

Decoded<Execute> decode_execute(std::string_view body) {
  Reader in(body);
  Execute message;
  message.portal = in.string();
  message.max_rows = in.integer<int32_t>();
  return in.finish(message);
}

Decoded<Flush> decode_flush(std::string_view body) {
  return decode_empty<Flush>(body);
}

Decoded<FunctionCall> decode_function_call(std::string_view body) {
  Reader in(body);
  FunctionCall message;
  message.function = in.integer<Oid>();
  message.argument_formats = in.format_list();
  message.arguments = in.value_list();
  check_format_count(in, message.argument_formats, message.arguments,
                     "function call message contains", "argument");
  message.result_format = in.format();
  return in.finish(message);
}

Decoded<Parse> decode_parse(std::string_view body) {
  Reader in(body);
  Parse message;
  message.statement = in.string();
  message.query = in.string();
  message.parameter_types = in.int_list<OidList>();
  return in.finish(message);
}

Decoded<Query> decode_query(std::string_view body) {
  Reader in(body);
  return in.finish(Query{in.string()});
}

Decoded<Sync> decode_sync(std::string_view body) {
  return decode_empty<Sync>(body);
}

Decoded<Terminate> decode_terminate(std::string_view body) {
  return decode_empty<Terminate>(body);
}

Decoded<FrontendMessage> decode_frontend(char type, std::string_view body) {
  switch (type) {
    case AuthenticationResponse::kType:
      return FrontendMessage(AuthenticationResponse{body});
    case Bind::kType:
      return decode_bind(body);
    case Close::kType:
      return decode_close(body);
    case CopyData::kType:
      return decode_copy_data(body);
    case CopyDone::kType:
      return decode_copy_done(body);
    case CopyFail::kType:
      return decode_copy_fail(body);
    case Describe::kType:
      return decode_describe(body);
    case Execute::kType:
      return decode_execute(body);
    case Flush::kType:
      return decode_flush(body);
    case FunctionCall::kType:
      return decode_function_call(body);
    case Parse::kType:
      return decode_parse(body);
    case Query::kType:
      return decode_query(body);
    case Sync::kType:
      return decode_sync(body);
    case Terminate::kType:
      return decode_terminate(body);
  }
  return fatal_violation("invalid frontend message type " +
                         std::to_string(static_cast<unsigned char>(type)));
}

Decoded<PasswordMessage> decode_password(std::string_view body) {
  Reader in(body);
  const PasswordMessage message{in.string()};
  if (!in.ok() || in.remaining() != 0) return protocol_violation("invalid password packet size");
  return message;
}

Decoded<SaslInitialResponse> decode_sasl_initial_response(std::string_view body) {
  Reader in(body);
  SaslInitialResponse message;
  message.mechanism = in.string();
  message.response = in.value();
  return in.finish(message);
}

Decoded<SaslResponse> decode_sasl_response(std::string_view body) {
  return SaslResponse{body};
}

Decoded<GssResponse> decode_gss_response(std::string_view body) {
  return GssResponse{body};
}

}  // namespace isolde::wire
