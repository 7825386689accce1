#include "server/session/authentication.hpp"

#include <algorithm>

#include "server/session/report.hpp"

namespace isolde::server {

base::Result<RoleSecret> Authentication::run(const StartupRequest& request) {
  auto method = find_method(request);
  if (!method) return method.take_error();
  std::optional<RoleSecret> role = at_.server.roles.find_role(request.user);
  std::shared_ptr<const TlsContext> tls = at_.encrypted ? at_.server.tls.get() : nullptr;
  auto exchange =
      start_exchange({.method = *method,
                      .user = request.user,
                      .role = role,
                      .now = base::wall_now(),
                      .usual_encryption =
                          at_.settings.fields().password_encryption == sql::PasswordEncryption::kMd5
                              ? PasswordType::kMd5
                              : PasswordType::kScramSha256,
                      .certificate_hash = tls == nullptr ? std::string() : tls->end_point_hash(),
                      .mock_secret = {},
                      .yield = [this] { [[maybe_unused]] base::Status later = at_.task.poll(); }});
  if (exchange != nullptr) {
    base::Status proved = carry_out(*exchange);
    if (!proved) return proved.take_error();
  }
  at_.channel.writer().authentication_ok();
  base::Status may = check_may_log_in(request.user, role);
  if (!may) return may.take_error();
  return *role;
}

base::Result<HbaMethod> Authentication::find_method(const StartupRequest& request) const {
  HbaConnection connection{.local = at_.peer.local,
                           .encrypted = at_.encrypted,
                           .address = at_.peer.socket_address,
                           .user = request.user,
                           .database = request.database};
  std::string host = at_.peer.local ? "[local]" : at_.peer.address;
  std::shared_ptr<const HbaRules> rules = at_.server.hba.get();
  const HbaRule* rule = rules->match(connection, at_.server.roles);
  if (rule == nullptr) return no_hba_entry(connection, host);
  if (rule->method == HbaMethod::kReject) return hba_rejection(connection, host);
  return rule->method;
}

base::Status Authentication::carry_out(AuthExchange& exchange) {
  AuthStep step = exchange.start();
  while (!step.done) {
    send(*step.message);
    base::Status flushed = at_.channel.flush();
    if (!flushed) return flushed;
    auto response = read_response();
    if (!response) return response.take_error();
    auto next = exchange.answer(response->body);
    if (!next) return next.take_error();
    step = std::move(*next);
  }
  if (step.message) send(*step.message);
  return {};
}

base::Result<wire::Frame> Authentication::read_response() {
  auto frame = at_.reader.next(wire::kAuthenticationLimits, Transport::ReadFor::kCommand);
  if (!frame) return frame.take_error();
  if (frame->has_value()) return **frame;
  return base::Error(base::sqlstate::kConnectionFailure, "the client left during authentication")
      .fatal();
}

void Authentication::send(const AuthMessage& message) {
  wire::BackendWriter writer = at_.channel.writer();
  switch (message.kind) {
    case AuthMessage::Kind::kCleartext:
      return writer.authentication_cleartext_password();
    case AuthMessage::Kind::kMd5: {
      wire::Md5Salt salt{};
      std::copy_n(message.data.begin(), std::min(salt.size(), message.data.size()), salt.begin());
      return writer.authentication_md5_password(salt);
    }
    case AuthMessage::Kind::kSasl:
      return writer.authentication_sasl(message.mechanisms);
    case AuthMessage::Kind::kSaslContinue:
      return writer.authentication_sasl_continue(message.data);
    case AuthMessage::Kind::kSaslFinal:
      return writer.authentication_sasl_final(message.data);
  }
}

}  // namespace isolde::server
