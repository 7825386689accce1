#include "sql/types/integer_types.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "sql/types/builtin_types.hpp"
#include "sql/types/byte_order.hpp"
#include "sql/types/char_class.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/hash.hpp"

namespace isolde::sql {

int64_t parse_integer(std::string_view text, int bytes, std::string_view type) {
  std::string_view digits = trim_blanks(text);
  bool negative = !digits.empty() && digits.front() == '-';
  if (!digits.empty() && (negative || digits.front() == '+')) digits.remove_prefix(1);
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) {
    fail_syntax(type, text);
  }
  uint64_t magnitude = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), magnitude);
  uint64_t limit = (uint64_t{1} << (bytes * 8 - 1)) - (negative ? 0 : 1);
  if (error != std::errc() || magnitude > limit) fail_value_range(type, text);
  return static_cast<int64_t>(negative ? 0 - magnitude : magnitude);
}

bool parse_bool(std::string_view text, bool& value) {
  struct Word {
    std::string_view word;
    size_t shortest;
    bool value;
  };
  static constexpr Word kWords[] = {{"true", 1, true}, {"false", 1, false}, {"yes", 1, true},
                                    {"no", 1, false},  {"on", 2, true},     {"off", 2, false},
                                    {"1", 1, true},    {"0", 1, false}};
  for (const Word& w : kWords) {
    if (text.size() < w.shortest || text.size() > w.word.size()) continue;
    if (!equals_ignoring_case(text, w.word.substr(0, text.size()))) continue;
    value = w.value;
    return true;
  }
  return false;
}

void append_integer(std::string& out, int64_t value) {
  char digits[20];
  auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

namespace {

std::strong_ordering compare_integers(const Type&, Datum a, Datum b) {
  return a.as_int() <=> b.as_int();
}
uint64_t hash_datum_integer(const Type&, Datum value) {
  return hash_integer(static_cast<uint64_t>(value.as_int()));
}
void integer_to_text(const Type&, Datum value, std::string& out, const OutputStyle&) {
  append_integer(out, value.as_int());
}

template <typename Integer>
Datum integer_from_text(const Type& type, std::string_view text, int32_t, Arena&,
                        const OutputStyle&) {
  return Datum::of_int(parse_integer(text, sizeof(Integer), type.sql_name));
}
template <typename Integer>
Datum integer_from_binary(const Type&, std::string_view bytes, int32_t, Arena&) {
  BinaryReader reader(bytes);
  auto value = reader.read<Integer>();
  reader.finish();
  return Datum::of_int(static_cast<int64_t>(value));
}
template <typename Integer>
void integer_to_binary(const Type&, Datum value, std::string& out) {
  append_network(out, static_cast<Integer>(value.as_int()));
}

// --- bool

Datum bool_from_text(const Type&, std::string_view text, int32_t, Arena&, const OutputStyle&) {
  bool value = false;
  if (!parse_bool(trim_blanks(text), value)) fail_syntax("boolean", text);
  return Datum::of_bool(value);
}
void bool_to_text(const Type&, Datum value, std::string& out, const OutputStyle&) {
  out += value.as_bool() ? 't' : 'f';
}
Datum bool_from_binary(const Type&, std::string_view bytes, int32_t, Arena&) {
  BinaryReader reader(bytes);
  bool value = reader.read<uint8_t>() != 0;
  reader.finish();
  return Datum::of_bool(value);
}
void bool_to_binary(const Type&, Datum value, std::string& out) {
  out += static_cast<char>(value.as_bool());
}

// --- oid, xid, xid8: unsigned, and forgiving about a minus sign, as strtoul is

template <typename Unsigned>
Datum unsigned_from_text(const Type& type, std::string_view text, int32_t, Arena&,
                         const OutputStyle&) {
  std::string_view digits = trim_blanks(text);
  bool negative = !digits.empty() && digits.front() == '-';
  if (!digits.empty() && (negative || digits.front() == '+')) digits.remove_prefix(1);
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) {
    fail_syntax(type.name, text);
  }
  uint64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  constexpr uint64_t kMax = std::numeric_limits<Unsigned>::max();
  bool fits = negative && sizeof(Unsigned) == 4 ? value <= uint64_t{1} << 31 : value <= kMax;
  if (error != std::errc() || !fits) fail_value_range(type.name, text);
  if (negative) value = 0 - value;
  return Datum::of_int(static_cast<int64_t>(value & kMax));
}
void unsigned_to_text(const Type&, Datum value, std::string& out, const OutputStyle&) {
  char digits[20];
  auto number = static_cast<uint64_t>(value.as_int());
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}
std::strong_ordering compare_unsigned(const Type&, Datum a, Datum b) {
  return static_cast<uint64_t>(a.as_int()) <=> static_cast<uint64_t>(b.as_int());
}

}  // namespace

const TypeFunctions kBoolFunctions{bool_from_text, bool_to_text,     bool_from_binary,
                                   bool_to_binary, compare_integers, hash_datum_integer};
const TypeFunctions kInt2Functions{
    integer_from_text<int16_t>, integer_to_text,  integer_from_binary<int16_t>,
    integer_to_binary<int16_t>, compare_integers, hash_datum_integer};
const TypeFunctions kInt4Functions{
    integer_from_text<int32_t>, integer_to_text,  integer_from_binary<int32_t>,
    integer_to_binary<int32_t>, compare_integers, hash_datum_integer};
const TypeFunctions kInt8Functions{
    integer_from_text<int64_t>, integer_to_text,  integer_from_binary<int64_t>,
    integer_to_binary<int64_t>, compare_integers, hash_datum_integer};
const TypeFunctions kOidFunctions{
    unsigned_from_text<uint32_t>, unsigned_to_text, integer_from_binary<uint32_t>,
    integer_to_binary<uint32_t>,  compare_unsigned, hash_datum_integer};
const TypeFunctions kXidFunctions{
    unsigned_from_text<uint32_t>, unsigned_to_text, integer_from_binary<uint32_t>,
    integer_to_binary<uint32_t>,  nullptr,          hash_datum_integer};
const TypeFunctions kXid8Functions{
    unsigned_from_text<uint64_t>, unsigned_to_text, integer_from_binary<uint64_t>,
    integer_to_binary<uint64_t>,  compare_unsigned, hash_datum_integer};

}  // namespace isolde::sql
