#include "sql/types/arena.hpp"
#include "sql/types/builtin_types.hpp"
#include "sql/types/byte_order.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/json_document.hpp"
#include "sql/types/jsonb.hpp"
#include "sql/types/text_types.hpp"

// json keeps its text as it was written; jsonb is the form of jsonb.hpp.

namespace isolde::sql {

namespace {

Datum json_from_text(const Type&, std::string_view text, int32_t, Arena& arena,
                     const OutputStyle&) {
  check_json(text);
  return arena.bytes(text);
}
void json_to_text(const Type&, Datum value, std::string& out, const OutputStyle&) {
  out += value.as_bytes();
}
Datum json_from_binary(const Type&, std::string_view bytes, int32_t, Arena& arena) {
  check_utf8(bytes);
  check_json(bytes);
  return arena.bytes(bytes);
}
void json_to_binary(const Type&, Datum value, std::string& out) {
  out += value.as_bytes();
}

constexpr char kJsonbVersion = 1;

Datum jsonb_from_text(const Type&, std::string_view text, int32_t, Arena& arena,
                      const OutputStyle&) {
  return parse_jsonb(text, arena);
}
void jsonb_to_text(const Type&, Datum value, std::string& out, const OutputStyle&) {
  append_jsonb(out, JsonbView(value));
}
Datum jsonb_from_binary(const Type&, std::string_view bytes, int32_t, Arena& arena) {
  BinaryReader reader(bytes);
  auto version = reader.read<int8_t>();
  if (version != kJsonbVersion) {
    fail(base::sqlstate::kFeatureNotSupported,
         "unsupported jsonb version number " + std::to_string(version));
  }
  check_utf8(reader.rest());
  return parse_jsonb(reader.rest(), arena);
}
void jsonb_to_binary(const Type&, Datum value, std::string& out) {
  out += kJsonbVersion;
  append_jsonb(out, JsonbView(value));
}
std::strong_ordering jsonb_compare(const Type&, Datum a, Datum b) {
  return compare_jsonb(JsonbView(a), JsonbView(b));
}
uint64_t jsonb_hash(const Type&, Datum value) {
  return hash_jsonb(JsonbView(value));
}

}  // namespace

const TypeFunctions kJsonFunctions{json_from_text, json_to_text, json_from_binary, json_to_binary};
const TypeFunctions kJsonbFunctions{jsonb_from_text, jsonb_to_text, jsonb_from_binary,
                                    jsonb_to_binary, jsonb_compare, jsonb_hash};

}  // namespace isolde::sql
