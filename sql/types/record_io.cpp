#include <fmt/format.h>

#include <vector>

#include "sql/types/byte_order.hpp"
#include "sql/types/char_class.hpp"
#include "sql/types/composite_type.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/hash.hpp"
#include "sql/types/type_registry.hpp"

// The text form '(1,"a b",)', the binary form, order and hash of composite values.

namespace isolde::sql {

namespace {

[[noreturn]] void fail_malformed(std::string_view text, std::string detail) {
  throw base::SqlException(base::Error(base::sqlstate::kInvalidTextRepresentation,
                                       fmt::format("malformed record literal: \"{}\"", text))
                               .detail(std::move(detail)));
}

const CompositeType& named(const Type& type) {
  if (type.kind != TypeKind::kComposite) {
    fail(base::sqlstate::kFeatureNotSupported,
         "input of anonymous composite types is not implemented");
  }
  return static_cast<const CompositeType&>(type);
}

/// Reads one literal; an empty field is NULL, "" an empty text.
class RecordParser {
 public:
  RecordParser(std::string_view text) : text_(text) {}

  void open() {
    skip_blanks();
    if (at_ >= text_.size() || text_[at_] != '(')
      fail_malformed(text_, "Missing left parenthesis.");
    ++at_;
  }
  void comma() {
    if (at_ >= text_.size() || text_[at_] != ',') fail_malformed(text_, "Too few columns.");
    ++at_;
  }
  void close() {
    if (at_ >= text_.size() || text_[at_] != ')') fail_malformed(text_, "Too many columns.");
    ++at_;
    skip_blanks();
    if (at_ != text_.size()) fail_malformed(text_, "Junk after right parenthesis.");
  }
  /// False for NULL.
  bool field(std::string& value) {
    value.clear();
    if (at_ < text_.size() && (text_[at_] == ',' || text_[at_] == ')')) return false;
    bool quoted = false;
    while (true) {
      if (at_ >= text_.size()) fail_malformed(text_, "Unexpected end of input.");
      char c = text_[at_];
      if (!quoted && (c == ',' || c == ')')) return true;
      ++at_;
      if (c == '\\') {
        if (at_ >= text_.size()) fail_malformed(text_, "Unexpected end of input.");
        value += text_[at_++];
      } else if (c != '"') {
        value += c;
      } else if (quoted && at_ < text_.size() && text_[at_] == '"') {
        value += text_[at_++];
      } else {
        quoted = !quoted;
      }
    }
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }
  std::string_view text_;
  size_t at_ = 0;
};

Datum record_from_text(const Type& type, std::string_view text, int32_t, Arena& arena,
                       const OutputStyle& style) {
  const CompositeType& row = named(type);
  RecordParser parser(text);
  parser.open();
  std::vector<Datum> values;
  std::string field;
  bool first = true;
  for (const CompositeField& column : row.fields) {
    values.push_back(Datum::null());
    if (column.dropped) continue;
    if (!first) parser.comma();
    first = false;
    if (parser.field(field)) {
      values.back() = column.type->from_text(arena.copy(field), column.typmod, arena, style);
    }
  }
  parser.close();
  return make_record(row, values, arena);
}

/// Each level of rows in rows doubles the quotation marks of those within: 30 levels would fill any
/// memory, and keep the others waiting meanwhile.
constexpr size_t kMaxRowInRow = size_t{16} << 20;

void append_field(std::string& out, std::string_view text) {
  bool quote = text.empty();
  for (char c : text) {
    quote |= c == '"' || c == '\\' || c == '(' || c == ')' || c == ',' || is_blank(c);
  }
  if (!quote) {
    out += text;
    return;
  }
  out += '"';
  for (char c : text) {
    if (c == '"' || c == '\\') out += c;
    out += c;
  }
  out += '"';
}

void record_to_text(const Type& type, Datum value, std::string& out, const OutputStyle& style) {
  RecordView record(type, value);
  out += '(';
  bool first = true;
  std::string text;
  for (size_t i = 0; i < record.size(); ++i) {
    const CompositeField& column = record.shape().fields[i];
    if (column.dropped) continue;
    if (!first) out += ',';
    first = false;
    Datum field = record[i];
    if (field.is_null()) continue;
    text.clear();
    column.type->to_text(field, text, style);
    if (text.size() > kMaxRowInRow && is_row_type(*column.type)) {
      throw base::SqlException(
          base::Error(base::sqlstate::kProgramLimitExceeded, "out of memory")
              .detail(fmt::format("The text of a row within a row would be longer than {} bytes.",
                                  kMaxRowInRow)));
    }
    append_field(out, text);
  }
  out += ')';
}

int32_t live_fields(const CompositeType& row) {
  int32_t count = 0;
  for (const CompositeField& column : row.fields) count += column.dropped ? 0 : 1;
  return count;
}

Datum record_from_binary(const Type& type, std::string_view bytes, int32_t, Arena& arena) {
  const CompositeType& row = named(type);
  BinaryReader reader(bytes);
  auto count = reader.read<int32_t>();
  if (count != live_fields(row)) {
    fail(base::sqlstate::kDatatypeMismatch,
         fmt::format("wrong number of columns: {}, expected {}", count, live_fields(row)));
  }
  std::vector<Datum> values;
  int number = 0;
  for (const CompositeField& column : row.fields) {
    values.push_back(Datum::null());
    if (column.dropped) continue;
    ++number;
    auto oid = reader.read<uint32_t>();
    if (oid != column.type->oid.value) {
      const Type* found = find_type(base::Oid(oid));
      fail(base::sqlstate::kDatatypeMismatch,
           fmt::format(
               "binary data has type {} ({}) instead of expected {} ({}) in record column {}", oid,
               found != nullptr ? found->sql_name : "???", column.type->oid.value,
               column.type->sql_name, number));
    }
    auto size = reader.read<int32_t>();
    if (size < -1) fail_binary("insufficient data left in message");
    if (size >= 0) {
      values.back() =
          column.type->from_binary(reader.take(static_cast<size_t>(size)), column.typmod, arena);
    }
  }
  reader.finish();
  return make_record(row, values, arena);
}

void record_to_binary(const Type& type, Datum value, std::string& out) {
  RecordView record(type, value);
  append_network(out, live_fields(record.shape()));
  for (size_t i = 0; i < record.size(); ++i) {
    const CompositeField& column = record.shape().fields[i];
    if (column.dropped) continue;
    append_network(out, column.type->oid.value);
    Datum field = record[i];
    if (field.is_null()) {
      append_network(out, int32_t{-1});
      continue;
    }
    size_t at = out.size();
    append_network(out, int32_t{0});
    column.type->to_binary(field, out);
    auto size = swap_bytes(static_cast<int32_t>(out.size() - at - 4));
    std::memcpy(out.data() + at, &size, sizeof size);
  }
}

[[noreturn]] void fail_column_counts() {
  fail(base::sqlstate::kDatatypeMismatch,
       "cannot compare record types with different numbers of columns");
}

/// Field by field, NULL last.
std::strong_ordering compare_records(const Type& type, Datum a, Datum b) {
  RecordView x(type, a);
  RecordView y(type, b);
  size_t i = 0;
  size_t j = 0;
  auto skip_dropped = [](const RecordView& record, size_t& at) {
    while (at < record.size() && record.shape().fields[at].dropped) ++at;
  };
  int column = 0;
  while (true) {
    skip_dropped(x, i);
    skip_dropped(y, j);
    if (i >= x.size() || j >= y.size()) break;
    ++column;
    const Type& left_type = *x.shape().fields[i].type;
    const Type& right_type = *y.shape().fields[j].type;
    if (left_type.oid != right_type.oid) {
      fail(base::sqlstate::kDatatypeMismatch,
           fmt::format("cannot compare dissimilar column types {} and {} at record column {}",
                       left_type.sql_name, right_type.sql_name, column));
    }
    if (!left_type.is_ordered()) {
      fail(base::sqlstate::kUndefinedFunction,
           fmt::format("could not identify a comparison function for type {}", left_type.sql_name));
    }
    Datum l = x[i++];
    Datum r = y[j++];
    if (l.is_null() || r.is_null()) {
      if (l.is_null() && r.is_null()) continue;
      return l.is_null() ? std::strong_ordering::greater : std::strong_ordering::less;
    }
    if (auto order = left_type.compare(l, r); order != 0) return order;
  }
  if (i < x.size() || j < y.size()) fail_column_counts();
  return std::strong_ordering::equal;
}

uint64_t hash_record(const Type& type, Datum value) {
  RecordView record(type, value);
  uint64_t hash = 0;
  for (size_t i = 0; i < record.size(); ++i) {
    const CompositeField& column = record.shape().fields[i];
    if (column.dropped) continue;
    if (!column.type->is_hashable()) {
      fail(base::sqlstate::kUndefinedFunction,
           fmt::format("could not identify a hash function for type {}", column.type->sql_name));
    }
    Datum field = record[i];
    hash = combine_hashes(hash, field.is_null() ? 0 : column.type->hash(field));
  }
  return hash;
}

}  // namespace

const TypeFunctions kRecordFunctions{record_from_text, record_to_text,  record_from_binary,
                                     record_to_binary, compare_records, hash_record};

}  // namespace isolde::sql
