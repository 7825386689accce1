#include <fmt/format.h>

#include <functional>

#include "sql/functions/declaration.hpp"
#include "sql/functions/json_source.hpp"
#include "sql/types/array.hpp"
#include "sql/types/composite_type.hpp"
#include "sql/types/domain_type.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/type_registry.hpp"

// Rows out of JSON objects: json_populate_record, json_to_record and their sets. A member becomes
// the field of its name: null is NULL, arrays and objects become arrays and rows where the field is
// one, everything else goes through the text input of the field's type.

namespace isolde::sql {

namespace {

[[noreturn]] void fail_value(std::string message) {
  fail(base::sqlstate::kInvalidParameterValue, std::move(message));
}

Datum populate_row(CallContext& context, const CompositeType& type, const JsonSource& object,
                   const RecordView* defaults);

Datum read_field(CallContext& context, const Type& type, int32_t typmod, const JsonSource& value,
                 std::string_view key);

/// Fills an array of one or more dimensions, which the first element tells.
class ArrayFiller {
 public:
  ArrayFiller(CallContext& context, const Type& element, int32_t typmod, std::string_view key)
      : context_(context), element_(element), typmod_(typmod), key_(key) {}

  Datum fill(const JsonSource& value) {
    if (value.kind() != JsonKind::kArray) fail_no_array(0);
    level(value, 0);
    if (elements_.empty()) return empty_array(element_, context_.arena);
    std::vector<ArrayDimension> dimensions;
    for (int32_t length : lengths_) dimensions.push_back({length});
    return make_array(element_, elements_, dimensions, context_.arena);
  }

 private:
  void level(const JsonSource& array, size_t depth) {
    if (depth >= kMaxArrayDimensions) {
      fail(base::sqlstate::kProgramLimitExceeded,
           fmt::format("number of array dimensions ({}) exceeds the maximum allowed ({})",
                       depth + 1, kMaxArrayDimensions));
    }
    if (place_.size() <= depth) place_.push_back(0);
    place_[depth] = 0;
    array.for_each_element([&](const JsonSource& item) {
      bool nested = item.kind() == JsonKind::kArray;
      if (dimensions_ == 0 && !nested) dimensions_ = depth + 1;
      if (dimensions_ != 0 && depth + 1 >= dimensions_) {
        elements_.push_back(read_field(context_, element_, typmod_, item, ""));
      } else if (!nested) {
        fail_no_array(depth + 1);
      } else {
        level(item, depth + 1);
      }
      ++place_[depth];
    });
    check_length(depth);
  }

  void check_length(size_t depth) {
    if (dimensions_ == 0 && place_[depth] == 0) dimensions_ = depth + 1;
    if (lengths_.size() <= depth) lengths_.resize(depth + 1, -1);
    if (lengths_[depth] < 0) lengths_[depth] = place_[depth];
    if (lengths_[depth] != place_[depth]) {
      throw base::SqlException(
          base::Error(base::sqlstate::kInvalidTextRepresentation, "malformed JSON array")
              .detail("Multidimensional arrays must have sub-arrays with matching dimensions."));
    }
  }

  [[noreturn]] void fail_no_array(size_t depth) const {
    std::string place;
    for (size_t i = 0; i < depth; ++i) place += fmt::format("[{}]", place_[i]);
    base::Error error(base::sqlstate::kInvalidTextRepresentation, "expected JSON array");
    if (depth == 0 && !key_.empty()) {
      error.fields().hint = fmt::format("See the value of key \"{}\".", key_);
    } else if (depth > 0) {
      error.fields().hint =
          fmt::format("See the array element {}{}.", place,
                      key_.empty() ? std::string() : fmt::format(" of key \"{}\"", key_));
    }
    throw base::SqlException(std::move(error));
  }

  CallContext& context_;
  const Type& element_;
  int32_t typmod_;
  std::string_view key_;
  std::vector<Datum> elements_;
  std::vector<int32_t> place_;
  std::vector<int32_t> lengths_;
  size_t dimensions_ = 0;
};

Datum read_field(CallContext& context, const Type& declared, int32_t typmod,
                 const JsonSource& value, std::string_view key) {
  base::value_or_throw(context.task.check_stack());
  if (value.kind() == JsonKind::kNull) return Datum::null();
  const Type& type = base_of(declared);
  bool text = value.kind() == JsonKind::kString;
  if (type.element != nullptr && !text) {
    return ArrayFiller(context, *type.element, typmod, key).fill(value);
  }
  if (type.kind == TypeKind::kComposite && !text) {
    return populate_row(context, static_cast<const CompositeType&>(type), value, nullptr);
  }
  bool json = type.oid == types::kJson || type.oid == types::kJsonb;
  std::string input = json ? value.json_text() : value.plain_text();
  return declared.from_text(context.arena.copy(input), typmod, context.arena, context.style);
}

std::vector<Datum> read_fields(CallContext& context, const CompositeType& type,
                               const JsonSource& object, const RecordView* defaults) {
  if (object.kind() != JsonKind::kObject) {
    fail_value(fmt::format("cannot call populate_composite on {}",
                           object.kind() == JsonKind::kArray ? "an array" : "a scalar"));
  }
  std::vector<Datum> values;
  for (size_t i = 0; i < type.fields.size(); ++i) {
    const CompositeField& field = type.fields[i];
    values.push_back(defaults != nullptr ? (*defaults)[i] : Datum::null());
    if (field.dropped) continue;
    if (auto member = object.find(field.name)) {
      values.back() = read_field(context, *field.type, field.typmod, *member, field.name);
    }
  }
  return values;
}

Datum populate_row(CallContext& context, const CompositeType& type, const JsonSource& object,
                   const RecordView* defaults) {
  return make_record(type, read_fields(context, type, object, defaults), context.arena);
}

// --- where the row type comes from

[[noreturn]] void fail_unknown_row(const char* function) {
  throw base::SqlException(
      base::Error(base::sqlstate::kFeatureNotSupported,
                  fmt::format("could not determine row type for result of {}", function))
          .hint("Provide a non-null record argument, or call the function in the FROM clause using "
                "a column definition list."));
}

/// The row type of the first argument, whose value may tell it too.
const CompositeType& row_type(CallContext& context, Datum row, const char* function) {
  const Type& type = base_of(context.argument_type(0));
  if (!is_row_type(type)) {
    fail(base::sqlstate::kDatatypeMismatch,
         fmt::format("first argument of {} must be a row type", function));
  }
  if (type.kind == TypeKind::kComposite) return static_cast<const CompositeType&>(type);
  if (row.is_null()) fail_unknown_row(function);
  return RecordView(type, row).shape();
}

/// The column definition list of the call.
const CompositeType& defined_row(CallContext& context, const char* function) {
  const Type* type = context.site->result_type;
  if (type == nullptr || type == find_type(types::kRecord)) fail_unknown_row(function);
  return static_cast<const CompositeType&>(*type);
}

/// Calls `use` with the root of a json or jsonb argument.
template <bool binary, typename Use>
auto with_root(Datum value, Use&& use) {
  if constexpr (binary) {
    return use(JsonSource(JsonbView(value)));
  } else {
    JsonDocument document(value.as_bytes(), true);
    return use(JsonSource(document, document.root()));
  }
}

template <bool binary>
Datum populate_record(CallContext& context, const Datum* args) {
  const char* name = binary ? "jsonb_populate_record" : "json_populate_record";
  const CompositeType& type = row_type(context, args[0], name);
  if (args[1].is_null()) return args[0];
  std::optional<RecordView> defaults;
  if (!args[0].is_null()) defaults.emplace(base_of(context.argument_type(0)), args[0]);
  return with_root<binary>(args[1], [&](const JsonSource& root) {
    return populate_row(context, type, root, defaults ? &*defaults : nullptr);
  });
}

/// Rows that were all made at the start.
class MadeRows final : public SetIterator {
 public:
  MadeRows(std::vector<std::vector<Datum>> rows) : rows_(std::move(rows)) {}
  bool next(CallContext& context, Datum* columns) override {
    if (next_ >= rows_.size()) return false;
    context.poll();
    std::copy(rows_[next_].begin(), rows_[next_].end(), columns);
    ++next_;
    return true;
  }

 private:
  std::vector<std::vector<Datum>> rows_;
  size_t next_ = 0;
};

using Rows = std::vector<std::vector<Datum>>;

/// The objects of an array, each turned into a row.
template <bool binary>
Rows rows_of(Datum value, const char* name,
             const std::function<std::vector<Datum>(const JsonSource&)>& make) {
  Rows rows;
  with_root<binary>(value, [&](const JsonSource& root) {
    if (root.kind() != JsonKind::kArray) {
      fail_value(fmt::format("cannot call {} on {}", name,
                             binary                             ? "a non-array"
                             : root.kind() == JsonKind::kObject ? "an object"
                                                                : "a scalar"));
    }
    root.for_each_element([&](const JsonSource& element) {
      if (element.kind() != JsonKind::kObject) {
        fail_value(fmt::format("argument of {} must be an array of objects", name));
      }
      rows.push_back(make(element));
    });
    return 0;
  });
  return rows;
}

template <bool binary>
std::unique_ptr<SetIterator> populate_recordset(CallContext& context, const Datum* args) {
  const char* name = binary ? "jsonb_populate_recordset" : "json_populate_recordset";
  const CompositeType& type = row_type(context, args[0], name);
  if (args[1].is_null()) return std::make_unique<MadeRows>(Rows());
  std::optional<RecordView> defaults;
  if (!args[0].is_null()) defaults.emplace(base_of(context.argument_type(0)), args[0]);
  return std::make_unique<MadeRows>(
      rows_of<binary>(args[1], name, [&](const JsonSource& object) -> std::vector<Datum> {
        return {populate_row(context, type, object, defaults ? &*defaults : nullptr)};
      }));
}

template <bool binary>
std::unique_ptr<SetIterator> to_record(CallContext& context, const Datum* args) {
  const CompositeType& type = defined_row(context, binary ? "jsonb_to_record" : "json_to_record");
  return std::make_unique<MadeRows>(with_root<binary>(args[0], [&](const JsonSource& root) -> Rows {
    return {read_fields(context, type, root, nullptr)};
  }));
}

template <bool binary>
std::unique_ptr<SetIterator> to_recordset(CallContext& context, const Datum* args) {
  const char* name = binary ? "jsonb_to_recordset" : "json_to_recordset";
  const CompositeType& type = defined_row(context, name);
  if (args[0].is_null()) return std::make_unique<MadeRows>(Rows());
  return std::make_unique<MadeRows>(rows_of<binary>(args[0], name, [&](const JsonSource& object) {
    return read_fields(context, type, object, nullptr);
  }));
}

constexpr int kNulls = kCalledOnNull | kStable;

// json_to_record returns one row, but as the sets do: through a column definition list.
constexpr FunctionRow kRows[] = {
    {3960,
     "json_populate_record(base anyelement, from_json json, use_json_as_text bool = false) "
     "anyelement",
     populate_record<false>, kNulls},
    {3961,
     "json_populate_recordset(base anyelement, from_json json, use_json_as_text bool = false) "
     "setof anyelement",
     populate_recordset<false>, kNulls},
    {3204, "json_to_record(json) record", to_record<false>, kStable},
    {3205, "json_to_recordset(json) setof record", to_recordset<false>, kNulls},
    {3209, "jsonb_populate_record(anyelement, jsonb) anyelement", populate_record<true>, kNulls},
    {3475, "jsonb_populate_recordset(anyelement, jsonb) setof anyelement", populate_recordset<true>,
     kNulls},
    {3490, "jsonb_to_record(jsonb) record", to_record<true>, kStable},
    {3491, "jsonb_to_recordset(jsonb) setof record", to_recordset<true>, kNulls},
};

}  // namespace

const std::span<const FunctionRow> kJsonPopulate = kRows;

}  // namespace isolde::sql
