#include <fmt/format.h>

#include <algorithm>

#include "sql/functions/declaration.hpp"
#include "sql/functions/verdict.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/inet.hpp"

// Addresses and networks: parts, containment, arithmetic.

namespace isolde::sql {

namespace {

Datum text(CallContext& context, std::string_view out) {
  return context.arena.bytes(out);
}
std::string with_bits(const Inet& value) {
  return value.host() + "/" + std::to_string(value.bits);
}

Datum host(CallContext& context, const Datum* args) {
  return text(context, Inet::read(args[0]).host());
}
Datum show(CallContext& context, const Datum* args) {
  return text(context, with_bits(Inet::read(args[0])));
}
Datum abbrev_inet(CallContext& context, const Datum* args) {
  Inet value = Inet::read(args[0]);
  return text(context, value.bits == value.max_bits() ? value.host() : with_bits(value));
}
/// An IPv4 network without the octets behind its prefix.
Datum abbrev_cidr(CallContext& context, const Datum* args) {
  Inet value = Inet::read(args[0]);
  if (value.v6) return text(context, with_bits(value));
  std::string out;
  int octets = std::max(1, (value.bits + 7) / 8);
  for (int i = 0; i < octets; ++i) {
    if (i > 0) out += '.';
    out += std::to_string(value.address[static_cast<size_t>(i)]);
  }
  return text(context, out + "/" + std::to_string(value.bits));
}

Datum family(CallContext&, const Datum* args) {
  return Datum::of_int(Inet::read(args[0]).v6 ? 6 : 4);
}
Datum masklen(CallContext&, const Datum* args) {
  return Datum::of_int(Inet::read(args[0]).bits);
}
Datum network(CallContext& context, const Datum* args) {
  Inet value = Inet::read(args[0]);
  return value.with_tail(value.bits, false).write(context.arena);
}
Datum broadcast(CallContext& context, const Datum* args) {
  Inet value = Inet::read(args[0]);
  return value.with_tail(value.bits, true).write(context.arena);
}
Inet mask_of(const Inet& value, bool of_host) {
  Inet mask = value;
  mask.bits = mask.max_bits();
  mask.address.fill(0);
  mask = mask.with_tail(0, !of_host);
  return mask.with_tail(value.bits, of_host);
}
Datum netmask(CallContext& context, const Datum* args) {
  return mask_of(Inet::read(args[0]), false).write(context.arena);
}
Datum hostmask(CallContext& context, const Datum* args) {
  return mask_of(Inet::read(args[0]), true).write(context.arena);
}

template <bool cidr>
Datum set_masklen(CallContext& context, const Datum* args) {
  Inet value = Inet::read(args[0]);
  int64_t bits = args[1].as_int() == -1 ? value.max_bits() : args[1].as_int();
  if (bits < 0 || bits > value.max_bits()) {
    fail(base::sqlstate::kInvalidParameterValue, fmt::format("invalid mask length: {}", bits));
  }
  value.bits = static_cast<int>(bits);
  if (cidr) value = value.with_tail(value.bits, false);
  return value.write(context.arena);
}

Datum same_family(CallContext&, const Datum* args) {
  return Datum::of_bool(Inet::read(args[0]).v6 == Inet::read(args[1]).v6);
}
Datum merge(CallContext& context, const Datum* args) {
  Inet a = Inet::read(args[0]);
  Inet b = Inet::read(args[1]);
  if (a.v6 != b.v6) {
    fail(base::sqlstate::kInvalidParameterValue, "cannot merge addresses from different families");
  }
  a.bits = std::min(a.bits, b.bits);
  while (compare_prefixes(a, b, a.bits) != 0) --a.bits;
  return a.with_tail(a.bits, false).write(context.arena);
}

// --- containment

/// Whether a lies in b's network.
bool within(const Inet& a, const Inet& b) {
  return a.v6 == b.v6 && a.bits >= b.bits && compare_prefixes(a, b, b.bits) == 0;
}
template <bool strict>
Datum contained(CallContext&, const Datum* args) {
  Inet a = Inet::read(args[0]);
  Inet b = Inet::read(args[1]);
  return Datum::of_bool(within(a, b) && (!strict || a.bits > b.bits));
}
template <bool strict>
Datum contains(CallContext& context, const Datum* args) {
  Datum turned[] = {args[1], args[0]};
  return contained<strict>(context, turned);
}
Datum overlap(CallContext&, const Datum* args) {
  Inet a = Inet::read(args[0]);
  Inet b = Inet::read(args[1]);
  return Datum::of_bool(within(a, b) || within(b, a));
}

// --- arithmetic

Datum bit_not(CallContext& context, const Datum* args) {
  Inet value = Inet::read(args[0]);
  for (int i = 0; i < value.size(); ++i) {
    auto& byte = value.address[static_cast<size_t>(i)];
    byte = static_cast<uint8_t>(~byte);
  }
  return value.write(context.arena);
}

template <bool both>
Datum bit_and_or(CallContext& context, const Datum* args) {
  Inet a = Inet::read(args[0]);
  Inet b = Inet::read(args[1]);
  if (a.v6 != b.v6) {
    fail(base::sqlstate::kInvalidParameterValue,
         fmt::format("cannot {} inet values of different sizes", both ? "AND" : "OR"));
  }
  for (size_t i = 0; i < a.address.size(); ++i) {
    a.address[i] =
        static_cast<uint8_t>(both ? a.address[i] & b.address[i] : a.address[i] | b.address[i]);
  }
  a.bits = std::max(a.bits, b.bits);
  return a.write(context.arena);
}

[[noreturn]] void fail_result_range() {
  fail(base::sqlstate::kNumericValueOutOfRange, "result is out of range");
}

Datum plus(CallContext& context, Datum stored, __int128 addend) {
  Inet value = Inet::read(stored);
  for (int i = value.size() - 1; i >= 0; --i) {
    auto& byte = value.address[static_cast<size_t>(i)];
    addend += byte;
    byte = static_cast<uint8_t>(addend & 0xff);
    addend >>= 8;
  }
  if (addend != 0) fail_result_range();
  return value.write(context.arena);
}
Datum add(CallContext& context, const Datum* args) {
  return plus(context, args[0], args[1].as_int());
}
Datum add_turned(CallContext& context, const Datum* args) {
  return plus(context, args[1], args[0].as_int());
}
Datum subtract_number(CallContext& context, const Datum* args) {
  return plus(context, args[0], -static_cast<__int128>(args[1].as_int()));
}

Datum subtract(CallContext&, const Datum* args) {
  Inet a = Inet::read(args[0]);
  Inet b = Inet::read(args[1]);
  if (a.v6 != b.v6) {
    fail(base::sqlstate::kInvalidParameterValue, "cannot subtract inet values of different sizes");
  }
  auto number = [](const Inet& value) {
    unsigned __int128 n = 0;
    for (int i = 0; i < value.size(); ++i) n = n << 8 | value.address[static_cast<size_t>(i)];
    return n;
  };
  // The difference of two addresses, as a signed number of 128 bits, must fit into 64.
  auto difference = static_cast<__int128>(number(a) - number(b));
  bool negative = number(a) < number(b);
  if ((difference < 0) != negative || difference != static_cast<int64_t>(difference)) {
    fail_result_range();
  }
  return Datum::of_int(static_cast<int64_t>(difference));
}

template <Is is>
Datum compared(CallContext&, const Datum* args) {
  auto order = compare_inets(Inet::read(args[0]), Inet::read(args[1]));
  return verdict<is>(order);
}
Datum cmp(CallContext&, const Datum* args) {
  auto order = compare_inets(Inet::read(args[0]), Inet::read(args[1]));
  return Datum::of_int(order < 0 ? -1 : order > 0 ? 1 : 0);
}
template <bool greatest>
Datum extreme(CallContext&, const Datum* args) {
  auto order = compare_inets(Inet::read(args[0]), Inet::read(args[1]));
  return (greatest ? order > 0 : order < 0) ? args[0] : args[1];
}

constexpr FunctionRow kRows[] = {
    {598, "abbrev(inet) text", abbrev_inet},
    {599, "abbrev(cidr) text", abbrev_cidr},
    {698, "broadcast(inet) inet", broadcast},
    {1715, "cidr(inet) cidr", network},
    {711, "family(inet) int4", family},
    {699, "host(inet) text", host},
    {1362, "hostmask(inet) inet", hostmask},
    {4063, "inet_merge(inet, inet) cidr", merge},
    {4071, "inet_same_family(inet, inet) bool", same_family},
    {2627, "inetnot(inet) inet", bit_not},
    {2628, "inetand(inet, inet) inet", bit_and_or<true>},
    {2629, "inetor(inet, inet) inet", bit_and_or<false>},
    {2630, "inetpl(inet, int8) inet", add},
    {2631, "int8pl_inet(int8, inet) inet", add_turned},
    {2632, "inetmi_int8(inet, int8) inet", subtract_number},
    {2633, "inetmi(inet, inet) int8", subtract},
    {697, "masklen(inet) int4", masklen},
    {696, "netmask(inet) inet", netmask},
    {683, "network(inet) cidr", network},
    {605, "set_masklen(inet, int4) inet", set_masklen<false>},
    {635, "set_masklen(cidr, int4) cidr", set_masklen<true>},
    {730, "text(inet) text", show},
    {920, "network_eq(inet, inet) bool", compared<Is::kEq>},
    {925, "network_ne(inet, inet) bool", compared<Is::kNe>},
    {921, "network_lt(inet, inet) bool", compared<Is::kLt>},
    {922, "network_le(inet, inet) bool", compared<Is::kLe>},
    {923, "network_gt(inet, inet) bool", compared<Is::kGt>},
    {924, "network_ge(inet, inet) bool", compared<Is::kGe>},
    {926, "network_cmp(inet, inet) int4", cmp},
    {3562, "network_larger(inet, inet) inet", extreme<true>},
    {3563, "network_smaller(inet, inet) inet", extreme<false>},
    {927, "network_sub(inet, inet) bool", contained<true>},
    {928, "network_subeq(inet, inet) bool", contained<false>},
    {929, "network_sup(inet, inet) bool", contains<true>},
    {930, "network_supeq(inet, inet) bool", contains<false>},
    {3551, "network_overlap(inet, inet) bool", overlap},
};

}  // namespace

const std::span<const FunctionRow> kNetworkFunctions = kRows;

}  // namespace isolde::sql
