#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "sql/functions/declaration.hpp"
#include "sql/functions/range_check.hpp"
#include "sql/functions/text_arguments.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/text_types.hpp"

// What strings can do, for bytea: joining, trimming, overlaying; and single bits.

namespace isolde::sql {

namespace {

Datum concatenate(CallContext& context, const Datum* args) {
  std::string_view a = args[0].as_bytes();
  std::string_view b = args[1].as_bytes();
  TextResult result = new_text(context, uint64_t{a.size()} + b.size());
  std::copy(a.begin(), a.end(), result.data);
  std::copy(b.begin(), b.end(), result.data + a.size());
  return result.datum();
}

template <bool left, bool right>
Datum trim(CallContext&, const Datum* args) {
  std::string_view bytes = args[0].as_bytes();
  std::string_view set = args[1].as_bytes();
  auto drops = [&](char c) { return set.find(c) != std::string_view::npos; };
  while (left && !bytes.empty() && drops(bytes.front())) bytes.remove_prefix(1);
  while (right && !bytes.empty() && drops(bytes.back())) bytes.remove_suffix(1);
  return Datum::of_bytes(bytes);
}

Datum overlay_with(CallContext& context, const Datum* args, int64_t length) {
  std::string_view bytes = args[0].as_bytes();
  int64_t from = args[2].as_int();
  if (from <= 0) fail(base::sqlstate::kSubstringError, "negative substring length not allowed");
  int64_t behind = integer_result<int32_t>(from + length).as_int();
  auto size = static_cast<int64_t>(bytes.size());
  std::string result(bytes.substr(0, static_cast<size_t>(std::min(from - 1, size))));
  result += args[1].as_bytes();
  result += bytes.substr(static_cast<size_t>(std::clamp<int64_t>(behind - 1, 0, size)));
  return context.arena.bytes(result);
}
Datum overlay(CallContext& context, const Datum* args) {
  return overlay_with(context, args, args[3].as_int());
}
Datum overlay_own_length(CallContext& context, const Datum* args) {
  return overlay_with(context, args, static_cast<int64_t>(args[1].as_bytes().size()));
}

size_t check_bit(int64_t index, std::string_view bytes) {
  auto bits = static_cast<int64_t>(bytes.size()) * 8;
  if (index < 0 || index >= bits) {
    fail(base::sqlstate::kArraySubscriptError,
         fmt::format("index {} out of valid range, 0..{}", index, bits - 1));
  }
  return static_cast<size_t>(index);
}
/// Bits of a byte count from its lowest.
Datum get_bit(CallContext&, const Datum* args) {
  std::string_view bytes = args[0].as_bytes();
  size_t bit = check_bit(args[1].as_int(), bytes);
  return Datum::of_int(static_cast<unsigned char>(bytes[bit / 8]) >> (bit % 8) & 1);
}
Datum set_bit(CallContext& context, const Datum* args) {
  std::string bytes(args[0].as_bytes());
  size_t bit = check_bit(args[1].as_int(), bytes);
  int64_t value = args[2].as_int();
  if (value != 0 && value != 1) {
    fail(base::sqlstate::kInvalidParameterValue, "new bit must be 0 or 1");
  }
  auto old = static_cast<unsigned>(static_cast<unsigned char>(bytes[bit / 8]));
  unsigned mask = 1U << (bit % 8);
  bytes[bit / 8] = static_cast<char>(value == 0 ? old & ~mask : old | mask);
  return context.arena.bytes(bytes);
}
Datum bit_count(CallContext&, const Datum* args) {
  int64_t count = 0;
  for (char c : args[0].as_bytes()) count += std::popcount(static_cast<unsigned char>(c));
  return Datum::of_int(count);
}

constexpr FunctionRow kRows[] = {
    {2011, "byteacat(bytea, bytea) bytea", concatenate},
    {2015, "btrim(bytea, bytea) bytea", trim<true, true>},
    {6195, "ltrim(bytea, bytea) bytea", trim<true, false>},
    {6196, "rtrim(bytea, bytea) bytea", trim<false, true>},
    {749, "overlay(bytea, bytea, int4, int4) bytea", overlay},
    {752, "overlay(bytea, bytea, int4) bytea", overlay_own_length},
    {723, "get_bit(bytea, int8) int4", get_bit},
    {724, "set_bit(bytea, int8, int4) bytea", set_bit},
    {6163, "bit_count(bytea) int8", bit_count},
};

}  // namespace

const std::span<const FunctionRow> kByteStrings = kRows;

}  // namespace isolde::sql
