#include "sql/types/text_types.hpp"

#include "sql/types/arena.hpp"
#include "sql/types/builtin_types.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/hash.hpp"

namespace isolde::sql {

std::strong_ordering compare_bytes(std::string_view a, std::string_view b) {
  return a.compare(b) <=> 0;
}

namespace {

Datum text_from_text(const Type&, std::string_view text, int32_t, Arena& arena,
                     const OutputStyle&) {
  return arena.bytes(text);
}
void text_to_text(const Type&, Datum value, std::string& out, const OutputStyle&) {
  out += value.as_bytes();
}
Datum text_from_binary(const Type&, std::string_view bytes, int32_t, Arena& arena) {
  check_utf8(bytes);
  return arena.bytes(bytes);
}
void text_to_binary(const Type&, Datum value, std::string& out) {
  out += value.as_bytes();
}
std::strong_ordering compare_text(const Type&, Datum a, Datum b) {
  return compare_bytes(a.as_bytes(), b.as_bytes());
}
uint64_t hash_text(const Type&, Datum value) {
  return hash_bytes(value.as_bytes());
}

// --- void, and the pseudo-types that have no values

Datum void_from_text(const Type&, std::string_view, int32_t, Arena&, const OutputStyle&) {
  return Datum::of_int(0);
}
void void_to_text(const Type&, Datum, std::string&, const OutputStyle&) {}
Datum void_from_binary(const Type&, std::string_view, int32_t, Arena&) {
  return Datum::of_int(0);
}
void void_to_binary(const Type&, Datum, std::string&) {}

[[noreturn]] void refuse(const char* verb, const Type& type) {
  fail(base::sqlstate::kFeatureNotSupported,
       std::string("cannot ") + verb + " a value of type " + std::string(type.name));
}
Datum pseudo_from_text(const Type& type, std::string_view, int32_t, Arena&, const OutputStyle&) {
  refuse("accept", type);
}
void pseudo_to_text(const Type& type, Datum, std::string&, const OutputStyle&) {
  refuse("display", type);
}
Datum pseudo_from_binary(const Type& type, std::string_view, int32_t, Arena&) {
  refuse("accept", type);
}
void pseudo_to_binary(const Type& type, Datum, std::string&) {
  refuse("display", type);
}

}  // namespace

const TypeFunctions kTextFunctions{text_from_text, text_to_text, text_from_binary,
                                   text_to_binary, compare_text, hash_text};
const TypeFunctions kUnknownFunctions{text_from_text, text_to_text, text_from_binary,
                                      text_to_binary, nullptr,      nullptr};
const TypeFunctions kVoidFunctions{void_from_text, void_to_text, void_from_binary,
                                   void_to_binary, nullptr,      nullptr};
const TypeFunctions kPseudoFunctions{pseudo_from_text, pseudo_to_text, pseudo_from_binary,
                                     pseudo_to_binary, nullptr,        nullptr};

}  // namespace isolde::sql
