#include <algorithm>
#include <cstring>

#include "sql/types/arena.hpp"
#include "sql/types/builtin_types.hpp"
#include "sql/types/byte_order.hpp"
#include "sql/types/hash.hpp"
#include "sql/types/numeric.hpp"

namespace isolde::sql {

std::strong_ordering compare_stored_numerics(Datum a, Datum b) {
  return compare(Numeric::read(a), Numeric::read(b));
}

namespace {

Datum numeric_from_text(const Type&, std::string_view text, int32_t typmod, Arena& arena,
                        const OutputStyle&) {
  return Numeric::parse(text).fitted(typmod).write(arena);
}

void numeric_to_text(const Type&, Datum value, std::string& out, const OutputStyle&) {
  Numeric::read(value).append_to(out);
}

Datum numeric_from_binary(const Type&, std::string_view bytes, int32_t typmod, Arena& arena) {
  BinaryReader reader(bytes);
  auto count = static_cast<size_t>(reader.read<uint16_t>());
  auto weight = reader.read<int16_t>();
  auto sign = reader.read<uint16_t>();
  auto scale = reader.read<uint16_t>();
  if (sign == 0xC000) return Numeric(Numeric::Kind::kNan).write(arena);
  if (sign == 0xD000) return Numeric(Numeric::Kind::kInfinity).fitted(typmod).write(arena);
  if (sign == 0xF000) return Numeric(Numeric::Kind::kMinusInfinity).fitted(typmod).write(arena);
  if (sign != 0 && sign != 0x4000) fail_binary("invalid sign in external \"numeric\" value");
  if (scale > Numeric::kMaxScale) fail_binary("invalid scale in external \"numeric\" value");
  Numeric::Digits digits;
  for (size_t i = 0; i < count; ++i) {
    auto digit = reader.read<int16_t>();
    if (digit < 0 || digit >= Numeric::kBase) {
      fail_binary("invalid digit in external \"numeric\" value");
    }
    digits.push_back(digit);
  }
  reader.finish();
  // Digits that the scale hides are cut, so that what is shown is what there is.
  return Numeric::make(sign != 0, weight, scale, std::move(digits))
      .truncated(scale)
      .fitted(typmod)
      .write(arena);
}

void numeric_to_binary(const Type&, Datum value, std::string& out) {
  std::string_view stored = value.as_bytes();
  for (size_t at = 0; at < stored.size(); at += 2) {
    append_network(out, load<int16_t>(stored.data() + at));
  }
}

std::strong_ordering compare_numerics(const Type&, Datum a, Datum b) {
  return compare_stored_numerics(a, b);
}

/// All but the scale: 1.0 and 1.00 are equal.
uint64_t hash_numeric(const Type&, Datum value) {
  std::string_view stored = value.as_bytes();
  uint64_t head = load<uint64_t>(stored.data()) & 0x0000ffffffffffffULL;
  return combine_hashes(head, hash_bytes(stored.substr(8)));
}

}  // namespace

const TypeFunctions kNumericFunctions{numeric_from_text, numeric_to_text,  numeric_from_binary,
                                      numeric_to_binary, compare_numerics, hash_numeric};

}  // namespace isolde::sql
