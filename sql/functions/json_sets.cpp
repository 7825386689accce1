#include <fmt/format.h>

#include "sql/functions/declaration.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/json_document.hpp"
#include "sql/types/json_lexer.hpp"
#include "sql/types/jsonb.hpp"

// Elements, members and keys as rows; lengths.

namespace isolde::sql {

namespace {

[[noreturn]] void fail_value(std::string message) {
  fail(base::sqlstate::kInvalidParameterValue, std::move(message));
}

// --- json

using Node = JsonDocument::Node;

/// Walks the children of a container in a document that it owns.
class JsonRows : public SetIterator {
 public:
  JsonRows(JsonDocument document, bool as_text, bool keys, bool values)
      : document_(std::move(document)),
        next_(document_.first(document_.root())),
        as_text_(as_text),
        keys_(keys),
        values_(values) {}

  bool next(CallContext& context, Datum* columns) override {
    if (next_ >= document_.root().next) return false;
    context.poll();
    const Node& node = document_.node(next_);
    next_ = node.next;
    size_t column = 0;
    std::string buffer;
    if (keys_) columns[column++] = context.arena.bytes(document_.key(node, buffer));
    if (values_) columns[column] = value(context, node);
    return true;
  }

 private:
  Datum value(CallContext& context, const Node& node) const {
    if (as_text_ && node.kind == JsonKind::kNull) return Datum::null();
    if (!as_text_ || node.kind != JsonKind::kString) return Datum::of_bytes(document_.raw(node));
    std::string buffer;
    return context.arena.bytes(document_.string(node, buffer));
  }

  JsonDocument document_;
  uint32_t next_;
  bool as_text_;
  bool keys_;
  bool values_;
};

template <bool as_text>
std::unique_ptr<SetIterator> json_elements(CallContext&, const Datum* args) {
  JsonDocument document(args[0].as_bytes(), as_text);
  const char* name = as_text ? "json_array_elements_text" : "json_array_elements";
  JsonKind kind = document.root().kind;
  if (!is_container(kind)) fail_value(fmt::format("cannot call {} on a scalar", name));
  if (kind == JsonKind::kObject) fail_value(fmt::format("cannot call {} on a non-array", name));
  return std::make_unique<JsonRows>(std::move(document), as_text, false, true);
}

template <bool as_text>
std::unique_ptr<SetIterator> json_each(CallContext&, const Datum* args) {
  JsonDocument document(args[0].as_bytes(), true);
  JsonKind kind = document.root().kind;
  if (!is_container(kind)) fail_value("cannot deconstruct a scalar");
  if (kind == JsonKind::kArray) fail_value("cannot deconstruct an array as an object");
  return std::make_unique<JsonRows>(std::move(document), as_text, true, true);
}

std::unique_ptr<SetIterator> json_object_keys(CallContext&, const Datum* args) {
  JsonDocument document(args[0].as_bytes(), true);
  JsonKind kind = document.root().kind;
  if (!is_container(kind)) fail_value("cannot call json_object_keys on a scalar");
  if (kind == JsonKind::kArray) fail_value("cannot call json_object_keys on an array");
  return std::make_unique<JsonRows>(std::move(document), true, true, false);
}

Datum json_array_length(CallContext&, const Datum* args) {
  JsonDocument document(args[0].as_bytes(), false);
  JsonKind kind = document.root().kind;
  if (!is_container(kind)) fail_value("cannot get array length of a scalar");
  if (kind == JsonKind::kObject) fail_value("cannot get array length of a non-array");
  return Datum::of_int(document.root().size);
}

/// Without blanks, and without the members that are null.
void strip_nulls(std::string& out, const JsonDocument& document, const Node& node,
                 std::string& buffer) {
  if (!is_container(node.kind)) {
    if (node.kind != JsonKind::kString) {
      out += document.raw(node);
    } else {
      append_json_string(out, document.string(node, buffer));
    }
    return;
  }
  bool object = node.kind == JsonKind::kObject;
  out += object ? '{' : '[';
  bool first = true;
  for (uint32_t i = document.first(node); i < node.next; i = document.node(i).next) {
    const Node& child = document.node(i);
    if (object && child.kind == JsonKind::kNull) continue;
    if (!first) out += ',';
    first = false;
    if (object) {
      append_json_string(out, document.key(child, buffer));
      out += ':';
    }
    strip_nulls(out, document, child, buffer);
  }
  out += object ? '}' : ']';
}
Datum json_strip_nulls(CallContext& context, const Datum* args) {
  JsonDocument document(args[0].as_bytes(), true);
  std::string out;
  std::string buffer;
  strip_nulls(out, document, document.root(), buffer);
  return context.arena.bytes(out);
}

// --- jsonb

class JsonbRows : public SetIterator {
 public:
  JsonbRows(JsonbView value, bool as_text, bool keys, bool values)
      : value_(value), as_text_(as_text), keys_(keys), values_(values) {}

  bool next(CallContext& context, Datum* columns) override {
    if (next_ >= value_.size()) return false;
    context.poll();
    uint32_t i = next_++;
    size_t column = 0;
    if (keys_) columns[column++] = Datum::of_bytes(value_.key(i));
    if (values_) {
      columns[column] = shown(context, value_.is_object() ? value_.value(i) : value_.element(i));
    }
    return true;
  }

 private:
  Datum shown(CallContext& context, JsonbView value) const {
    if (!as_text_) return Datum::of_bytes(value.bytes());
    if (value.kind() == JsonKind::kNull) return Datum::null();
    std::string out;
    append_jsonb_unquoted(out, value);
    return context.arena.bytes(out);
  }

  JsonbView value_;
  bool as_text_;
  bool keys_;
  bool values_;
  uint32_t next_ = 0;
};

template <bool as_text>
std::unique_ptr<SetIterator> jsonb_elements(CallContext&, const Datum* args) {
  JsonbView value(args[0]);
  if (value.is_scalar()) fail_value("cannot extract elements from a scalar");
  if (value.is_object()) fail_value("cannot extract elements from an object");
  return std::make_unique<JsonbRows>(value, as_text, false, true);
}

template <bool as_text>
std::unique_ptr<SetIterator> jsonb_each(CallContext&, const Datum* args) {
  JsonbView value(args[0]);
  if (!value.is_object()) {
    fail_value(
        fmt::format("cannot call {} on a non-object", as_text ? "jsonb_each_text" : "jsonb_each"));
  }
  return std::make_unique<JsonbRows>(value, as_text, true, true);
}

std::unique_ptr<SetIterator> jsonb_object_keys(CallContext&, const Datum* args) {
  JsonbView value(args[0]);
  if (value.is_scalar()) fail_value("cannot call jsonb_object_keys on a scalar");
  if (value.is_array()) fail_value("cannot call jsonb_object_keys on an array");
  return std::make_unique<JsonbRows>(value, true, true, false);
}

Datum jsonb_array_length(CallContext&, const Datum* args) {
  JsonbView value(args[0]);
  if (value.is_scalar()) fail_value("cannot get array length of a scalar");
  if (value.is_object()) fail_value("cannot get array length of a non-array");
  return Datum::of_int(value.size());
}

void write_stripped(JsonbWriter& writer, JsonbView value) {
  if (value.is_scalar()) return writer.copy(value);
  if (value.is_array()) {
    return writer.array(value.size(),
                        [&](uint32_t i) { write_stripped(writer, value.element(i)); });
  }
  std::vector<uint32_t> kept;
  for (uint32_t i = 0; i < value.size(); ++i) {
    if (value.value(i).kind() != JsonKind::kNull) kept.push_back(i);
  }
  writer.object(
      static_cast<uint32_t>(kept.size()), [&](uint32_t i) { return value.key(kept[i]); },
      [&](uint32_t i) { write_stripped(writer, value.value(kept[i])); });
}
Datum jsonb_strip_nulls(CallContext& context, const Datum* args) {
  std::string out;
  JsonbWriter writer(out);
  write_stripped(writer, JsonbView(args[0]));
  return context.arena.bytes(out);
}

constexpr FunctionRow kRows[] = {
    {3955, "json_array_elements(from_json json, out value json) setof json", json_elements<false>},
    {3969, "json_array_elements_text(from_json json, out value text) setof text",
     json_elements<true>},
    {3956, "json_array_length(json) int4", json_array_length},
    {3958, "json_each(from_json json, out key text, out value json) setof record",
     json_each<false>},
    {3959, "json_each_text(from_json json, out key text, out value text) setof record",
     json_each<true>},
    {3957, "json_object_keys(json) setof text", json_object_keys},
    {3261, "json_strip_nulls(json) json", json_strip_nulls},
    {3219, "jsonb_array_elements(from_json jsonb, out value jsonb) setof jsonb",
     jsonb_elements<false>},
    {3465, "jsonb_array_elements_text(from_json jsonb, out value text) setof text",
     jsonb_elements<true>},
    {3207, "jsonb_array_length(jsonb) int4", jsonb_array_length},
    {3208, "jsonb_each(from_json jsonb, out key text, out value jsonb) setof record",
     jsonb_each<false>},
    {3932, "jsonb_each_text(from_json jsonb, out key text, out value text) setof record",
     jsonb_each<true>},
    {3931, "jsonb_object_keys(jsonb) setof text", jsonb_object_keys},
    {3262, "jsonb_strip_nulls(jsonb) jsonb", jsonb_strip_nulls},
};

}  // namespace

const std::span<const FunctionRow> kJsonSets = kRows;

}  // namespace isolde::sql
