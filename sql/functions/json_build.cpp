#include <fmt/format.h>

#include "sql/functions/aggregate_state.hpp"
#include "sql/functions/any_arguments.hpp"
#include "sql/functions/declaration.hpp"
#include "sql/functions/json_values.hpp"
#include "sql/types/array.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/json_lexer.hpp"

// Making json and jsonb of SQL values.

namespace isolde::sql {

namespace {

Datum to_json(CallContext& context, const Datum* args) {
  std::string out;
  append_json_value(out, args[0], context.argument_type(0), context);
  return context.arena.bytes(out);
}
Datum to_json_lines(CallContext& context, const Datum* args) {
  std::string out;
  append_json_value(out, args[0], context.argument_type(0), context, args[1].as_bool());
  return context.arena.bytes(out);
}
Datum to_jsonb(CallContext& context, const Datum* args) {
  return make_jsonb(context, [&](JsonbWriter& writer) {
    write_jsonb_value(writer, args[0], context.argument_type(0), context);
  });
}

// --- build_array, build_object

Datum json_build_array(CallContext& context, const Datum* args) {
  if (is_null_variadic(context, args)) return Datum::null();
  std::string out = "[";
  for (const AnyArgument& part : any_arguments(context, args, 0)) {
    if (out.size() > 1) out += ", ";
    append_json_value(out, part.value, *part.type, context);
  }
  out += ']';
  return context.arena.bytes(out);
}
Datum json_empty_array(CallContext& context, const Datum*) {
  return context.arena.bytes("[]");
}

Datum jsonb_build_array(CallContext& context, const Datum* args) {
  if (is_null_variadic(context, args)) return Datum::null();
  auto parts = any_arguments(context, args, 0);
  return make_jsonb(context, [&](JsonbWriter& writer) {
    writer.array(static_cast<uint32_t>(parts.size()), [&](uint32_t i) {
      write_jsonb_value(writer, parts[i].value, *parts[i].type, context);
    });
  });
}
Datum jsonb_empty_array(CallContext& context, const Datum*) {
  return make_jsonb(context, [](JsonbWriter& writer) { writer.array(0, [](uint32_t) {}); });
}

void check_pairs(const std::vector<AnyArgument>& parts, const char* function) {
  if (parts.size() % 2 == 0) return;
  throw base::SqlException(
      base::Error(base::sqlstate::kInvalidParameterValue,
                  "argument list must have even number of elements")
          .hint(fmt::format("The arguments of {}() must consist of alternating keys and values.",
                            function)));
}

Datum json_build_object(CallContext& context, const Datum* args) {
  if (is_null_variadic(context, args)) return Datum::null();
  auto parts = any_arguments(context, args, 0);
  check_pairs(parts, "json_build_object");
  std::string out = "{";
  for (size_t i = 0; i < parts.size(); i += 2) {
    if (i > 0) out += ", ";
    if (parts[i].value.is_null()) {
      throw base::SqlException(base::Error(base::sqlstate::kInvalidParameterValue,
                                           fmt::format("argument {} cannot be null", i + 1))
                                   .hint("Object keys should be text."));
    }
    append_json_key(out, parts[i].value, *parts[i].type, context);
    out += " : ";
    append_json_value(out, parts[i + 1].value, *parts[i + 1].type, context);
  }
  out += '}';
  return context.arena.bytes(out);
}
Datum json_empty_object(CallContext& context, const Datum*) {
  return context.arena.bytes("{}");
}

Datum jsonb_build_object(CallContext& context, const Datum* args) {
  if (is_null_variadic(context, args)) return Datum::null();
  auto parts = any_arguments(context, args, 0);
  check_pairs(parts, "jsonb_build_object");
  std::vector<std::string_view> keys;
  for (size_t i = 0; i < parts.size(); i += 2) {
    if (parts[i].value.is_null()) {
      fail(base::sqlstate::kInvalidParameterValue,
           fmt::format("argument {}: key must not be null", i + 1));
    }
    keys.push_back(jsonb_key(parts[i].value, *parts[i].type, context));
  }
  std::vector<uint32_t> order = order_json_keys(keys);
  return make_jsonb(context, [&](JsonbWriter& writer) {
    writer.object(
        static_cast<uint32_t>(order.size()), [&](uint32_t i) { return keys[order[i]]; },
        [&](uint32_t i) {
          const AnyArgument& part = parts[2 * order[i] + 1];
          write_jsonb_value(writer, part.value, *part.type, context);
        });
  });
}
Datum jsonb_empty_object(CallContext& context, const Datum*) {
  return make_jsonb(context, [](JsonbWriter& writer) {
    writer.object(
        0, [](uint32_t) { return std::string_view(); }, [](uint32_t) {});
  });
}

// --- json_object: of arrays of text

using Pairs = std::vector<std::pair<Datum, Datum>>;

[[noreturn]] void fail_array(const char* message) {
  fail(base::sqlstate::kArraySubscriptError, message);
}

Pairs pairs_of(const Datum* args) {
  ArrayView array(args[0]);
  if (array.dimensions() == 1 && array.dimension(0).length % 2 != 0) {
    fail_array("array must have even number of elements");
  }
  if (array.dimensions() == 2 && array.dimension(1).length != 2) {
    fail_array("array must have two columns");
  }
  if (array.dimensions() > 2) fail_array("wrong number of array subscripts");
  Pairs pairs;
  for (int32_t i = 0; i + 1 < array.size(); i += 2) pairs.emplace_back(array[i], array[i + 1]);
  return pairs;
}

Pairs pairs_of_two(const Datum* args) {
  ArrayView keys(args[0]);
  ArrayView values(args[1]);
  if (keys.dimensions() > 1 || keys.dimensions() != values.dimensions()) {
    fail_array("wrong number of array subscripts");
  }
  if (keys.size() != values.size()) fail_array("mismatched array dimensions");
  Pairs pairs;
  for (int32_t i = 0; i < keys.size(); ++i) pairs.emplace_back(keys[i], values[i]);
  return pairs;
}

void check_key(Datum key) {
  if (key.is_null()) {
    fail(base::sqlstate::kNullValueNotAllowed, "null value not allowed for object key");
  }
}

Datum json_of_pairs(CallContext& context, const Pairs& pairs) {
  std::string out = "{";
  for (const auto& [key, value] : pairs) {
    check_key(key);
    if (out.size() > 1) out += ", ";
    append_json_string(out, key.as_bytes());
    out += " : ";
    if (value.is_null()) {
      out += "null";
    } else {
      append_json_string(out, value.as_bytes());
    }
  }
  out += '}';
  return context.arena.bytes(out);
}

Datum jsonb_of_pairs(CallContext& context, const Pairs& pairs) {
  std::vector<std::string_view> keys;
  for (const auto& [key, value] : pairs) {
    check_key(key);
    keys.push_back(key.as_bytes());
  }
  std::vector<uint32_t> order = order_json_keys(keys);
  return make_jsonb(context, [&](JsonbWriter& writer) {
    writer.object(
        static_cast<uint32_t>(order.size()), [&](uint32_t i) { return keys[order[i]]; },
        [&](uint32_t i) {
          Datum value = pairs[order[i]].second;
          value.is_null() ? writer.null() : writer.string(value.as_bytes());
        });
  });
}

Datum json_object(CallContext& context, const Datum* args) {
  return json_of_pairs(context, pairs_of(args));
}
Datum json_object_two(CallContext& context, const Datum* args) {
  return json_of_pairs(context, pairs_of_two(args));
}
Datum jsonb_object(CallContext& context, const Datum* args) {
  return jsonb_of_pairs(context, pairs_of(args));
}
Datum jsonb_object_two(CallContext& context, const Datum* args) {
  return jsonb_of_pairs(context, pairs_of_two(args));
}

// --- aggregates

struct JsonAgg {
  GrowingBytes text;
  void step(CallContext& context, const Datum* args) {
    bool first = text.size == 0;
    const Type& type = context.argument_type(0);
    std::string out = first ? "[" : ", ";
    if (!first && !args[0].is_null() && is_structured(type)) out += "\n ";
    append_json_value(out, args[0], type, context);
    text.append(context.arena, out);
  }
  Datum finish(CallContext& context) {
    if (text.size == 0) return Datum::null();
    return context.arena.bytes(std::string(text.data, text.size) + "]");
  }
};

void check_field_name(Datum name) {
  if (name.is_null()) {
    fail(base::sqlstate::kInvalidParameterValue, "field name must not be null");
  }
}

struct JsonObjectAgg {
  GrowingBytes text;
  void step(CallContext& context, const Datum* args) {
    check_field_name(args[0]);
    std::string out = text.size == 0 ? "{ " : ", ";
    append_json_key(out, args[0], context.argument_type(0), context);
    out += " : ";
    append_json_value(out, args[1], context.argument_type(1), context);
    text.append(context.arena, out);
  }
  Datum finish(CallContext& context) {
    if (text.size == 0) return Datum::null();
    return context.arena.bytes(std::string(text.data, text.size) + " }");
  }
};

/// Finished values (and keys), as views of the arena, until the end.
struct Views {
  GrowingBytes bytes;
  void add(Arena& arena, std::string_view view) {
    bytes.append(arena, {reinterpret_cast<const char*>(&view), sizeof view});
  }
  size_t size() const { return bytes.size / sizeof(std::string_view); }
  std::string_view operator[](size_t i) const {
    return load<std::string_view>(bytes.data + i * sizeof(std::string_view));
  }
};

std::string_view finished(CallContext& context, Datum value, const Type& type) {
  return make_jsonb(context,
                    [&](JsonbWriter& writer) { write_jsonb_value(writer, value, type, context); })
      .as_bytes();
}

struct JsonbAgg {
  Views values;
  void step(CallContext& context, const Datum* args) {
    values.add(context.arena, finished(context, args[0], context.argument_type(0)));
  }
  Datum finish(CallContext& context) {
    if (values.size() == 0) return Datum::null();
    return make_jsonb(context, [&](JsonbWriter& writer) {
      writer.array(static_cast<uint32_t>(values.size()),
                   [&](uint32_t i) { writer.copy(JsonbView(values[i])); });
    });
  }
};

struct JsonbObjectAgg {
  Views keys;
  Views values;
  void step(CallContext& context, const Datum* args) {
    check_field_name(args[0]);
    keys.add(context.arena, jsonb_key(args[0], context.argument_type(0), context));
    values.add(context.arena, finished(context, args[1], context.argument_type(1)));
  }
  Datum finish(CallContext& context) {
    if (keys.size() == 0) return Datum::null();
    std::vector<std::string_view> names;
    for (size_t i = 0; i < keys.size(); ++i) names.push_back(keys[i]);
    std::vector<uint32_t> order = order_json_keys(names);
    return make_jsonb(context, [&](JsonbWriter& writer) {
      writer.object(
          static_cast<uint32_t>(order.size()), [&](uint32_t i) { return names[order[i]]; },
          [&](uint32_t i) { writer.copy(JsonbView(values[order[i]])); });
    });
  }
};

constexpr int kNulls = kCalledOnNull | kStable;

constexpr FunctionRow kRows[] = {
    {3176, "to_json(anyelement) json", to_json, kStable},
    {3787, "to_jsonb(anyelement) jsonb", to_jsonb, kStable},
    {3153, "array_to_json(anyarray) json", to_json, kStable},
    {3154, "array_to_json(anyarray, bool) json", to_json_lines, kStable},
    {3155, "row_to_json(record) json", to_json, kStable},
    {3156, "row_to_json(record, bool) json", to_json_lines, kStable},
    {3198, "json_build_array(variadic any) json", json_build_array, kNulls},
    {3199, "json_build_array() json", json_empty_array, kNulls},
    {3200, "json_build_object(variadic any) json", json_build_object, kNulls},
    {3201, "json_build_object() json", json_empty_object, kNulls},
    {3271, "jsonb_build_array(variadic any) jsonb", jsonb_build_array, kNulls},
    {3272, "jsonb_build_array() jsonb", jsonb_empty_array, kNulls},
    {3273, "jsonb_build_object(variadic any) jsonb", jsonb_build_object, kNulls},
    {3274, "jsonb_build_object() jsonb", jsonb_empty_object, kNulls},
    {3202, "json_object(text[]) json", json_object},
    {3203, "json_object(text[], text[]) json", json_object_two},
    {3263, "jsonb_object(text[]) jsonb", jsonb_object},
    {3264, "jsonb_object(text[], text[]) jsonb", jsonb_object_two},
    {3175, "json_agg(anyelement) json", &kAggregate<JsonAgg>, kNulls},
    {3197, "json_object_agg(any, any) json", &kAggregate<JsonObjectAgg>, kNulls},
    {3267, "jsonb_agg(anyelement) jsonb", &kAggregate<JsonbAgg>, kNulls},
    {3270, "jsonb_object_agg(any, any) jsonb", &kAggregate<JsonbObjectAgg>, kCalledOnNull},
};

}  // namespace

const std::span<const FunctionRow> kJsonBuild = kRows;

}  // namespace isolde::sql
