#include "wire/backend_messages.hpp"

namespace isolde::wire {

namespace {

/// One overload a message, each a call of BackendWriter.
struct Encoder {
  BackendWriter out;

  void operator()(const AuthenticationOk&) { out.authentication_ok(); }
  void operator()(const AuthenticationKerberosV5&) { out.authentication_kerberos_v5(); }
  void operator()(const AuthenticationCleartextPassword&) {
    out.authentication_cleartext_password();
  }
  void operator()(const AuthenticationMd5Password& message) {
    out.authentication_md5_password(message.salt);
  }
  void operator()(const AuthenticationGss&) { out.authentication_gss(); }
  void operator()(const AuthenticationGssContinue& message) {
    out.authentication_gss_continue(message.data);
  }
  void operator()(const AuthenticationSspi&) { out.authentication_sspi(); }
  void operator()(const AuthenticationSasl& message) {
    out.authentication_sasl(message.mechanisms);
  }
  void operator()(const AuthenticationSaslContinue& message) {
    out.authentication_sasl_continue(message.data);
  }
  void operator()(const AuthenticationSaslFinal& message) {
    out.authentication_sasl_final(message.data);
  }
  void operator()(const BackendKeyData& message) {
    out.backend_key_data(message.process_id, message.secret_key);
  }
  void operator()(const BindComplete&) { out.bind_complete(); }
  void operator()(const CloseComplete&) { out.close_complete(); }
  void operator()(const CommandComplete& message) { out.command_complete(message.tag); }
  void operator()(const CopyBothResponse& message) {
    out.copy_both_response(message.overall, message.columns);
  }
  void operator()(const CopyData& message) { static_cast<void>(out.copy_data(message.data)); }
  void operator()(const CopyDone&) { out.copy_done(); }
  void operator()(const CopyInResponse& message) {
    out.copy_in_response(message.overall, message.columns);
  }
  void operator()(const CopyOutResponse& message) {
    out.copy_out_response(message.overall, message.columns);
  }
  void operator()(const DataRow& message) {
    DataRowWriter row = out.data_row(static_cast<uint16_t>(message.columns.size()));
    for (const Value& column : message.columns) {
      if (column) {
        row.value(*column);
      } else {
        row.null();
      }
    }
    static_cast<void>(row.finish());
  }
  void operator()(const EmptyQueryResponse&) { out.empty_query_response(); }
  void operator()(const ErrorResponse& message) { out.error_response(message.report); }
  void operator()(const FunctionCallResponse& message) {
    static_cast<void>(out.function_call_response(message.result));
  }
  void operator()(const NegotiateProtocolVersion& message) {
    out.negotiate_protocol_version(message.newest_version, message.unknown_options);
  }
  void operator()(const NoData&) { out.no_data(); }
  void operator()(const NoticeResponse& message) { out.notice_response(message.report); }
  void operator()(const NotificationResponse& message) {
    out.notification_response(message.process_id, message.channel, message.payload);
  }
  void operator()(const ParameterDescription& message) { out.parameter_description(message.types); }
  void operator()(const ParameterStatus& message) {
    out.parameter_status(message.name, message.value);
  }
  void operator()(const ParseComplete&) { out.parse_complete(); }
  void operator()(const PortalSuspended&) { out.portal_suspended(); }
  void operator()(const ReadyForQuery& message) { out.ready_for_query(message.status); }
  void operator()(const RowDescription& message) { out.row_description(message.fields); }
};

}  // namespace

void encode(const BackendMessage& message, std::string& out) {
  std::visit(Encoder{BackendWriter(out)}, message);
}

}  // namespace isolde::wire
