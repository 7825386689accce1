#include "sql/functions/declaration.hpp"
#include "sql/functions/json_path_text.hpp"
#include "sql/types/json_document.hpp"

// Looking into json, which is text: it is parsed, and pieces of the text are the answers.

namespace isolde::sql {

namespace {

using Node = JsonDocument::Node;

/// What is found as json, or as text: strings decoded, null as NULL.
Datum answer(CallContext& context, const JsonDocument& document, const Node* node, bool as_text) {
  if (node == nullptr) return Datum::null();
  if (!as_text) return Datum::of_bytes(document.raw(*node));
  if (node->kind == JsonKind::kNull) return Datum::null();
  if (node->kind != JsonKind::kString) return Datum::of_bytes(document.raw(*node));
  std::string buffer;
  return context.arena.bytes(document.string(*node, buffer));
}

template <bool as_text>
Datum field(CallContext& context, const Datum* args) {
  JsonDocument document(args[0].as_bytes(), true);
  return answer(context, document, document.find(document.root(), args[1].as_bytes()), as_text);
}
template <bool as_text>
Datum element(CallContext& context, const Datum* args) {
  JsonDocument document(args[0].as_bytes(), true);
  return answer(context, document, document.element(document.root(), args[1].as_int()), as_text);
}

template <bool as_text>
Datum at_path(CallContext& context, const Datum* args) {
  std::vector<Datum> steps = json_path_steps(args[1]);
  if (has_null(steps)) return Datum::null();
  JsonDocument document(args[0].as_bytes(), true);
  const Node* node = &document.root();
  for (size_t i = 0; i < steps.size() && node != nullptr; ++i) {
    if (node->kind == JsonKind::kArray) {
      auto subscript = json_subscript(steps[i].as_bytes());
      node = subscript ? document.element(*node, *subscript) : nullptr;
    } else {
      node = document.find(*node, steps[i].as_bytes());
    }
  }
  return answer(context, document, node, as_text);
}

Datum type_name(CallContext&, const Datum* args) {
  JsonDocument document(args[0].as_bytes(), false);
  return Datum::of_bytes(json_kind_name(document.root().kind));
}

constexpr FunctionRow kRows[] = {
    {3947, "json_object_field(from_json json, field_name text) json", field<false>},
    {3948, "json_object_field_text(from_json json, field_name text) text", field<true>},
    {3949, "json_array_element(from_json json, element_index int4) json", element<false>},
    {3950, "json_array_element_text(from_json json, element_index int4) text", element<true>},
    {3951, "json_extract_path(from_json json, variadic path_elems text[]) json", at_path<false>},
    {3953, "json_extract_path_text(from_json json, variadic path_elems text[]) text",
     at_path<true>},
    {3968, "json_typeof(json) text", type_name},
};

}  // namespace

const std::span<const FunctionRow> kJsonGet = kRows;

}  // namespace isolde::sql
