#include "server/auth/exchange.hpp"

#include <fmt/format.h>

#include "server/auth/password_exchange.hpp"
#include "server/auth/scram_exchange.hpp"

namespace isolde::server {

namespace {

const std::string& process_secret() {
  static const std::string secret = random_bytes(kSha256Size);
  return secret;
}

/// A role without a password that could be right gets nothing to compare with.
std::string usable_verifier(const AuthSubject& subject) {
  if (!subject.role) return {};
  bool expired = subject.role->valid_until && *subject.role->valid_until < subject.now;
  return expired ? std::string() : subject.role->verifier;
}

std::unique_ptr<AuthExchange> challenge(AuthSubject subject, std::string verifier) {
  PasswordType type = verifier.empty() ? subject.usual_encryption : password_type(verifier);
  if (subject.method == HbaMethod::kMd5 && type == PasswordType::kMd5)
    return std::make_unique<Md5Exchange>(std::move(subject.user), std::move(verifier));
  return std::make_unique<ScramExchange>(std::move(subject), std::move(verifier));
}

}  // namespace

std::unique_ptr<AuthExchange> start_exchange(AuthSubject subject) {
  if (subject.mock_secret.empty()) subject.mock_secret = process_secret();
  std::string verifier = usable_verifier(subject);
  switch (subject.method) {
    case HbaMethod::kTrust:
    case HbaMethod::kReject:
      return nullptr;
    case HbaMethod::kPassword:
      return std::make_unique<PasswordExchange>(std::move(subject), std::move(verifier));
    case HbaMethod::kMd5:
    case HbaMethod::kScramSha256:
      return challenge(std::move(subject), std::move(verifier));
  }
  return nullptr;
}

base::Status check_may_log_in(std::string_view user, const std::optional<RoleSecret>& role) {
  constexpr auto kState = base::sqlstate::kInvalidAuthorizationSpecification;
  if (!role) return base::Error(kState, fmt::format("role \"{}\" does not exist", user)).fatal();
  if (!role->can_login)
    return base::Error(kState, fmt::format("role \"{}\" is not permitted to log in", user)).fatal();
  return {};
}

base::Error password_failed(std::string_view user) {
  return base::Error(base::sqlstate::kInvalidPassword,
                     fmt::format("password authentication failed for user \"{}\"", user))
      .fatal();
}

}  // namespace isolde::server
