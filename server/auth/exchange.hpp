#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "server/auth/digest.hpp"
#include "server/auth/hba.hpp"
#include "server/auth/role_source.hpp"
#include "server/auth/verifier.hpp"

// The conversation in which a client proves its password, without sockets: what to send comes out,
// the bodies of the client's 'p' messages go in.
//
//   auto exchange = start_exchange(subject);      nothing to prove: null
//   AuthStep step = exchange->start();
//   while (!step.done) {
//     send step.message; read the next 'p' message;
//     step = exchange->answer(its body);           or the error that ends the connection
//   }
//   send step.message if there is one, then AuthenticationOk
//
// Invariant: a role that does not exist, has no password, has an expired one or a wrong kind of
// one gets the same messages in the same time as a role whose password is wrong, and the same
// error: 28P01.

namespace isolde::server {

/// An Authentication message to the client.
struct AuthMessage {
  enum class Kind : uint8_t { kCleartext, kMd5, kSasl, kSaslContinue, kSaslFinal };
  Kind kind = Kind::kCleartext;
  std::string data{};                          ///< the salt of kMd5; the text of the SASL messages
  std::vector<std::string_view> mechanisms{};  ///< of kSasl, best first
};

struct AuthStep {
  std::optional<AuthMessage> message{};
  bool done = false;  ///< the password is right; `message` is still to be sent
};

/// Whose password is asked for, and how.
struct AuthSubject {
  HbaMethod method = HbaMethod::kScramSha256;
  std::string user{};
  std::optional<RoleSecret> role{};  ///< nothing: unknown
  base::Timestamp now{};
  /// password_encryption: what a role that does not exist pretends to have.
  PasswordType usual_encryption = PasswordType::kScramSha256;
  /// On TLS, tls_server_end_point() of the certificate: then channel binding is offered.
  std::string certificate_hash{};
  /// Makes up the salts of roles that do not exist; must stay the same while the server lives.
  /// Empty: one made when the process started.
  std::string mock_secret{};
  YieldFunction yield{};  ///< called during slow computations
};

class AuthExchange {
 public:
  virtual ~AuthExchange() = default;
  virtual AuthStep start() = 0;
  /// The body of the client's next 'p' message. Every error is FATAL.
  virtual base::Result<AuthStep> answer(std::string_view body) = 0;
};

/// Null for trust and reject: there is nothing to ask.
std::unique_ptr<AuthExchange> start_exchange(AuthSubject subject);

/// After the exchange: 28000 when the role does not exist or may not log in.
base::Status check_may_log_in(std::string_view user, const std::optional<RoleSecret>& role);

/// `password authentication failed for user "x"`, 28P01.
base::Error password_failed(std::string_view user);

}  // namespace isolde::server
