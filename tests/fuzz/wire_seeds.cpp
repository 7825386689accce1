#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>

#include "tests/fuzz/wire_checks.hpp"
#include "wire/backend_messages.hpp"
#include "wire/frontend.hpp"
#include "wire/startup.hpp"

/// Writes the seed corpus of fuzz_wire: for every message one file with the whole message, and one
/// with its type and body alone, so that the fuzzer can change a body without breaking its length.
///
///   seeds_wire tests/fuzz/corpus/wire

namespace isolde::fuzz {
namespace {

using namespace isolde::wire;  // NOLINT: this file is about nothing else

class SeedWriter {
 public:
  explicit SeedWriter(std::string directory) : directory_(std::move(directory)) {}

  void stream(std::string_view name, WireMode mode, std::string_view bytes) {
    std::ofstream file(directory_ + '/' + std::string(name), std::ios::binary);
    file << static_cast<char>(mode) << bytes;
    ok_ = ok_ && file.flush().good();
  }

  void startup(std::string_view name, const StartupPacket& packet) {
    std::string bytes;
    encode(packet, bytes);
    stream("startup_" + std::string(name), WireMode::kStartup, bytes);
  }

  void frontend(std::string_view name, const FrontendMessage& message) {
    std::string bytes;
    encode(message, bytes);
    conversation_ += bytes;
    both("frontend_" + std::string(name), bytes, WireMode::kFrontend, WireMode::kFrontendBody);
  }

  template <typename Response>
  void response(std::string_view name, const Response& message) {
    std::string bytes;
    encode(message, bytes);
    stream("authentication_" + std::string(name), WireMode::kAuthentication, bytes);
  }

  void backend(std::string_view name, const BackendMessage& message) {
    std::string bytes;
    encode(message, bytes);
    both("backend_" + std::string(name), bytes, WireMode::kBackend, WireMode::kBackendBody);
  }

  void conversation() { stream("frontend_conversation", WireMode::kFrontend, conversation_); }
  bool ok() const { return ok_; }

 private:
  void both(const std::string& name, const std::string& message, WireMode whole, WireMode body) {
    stream(name, whole, message);
    stream(name + "_body", body, message[0] + message.substr(5));
  }

  std::string directory_;
  std::string conversation_;
  bool ok_ = true;
};

void write_startup(SeedWriter& out) {
  const ParameterListBuilder parameters{
      {"user", "ann"}, {"database", "shop"}, {"options", "-c x=1"}, {"_pq_.x", "1"}};
  out.startup("ssl_request", SslRequest{});
  out.startup("gss_enc_request", GssEncRequest{});
  out.startup("cancel_request", CancelRequest{1234, 5678});
  out.startup("message", StartupMessage{0, parameters.list()});
  out.startup("message_newer", StartupMessage{2, {}});
}

void write_frontend(SeedWriter& out) {
  const FormatListBuilder formats{Format::kText, Format::kBinary, Format::kText};
  const ValueListBuilder values{"7", std::nullopt, ""};
  const OidListBuilder types{23, 0, 25};
  out.frontend("parse", Parse{"s", "select $1", types.list()});
  out.frontend("bind", Bind{"p", "s", formats.list(), values.list(), formats.list()});
  out.frontend("describe", Describe{Target::kPortal, "p"});
  out.frontend("execute", Execute{"p", 100});
  out.frontend("close", Close{Target::kStatement, "s"});
  out.frontend("flush", Flush{});
  out.frontend("sync", Sync{});
  out.frontend("query", Query{"select 1; select 2"});
  out.frontend("function_call", FunctionCall{1598, formats.list(), values.list(), Format::kBinary});
  out.frontend("copy_data", CopyData{"1\tx\n"});
  out.frontend("copy_done", CopyDone{});
  out.frontend("copy_fail", CopyFail{"no more"});
  out.frontend("terminate", Terminate{});
  out.conversation();
}

void write_responses(SeedWriter& out) {
  out.response("password", PasswordMessage{"md5d41d8cd98f00b204e9800998ecf8427e"});
  out.response("sasl_initial", SaslInitialResponse{"SCRAM-SHA-256", "n,,n=,r=abc"});
  out.response("sasl_initial_empty", SaslInitialResponse{"SCRAM-SHA-256", std::nullopt});
  out.response("sasl", SaslResponse{"c=biws,r=abcdef,p=xyz"});
}

void write_backend_startup(SeedWriter& out) {
  out.backend("authentication_ok", AuthenticationOk{});
  out.backend("authentication_cleartext", AuthenticationCleartextPassword{});
  out.backend("authentication_md5", AuthenticationMd5Password{{'s', 'a', 'l', 't'}});
  out.backend("authentication_gss_continue", AuthenticationGssContinue{"token"});
  out.backend("authentication_sasl", AuthenticationSasl{{"SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"}});
  out.backend("authentication_sasl_continue", AuthenticationSaslContinue{"r=x,s=y,i=4096"});
  out.backend("authentication_sasl_final", AuthenticationSaslFinal{"v=z"});
  out.backend("key_data", BackendKeyData{1234, 5678});
  out.backend("negotiate", NegotiateProtocolVersion{kProtocolVersion, {"_pq_.a", "_pq_.b"}});
  out.backend("parameter_status", ParameterStatus{"TimeZone", "Etc/UTC"});
  out.backend("ready", ReadyForQuery{TransactionStatus::kFailed});
}

Report full_report() {
  return {.severity = "ERROR",
          .severity_unchanged = "ERROR",
          .sqlstate = "23505",
          .message = "duplicate key",
          .detail = "Key (a)=(1) already exists.",
          .hint = "h",
          .position = 1,
          .internal_position = 2,
          .internal_query = "q",
          .where = "w",
          .schema_name = "s",
          .table_name = "t",
          .column_name = "c",
          .data_type_name = "y",
          .constraint_name = "n",
          .file = "f",
          .line = 3,
          .routine = "r"};
}

void write_backend_results(SeedWriter& out) {
  out.backend("parse_complete", ParseComplete{});
  out.backend("bind_complete", BindComplete{});
  out.backend("close_complete", CloseComplete{});
  out.backend("no_data", NoData{});
  out.backend("portal_suspended", PortalSuspended{});
  out.backend("empty_query", EmptyQueryResponse{});
  out.backend("parameter_description", ParameterDescription{{23, 25}});
  out.backend("row_description", RowDescription{{{"a", 16384, 1, 23, 4, -1, Format::kText},
                                                 {"b", 0, 0, 25, -1, 9, Format::kBinary}}});
  out.backend("data_row", DataRow{{"1", std::nullopt, ""}});
  out.backend("command_complete", CommandComplete{"INSERT 0 1"});
  out.backend("function_call_response", FunctionCallResponse{"abcd"});
  out.backend("copy_in", CopyInResponse{Format::kText, {Format::kText, Format::kText}});
  out.backend("copy_out", CopyOutResponse{Format::kBinary, {Format::kBinary}});
  out.backend("copy_both", CopyBothResponse{});
  out.backend("copy_data", CopyData{"1\tx\n"});
  out.backend("copy_done", CopyDone{});
  out.backend("error", ErrorResponse{full_report()});
  out.backend("notice", NoticeResponse{{.severity = "NOTICE", .message = "m"}});
  out.backend("notification", NotificationResponse{1234, "channel", "payload"});
}

}  // namespace
}  // namespace isolde::fuzz

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: seeds_wire DIRECTORY\n", stderr);
    return 2;
  }
  isolde::fuzz::SeedWriter out(argv[1]);
  isolde::fuzz::write_startup(out);
  isolde::fuzz::write_frontend(out);
  isolde::fuzz::write_responses(out);
  isolde::fuzz::write_backend_startup(out);
  isolde::fuzz::write_backend_results(out);
  if (!out.ok()) std::fputs("seeds_wire: cannot write the files\n", stderr);
  return out.ok() ? 0 : 1;
}
