#include "sql/functions/json_values.hpp"

#include "sql/functions/text_arguments.hpp"
#include "sql/types/array.hpp"
#include "sql/types/composite_type.hpp"
#include "sql/types/datetime.hpp"
#include "sql/types/domain_type.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/json_lexer.hpp"
#include "sql/types/numeric.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

enum class Category : uint8_t {
  kBool,
  kNumber,
  kDate,
  kTimestamp,
  kTimestamptz,
  kJson,
  kJsonb,
  kArray,
  kRow,
  kOther
};

Category category_of(const Type& type) {
  switch (type.oid.value) {
    case types::kBool.value:
      return Category::kBool;
    case types::kInt2.value:
    case types::kInt4.value:
    case types::kInt8.value:
    case types::kFloat4.value:
    case types::kFloat8.value:
    case types::kNumeric.value:
      return Category::kNumber;
    case types::kDate.value:
      return Category::kDate;
    case types::kTimestamp.value:
      return Category::kTimestamp;
    case types::kTimestamptz.value:
      return Category::kTimestamptz;
    case types::kJson.value:
      return Category::kJson;
    case types::kJsonb.value:
      return Category::kJsonb;
    default:
      break;
  }
  if (is_row_type(type)) return Category::kRow;
  bool vector = type.oid == types::kInt2Vector || type.oid == types::kOidVector;
  return type.element != nullptr || vector ? Category::kArray : Category::kOther;
}

bool is_scalar(Category category) {
  return category != Category::kJson && category != Category::kJsonb &&
         category != Category::kArray && category != Category::kRow;
}

/// "2024-01-31 12:00:00+02" becomes "2024-01-31T12:00:00+02:00".
std::string in_xml_style(std::string text, bool zone) {
  size_t blank = text.find(' ');
  if (blank == std::string::npos) return text;  // infinity
  text[blank] = 'T';
  if (!zone) return text;
  size_t sign = text.find_first_of("+-", blank);
  size_t end = std::min(text.find(' ', sign), text.size());
  if (end - sign == 3) text.insert(end, ":00");
  return text;
}

/// The text of a scalar, without quotes.
std::string scalar_text(Datum value, const Type& type, Category category, CallContext& context) {
  OutputStyle iso = context.style;
  iso.date_format = DateFormat::kIso;
  switch (category) {
    case Category::kBool:
      return value.as_bool() ? "true" : "false";
    case Category::kDate:
      return output_text(type, value, iso);
    case Category::kTimestamp:
      return in_xml_style(output_text(type, value, iso), false);
    case Category::kTimestamptz:
      return in_xml_style(output_text(type, value, iso), true);
    default:
      return output_text(type, value, context.style);
  }
}

[[noreturn]] void fail_key() {
  fail(base::sqlstate::kInvalidParameterValue,
       "key value must be scalar, not array, composite, or json");
}

// --- as text

void append_array(std::string& out, const ArrayView& array, const Type& element,
                  CallContext& context, int dimension, int32_t& next, bool lines) {
  out += '[';
  for (int32_t i = 0; array.dimensions() > 0 && i < array.dimension(dimension).length; ++i) {
    if (i > 0) out += lines ? ",\n " : ",";
    if (dimension + 1 < array.dimensions()) {
      append_array(out, array, element, context, dimension + 1, next, false);
    } else {
      append_json_value(out, array[next++], element, context);
    }
  }
  out += ']';
}

void append_row(std::string& out, const RecordView& row, CallContext& context, bool lines) {
  out += '{';
  bool first = true;
  for (size_t i = 0; i < row.size(); ++i) {
    const CompositeField& field = row.shape().fields[i];
    if (field.dropped) continue;
    if (!first) out += lines ? ",\n " : ",";
    first = false;
    append_json_string(out, field.name);
    out += ':';
    append_json_value(out, row[i], *field.type, context);
  }
  out += '}';
}

}  // namespace

bool is_structured(const Type& type) {
  Category category = category_of(base_of(type));
  return category == Category::kArray || category == Category::kRow;
}

void append_json_value(std::string& out, Datum value, const Type& declared, CallContext& context,
                       bool lines) {
  if (value.is_null()) {
    out += "null";
    return;
  }
  const Type& type = base_of(declared);
  Category category = category_of(type);
  switch (category) {
    case Category::kJson:
      out += value.as_bytes();
      break;
    case Category::kJsonb:
      append_jsonb(out, JsonbView(value));
      break;
    case Category::kArray: {
      base::value_or_throw(context.task.check_stack());
      int32_t next = 0;
      append_array(out, ArrayView(value), element_type_of(type), context, 0, next, lines);
      break;
    }
    case Category::kRow:
      base::value_or_throw(context.task.check_stack());
      append_row(out, RecordView(type, value), context, lines);
      break;
    default: {
      std::string text = scalar_text(value, type, category, context);
      bool plain =
          category == Category::kBool || (category == Category::kNumber && is_json_number(text));
      if (plain) {
        out += text;
      } else {
        append_json_string(out, text);
      }
    }
  }
}

void append_json_key(std::string& out, Datum value, const Type& declared, CallContext& context) {
  append_json_string(out, jsonb_key(value, declared, context));
}

std::string_view jsonb_key(Datum value, const Type& declared, CallContext& context) {
  const Type& type = base_of(declared);
  Category category = category_of(type);
  if (!is_scalar(category)) fail_key();
  return context.arena.copy(scalar_text(value, type, category, context));
}

// --- as jsonb

namespace {

void write_array(JsonbWriter& writer, const ArrayView& array, const Type& element,
                 CallContext& context, int dimension, int32_t& next) {
  int32_t length = array.dimensions() == 0 ? 0 : array.dimension(dimension).length;
  writer.array(static_cast<uint32_t>(length), [&](uint32_t) {
    if (dimension + 1 < array.dimensions()) {
      write_array(writer, array, element, context, dimension + 1, next);
    } else {
      write_jsonb_value(writer, array[next++], element, context);
    }
  });
}

void write_row(JsonbWriter& writer, const RecordView& row, CallContext& context) {
  std::vector<std::string_view> keys;
  std::vector<size_t> places;
  for (size_t i = 0; i < row.size(); ++i) {
    if (row.shape().fields[i].dropped) continue;
    keys.push_back(row.shape().fields[i].name);
    places.push_back(i);
  }
  std::vector<uint32_t> order = order_json_keys(keys);
  writer.object(
      static_cast<uint32_t>(order.size()), [&](uint32_t i) { return keys[order[i]]; },
      [&](uint32_t i) {
        size_t place = places[order[i]];
        write_jsonb_value(writer, row[place], *row.shape().fields[place].type, context);
      });
}

}  // namespace

void write_jsonb_value(JsonbWriter& writer, Datum value, const Type& declared,
                       CallContext& context) {
  if (value.is_null()) return writer.null();
  const Type& type = base_of(declared);
  Category category = category_of(type);
  switch (category) {
    case Category::kBool:
      return writer.boolean(value.as_bool());
    case Category::kJson: {
      JsonDocument document(value.as_bytes(), true);
      return write_jsonb(writer, document, document.root(), context.arena);
    }
    case Category::kJsonb:
      return writer.copy(JsonbView(value));
    case Category::kArray: {
      base::value_or_throw(context.task.check_stack());
      int32_t next = 0;
      return write_array(writer, ArrayView(value), element_type_of(type), context, 0, next);
    }
    case Category::kRow:
      base::value_or_throw(context.task.check_stack());
      return write_row(writer, RecordView(type, value), context);
    default: {
      std::string text = scalar_text(value, type, category, context);
      // NaN and the infinities are no numbers in JSON.
      bool number = category == Category::kNumber && text.find_first_of("Nn") == std::string::npos;
      if (!number) return writer.string(text);
      return writer.number(Numeric::parse(text).write(context.arena));
    }
  }
}

}  // namespace isolde::sql
