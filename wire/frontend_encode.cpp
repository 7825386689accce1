#include "wire/frontend.hpp"
#include "wire/message_writer.hpp"

namespace isolde::wire {

namespace {

void write_body(const AuthenticationResponse& message, MessageWriter& out) {
  out.bytes(message.body);
}

template <typename List>
void write_list(const List& list, MessageWriter& out) {
  out.count(list.size());
  out.bytes(list.bytes());
}

void write_body(const Bind& message, MessageWriter& out) {
  out.string(message.portal);
  out.string(message.statement);
  write_list(message.parameter_formats, out);
  write_list(message.parameters, out);
  write_list(message.result_formats, out);
}

void write_body(const Close& message, MessageWriter& out) {
  out.integer(message.target);
  out.string(message.name);
}

void write_body(const CopyData& message, MessageWriter& out) {
  out.bytes(message.data);
}
void write_body(const CopyDone&, MessageWriter&) {}
void write_body(const CopyFail& message, MessageWriter& out) {
  out.string(message.reason);
}

void write_body(const Describe& message, MessageWriter& out) {
  out.integer(message.target);
  out.string(message.name);
}

void write_body(const Execute& message, MessageWriter& out) {
  out.string(message.portal);
  out.integer(message.max_rows);
}

void write_body(const Flush&, MessageWriter&) {}

void write_body(const FunctionCall& message, MessageWriter& out) {
  out.integer(message.function);
  write_list(message.argument_formats, out);
  write_list(message.arguments, out);
  out.integer(message.result_format);
}

void write_body(const Parse& message, MessageWriter& out) {
  out.string(message.statement);
  out.string(message.query);
  write_list(message.parameter_types, out);
}

void write_body(const Query& message, MessageWriter& out) {
  out.string(message.text);
}
void write_body(const Sync&, MessageWriter&) {}
void write_body(const Terminate&, MessageWriter&) {}

template <typename Message>
void write_message(const Message& message, std::string& out) {
  MessageWriter writer(out, Message::kType);
  write_body(message, writer);
  writer.finish();
}

}  // namespace

void encode(const AuthenticationResponse& message, std::string& out) {
  write_message(message, out);
}
void encode(const Bind& message, std::string& out) {
  write_message(message, out);
}
void encode(const Close& message, std::string& out) {
  write_message(message, out);
}
void encode(const CopyData& message, std::string& out) {
  write_message(message, out);
}
void encode(const CopyDone& message, std::string& out) {
  write_message(message, out);
}
void encode(const CopyFail& message, std::string& out) {
  write_message(message, out);
}
void encode(const Describe& message, std::string& out) {
  write_message(message, out);
}
void encode(const Execute& message, std::string& out) {
  write_message(message, out);
}
void encode(const Flush& message, std::string& out) {
  write_message(message, out);
}
void encode(const FunctionCall& message, std::string& out) {
  write_message(message, out);
}
void encode(const Parse& message, std::string& out) {
  write_message(message, out);
}
void encode(const Query& message, std::string& out) {
  write_message(message, out);
}
void encode(const Sync& message, std::string& out) {
  write_message(message, out);
}
void encode(const Terminate& message, std::string& out) {
  write_message(message, out);
}

void encode(const FrontendMessage& message, std::string& out) {
  std::visit([&out](const auto& held) { encode(held, out); }, message);
}

void encode(const PasswordMessage& message, std::string& out) {
  MessageWriter writer(out, AuthenticationResponse::kType);
  writer.string(message.password);
  writer.finish();
}

void encode(const SaslInitialResponse& message, std::string& out) {
  MessageWriter writer(out, AuthenticationResponse::kType);
  writer.string(message.mechanism);
  writer.value(message.response);
  writer.finish();
}

void encode(const SaslResponse& message, std::string& out) {
  encode(AuthenticationResponse{message.data}, out);
}

void encode(const GssResponse& message, std::string& out) {
  encode(AuthenticationResponse{message.data}, out);
}

}  // namespace isolde::wire
