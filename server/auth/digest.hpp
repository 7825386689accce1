#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

// The cryptography that passwords need, over OpenSSL. Binary values are std::string.

namespace isolde::server {

inline constexpr size_t kSha256Size = 32;

std::string sha256(std::string_view data);
std::string hmac_sha256(std::string_view key, std::string_view data);
/// 32 hexadecimal digits.
std::string md5_hex(std::string_view data);
/// From the operating system's generator; ends the process when that fails.
std::string random_bytes(size_t count);

std::string base64(std::string_view data);
/// Nothing unless the text is exactly what base64() would print for some data.
std::optional<std::string> unbase64(std::string_view text);

/// Takes the same time wherever the two differ. Lengths are no secret.
bool equal_in_constant_time(std::string_view a, std::string_view b);

/// Called now and then during long computations, so that a session can let others run.
using YieldFunction = std::function<void()>;

/// PBKDF2 with HMAC-SHA-256, one block. Calls `yield`, if any, every hundred iterations.
std::string pbkdf2_sha256(std::string_view password, std::string_view salt, int iterations,
                          const YieldFunction& yield);

}  // namespace isolde::server
