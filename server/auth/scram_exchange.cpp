#include "server/auth/scram_exchange.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace isolde::server {

namespace {

constexpr std::string_view kMechanism = "SCRAM-SHA-256";
constexpr std::string_view kMechanismPlus = "SCRAM-SHA-256-PLUS";
constexpr std::string_view kBindingType = "tls-server-end-point";
constexpr size_t kNonceSize = 18;

base::Error protocol_error(std::string message) {
  return base::Error(base::sqlstate::kProtocolViolation, std::move(message)).fatal();
}

base::Error malformed(std::string detail) {
  return protocol_error("malformed SCRAM message").detail(std::move(detail));
}

std::string printable(char c) {
  if (c >= 0x21 && c <= 0x7e) return fmt::format("{}", c);
  return fmt::format("0x{:02x}", static_cast<unsigned char>(c));
}

/// The value of "<attribute>=value", up to a comma, which is taken too.
base::Result<std::string_view> take_attribute(std::string_view& message, char attribute) {
  if (message.empty() || message.front() != attribute)
    return malformed(fmt::format("Expected attribute \"{}\" but found \"{}\".", attribute,
                                 message.empty() ? "" : printable(message.front())));
  message.remove_prefix(1);
  if (message.empty() || message.front() != '=')
    return malformed(fmt::format("Expected character \"=\" for attribute \"{}\".", attribute));
  message.remove_prefix(1);
  size_t end = std::min(message.find(','), message.size());
  std::string_view value = message.substr(0, end);
  message.remove_prefix(std::min(end + 1, message.size()));
  return value;
}

/// A salt for a role that has none: random to look at, the same at every try.
ScramVerifier made_up_verifier(const AuthSubject& subject) {
  std::string salt = sha256(subject.user + subject.mock_secret).substr(0, kScramSaltSize);
  std::string key = hmac_sha256(subject.mock_secret, subject.user);
  return {kScramIterations, salt, key, key};
}

bool is_printable_nonce(std::string_view nonce) {
  auto allowed = [](char c) { return c >= 0x21 && c <= 0x7e && c != ','; };
  return !nonce.empty() && std::ranges::all_of(nonce, allowed);
}

}  // namespace

ScramExchange::ScramExchange(AuthSubject subject, std::string_view verifier)
    : subject_(std::move(subject)) {
  // Both ways cost about the same: made first, then perhaps replaced.
  verifier_ = made_up_verifier(subject_);
  auto stored = ScramVerifier::parse(verifier);
  doomed_ = !stored;
  if (stored) verifier_ = std::move(*stored);
}

AuthStep ScramExchange::start() {
  AuthMessage message{AuthMessage::Kind::kSasl, {}, {}};
  if (!subject_.certificate_hash.empty()) message.mechanisms.push_back(kMechanismPlus);
  message.mechanisms.push_back(kMechanism);
  return {std::move(message)};
}

base::Result<AuthStep> ScramExchange::answer(std::string_view body) {
  switch (state_) {
    case State::kMechanism:
      return select_mechanism(body);
    case State::kFirst:
      return first_message(body);
    case State::kFinal:
      return final_message(body);
    case State::kOver:
      break;
  }
  return protocol_error("unexpected SASL message");
}

/// The mechanism's name, then the length of the first message, then that. Length -1: it comes
/// later.
base::Result<AuthStep> ScramExchange::select_mechanism(std::string_view body) {
  constexpr size_t kLengthSize = 4;
  size_t end = body.find('\0');
  if (end == std::string_view::npos || body.size() - end - 1 < kLengthSize)
    return protocol_error("invalid SASL message");
  std::string_view name = body.substr(0, end);
  binds_channel_ = name == kMechanismPlus && !subject_.certificate_hash.empty();
  if (!binds_channel_ && name != kMechanism)
    return protocol_error("client selected an invalid SASL authentication mechanism");
  body.remove_prefix(end + 1);
  uint32_t length = 0;
  for (size_t i = 0; i < kLengthSize; ++i)
    length = length << 8 | static_cast<unsigned char>(body[i]);
  body.remove_prefix(kLengthSize);
  state_ = State::kFirst;
  if (length == UINT32_MAX && body.empty())
    return AuthStep{AuthMessage{AuthMessage::Kind::kSaslContinue, {}, {}}};
  if (length != body.size()) return protocol_error("invalid SASL message");
  return first_message(body);
}

base::Status ScramExchange::read_binding_flag(std::string_view& message) {
  char flag = message.front();
  switch (flag) {
    case 'n':
    case 'y':
      if (binds_channel_)
        return malformed(
            "The client selected SCRAM-SHA-256-PLUS, but the SCRAM message does not include "
            "channel binding data.");
      if (flag == 'y' && !subject_.certificate_hash.empty())
        return base::Error(base::sqlstate::kInvalidAuthorizationSpecification,
                           "SCRAM channel binding negotiation error")
            .detail(
                "The client supports SCRAM channel binding but thinks the server does not.  "
                "However, this server does support channel binding.")
            .fatal();
      message.remove_prefix(1);
      if (message.empty() || message.front() != ',')
        return malformed(fmt::format("Comma expected, but found character \"{}\".",
                                     message.empty() ? "" : printable(message.front())));
      message.remove_prefix(1);
      return {};
    case 'p': {
      if (!binds_channel_)
        return malformed(
            "The client selected SCRAM-SHA-256 without channel binding, but the SCRAM message "
            "includes channel binding data.");
      auto type = take_attribute(message, 'p');
      if (!type) return type.take_error();
      if (*type == kBindingType) return {};
      return protocol_error(fmt::format("unsupported SCRAM channel-binding type \"{}\"",
                                        is_printable_nonce(*type) ? *type : "?"));
    }
    default:
      return malformed(fmt::format("Unexpected channel-binding flag \"{}\".", printable(flag)));
  }
}

/// The part of the first message that both sides prove to have seen alike.
base::Status ScramExchange::read_header(std::string_view& message) {
  std::string_view whole = message;
  if (auto status = read_binding_flag(message); !status) return status;
  if (message.starts_with('a'))
    return base::Error(base::sqlstate::kFeatureNotSupported,
                       "client uses authorization identity, but it is not supported")
        .fatal();
  if (!message.starts_with(','))
    return malformed(fmt::format("Unexpected attribute \"{}\" in client-first-message.",
                                 message.empty() ? "" : printable(message.front())));
  message.remove_prefix(1);
  header_ = whole.substr(0, whole.size() - message.size());
  return {};
}

base::Result<AuthStep> ScramExchange::first_message(std::string_view message) {
  if (message.empty()) return malformed("The message is empty.");
  if (message.find('\0') != std::string_view::npos)
    return malformed("Message length does not match input length.");
  if (auto status = read_header(message); !status) return status.take_error();
  client_first_bare_ = message;
  if (message.starts_with('m'))
    return base::Error(base::sqlstate::kFeatureNotSupported,
                       "client requires an unsupported SCRAM extension")
        .fatal();
  auto name = take_attribute(message, 'n');
  if (!name) return name.take_error();
  auto nonce = take_attribute(message, 'r');
  if (!nonce) return nonce.take_error();
  if (!is_printable_nonce(*nonce)) return protocol_error("non-printable characters in SCRAM nonce");
  nonce_ = std::string(*nonce) + base64(random_bytes(kNonceSize));
  server_first_ =
      fmt::format("r={},s={},i={}", nonce_, base64(verifier_.salt), verifier_.iterations);
  state_ = State::kFinal;
  return AuthStep{AuthMessage{AuthMessage::Kind::kSaslContinue, server_first_, {}}};
}

std::string ScramExchange::expected_binding() const {
  return base64(binds_channel_ ? header_ + subject_.certificate_hash : header_);
}

base::Status ScramExchange::check_binding(std::string_view attribute) const {
  if (attribute == expected_binding()) return {};
  if (binds_channel_)
    return base::Error(base::sqlstate::kInvalidAuthorizationSpecification,
                       "SCRAM channel binding check failed")
        .fatal();
  return protocol_error("unexpected SCRAM channel-binding attribute in client-final-message");
}

base::Result<AuthStep> ScramExchange::final_message(std::string_view message) {
  state_ = State::kOver;
  if (message.empty()) return malformed("The message is empty.");
  if (message.find('\0') != std::string_view::npos)
    return malformed("Message length does not match input length.");
  std::string_view rest = message;
  auto binding = take_attribute(rest, 'c');
  if (!binding) return binding.take_error();
  if (auto status = check_binding(*binding); !status) return status.take_error();
  auto nonce = take_attribute(rest, 'r');
  if (!nonce) return nonce.take_error();
  // Extensions may stand between the nonce and the proof, which comes last.
  size_t proof_at = message.rfind(",p=");
  if (proof_at == std::string_view::npos) return malformed("The proof is missing.");
  auto proof = unbase64(message.substr(proof_at + 3));
  if (!proof || proof->size() != kSha256Size)
    return malformed("Malformed proof in client-final-message.");
  if (!equal_in_constant_time(*nonce, nonce_))
    return protocol_error("invalid SCRAM response").detail("Nonce does not match.");
  std::string auth_message =
      fmt::format("{},{},{}", client_first_bare_, server_first_, message.substr(0, proof_at));
  bool right = proof_is_right(*proof, auth_message);
  if (!right || doomed_) return password_failed(subject_.user);
  std::string signature = base64(hmac_sha256(verifier_.server_key, auth_message));
  return AuthStep{AuthMessage{AuthMessage::Kind::kSaslFinal, "v=" + signature, {}}, true};
}

bool ScramExchange::proof_is_right(std::string_view proof, const std::string& auth_message) const {
  std::string client_key = hmac_sha256(verifier_.stored_key, auth_message);
  for (size_t i = 0; i < client_key.size(); ++i)
    client_key[i] = static_cast<char>(client_key[i] ^ proof[i]);
  return equal_in_constant_time(sha256(client_key), verifier_.stored_key);
}

}  // namespace isolde::server
