#include "sql/catalog/objects.hpp"
#include "sql/types/array.hpp"
#include "sql/types/type_registry.hpp"
#include "sql/views/function_tables.hpp"

// The functions of information_schema: what the SQL standard wants to know of a type and its
// modifier. In PostgreSQL they are written in SQL, in that schema.

namespace isolde::sql {

namespace {

using base::Oid;

Oid oid_of(Datum datum) {
  return Oid(static_cast<uint32_t>(datum.as_int()));
}

Datum char_max_length(CallContext&, const Datum* args) {
  const Oid type = oid_of(args[0]);
  const int64_t typmod = args[1].as_int();
  const bool text = type == types::kBpchar || type == types::kVarchar;
  return text && typmod != -1 ? Datum::of_int(typmod - 4) : Datum::null();
}

Datum char_octet_length(CallContext& context, const Datum* args) {
  constexpr int64_t kBytesPerCharacter = 4;
  const Oid type = oid_of(args[0]);
  if (type != types::kText && type != types::kBpchar && type != types::kVarchar) {
    return Datum::null();
  }
  const Datum characters = char_max_length(context, args);
  if (characters.is_null()) return Datum::of_int(int64_t{1} << 30);
  return Datum::of_int(characters.as_int() * kBytesPerCharacter);
}

Datum numeric_precision(CallContext&, const Datum* args) {
  const int64_t typmod = args[1].as_int();
  switch (oid_of(args[0]).value) {
    case types::kInt2.value:
      return Datum::of_int(16);
    case types::kInt4.value:
      return Datum::of_int(32);
    case types::kInt8.value:
      return Datum::of_int(64);
    case types::kFloat4.value:
      return Datum::of_int(24);
    case types::kFloat8.value:
      return Datum::of_int(53);
    case types::kNumeric.value:
      return typmod == -1 ? Datum::null() : Datum::of_int(((typmod - 4) >> 16) & 0xffff);
    default:
      return Datum::null();
  }
}

Datum numeric_precision_radix(CallContext&, const Datum* args) {
  const Oid type = oid_of(args[0]);
  const bool binary = type == types::kInt2 || type == types::kInt4 || type == types::kInt8 ||
                      type == types::kFloat4 || type == types::kFloat8;
  if (binary) return Datum::of_int(2);
  return type == types::kNumeric ? Datum::of_int(10) : Datum::null();
}

Datum numeric_scale(CallContext&, const Datum* args) {
  const Oid type = oid_of(args[0]);
  const int64_t typmod = args[1].as_int();
  if (type == types::kInt2 || type == types::kInt4 || type == types::kInt8) {
    return Datum::of_int(0);
  }
  const bool known = type == types::kNumeric && typmod != -1;
  return known ? Datum::of_int((typmod - 4) & 0xffff) : Datum::null();
}

Datum datetime_precision(CallContext&, const Datum* args) {
  const Oid type = oid_of(args[0]);
  const int64_t typmod = args[1].as_int();
  if (type == types::kDate) return Datum::of_int(0);
  if (type == types::kTime || type == types::kTimetz || type == types::kTimestamp ||
      type == types::kTimestamptz) {
    return Datum::of_int(typmod < 0 ? 6 : typmod);
  }
  if (type != types::kInterval) return Datum::null();
  const int64_t precision = typmod & 0xffff;
  return Datum::of_int(typmod < 0 || precision == 0xffff ? 6 : precision);
}

/// "DAY TO SECOND" of interval day to second: what format_type adds.
Datum interval_type(CallContext& context, const Datum* args) {
  if (oid_of(args[0]) != types::kInterval || args[1].as_int() == -1) return Datum::null();
  std::string text = format_type(type_of(types::kInterval), static_cast<int32_t>(args[1].as_int()));
  text.erase(0, std::string_view("interval").size());
  std::string fields;
  for (char c : text) {
    if (c == '(') break;
    fields += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  const size_t first = fields.find_first_not_of(' ');
  return first == std::string::npos ? Datum::null() : context.arena.bytes(fields.substr(first));
}

/// The elements of a vector, numbered.
class Numbered final : public SetIterator {
 public:
  explicit Numbered(Datum array) : array_(array) {}
  bool next(CallContext& context, Datum* columns) override {
    if (at_ >= array_.size()) return false;
    context.poll();
    columns[0] = array_[at_];
    columns[1] = Datum::of_int(++at_);
    return true;
  }

 private:
  ArrayView array_;
  int32_t at_ = 0;
};
std::unique_ptr<SetIterator> expand_array(CallContext&, const Datum* args) {
  return std::make_unique<Numbered>(args[0]);
}

constexpr FunctionRow kRows[] = {
    {13208, "_pg_expandarray(int2[], out x int2, out n int4) setof record", expand_array},
    {13212, "_pg_char_max_length(oid, int4) int4", char_max_length},
    {13213, "_pg_char_octet_length(oid, int4) int4", char_octet_length},
    {13215, "_pg_numeric_precision(oid, int4) int4", numeric_precision},
    {13216, "_pg_numeric_precision_radix(oid, int4) int4", numeric_precision_radix},
    {13217, "_pg_numeric_scale(oid, int4) int4", numeric_scale},
    {13218, "_pg_datetime_precision(oid, int4) int4", datetime_precision},
    {13219, "_pg_interval_type(oid, int4) text", interval_type},
};

}  // namespace

extern const std::span<const FunctionRow> kStandardFunctions = kRows;

}  // namespace isolde::sql
