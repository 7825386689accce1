#include <fmt/format.h>

#include <charconv>
#include <cstring>
#include <vector>

#include "sql/types/arena.hpp"
#include "sql/types/array.hpp"
#include "sql/types/builtin_types.hpp"
#include "sql/types/byte_order.hpp"
#include "sql/types/char_class.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/hash.hpp"
#include "sql/types/text_types.hpp"
#include "sql/types/type_registry.hpp"

// uuid (its 16 bytes), pg_lsn (in the datum), tid (uint32 block, uint16 offset), and the vectors of
// system catalogs (arrays from subscript 0).

namespace isolde::sql {

namespace {

// --- uuid

Datum uuid_from_text(const Type&, std::string_view text, int32_t, Arena& arena,
                     const OutputStyle&) {
  std::string_view rest = text;
  bool braces = rest.starts_with('{');
  if (braces) rest.remove_prefix(1);
  char bytes[16];
  for (int i = 0; i < 16; ++i) {
    int high = rest.size() >= 2 ? hex_value(rest[0]) : -1;
    int low = rest.size() >= 2 ? hex_value(rest[1]) : -1;
    if (high < 0 || low < 0) fail_syntax("uuid", text);
    bytes[i] = static_cast<char>(high << 4 | low);
    rest.remove_prefix(2);
    // A hyphen may stand after every four digits.
    if (i % 2 == 1 && i < 15 && rest.starts_with('-')) rest.remove_prefix(1);
  }
  if (braces && !rest.starts_with('}')) fail_syntax("uuid", text);
  if (braces) rest.remove_prefix(1);
  if (!rest.empty()) fail_syntax("uuid", text);
  return arena.bytes({bytes, 16});
}
void uuid_to_text(const Type&, Datum value, std::string& out, const OutputStyle&) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string_view bytes = value.as_bytes();
  for (size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    auto byte = static_cast<unsigned char>(bytes[i]);
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
}
Datum uuid_from_binary(const Type&, std::string_view bytes, int32_t, Arena& arena) {
  BinaryReader reader(bytes);
  std::string_view value = reader.take(16);
  reader.finish();
  return arena.bytes(value);
}
void bytes_to_binary(const Type&, Datum value, std::string& out) {
  out += value.as_bytes();
}
std::strong_ordering compare_raw(const Type&, Datum a, Datum b) {
  return compare_bytes(a.as_bytes(), b.as_bytes());
}
uint64_t hash_raw(const Type&, Datum value) {
  return hash_bytes(value.as_bytes());
}

// --- pg_lsn

bool read_hex(std::string_view text, uint32_t& value) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  return !text.empty() && text.size() <= 8 && error == std::errc() &&
         end == text.data() + text.size();
}
Datum lsn_from_text(const Type&, std::string_view text, int32_t, Arena&, const OutputStyle&) {
  size_t slash = text.find('/');
  uint32_t high = 0;
  uint32_t low = 0;
  if (slash == std::string_view::npos || !read_hex(text.substr(0, slash), high) ||
      !read_hex(text.substr(slash + 1), low)) {
    fail_syntax("pg_lsn", text);
  }
  return Datum::of_int(static_cast<int64_t>(uint64_t{high} << 32 | low));
}
void lsn_to_text(const Type&, Datum value, std::string& out, const OutputStyle&) {
  auto lsn = static_cast<uint64_t>(value.as_int());
  out += fmt::format("{:X}/{:X}", lsn >> 32, lsn & 0xffffffff);
}
Datum lsn_from_binary(const Type&, std::string_view bytes, int32_t, Arena&) {
  BinaryReader reader(bytes);
  auto value = reader.read<int64_t>();
  reader.finish();
  return Datum::of_int(value);
}
void lsn_to_binary(const Type&, Datum value, std::string& out) {
  append_network(out, value.as_int());
}
std::strong_ordering compare_lsn(const Type&, Datum a, Datum b) {
  return static_cast<uint64_t>(a.as_int()) <=> static_cast<uint64_t>(b.as_int());
}
uint64_t hash_lsn(const Type&, Datum value) {
  return hash_integer(static_cast<uint64_t>(value.as_int()));
}

// --- tid

Datum make_tid(uint32_t block, uint16_t offset, Arena& arena) {
  char* to = arena.allocate(6);
  store(to, block);
  store(to + 4, offset);
  return Datum::of_bytes({to, 6});
}
template <typename Integer>
bool read_decimal(std::string_view text, Integer& value) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}
Datum tid_from_text(const Type&, std::string_view text, int32_t, Arena& arena, const OutputStyle&) {
  size_t comma = text.find(',');
  uint32_t block = 0;
  uint16_t offset = 0;
  bool good = text.starts_with('(') && text.ends_with(')') && comma != std::string_view::npos &&
              read_decimal(text.substr(1, comma - 1), block) &&
              read_decimal(text.substr(comma + 1, text.size() - comma - 2), offset);
  if (!good) fail_syntax("tid", text);
  return make_tid(block, offset, arena);
}
void tid_to_text(const Type&, Datum value, std::string& out, const OutputStyle&) {
  const char* from = value.as_bytes().data();
  out += fmt::format("({},{})", load<uint32_t>(from), load<uint16_t>(from + 4));
}
Datum tid_from_binary(const Type&, std::string_view bytes, int32_t, Arena& arena) {
  BinaryReader reader(bytes);
  auto block = reader.read<uint32_t>();
  auto offset = reader.read<uint16_t>();
  reader.finish();
  return make_tid(block, offset, arena);
}
void tid_to_binary(const Type&, Datum value, std::string& out) {
  const char* from = value.as_bytes().data();
  append_network(out, load<uint32_t>(from));
  append_network(out, load<uint16_t>(from + 4));
}
std::strong_ordering compare_tid(const Type&, Datum a, Datum b) {
  const char* x = a.as_bytes().data();
  const char* y = b.as_bytes().data();
  if (auto order = load<uint32_t>(x) <=> load<uint32_t>(y); order != 0) return order;
  return load<uint16_t>(x + 4) <=> load<uint16_t>(y + 4);
}

// --- int2vector, oidvector: elements between blanks

Datum vector_from_text(const Type& type, std::string_view text, int32_t, Arena& arena,
                       const OutputStyle& style) {
  const Type& element = type_of(type.element_type);
  std::vector<Datum> elements;
  for (std::string_view rest = trim_blanks(text); !rest.empty(); rest = trim_blanks(rest)) {
    size_t end = 0;
    while (end < rest.size() && !is_blank(rest[end])) ++end;
    elements.push_back(element.from_text(rest.substr(0, end), -1, arena, style));
    rest.remove_prefix(end);
  }
  ArrayDimension dimension{static_cast<int32_t>(elements.size()), 0};
  return make_array(element, elements, {&dimension, 1}, arena);
}
void vector_to_text(const Type& type, Datum value, std::string& out, const OutputStyle& style) {
  ArrayView array(value);
  const Type& element = type_of(type.element_type);
  for (int32_t i = 0; i < array.size(); ++i) {
    if (i > 0) out += ' ';
    element.to_text(array[i], out, style);
  }
}

/// In all but text, vectors are arrays.
Datum vector_from_binary(const Type& type, std::string_view bytes, int32_t typmod, Arena& arena) {
  return kArrayFunctions.from_binary(type, bytes, typmod, arena);
}
void vector_to_binary(const Type& type, Datum value, std::string& out) {
  kArrayFunctions.to_binary(type, value, out);
}
std::strong_ordering compare_vector(const Type& type, Datum a, Datum b) {
  return kArrayFunctions.compare(type, a, b);
}
uint64_t hash_vector(const Type& type, Datum value) {
  return kArrayFunctions.hash(type, value);
}

}  // namespace

const TypeFunctions kUuidFunctions{uuid_from_text,  uuid_to_text, uuid_from_binary,
                                   bytes_to_binary, compare_raw,  hash_raw};
const TypeFunctions kPgLsnFunctions{lsn_from_text, lsn_to_text, lsn_from_binary,
                                    lsn_to_binary, compare_lsn, hash_lsn};
const TypeFunctions kTidFunctions{tid_from_text, tid_to_text, tid_from_binary,
                                  tid_to_binary, compare_tid, hash_raw};
const TypeFunctions kVectorFunctions{vector_from_text, vector_to_text, vector_from_binary,
                                     vector_to_binary, compare_vector, hash_vector};

}  // namespace isolde::sql
