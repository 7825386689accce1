#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

#include "sql/functions/declaration.hpp"
#include "sql/functions/text_arguments.hpp"
#include "sql/types/bytea.hpp"
#include "sql/types/char_class.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/text_types.hpp"

// Digests, and bytes as text: md5, sha256, encode, decode.

namespace isolde::sql {

namespace {

std::string digest(const EVP_MD* algorithm, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out;
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, algorithm, nullptr) != 1) {
    fail(base::sqlstate::kInternalError, "could not compute digest");
  }
  return std::string(reinterpret_cast<char*>(out.data()), size);
}

Datum md5(CallContext& context, const Datum* args) {
  std::string out;
  append_hex(out, digest(EVP_md5(), args[0].as_bytes()));
  return context.arena.bytes(out);
}
template <const EVP_MD* (*algorithm)()>
Datum sha(CallContext& context, const Datum* args) {
  return context.arena.bytes(digest(algorithm(), args[0].as_bytes()));
}

// --- encode, decode

constexpr char kBase64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// With a line break after every 76 characters.
std::string to_base64(std::string_view bytes) {
  std::string out;
  size_t line = 0;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k) {
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (size_t k = 0; k < 4; ++k) {
      out += i + k <= bytes.size() ? kBase64[group >> (18 - 6 * k) & 63] : '=';
    }
    line += 4;
    if (line == 76) {
      out += '\n';
      line = 0;
    }
  }
  return out;
}

[[noreturn]] void fail_base64(std::string message) {
  fail(base::sqlstate::kInvalidParameterValue, std::move(message));
}

std::string from_base64(std::string_view text) {
  std::string out;
  uint32_t group = 0;
  int count = 0;
  int padding = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') continue;
    uint32_t value = 0;
    if (c == '=') {
      if (padding == 0) {
        if (count < 2) fail_base64("unexpected \"=\" while decoding base64 sequence");
        padding = count == 2 ? 1 : 2;
      }
    } else {
      size_t at = std::string_view(kBase64, 64).find(c);
      if (at == std::string_view::npos || padding > 0) {
        fail_base64(fmt::format("invalid symbol \"{}\" found while decoding base64 sequence",
                                text.substr(i, utf8_width(c))));
      }
      value = static_cast<uint32_t>(at);
    }
    group = group << 6 | value;
    if (++count < 4) continue;
    out += static_cast<char>(group >> 16);
    if (padding == 0 || padding > 1) out += static_cast<char>(group >> 8);
    if (padding == 0) out += static_cast<char>(group);
    group = 0;
    count = 0;
  }
  if (count != 0) {
    throw base::SqlException(
        base::Error(base::sqlstate::kInvalidParameterValue, "invalid base64 end sequence")
            .hint("Input data is missing padding, is truncated, or is otherwise corrupted."));
  }
  return out;
}

/// The escape format leaves all but NUL, high bytes and the backslash alone.
std::string to_escapes(std::string_view bytes) {
  std::string out;
  for (char c : bytes) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '\\') {
      out += "\\\\";
    } else if (byte == 0 || byte >= 0x80) {
      out += fmt::format("\\{:03o}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

[[noreturn]] void fail_encoding(std::string_view name) {
  fail(base::sqlstate::kInvalidParameterValue, fmt::format("unrecognized encoding: \"{}\"", name));
}

Datum encode(CallContext& context, const Datum* args) {
  std::string_view bytes = args[0].as_bytes();
  std::string_view format = args[1].as_bytes();
  if (equals_ignoring_case(format, "base64")) return context.arena.bytes(to_base64(bytes));
  if (equals_ignoring_case(format, "escape")) return context.arena.bytes(to_escapes(bytes));
  if (!equals_ignoring_case(format, "hex")) fail_encoding(format);
  std::string out;
  append_hex(out, bytes);
  return context.arena.bytes(out);
}

Datum decode(CallContext& context, const Datum* args) {
  std::string_view text = args[0].as_bytes();
  std::string_view format = args[1].as_bytes();
  if (equals_ignoring_case(format, "base64")) return context.arena.bytes(from_base64(text));
  if (equals_ignoring_case(format, "escape")) return context.arena.bytes(read_bytea_escapes(text));
  if (!equals_ignoring_case(format, "hex")) fail_encoding(format);
  return context.arena.bytes(decode_hex(text));
}

// --- bits of bytea

size_t check_index(int64_t index, uint64_t size) {
  if (index < 0 || static_cast<uint64_t>(index) >= size) {
    fail(base::sqlstate::kArraySubscriptError,
         fmt::format("index {} out of valid range, 0..{}", index, static_cast<int64_t>(size) - 1));
  }
  return static_cast<size_t>(index);
}
Datum get_byte(CallContext&, const Datum* args) {
  std::string_view bytes = args[0].as_bytes();
  return Datum::of_int(
      static_cast<unsigned char>(bytes[check_index(args[1].as_int(), bytes.size())]));
}
Datum set_byte(CallContext& context, const Datum* args) {
  std::string bytes(args[0].as_bytes());
  bytes[check_index(args[1].as_int(), bytes.size())] = static_cast<char>(args[2].as_int());
  return context.arena.bytes(bytes);
}

constexpr FunctionRow kRows[] = {
    {2311, "md5(text) text", md5},
    {2321, "md5(bytea) text", md5},
    {3419, "sha224(bytea) bytea", sha<EVP_sha224>},
    {3420, "sha256(bytea) bytea", sha<EVP_sha256>},
    {3421, "sha384(bytea) bytea", sha<EVP_sha384>},
    {3422, "sha512(bytea) bytea", sha<EVP_sha512>},
    {1946, "encode(bytea, text) text", encode},
    {1947, "decode(text, text) bytea", decode},
    {721, "get_byte(bytea, int4) int4", get_byte},
    {722, "set_byte(bytea, int4, int4) bytea", set_byte},
};

}  // namespace

const std::span<const FunctionRow> kDigests = kRows;

}  // namespace isolde::sql
