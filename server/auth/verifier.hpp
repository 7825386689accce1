#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/auth/digest.hpp"

// What is stored instead of a password. A SCRAM verifier (RFC 5803) proves a password without
// revealing it:
//
//   SCRAM-SHA-256$4096:salt$StoredKey:ServerKey      all three in base64
//
//   SaltedPassword = PBKDF2(password, salt, iterations)
//   ClientKey      = HMAC(SaltedPassword, "Client Key")     never stored
//   StoredKey      = SHA256(ClientKey)
//   ServerKey      = HMAC(SaltedPassword, "Server Key")
//
// The older form is "md5" and the digest of the password with the role's name behind it.

namespace isolde::server {

inline constexpr int kScramIterations = 4096;
inline constexpr size_t kScramSaltSize = 16;

struct ScramVerifier {
  int iterations = kScramIterations;
  std::string salt;
  std::string stored_key;
  std::string server_key;

  static std::optional<ScramVerifier> parse(std::string_view text);
  std::string print() const;
};

enum class PasswordType : uint8_t { kPlain, kMd5, kScramSha256 };
/// Of what stands in a role's password column, or in CREATE ROLE ... PASSWORD.
PasswordType password_type(std::string_view stored);

/// The keys of a password. `yield` is called every hundred iterations of the slow part.
ScramVerifier derive_scram_verifier(std::string_view password, std::string_view salt,
                                    int iterations, const YieldFunction& yield = {});
/// The text to store for a new password, with a random salt.
std::string build_scram_verifier(std::string_view password, const YieldFunction& yield = {});
std::string build_md5_verifier(std::string_view password, std::string_view role);

/// Is this the password that the verifier was made of? Takes the time of its kind of verifier,
/// also for a wrong password.
bool password_matches(std::string_view password, std::string_view role, std::string_view verifier,
                      const YieldFunction& yield = {});

}  // namespace isolde::server
