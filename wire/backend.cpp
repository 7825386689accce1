#include "wire/backend.hpp"

#include <charconv>

#include "wire/report_fields.hpp"

namespace isolde::wire {

namespace {

/// Enough for any 64-bit number.
constexpr size_t kDigits = 20;

template <typename Number>
std::string_view digits(Number number, std::array<char, kDigits>& buffer) {
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
  return {buffer.data(), static_cast<size_t>(end - buffer.data())};
}

void write_field(MessageWriter& message, char code, std::string_view text) {
  if (text.empty() && !is_mandatory(code)) return;
  message.byte(code);
  message.string(text);
}

void write_field(MessageWriter& message, char code, int32_t number) {
  if (number <= 0) return;
  std::array<char, kDigits> buffer;
  message.byte(code);
  message.string(digits(number, buffer));
}

}  // namespace

void BackendWriter::authentication(AuthenticationCode code, std::string_view data) {
  MessageWriter message(out_, 'R');
  message.integer(code);
  message.bytes(data);
  message.finish();
}

void BackendWriter::authentication_kerberos_v5() {
  authentication(AuthenticationCode::kKerberosV5);
}

void BackendWriter::authentication_cleartext_password() {
  authentication(AuthenticationCode::kCleartextPassword);
}

void BackendWriter::authentication_md5_password(const Md5Salt& salt) {
  authentication(AuthenticationCode::kMd5Password, {salt.data(), salt.size()});
}

void BackendWriter::authentication_gss() {
  authentication(AuthenticationCode::kGss);
}

void BackendWriter::authentication_gss_continue(std::string_view data) {
  authentication(AuthenticationCode::kGssContinue, data);
}

void BackendWriter::authentication_sspi() {
  authentication(AuthenticationCode::kSspi);
}

void BackendWriter::authentication_sasl(std::span<const std::string_view> mechanisms) {
  MessageWriter message(out_, 'R');
  message.integer(AuthenticationCode::kSasl);
  for (const std::string_view mechanism : mechanisms) message.string(mechanism);
  message.byte('\0');
  message.finish();
}

void BackendWriter::authentication_sasl_continue(std::string_view data) {
  authentication(AuthenticationCode::kSaslContinue, data);
}

void BackendWriter::authentication_sasl_final(std::string_view data) {
  authentication(AuthenticationCode::kSaslFinal, data);
}

void BackendWriter::backend_key_data(int32_t process_id, int32_t secret_key) {
  MessageWriter message(out_, 'K');
  message.integer(process_id);
  message.integer(secret_key);
  message.finish();
}

void BackendWriter::negotiate_protocol_version(uint32_t newest_version,
                                               std::span<const std::string_view> unknown_options) {
  MessageWriter message(out_, 'v');
  message.integer(newest_version);
  message.integer(static_cast<uint32_t>(unknown_options.size()));
  for (const std::string_view option : unknown_options) message.string(option);
  message.finish();
}

void BackendWriter::parameter_status(std::string_view name, std::string_view value) {
  MessageWriter message(out_, 'S');
  message.string(name);
  message.string(value);
  message.finish();
}

void BackendWriter::parameter_description(std::span<const Oid> types) {
  MessageWriter message(out_, 't');
  message.count(types.size());
  for (const Oid type : types) message.integer(type);
  message.finish();
}

void BackendWriter::row_description(std::span<const FieldDescription> fields) {
  MessageWriter message(out_, 'T');
  message.count(fields.size());
  for (const FieldDescription& field : fields) {
    message.string(field.name);
    message.integer(field.table);
    message.integer(field.column);
    message.integer(field.type);
    message.integer(field.type_size);
    message.integer(field.type_modifier);
    message.integer(field.format);
  }
  message.finish();
}

void BackendWriter::command_complete(std::string_view tag) {
  MessageWriter message(out_, 'C');
  message.string(tag);
  message.finish();
}

void BackendWriter::command_complete(std::string_view tag, uint64_t rows) {
  std::array<char, kDigits> buffer;
  MessageWriter message(out_, 'C');
  message.bytes(tag);
  message.byte(' ');
  message.string(digits(rows, buffer));
  message.finish();
}

bool BackendWriter::function_call_response(Value result) {
  MessageWriter message(out_, 'V');
  message.value(result);
  return message.finish();
}

void BackendWriter::copy_response(char type, Format overall, std::span<const Format> columns) {
  MessageWriter message(out_, type);
  message.integer(static_cast<int8_t>(overall));
  message.count(columns.size());
  for (const Format column : columns) message.integer(column);
  message.finish();
}

void BackendWriter::copy_in_response(Format overall, std::span<const Format> columns) {
  copy_response('G', overall, columns);
}

void BackendWriter::copy_out_response(Format overall, std::span<const Format> columns) {
  copy_response('H', overall, columns);
}

void BackendWriter::copy_both_response(Format overall, std::span<const Format> columns) {
  copy_response('W', overall, columns);
}

bool BackendWriter::copy_data(std::string_view data) {
  MessageWriter message(out_, 'd');
  message.bytes(data);
  return message.finish();
}

void BackendWriter::report(char type, const Report& report) {
  MessageWriter message(out_, type);
  for_each_field(report,
                 [&message](char code, const auto& field) { write_field(message, code, field); });
  message.byte('\0');
  message.finish();
}

void BackendWriter::error_response(const Report& report) {
  this->report('E', report);
}

void BackendWriter::notice_response(const Report& report) {
  this->report('N', report);
}

void BackendWriter::notification_response(int32_t process_id, std::string_view channel,
                                          std::string_view payload) {
  MessageWriter message(out_, 'A');
  message.integer(process_id);
  message.string(channel);
  message.string(payload);
  message.finish();
}

}  // namespace isolde::wire
