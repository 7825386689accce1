#include "server/auth/password_exchange.hpp"

namespace isolde::server {

namespace {

constexpr size_t kMd5SaltSize = 4;
constexpr size_t kMd5PrefixSize = 3;

/// The text of a PasswordMessage: one string with its terminator.
base::Result<std::string_view> password_of(std::string_view body) {
  if (body.empty() || body.find('\0') != body.size() - 1)
    return base::Error(base::sqlstate::kProtocolViolation, "invalid password packet size").fatal();
  if (body.size() == 1)
    return base::Error(base::sqlstate::kInvalidPassword, "empty password returned by client")
        .fatal();
  return body.substr(0, body.size() - 1);
}

/// Stands in where there is none: nobody knows its password, checking it takes as long.
std::string hopeless_verifier(const AuthSubject& subject) {
  std::string key = random_bytes(kSha256Size);
  if (subject.usual_encryption == PasswordType::kMd5) return build_md5_verifier(key, subject.user);
  return ScramVerifier{kScramIterations, random_bytes(kScramSaltSize), key, key}.print();
}

}  // namespace

PasswordExchange::PasswordExchange(AuthSubject subject, std::string verifier)
    : subject_(std::move(subject)), verifier_(std::move(verifier)) {}

AuthStep PasswordExchange::start() {
  return {AuthMessage{AuthMessage::Kind::kCleartext, {}, {}}};
}

base::Result<AuthStep> PasswordExchange::answer(std::string_view body) {
  auto password = password_of(body);
  if (!password) return password.take_error();
  bool known = !verifier_.empty();
  std::string verifier = known ? verifier_ : hopeless_verifier(subject_);
  bool matches = password_matches(*password, subject_.user, verifier, subject_.yield);
  if (!known || !matches) return password_failed(subject_.user);
  return AuthStep{std::nullopt, true};
}

Md5Exchange::Md5Exchange(std::string user, std::string verifier)
    : user_(std::move(user)), verifier_(std::move(verifier)), salt_(random_bytes(kMd5SaltSize)) {}

AuthStep Md5Exchange::start() {
  return {AuthMessage{AuthMessage::Kind::kMd5, salt_, {}}};
}

base::Result<AuthStep> Md5Exchange::answer(std::string_view body) {
  auto response = password_of(body);
  if (!response) return response.take_error();
  bool known = !verifier_.empty();
  std::string verifier = known ? verifier_ : build_md5_verifier(random_bytes(kSha256Size), user_);
  bool matches = equal_in_constant_time(*response, md5_response(verifier, salt_));
  if (!known || !matches) return password_failed(user_);
  return AuthStep{std::nullopt, true};
}

std::string md5_response(std::string_view verifier, std::string_view salt) {
  return "md5" + md5_hex(std::string(verifier.substr(kMd5PrefixSize)).append(salt));
}

}  // namespace isolde::server
