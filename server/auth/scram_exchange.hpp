#pragma once

#include "server/auth/exchange.hpp"

// SCRAM-SHA-256 (RFC 5802, RFC 7677), the server's side.
//
//   client                                       server
//   ------                                       ------
//                                           <--  mechanisms: SCRAM-SHA-256[-PLUS]
//   n,,n=,r=<cnonce>                        -->
//                                           <--  r=<cnonce><snonce>,s=<salt>,i=<iterations>
//   c=biws,r=<cnonce><snonce>,p=<proof>     -->
//                                           <--  v=<signature>
//
//   AuthMessage     = first message without its header, server's message, last without ",p="
//   ClientSignature = HMAC(StoredKey, AuthMessage)
//   proof           = ClientKey XOR ClientSignature
//
// The server takes ClientKey out of the proof and compares its digest with StoredKey: it learns
// that the client knows the password, and nothing that helps anyone to log in. The signature,
// HMAC(ServerKey, AuthMessage), shows the client that the server knows the verifier.
//
// Invariants
//  1. The user's name in the exchange is ignored: the start-up packet's counts.
//  2. With a certificate, a client that says "I could bind the channel but you do not offer it"
//     (header y) has been lied to by someone in between: 28000.
//  3. A doomed exchange runs to its end over a made-up verifier and then fails.

namespace isolde::server {

class ScramExchange : public AuthExchange {
 public:
  /// `verifier` may be empty or of another kind: the exchange is doomed then.
  ScramExchange(AuthSubject subject, std::string_view verifier);

  AuthStep start() override;
  base::Result<AuthStep> answer(std::string_view body) override;

 private:
  enum class State : uint8_t { kMechanism, kFirst, kFinal, kOver };

  base::Result<AuthStep> select_mechanism(std::string_view body);
  base::Result<AuthStep> first_message(std::string_view message);
  base::Result<AuthStep> final_message(std::string_view message);
  base::Status read_header(std::string_view& message);
  base::Status read_binding_flag(std::string_view& message);
  base::Status check_binding(std::string_view attribute) const;
  bool proof_is_right(std::string_view proof, const std::string& auth_message) const;
  std::string expected_binding() const;

  AuthSubject subject_;
  ScramVerifier verifier_;
  bool doomed_;
  State state_ = State::kMechanism;
  bool binds_channel_ = false;  ///< the client chose the mechanism with -PLUS
  std::string header_;          ///< "n,,", "y,," or "p=tls-server-end-point,,"
  std::string client_first_bare_;
  std::string server_first_;
  std::string nonce_;  ///< the client's and ours
};

}  // namespace isolde::server
