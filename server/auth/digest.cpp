#include "server/auth/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include "base/check.hpp"

namespace isolde::server {

namespace {

constexpr int kIterationsPerYield = 100;

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

std::string digest(const EVP_MD* algorithm, std::string_view data) {
  std::string result(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  bool ok = EVP_Digest(data.data(), data.size(), bytes(result), &size, algorithm, nullptr) == 1;
  ISOLDE_CHECK(ok, "the digest that passwords are made of is not available");
  result.resize(size);
  return result;
}

/// HMAC-SHA-256 under one key, many times.
class Hmac {
 public:
  explicit Hmac(std::string_view key) {
    char name[] = "SHA256";
    OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string("digest", name, 0),
                           OSSL_PARAM_construct_end()};
    // An empty key must not be a null pointer: that would mean "the key from before".
    static constexpr unsigned char kEmptyKey[1] = {0};
    const unsigned char* data = key.empty() ? kEmptyKey : bytes(key);
    bool ok = context_ != nullptr && EVP_MAC_init(context_.get(), data, key.size(), params) == 1;
    ISOLDE_CHECK(ok, "the HMAC that passwords are made of is not available");
  }

  std::string operator()(std::string_view data) {
    std::string result(kSha256Size, '\0');
    size_t size = 0;
    bool ok = EVP_MAC_init(context_.get(), nullptr, 0, nullptr) == 1 &&
              EVP_MAC_update(context_.get(), bytes(data), data.size()) == 1 &&
              EVP_MAC_final(context_.get(), bytes(result), &size, result.size()) == 1;
    ISOLDE_CHECK(ok, "an HMAC could not be computed");
    return result;
  }

 private:
  struct Free {
    void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
  };
  std::unique_ptr<EVP_MAC, Free> mac_{EVP_MAC_fetch(nullptr, "HMAC", nullptr)};
  std::unique_ptr<EVP_MAC_CTX, Free> context_{EVP_MAC_CTX_new(mac_.get())};
};

void xor_into(std::string& target, std::string_view other) {
  for (size_t i = 0; i < target.size(); ++i) target[i] = static_cast<char>(target[i] ^ other[i]);
}

}  // namespace

std::string sha256(std::string_view data) {
  return digest(EVP_sha256(), data);
}

std::string hmac_sha256(std::string_view key, std::string_view data) {
  return Hmac(key)(data);
}

std::string md5_hex(std::string_view data) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (char c : digest(EVP_md5(), data)) {
    auto byte = static_cast<unsigned char>(c);
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

std::string random_bytes(size_t count) {
  std::string result(count, '\0');
  ISOLDE_CHECK(RAND_bytes(bytes(result), static_cast<int>(count)) == 1,
               "the operating system gives no random numbers");
  return result;
}

std::string base64(std::string_view data) {
  std::string text((data.size() + 2) / 3 * 4 + 1, '\0');
  int size = EVP_EncodeBlock(bytes(text), bytes(data), static_cast<int>(data.size()));
  text.resize(static_cast<size_t>(size));
  return text;
}

std::optional<std::string> unbase64(std::string_view text) {
  if (text.empty()) return std::string();
  if (text.size() % 4 != 0) return std::nullopt;
  std::string data(text.size() / 4 * 3, '\0');
  int size = EVP_DecodeBlock(bytes(data), bytes(text), static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  data.resize(static_cast<size_t>(size) - padding);
  // OpenSSL forgives blanks and stray bits.
  if (base64(data) != text) return std::nullopt;
  return data;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string pbkdf2_sha256(std::string_view password, std::string_view salt, int iterations,
                          const YieldFunction& yield) {
  Hmac hmac(password);
  std::string block = hmac(std::string(salt) + std::string("\0\0\0\1", 4));
  std::string result = block;
  for (int i = 1; i < iterations; ++i) {
    block = hmac(block);
    xor_into(result, block);
    if (yield && i % kIterationsPerYield == 0) yield();
  }
  return result;
}

}  // namespace isolde::server
