#include "sql/types/inet.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

#include "sql/types/builtin_types.hpp"
#include "sql/types/byte_order.hpp"
#include "sql/types/char_class.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/hash.hpp"
#include "sql/types/type.hpp"

namespace isolde::sql {

Inet Inet::read(Datum stored) {
  std::string_view bytes = stored.as_bytes();
  Inet value;
  value.v6 = bytes[0] == 3;
  value.bits = static_cast<uint8_t>(bytes[1]);
  std::memcpy(value.address.data(), bytes.data() + 2, static_cast<size_t>(value.size()));
  return value;
}

Datum Inet::write(Arena& arena) const {
  auto length = static_cast<size_t>(size());
  char* to = arena.allocate(2 + length);
  to[0] = v6 ? 3 : 2;
  to[1] = static_cast<char>(bits);
  std::memcpy(to + 2, address.data(), length);
  return Datum::of_bytes({to, 2 + length});
}

std::string Inet::host() const {
  char text[INET6_ADDRSTRLEN];
  inet_ntop(v6 ? AF_INET6 : AF_INET, address.data(), text, sizeof text);
  return text;
}

Inet Inet::with_tail(int count, bool ones) const {
  Inet result = *this;
  for (int bit = count; bit < max_bits(); ++bit) {
    auto& byte = result.address[static_cast<size_t>(bit / 8)];
    auto mask = static_cast<uint8_t>(0x80 >> (bit % 8));
    byte = static_cast<uint8_t>(ones ? byte | mask : byte & ~mask);
  }
  return result;
}

bool Inet::has_tail(int count) const {
  return with_tail(count, false).address != address;
}

// --- parsing

namespace {

[[noreturn]] void fail_inet(std::string_view text, bool cidr) {
  fail_syntax(cidr ? "cidr" : "inet", text);
}

/// The number behind the slash: without a sign, and in IPv6 without leading zeros.
std::optional<int> read_bits(std::string_view text, bool v6) {
  int limit = v6 ? 128 : 32;
  int value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  bool plain = !text.empty() && is_digit(text[0]) && (!v6 || text[0] != '0' || text.size() == 1);
  if (!plain || error != std::errc() || end != text.data() + text.size() || value > limit) {
    return std::nullopt;
  }
  return value;
}

/// One to four decimal octets; how many, or 0.
int read_octets(std::string_view text, std::array<uint8_t, 16>& address) {
  int count = 0;
  while (count < 4) {
    unsigned value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    bool good = error == std::errc() && !text.empty() && is_digit(text[0]) && value <= 255;
    if (!good) return 0;
    address[static_cast<size_t>(count++)] = static_cast<uint8_t>(value);
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    if (text.empty()) return count;
    if (text[0] != '.' || text.size() == 1) return 0;
    text.remove_prefix(1);
  }
  return 0;
}

/// What a cidr without a length has: that of the address's old class, or of the octets given.
int class_bits(uint8_t first, int octets) {
  int bits = first >= 240 ? 32 : first >= 224 ? 8 : first >= 192 ? 24 : first >= 128 ? 16 : 8;
  bits = std::max(bits, octets * 8);
  return bits == 8 && first == 224 ? 4 : bits;
}

}  // namespace

Inet Inet::parse(std::string_view text, bool cidr) {
  Inet value;
  size_t slash = text.find('/');
  std::string host(text.substr(0, slash));
  value.v6 = host.find(':') != std::string::npos;
  int octets = 4;
  if (value.v6) {
    if (inet_pton(AF_INET6, host.c_str(), value.address.data()) != 1) fail_inet(text, cidr);
  } else {
    octets = read_octets(host, value.address);
    if (octets == 0) fail_inet(text, cidr);
  }
  if (slash != std::string_view::npos) {
    auto bits = read_bits(text.substr(slash + 1), value.v6);
    if (!bits || (!value.v6 && !cidr && *bits / 8 > octets)) fail_inet(text, cidr);
    value.bits = *bits;
  } else if (value.v6 || !cidr) {
    if (octets < 4) fail_inet(text, cidr);
    value.bits = value.max_bits();
  } else {
    value.bits = class_bits(value.address[0], octets);
  }
  if (cidr && value.has_tail(value.bits)) {
    throw base::SqlException(base::Error(base::sqlstate::kInvalidTextRepresentation,
                                         fmt::format("invalid cidr value: \"{}\"", text))
                                 .detail("Value has bits set to right of mask."));
  }
  return value;
}

// --- order

std::strong_ordering compare_prefixes(const Inet& a, const Inet& b, int count) {
  Inet x = a.with_tail(count, false);
  Inet y = b.with_tail(count, false);
  return x.address <=> y.address;
}

std::strong_ordering compare_inets(const Inet& a, const Inet& b) {
  if (a.v6 != b.v6) return a.v6 ? std::strong_ordering::greater : std::strong_ordering::less;
  if (auto order = compare_prefixes(a, b, std::min(a.bits, b.bits)); order != 0) return order;
  if (a.bits != b.bits) return a.bits <=> b.bits;
  return a.address <=> b.address;
}

// --- the types

namespace {

bool is_cidr(const Type& type) {
  return type.oid == base::Oid(650);
}

Datum inet_from_text(const Type& type, std::string_view text, int32_t, Arena& arena,
                     const OutputStyle&) {
  return Inet::parse(text, is_cidr(type)).write(arena);
}
void inet_to_text(const Type& type, Datum stored, std::string& out, const OutputStyle&) {
  Inet value = Inet::read(stored);
  out += value.host();
  if (is_cidr(type) || value.bits != value.max_bits()) out += "/" + std::to_string(value.bits);
}

Datum inet_from_binary(const Type& type, std::string_view bytes, int32_t, Arena& arena) {
  std::string name = is_cidr(type) ? "cidr" : "inet";
  BinaryReader reader(bytes);
  auto family = reader.read<uint8_t>();
  if (family != 2 && family != 3) {
    fail_binary(fmt::format("invalid address family in external \"{}\" value", name));
  }
  Inet value;
  value.v6 = family == 3;
  value.bits = reader.read<uint8_t>();
  if (value.bits > value.max_bits()) {
    fail_binary(fmt::format("invalid bits in external \"{}\" value", name));
  }
  reader.read<uint8_t>();  // whether it was a cidr: the type says so
  if (reader.read<uint8_t>() != value.size()) {
    fail_binary(fmt::format("invalid length in external \"{}\" value", name));
  }
  std::string_view address = reader.take(static_cast<size_t>(value.size()));
  std::memcpy(value.address.data(), address.data(), address.size());
  reader.finish();
  if (is_cidr(type) && value.has_tail(value.bits)) {
    throw base::SqlException(
        base::Error(base::sqlstate::kInvalidBinaryRepresentation, "invalid external \"cidr\" value")
            .detail("Value has bits set to right of mask."));
  }
  return value.write(arena);
}
void inet_to_binary(const Type& type, Datum stored, std::string& out) {
  Inet value = Inet::read(stored);
  out += value.v6 ? '\3' : '\2';
  out += static_cast<char>(value.bits);
  out += is_cidr(type) ? '\1' : '\0';
  out += static_cast<char>(value.size());
  out.append(reinterpret_cast<const char*>(value.address.data()),
             static_cast<size_t>(value.size()));
}

std::strong_ordering inet_compare(const Type&, Datum a, Datum b) {
  return compare_inets(Inet::read(a), Inet::read(b));
}
uint64_t inet_hash(const Type&, Datum value) {
  return hash_bytes(value.as_bytes());
}

}  // namespace

const TypeFunctions kInetFunctions{inet_from_text, inet_to_text, inet_from_binary,
                                   inet_to_binary, inet_compare, inet_hash};

}  // namespace isolde::sql
