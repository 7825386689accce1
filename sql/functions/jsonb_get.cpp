#include <fmt/format.h>

#include <limits>

#include "sql/functions/declaration.hpp"
#include "sql/functions/json_path_text.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/jsonb.hpp"
#include "sql/types/numeric.hpp"
#include "sql/types/type_registry.hpp"

// Looking into jsonb: fields and elements, containment, existence of keys, casts.

namespace isolde::sql {

namespace {

using Found = std::optional<JsonbView>;

Datum answer(CallContext& context, const Found& value, bool as_text) {
  if (!value) return Datum::null();
  if (!as_text) return Datum::of_bytes(value->bytes());
  if (value->kind() == JsonKind::kNull) return Datum::null();
  if (value->kind() == JsonKind::kString) return Datum::of_bytes(value->string());
  std::string out;
  append_jsonb(out, *value);
  return context.arena.bytes(out);
}

Found find_field(JsonbView object, std::string_view name) {
  if (!object.is_object()) return std::nullopt;
  auto place = object.find(name);
  if (!place) return std::nullopt;
  return object.value(*place);
}
/// Negative places count from the end.
Found find_element(JsonbView array, int64_t place) {
  if (!array.is_array()) return std::nullopt;
  if (place < 0) place += array.size();
  if (place < 0 || place >= array.size()) return std::nullopt;
  return array.element(static_cast<uint32_t>(place));
}

template <bool as_text>
Datum field(CallContext& context, const Datum* args) {
  return answer(context, find_field(JsonbView(args[0]), args[1].as_bytes()), as_text);
}
template <bool as_text>
Datum element(CallContext& context, const Datum* args) {
  // A scalar on the outside counts as an array that holds it.
  JsonbView whole(args[0]);
  int64_t place = args[1].as_int();
  if (whole.is_scalar()) {
    return answer(context, place == 0 || place == -1 ? Found(whole) : std::nullopt, as_text);
  }
  return answer(context, find_element(JsonbView(args[0]), args[1].as_int()), as_text);
}

template <bool as_text>
Datum at_path(CallContext& context, const Datum* args) {
  std::vector<Datum> steps = json_path_steps(args[1]);
  if (has_null(steps)) return Datum::null();
  Found value = JsonbView(args[0]);
  for (size_t i = 0; i < steps.size() && value; ++i) {
    if (value->is_array()) {
      auto subscript = json_subscript(steps[i].as_bytes());
      value = subscript ? find_element(*value, *subscript) : std::nullopt;
    } else {
      value = find_field(*value, steps[i].as_bytes());
    }
  }
  return answer(context, value, as_text);
}

// --- containment

bool same_scalar(JsonbView a, JsonbView b) {
  return a.is_scalar() && b.is_scalar() && compare_jsonb(a, b) == 0;
}

bool contains(JsonbView whole, JsonbView part);

bool object_contains(JsonbView whole, JsonbView part) {
  if (whole.size() < part.size()) return false;
  for (uint32_t i = 0; i < part.size(); ++i) {
    Found mine = find_field(whole, part.key(i));
    if (!mine) return false;
    JsonbView wanted = part.value(i);
    if (wanted.is_scalar() ? !same_scalar(*mine, wanted)
                           : mine->kind() != wanted.kind() || !contains(*mine, wanted)) {
      return false;
    }
  }
  return true;
}

bool array_has(JsonbView whole, JsonbView wanted) {
  for (uint32_t i = 0; i < whole.size(); ++i) {
    JsonbView mine = whole.element(i);
    if (wanted.is_scalar() ? same_scalar(mine, wanted)
                           : mine.kind() == wanted.kind() && contains(mine, wanted)) {
      return true;
    }
  }
  return false;
}

/// A scalar counts as an array that holds it, except that it contains no array.
bool contains(JsonbView whole, JsonbView part) {
  if (part.is_object()) return whole.is_object() && object_contains(whole, part);
  if (whole.is_object()) return false;
  if (whole.is_scalar()) return same_scalar(whole, part);
  if (part.is_scalar()) return array_has(whole, part);
  for (uint32_t i = 0; i < part.size(); ++i) {
    if (!array_has(whole, part.element(i))) return false;
  }
  return true;
}

Datum jsonb_contains(CallContext&, const Datum* args) {
  return Datum::of_bool(contains(JsonbView(args[0]), JsonbView(args[1])));
}
Datum jsonb_contained(CallContext&, const Datum* args) {
  return Datum::of_bool(contains(JsonbView(args[1]), JsonbView(args[0])));
}

/// A key of an object, a string of an array, or the string itself.
bool has_key(JsonbView value, std::string_view key) {
  auto is_key = [&](JsonbView v) { return v.kind() == JsonKind::kString && v.string() == key; };
  if (value.is_object()) return value.find(key).has_value();
  if (value.is_scalar()) return is_key(value);
  for (uint32_t i = 0; i < value.size(); ++i) {
    if (is_key(value.element(i))) return true;
  }
  return false;
}
Datum jsonb_exists(CallContext&, const Datum* args) {
  return Datum::of_bool(has_key(JsonbView(args[0]), args[1].as_bytes()));
}
Datum jsonb_exists_any(CallContext&, const Datum* args) {
  for (Datum key : json_path_steps(args[1])) {
    if (!key.is_null() && has_key(JsonbView(args[0]), key.as_bytes())) return Datum::of_bool(true);
  }
  return Datum::of_bool(false);
}
Datum jsonb_exists_all(CallContext&, const Datum* args) {
  for (Datum key : json_path_steps(args[1])) {
    if (!key.is_null() && !has_key(JsonbView(args[0]), key.as_bytes())) {
      return Datum::of_bool(false);
    }
  }
  return Datum::of_bool(true);
}

Datum type_name(CallContext&, const Datum* args) {
  return Datum::of_bytes(json_kind_name(JsonbView(args[0]).kind()));
}
Datum pretty(CallContext& context, const Datum* args) {
  std::string out;
  append_pretty_jsonb(out, JsonbView(args[0]));
  return context.arena.bytes(out);
}

// --- casts

[[noreturn]] void fail_cast(JsonbView value, std::string_view type) {
  std::string_view kind = value.kind() == JsonKind::kNumber ? "numeric"
                          : value.is_array()                ? "array"
                          : value.is_object()               ? "object"
                                                            : json_kind_name(value.kind());
  fail(base::sqlstate::kInvalidParameterValue,
       fmt::format("cannot cast jsonb {} to type {}", kind, type));
}

Datum to_bool(CallContext&, const Datum* args) {
  JsonbView value(args[0]);
  bool is_true = value.kind() == JsonKind::kTrue;
  if (!is_true && value.kind() != JsonKind::kFalse) fail_cast(value, "boolean");
  return Datum::of_bool(is_true);
}

Datum number_of(const Datum* args, std::string_view type) {
  JsonbView value(args[0]);
  if (value.kind() != JsonKind::kNumber) fail_cast(value, type);
  return value.number();
}
Datum to_numeric(CallContext&, const Datum* args) {
  return number_of(args, "numeric");
}
template <typename Integer>
Datum to_integer(const Datum* args, const char* type) {
  Numeric number = Numeric::read(number_of(args, type));
  int64_t value = 0;
  if (!number.to_int64(value) || value < std::numeric_limits<Integer>::min() ||
      value > std::numeric_limits<Integer>::max()) {
    fail_range(type);
  }
  return Datum::of_int(value);
}
Datum to_int2(CallContext&, const Datum* args) {
  return to_integer<int16_t>(args, "smallint");
}
Datum to_int4(CallContext&, const Datum* args) {
  return to_integer<int32_t>(args, "integer");
}
Datum to_int8(CallContext&, const Datum* args) {
  return to_integer<int64_t>(args, "bigint");
}
Datum to_float(CallContext& context, const Datum* args, const Type& type) {
  std::string text = Numeric::read(number_of(args, type.sql_name)).to_string();
  return type.from_text(text, -1, context.arena, context.style);
}
Datum to_float4(CallContext& context, const Datum* args) {
  return to_float(context, args, type_of(types::kFloat4));
}
Datum to_float8(CallContext& context, const Datum* args) {
  return to_float(context, args, type_of(types::kFloat8));
}

constexpr FunctionRow kRows[] = {
    {3478, "jsonb_object_field(from_json jsonb, field_name text) jsonb", field<false>},
    {3214, "jsonb_object_field_text(from_json jsonb, field_name text) text", field<true>},
    {3215, "jsonb_array_element(from_json jsonb, element_index int4) jsonb", element<false>},
    {3216, "jsonb_array_element_text(from_json jsonb, element_index int4) text", element<true>},
    {3217, "jsonb_extract_path(from_json jsonb, variadic path_elems text[]) jsonb", at_path<false>},
    {3940, "jsonb_extract_path_text(from_json jsonb, variadic path_elems text[]) text",
     at_path<true>},
    {4046, "jsonb_contains(jsonb, jsonb) bool", jsonb_contains},
    {4050, "jsonb_contained(jsonb, jsonb) bool", jsonb_contained},
    {4047, "jsonb_exists(jsonb, text) bool", jsonb_exists},
    {4048, "jsonb_exists_any(jsonb, text[]) bool", jsonb_exists_any},
    {4049, "jsonb_exists_all(jsonb, text[]) bool", jsonb_exists_all},
    {3210, "jsonb_typeof(jsonb) text", type_name},
    {3306, "jsonb_pretty(jsonb) text", pretty},
    {3556, "bool(jsonb) bool", to_bool},
    {3449, "numeric(jsonb) numeric", to_numeric},
    {3450, "int2(jsonb) int2", to_int2},
    {3451, "int4(jsonb) int4", to_int4},
    {3452, "int8(jsonb) int8", to_int8},
    {3453, "float4(jsonb) float4", to_float4},
    {2580, "float8(jsonb) float8", to_float8},
};

}  // namespace

const std::span<const FunctionRow> kJsonbGet = kRows;

}  // namespace isolde::sql
