#include <fmt/format.h>

#include <functional>
#include <limits>

#include "sql/functions/declaration.hpp"
#include "sql/functions/json_path_text.hpp"
#include "sql/functions/json_values.hpp"
#include "sql/types/errors.hpp"

// Changed copies of jsonb: ||, -, #-, jsonb_set, jsonb_insert.

namespace isolde::sql {

namespace {

[[noreturn]] void fail_value(std::string message) {
  fail(base::sqlstate::kInvalidParameterValue, std::move(message));
}

/// What a new container is put together of: views, and at one place something to be written.
using WriteValue = std::function<void(JsonbWriter&)>;
struct Member {
  std::string_view key;
  WriteValue write;
};

WriteValue copy_of(JsonbView value) {
  return [value](JsonbWriter& writer) { writer.copy(value); };
}

std::vector<Member> members_of(JsonbView object) {
  std::vector<Member> members;
  for (uint32_t i = 0; i < object.size(); ++i) {
    members.push_back({object.key(i), copy_of(object.value(i))});
  }
  return members;
}
/// A scalar or an object counts as one element.
std::vector<WriteValue> elements_of(JsonbView value) {
  std::vector<WriteValue> elements;
  if (!value.is_array()) return {copy_of(value)};
  for (uint32_t i = 0; i < value.size(); ++i) elements.push_back(copy_of(value.element(i)));
  return elements;
}

void write_object(JsonbWriter& writer, const std::vector<Member>& members) {
  std::vector<std::string_view> keys;
  for (const Member& member : members) keys.push_back(member.key);
  std::vector<uint32_t> order = order_json_keys(keys);
  writer.object(
      static_cast<uint32_t>(order.size()), [&](uint32_t i) { return keys[order[i]]; },
      [&](uint32_t i) { members[order[i]].write(writer); });
}
void write_array(JsonbWriter& writer, const std::vector<WriteValue>& elements) {
  writer.array(static_cast<uint32_t>(elements.size()), [&](uint32_t i) { elements[i](writer); });
}

Datum concat(CallContext& context, const Datum* args) {
  JsonbView a(args[0]);
  JsonbView b(args[1]);
  return make_jsonb(context, [&](JsonbWriter& writer) {
    if (a.is_object() && b.is_object()) {
      std::vector<Member> members = members_of(a);
      for (Member& member : members_of(b)) members.push_back(std::move(member));
      return write_object(writer, members);
    }
    std::vector<WriteValue> elements = elements_of(a);
    for (WriteValue& element : elements_of(b)) elements.push_back(std::move(element));
    write_array(writer, elements);
  });
}

// --- deleting

void write_without(JsonbWriter& writer, JsonbView value,
                   const std::function<bool(std::string_view)>& unwanted) {
  if (value.is_object()) {
    std::vector<Member> members = members_of(value);
    std::erase_if(members, [&](const Member& member) { return unwanted(member.key); });
    return write_object(writer, members);
  }
  std::vector<WriteValue> kept;
  for (uint32_t i = 0; i < value.size(); ++i) {
    JsonbView element = value.element(i);
    bool drop = element.kind() == JsonKind::kString && unwanted(element.string());
    if (!drop) kept.push_back(copy_of(element));
  }
  write_array(writer, kept);
}

Datum delete_key(CallContext& context, const Datum* args) {
  JsonbView value(args[0]);
  if (value.is_scalar()) fail_value("cannot delete from scalar");
  return make_jsonb(context, [&](JsonbWriter& writer) {
    write_without(writer, value, [&](std::string_view key) { return key == args[1].as_bytes(); });
  });
}

Datum delete_keys(CallContext& context, const Datum* args) {
  JsonbView value(args[0]);
  if (ArrayView(args[1]).dimensions() > 1) {
    fail(base::sqlstate::kArraySubscriptError, "wrong number of array subscripts");
  }
  if (value.is_scalar()) fail_value("cannot delete from scalar");
  std::vector<Datum> keys = json_path_steps(args[1]);
  return make_jsonb(context, [&](JsonbWriter& writer) {
    write_without(writer, value, [&](std::string_view key) {
      for (Datum unwanted : keys) {
        if (!unwanted.is_null() && unwanted.as_bytes() == key) return true;
      }
      return false;
    });
  });
}

Datum delete_index(CallContext& context, const Datum* args) {
  JsonbView value(args[0]);
  if (value.is_scalar()) fail_value("cannot delete from scalar");
  if (value.is_object()) fail_value("cannot delete from object using integer index");
  int64_t index = args[1].as_int();
  if (index < 0) index += value.size();
  if (index < 0 || index >= value.size()) return args[0];
  return make_jsonb(context, [&](JsonbWriter& writer) {
    std::vector<WriteValue> elements = elements_of(value);
    elements.erase(elements.begin() + index);
    write_array(writer, elements);
  });
}

// --- along a path

enum class Edit : uint8_t { kReplace, kCreate, kDelete, kInsertBefore, kInsertAfter };

/// Copies a value with a change at the end of a path.
class PathEditor {
 public:
  PathEditor(std::vector<Datum> path, Edit edit, std::optional<JsonbView> value)
      : path_(std::move(path)), edit_(edit), value_(value) {}

  void write(JsonbWriter& writer, JsonbView at, size_t level) const {
    if (path_[level].is_null()) {
      fail(base::sqlstate::kNullValueNotAllowed,
           fmt::format("path element at position {} is null", level + 1));
    }
    if (at.is_scalar()) return writer.copy(at);
    if (at.is_object()) return write_object_with(writer, at, level);
    write_array_with(writer, at, level);
  }

 private:
  bool last(size_t level) const { return level + 1 == path_.size(); }
  bool inserts() const { return edit_ == Edit::kInsertBefore || edit_ == Edit::kInsertAfter; }
  bool makes_new() const { return inserts() || edit_ == Edit::kCreate; }
  WriteValue new_value() const { return copy_of(*value_); }
  WriteValue edited(JsonbView at, size_t level) const {
    return [this, at, level](JsonbWriter& writer) { write(writer, at, level); };
  }

  void write_object_with(JsonbWriter& writer, JsonbView object, size_t level) const {
    std::string_view key = path_[level].as_bytes();
    std::vector<Member> members = members_of(object);
    auto place = object.find(key);
    if (place && !last(level)) {
      members[*place].write = edited(object.value(*place), level + 1);
    } else if (place && inserts()) {
      throw base::SqlException(
          base::Error(base::sqlstate::kInvalidParameterValue, "cannot replace existing key")
              .hint("Try using the function jsonb_set to replace key value."));
    } else if (place && edit_ == Edit::kDelete) {
      members.erase(members.begin() + *place);
    } else if (place) {
      members[*place].write = new_value();
    } else if (last(level) && makes_new()) {
      members.push_back({key, new_value()});
    }
    write_object(writer, members);
  }

  int64_t subscript(size_t level) const {
    std::string_view text = path_[level].as_bytes();
    auto index = json_subscript(text);
    if (!index) {
      fail(base::sqlstate::kInvalidTextRepresentation,
           fmt::format("path element at position {} is not an integer: \"{}\"", level + 1, text));
    }
    return *index;
  }

  void write_array_with(JsonbWriter& writer, JsonbView array, size_t level) const {
    int64_t size = array.size();
    int64_t index = subscript(level);
    if (index < 0) index += size;
    std::vector<WriteValue> elements = elements_of(array);
    bool inside = index >= 0 && index < size;
    if (!inside) {
      // Outside, new elements go to the nearer end.
      if (last(level) && makes_new()) {
        elements.insert(index < 0 ? elements.begin() : elements.end(), new_value());
      }
    } else if (!last(level)) {
      auto at = static_cast<uint32_t>(index);
      elements[at] = edited(array.element(at), level + 1);
    } else if (edit_ == Edit::kDelete) {
      elements.erase(elements.begin() + index);
    } else if (inserts()) {
      elements.insert(elements.begin() + index + (edit_ == Edit::kInsertAfter ? 1 : 0),
                      new_value());
    } else {
      elements[static_cast<size_t>(index)] = new_value();
    }
    write_array(writer, elements);
  }

  std::vector<Datum> path_;
  Edit edit_;
  std::optional<JsonbView> value_;
};

void check_path(Datum path) {
  if (ArrayView(path).dimensions() > 1) {
    fail(base::sqlstate::kArraySubscriptError, "wrong number of array subscripts");
  }
}

Datum edit_path(CallContext& context, Datum target, Datum path, Edit edit,
                std::optional<JsonbView> value) {
  JsonbView root(target);
  check_path(path);
  if (root.is_scalar()) {
    fail_value(edit == Edit::kDelete ? "cannot delete path in scalar"
                                     : "cannot set path in scalar");
  }
  bool keeps = edit == Edit::kDelete || edit == Edit::kReplace;
  std::vector<Datum> steps = json_path_steps(path);
  if (steps.empty() || (keeps && root.size() == 0)) return target;
  PathEditor editor(std::move(steps), edit, value);
  return make_jsonb(context, [&](JsonbWriter& writer) { editor.write(writer, root, 0); });
}

Datum delete_path(CallContext& context, const Datum* args) {
  return edit_path(context, args[0], args[1], Edit::kDelete, std::nullopt);
}
Datum jsonb_set(CallContext& context, const Datum* args) {
  return edit_path(context, args[0], args[1], args[3].as_bool() ? Edit::kCreate : Edit::kReplace,
                   JsonbView(args[2]));
}
Datum jsonb_insert(CallContext& context, const Datum* args) {
  return edit_path(context, args[0], args[1],
                   args[3].as_bool() ? Edit::kInsertAfter : Edit::kInsertBefore,
                   JsonbView(args[2]));
}

Datum jsonb_set_lax(CallContext& context, const Datum* args) {
  if (args[0].is_null() || args[1].is_null() || args[3].is_null()) return Datum::null();
  constexpr const char* kTreatments =
      "null_value_treatment must be \"delete_key\", \"return_target\", \"use_json_null\", or "
      "\"raise_exception\"";
  if (args[4].is_null()) fail_value(kTreatments);
  if (!args[2].is_null()) return jsonb_set(context, args);
  std::string_view treatment = args[4].as_bytes();
  if (treatment == "raise_exception") {
    throw base::SqlException(
        base::Error(base::sqlstate::kNullValueNotAllowed, "JSON value must not be null")
            .detail("Exception was raised because null_value_treatment is \"raise_exception\".")
            .hint("To avoid, either change the null_value_treatment argument or ensure that an "
                  "SQL NULL is not passed."));
  }
  if (treatment == "use_json_null") {
    Datum null = make_jsonb(context, [](JsonbWriter& writer) { writer.null(); });
    Datum with_null[] = {args[0], args[1], null, args[3]};
    return jsonb_set(context, with_null);
  }
  if (treatment == "delete_key") return delete_path(context, args);
  if (treatment == "return_target") return args[0];
  fail_value(kTreatments);
}

constexpr FunctionRow kRows[] = {
    {3301, "jsonb_concat(jsonb, jsonb) jsonb", concat},
    {3302, "jsonb_delete(jsonb, text) jsonb", delete_key},
    {3303, "jsonb_delete(jsonb, int4) jsonb", delete_index},
    {3343, "jsonb_delete(from_json jsonb, variadic path_elems text[]) jsonb", delete_keys},
    {3304, "jsonb_delete_path(jsonb, text[]) jsonb", delete_path},
    {3305,
     "jsonb_set(jsonb_in jsonb, path text[], replacement jsonb, create_if_missing bool = true) "
     "jsonb",
     jsonb_set},
    {5054,
     "jsonb_set_lax(jsonb_in jsonb, path text[], replacement jsonb, create_if_missing bool = true, "
     "null_value_treatment text = use_json_null) jsonb",
     jsonb_set_lax, kCalledOnNull},
    {3579,
     "jsonb_insert(jsonb_in jsonb, path text[], replacement jsonb, insert_after bool = false) "
     "jsonb",
     jsonb_insert},
};

}  // namespace

const std::span<const FunctionRow> kJsonbEdit = kRows;

}  // namespace isolde::sql
