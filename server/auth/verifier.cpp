#include "server/auth/verifier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "server/auth/saslprep.hpp"

namespace isolde::server {

namespace {

constexpr std::string_view kScramPrefix = "SCRAM-SHA-256$";
constexpr std::string_view kMd5Prefix = "md5";
constexpr size_t kMd5Digits = 32;
/// PostgreSQL accepts any positive number; a stored one beyond this would stall a login for
/// minutes.
constexpr int kMaxIterations = 10'000'000;

/// Cuts `text` at the first `separator`; nothing when there is none.
std::optional<std::string_view> take_until(std::string_view& text, char separator) {
  size_t end = text.find(separator);
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view part = text.substr(0, end);
  text.remove_prefix(end + 1);
  return part;
}

std::optional<int> positive_number(std::string_view text) {
  int value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (value < 1 || value > kMaxIterations) return std::nullopt;
  return value;
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

}  // namespace

std::optional<ScramVerifier> ScramVerifier::parse(std::string_view text) {
  if (!text.starts_with(kScramPrefix)) return std::nullopt;
  text.remove_prefix(kScramPrefix.size());
  auto iterations = take_until(text, ':');
  auto salt = take_until(text, '$');
  auto stored_key = take_until(text, ':');
  if (!iterations || !salt || !stored_key) return std::nullopt;
  auto count = positive_number(*iterations);
  auto salt_bytes = unbase64(*salt), stored = unbase64(*stored_key), server = unbase64(text);
  if (!count || !salt_bytes || !stored || !server) return std::nullopt;
  if (stored->size() != kSha256Size || server->size() != kSha256Size) return std::nullopt;
  return ScramVerifier{*count, *salt_bytes, *stored, *server};
}

std::string ScramVerifier::print() const {
  return fmt::format("{}{}:{}${}:{}", kScramPrefix, iterations, base64(salt), base64(stored_key),
                     base64(server_key));
}

PasswordType password_type(std::string_view stored) {
  bool md5 = stored.size() == kMd5Prefix.size() + kMd5Digits && stored.starts_with(kMd5Prefix) &&
             std::ranges::all_of(stored.substr(kMd5Prefix.size()), is_hex);
  if (md5) return PasswordType::kMd5;
  return ScramVerifier::parse(stored) ? PasswordType::kScramSha256 : PasswordType::kPlain;
}

ScramVerifier derive_scram_verifier(std::string_view password, std::string_view salt,
                                    int iterations, const YieldFunction& yield) {
  std::string salted = pbkdf2_sha256(saslprep(password), salt, iterations, yield);
  return {iterations, std::string(salt), sha256(hmac_sha256(salted, "Client Key")),
          hmac_sha256(salted, "Server Key")};
}

std::string build_scram_verifier(std::string_view password, const YieldFunction& yield) {
  return derive_scram_verifier(password, random_bytes(kScramSaltSize), kScramIterations, yield)
      .print();
}

std::string build_md5_verifier(std::string_view password, std::string_view role) {
  return std::string(kMd5Prefix) + md5_hex(std::string(password).append(role));
}

bool password_matches(std::string_view password, std::string_view role, std::string_view verifier,
                      const YieldFunction& yield) {
  if (password_type(verifier) == PasswordType::kMd5)
    return equal_in_constant_time(build_md5_verifier(password, role), verifier);
  auto scram = ScramVerifier::parse(verifier);
  if (!scram) return false;
  ScramVerifier derived = derive_scram_verifier(password, scram->salt, scram->iterations, yield);
  return equal_in_constant_time(derived.server_key, scram->server_key);
}

}  // namespace isolde::server
