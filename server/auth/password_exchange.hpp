#pragma once

#include "server/auth/exchange.hpp"

namespace isolde::server {

/// The client sends its password as it is.
class PasswordExchange : public AuthExchange {
 public:
  PasswordExchange(AuthSubject subject, std::string verifier);
  AuthStep start() override;
  base::Result<AuthStep> answer(std::string_view body) override;

 private:
  AuthSubject subject_;
  std::string verifier_;  ///< empty: no password is right
};

/// The client sends md5(md5(password + role) + salt).
class Md5Exchange : public AuthExchange {
 public:
  Md5Exchange(std::string user, std::string verifier);
  AuthStep start() override;
  base::Result<AuthStep> answer(std::string_view body) override;

 private:
  std::string user_;
  std::string verifier_;
  std::string salt_;
};

/// What the client answers to an md5 challenge.
std::string md5_response(std::string_view verifier, std::string_view salt);

}  // namespace isolde::server
