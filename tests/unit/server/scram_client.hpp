#pragma once

#include <string>
#include <string_view>

#include "server/auth/digest.hpp"

namespace isolde::server {

/// The client's side of SCRAM-SHA-256, to talk to ours.
class ScramClient {
 public:
  explicit ScramClient(std::string password, std::string header = "n,,", std::string binding = {})
      : password_(std::move(password)), header_(std::move(header)), binding_(std::move(binding)) {}

  std::string first(std::string_view nonce = "rOprNGfwEbeRWgbNEkqO") {
    bare_ = "n=,r=" + std::string(nonce);
    return header_ + bare_;
  }

  std::string final(std::string_view server_first) {
    std::string nonce = attribute(server_first, "r=");
    std::string salt = *unbase64(attribute(server_first, "s="));
    int iterations = std::stoi(attribute(server_first, "i="));
    std::string salted = pbkdf2_sha256(password_, salt, iterations, {});
    std::string without_proof = "c=" + base64(header_ + binding_) + ",r=" + nonce;
    std::string auth_message = bare_ + "," + std::string(server_first) + "," + without_proof;
    std::string key = hmac_sha256(salted, "Client Key");
    std::string signature = hmac_sha256(sha256(key), auth_message);
    for (size_t i = 0; i < key.size(); ++i) key[i] = static_cast<char>(key[i] ^ signature[i]);
    expected_ = "v=" + base64(hmac_sha256(hmac_sha256(salted, "Server Key"), auth_message));
    return without_proof + ",p=" + base64(key);
  }

  /// What a server that knows the verifier says last.
  const std::string& expected_server_final() const { return expected_; }

  static std::string attribute(std::string_view message, std::string_view name) {
    size_t begin = message.find(name) + name.size();
    return std::string(message.substr(begin, message.find(',', begin) - begin));
  }

 private:
  std::string password_, header_, binding_, bare_, expected_;
};

/// A SASLInitialResponse.
inline std::string initial_response(std::string_view mechanism, std::string_view message) {
  auto size = static_cast<uint32_t>(message.size());
  std::string body(mechanism);
  body += '\0';
  for (int shift = 24; shift >= 0; shift -= 8) body += static_cast<char>(size >> shift & 0xff);
  return body.append(message);
}

}  // namespace isolde::server
