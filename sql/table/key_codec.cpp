#include "sql/table/key_codec.hpp"

#include <bit>
#include <cmath>
#include <cstring>

#include "base/check.hpp"
#include "base/error.hpp"
#include "sql/types/array.hpp"
#include "sql/types/datetime.hpp"
#include "sql/types/domain_type.hpp"
#include "sql/types/enum_type.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/jsonb.hpp"
#include "sql/types/numeric.hpp"
#include "sql/types/text_types.hpp"
#include "sql/types/type_ids.hpp"
#include "sql/types/type_registry.hpp"
#include "storage/btree_page.hpp"

namespace isolde::sql {

namespace {

constexpr std::byte kNullFirst{0}, kValue{1}, kNullLast{2};

enum NumericClass : uint8_t {
  kMinusInfinity = 1,
  kNegative = 2,
  kZero = 3,
  kPositive = 4,
  kInfinity = 5,
  kNan = 6,
};

template <typename T>
void append_big(Bytes& key, T value) {
  using U = std::make_unsigned_t<T>;
  auto bits = static_cast<U>(value);
  size_t at = key.size();
  key.resize(at + sizeof(T));
  for (size_t i = 0; i < sizeof(T); ++i) {
    key[at + i] = static_cast<std::byte>(bits >> (8 * (sizeof(T) - 1 - i)));
  }
}
/// Signed integers order as unsigned ones when the sign bit is flipped.
template <typename T>
void append_signed(Bytes& key, T value) {
  using U = std::make_unsigned_t<T>;
  append_big(key, static_cast<U>(static_cast<U>(value) ^ (U{1} << (8 * sizeof(T) - 1))));
}
template <typename T>
T read_big(const std::byte* at) {
  std::make_unsigned_t<T> bits = 0;
  for (size_t i = 0; i < sizeof(T); ++i) {
    bits =
        static_cast<std::make_unsigned_t<T>>((uint64_t{bits} << 8) | static_cast<uint8_t>(at[i]));
  }
  return static_cast<T>(bits);
}
template <typename T>
T read_signed(const std::byte* at) {
  using U = std::make_unsigned_t<T>;
  return static_cast<T>(static_cast<U>(read_big<U>(at) ^ (U{1} << (8 * sizeof(T) - 1))));
}

void append_float(Bytes& key, double value) {
  if (value == 0) value = 0;
  if (std::isnan(value)) value = std::numeric_limits<double>::quiet_NaN();
  auto bits = std::bit_cast<uint64_t>(value);
  bool negative = (bits >> 63) != 0 && !std::isnan(value);
  append_big(key, negative ? ~bits : bits | uint64_t{1} << 63);
}

void append_text(Bytes& key, std::string_view text) {
  storage::append_bytes(key, storage::as_bytes(text));
  key.push_back(std::byte{0});
}

void append_escaped(Bytes& key, std::string_view bytes) {
  for (char c : bytes) {
    key.push_back(static_cast<std::byte>(c));
    if (c == 0) key.push_back(std::byte{0xff});
  }
  key.insert(key.end(), 2, std::byte{0});
}

void append_numeric(Bytes& key, Datum stored) {
  Numeric value = Numeric::read(stored);
  auto put_class = [&](NumericClass c) { key.push_back(static_cast<std::byte>(c)); };
  switch (value.kind()) {
    case Numeric::Kind::kNan:
      return put_class(kNan);
    case Numeric::Kind::kInfinity:
      return put_class(kInfinity);
    case Numeric::Kind::kMinusInfinity:
      return put_class(kMinusInfinity);
    case Numeric::Kind::kFinite:
      break;
  }
  if (value.is_zero()) return put_class(kZero);
  put_class(value.negative() ? kNegative : kPositive);
  size_t begin = key.size();
  append_signed(key, static_cast<int32_t>(value.weight()));
  for (size_t i = 0; i < value.digits().size(); ++i) {
    append_big(key, static_cast<uint16_t>(value.digits()[i] + 1));
  }
  append_big(key, uint16_t{0});
  if (!value.negative()) return;
  for (size_t i = begin; i < key.size(); ++i) key[i] = ~key[i];
}

void append_interval(Bytes& key, Datum stored) {
  __int128 length = interval_length(read_interval(stored));
  append_signed(key, static_cast<int64_t>(length >> 64));
  append_big(key, static_cast<uint64_t>(length));
}

void append_timetz(Bytes& key, Datum stored) {
  TimeTz time = read_timetz(stored);
  append_signed(key, time.micros + time.west * kMicrosPerSecond);
  append_signed(key, time.west);
}

/// By their labels' order, which never changes: numbers do not follow it.
void append_enum(Bytes& key, const Type& type, Datum value) {
  const auto& enumeration = static_cast<const EnumType&>(base_of(type));
  float order = enumeration.labels()[enumeration.rank(value)].sort_order;
  auto bits = std::bit_cast<uint32_t>(order == 0 ? 0.0F : order);
  append_big(key, order < 0 ? ~bits : bits | uint32_t{1} << 31);
}

void append_value(Bytes& key, KeyForm form, const Type& type, Datum value);

void append_array(Bytes& key, const Type& type, Datum value) {
  ArrayView array(value);
  const Type& element = element_type_of(type);
  KeyForm form = key_form(element);
  for (int32_t i = 0; i < array.size(); ++i) {
    Datum one = array[i];
    key.push_back(one.is_null() ? kNullLast : kValue);
    if (!one.is_null()) append_value(key, form, element, one);
  }
  key.push_back(std::byte{0});
  key.push_back(static_cast<std::byte>(array.dimensions()));
  for (int i = 0; i < array.dimensions(); ++i) append_signed(key, array.dimension(i).length);
  for (int i = 0; i < array.dimensions(); ++i) append_signed(key, array.dimension(i).lower_bound);
}

/// Kinds are in the order of their numbers; containers go by their sizes first.
void append_jsonb_value(Bytes& key, JsonbView value) {
  key.push_back(static_cast<std::byte>(value.kind()) | std::byte{0x10});
  switch (value.kind()) {
    case JsonKind::kNull:
    case JsonKind::kFalse:
    case JsonKind::kTrue:
      return;
    case JsonKind::kString:
      return append_text(key, value.string());
    case JsonKind::kNumber:
      return append_numeric(key, value.number());
    case JsonKind::kArray:
      append_big(key, value.size());
      for (uint32_t i = 0; i < value.size(); ++i) append_jsonb_value(key, value.element(i));
      return;
    case JsonKind::kObject:
      append_big(key, value.size());
      for (uint32_t i = 0; i < value.size(); ++i) {
        append_text(key, value.key(i));
        append_jsonb_value(key, value.value(i));
      }
      return;
  }
}

/// An empty array at the root comes before everything.
void append_jsonb(Bytes& key, JsonbView value) {
  if (value.is_array() && value.size() == 0) {
    key.push_back(std::byte{0});
  } else {
    append_jsonb_value(key, value);
  }
}

void append_value(Bytes& key, KeyForm form, const Type& type, Datum value) {
  switch (form) {
    case KeyForm::kBool:
      key.push_back(static_cast<std::byte>(value.as_bool()));
      return;
    case KeyForm::kInt2:
      return append_signed(key, static_cast<int16_t>(value.as_int()));
    case KeyForm::kInt4:
      return append_signed(key, static_cast<int32_t>(value.as_int()));
    case KeyForm::kInt8:
      return append_signed(key, value.as_int());
    case KeyForm::kUint1:
      key.push_back(static_cast<std::byte>(value.as_int()));
      return;
    case KeyForm::kUint4:
      return append_big(key, static_cast<uint32_t>(value.as_int()));
    case KeyForm::kUint8:
      return append_big(key, static_cast<uint64_t>(value.as_int()));
    case KeyForm::kFloat:
      return append_float(key, value.as_float());
    case KeyForm::kText:
      return append_text(key, value.as_bytes());
    case KeyForm::kPadded:
      return append_text(key, without_padding(value.as_bytes()));
    case KeyForm::kBytea:
      return append_escaped(key, value.as_bytes());
    case KeyForm::kUuid:
      return storage::append_bytes(key, storage::as_bytes(value.as_bytes()));
    case KeyForm::kNumeric:
      return append_numeric(key, value);
    case KeyForm::kInterval:
      return append_interval(key, value);
    case KeyForm::kTimetz:
      return append_timetz(key, value);
    case KeyForm::kTid: {
      const auto* at = reinterpret_cast<const std::byte*>(value.as_bytes().data());
      append_big(key, storage::load<uint32_t>(at));
      append_big(key, storage::load<uint16_t>(at + 4));
      return;
    }
    case KeyForm::kArray:
      return append_array(key, type, value);
    case KeyForm::kEnum:
      return append_enum(key, type, value);
    case KeyForm::kJsonb:
      return append_jsonb(key, JsonbView(value));
    case KeyForm::kNone:
      break;
  }
  fail(base::sqlstate::kUndefinedObject,
       "data type " + format_type(type) +
           " has no default operator class for access method \"btree\"");
}

/// How many bytes a form takes, or 0 for those with an end of their own.
size_t fixed_size(KeyForm form) {
  switch (form) {
    case KeyForm::kBool:
    case KeyForm::kUint1:
      return 1;
    case KeyForm::kInt2:
      return 2;
    case KeyForm::kInt4:
    case KeyForm::kUint4:
    case KeyForm::kEnum:
      return 4;
    case KeyForm::kInt8:
    case KeyForm::kUint8:
    case KeyForm::kFloat:
      return 8;
    case KeyForm::kUuid:
    case KeyForm::kInterval:
      return 16;
    case KeyForm::kTimetz:
      return 12;
    case KeyForm::kTid:
      return 6;
    case KeyForm::kText:
    case KeyForm::kPadded:
    case KeyForm::kBytea:
    case KeyForm::kNumeric:
    case KeyForm::kArray:
    case KeyForm::kJsonb:
    case KeyForm::kNone:
      return 0;
  }
  return 0;
}

bool form_is_decodable(KeyForm form) {
  switch (form) {
    case KeyForm::kBool:
    case KeyForm::kInt2:
    case KeyForm::kInt4:
    case KeyForm::kInt8:
    case KeyForm::kUint1:
    case KeyForm::kUint4:
    case KeyForm::kUint8:
    case KeyForm::kText:
    case KeyForm::kUuid:
      return true;
    case KeyForm::kFloat:    // -0
    case KeyForm::kPadded:   // the padding
    case KeyForm::kNumeric:  // the scale
    case KeyForm::kInterval:
    case KeyForm::kTimetz:
    case KeyForm::kTid:
    case KeyForm::kEnum:
    case KeyForm::kBytea:
    case KeyForm::kArray:
    case KeyForm::kJsonb:
    case KeyForm::kNone:
      return false;
  }
  return false;
}

Datum decode_value(KeyForm form, ByteSpan bytes) {
  const std::byte* at = bytes.data();
  switch (form) {
    case KeyForm::kBool:
      return Datum::of_bool(at[0] != std::byte{0});
    case KeyForm::kInt2:
      return Datum::of_int(read_signed<int16_t>(at));
    case KeyForm::kInt4:
      return Datum::of_int(read_signed<int32_t>(at));
    case KeyForm::kInt8:
      return Datum::of_int(read_signed<int64_t>(at));
    case KeyForm::kUint1:
      return Datum::of_int(static_cast<uint8_t>(at[0]));
    case KeyForm::kUint4:
      return Datum::of_int(read_big<uint32_t>(at));
    case KeyForm::kUint8:
      return Datum::of_int(static_cast<int64_t>(read_big<uint64_t>(at)));
    default:
      return Datum::of_bytes({reinterpret_cast<const char*>(at), bytes.size()});
  }
}

}  // namespace

KeyForm key_form(const Type& type) {
  if (type.kind == TypeKind::kDomain) return key_form(base_of(type));
  if (type.kind == TypeKind::kEnum) return KeyForm::kEnum;
  if (type.is_array()) {
    bool good = key_form(element_type_of(type)) != KeyForm::kNone;
    return good ? KeyForm::kArray : KeyForm::kNone;
  }
  if (type.storage == Storage::kBool) return KeyForm::kBool;
  if (type.storage == Storage::kFloat) return KeyForm::kFloat;
  if (!type.is_ordered()) return KeyForm::kNone;
  switch (type.oid.value) {
    case types::kInt2.value:
      return KeyForm::kInt2;
    case types::kInt4.value:
    case types::kDate.value:
      return KeyForm::kInt4;
    case types::kInt8.value:
    case types::kTime.value:
    case types::kTimestamp.value:
    case types::kTimestamptz.value:
      return KeyForm::kInt8;
    case types::kChar.value:
      return KeyForm::kUint1;
    case types::kXid8.value:
    case types::kPgLsn.value:
      return KeyForm::kUint8;
    case types::kText.value:
    case types::kVarchar.value:
    case types::kName.value:
      return KeyForm::kText;
    case types::kBpchar.value:
      return KeyForm::kPadded;
    case types::kBytea.value:
      return KeyForm::kBytea;
    case types::kUuid.value:
      return KeyForm::kUuid;
    case types::kNumeric.value:
      return KeyForm::kNumeric;
    case types::kInterval.value:
      return KeyForm::kInterval;
    case types::kTimetz.value:
      return KeyForm::kTimetz;
    case types::kTid.value:
      return KeyForm::kTid;
    case types::kOidVector.value:
      return KeyForm::kArray;
    case types::kJsonb.value:
      return KeyForm::kJsonb;
    default:
      break;
  }
  // oid and the reg types.
  if (type.storage == Storage::kInteger && type.size == 4 && type.kind == TypeKind::kBase) {
    return KeyForm::kUint4;
  }
  return KeyForm::kNone;
}

void KeyCodec::append_marker(Bytes& key, size_t i, bool null) const {
  key.push_back(!null ? kValue : columns_[i].nulls_first ? kNullFirst : kNullLast);
}

void KeyCodec::append(Bytes& key, size_t i, Datum value) const {
  const KeyColumn& column = columns_[i];
  append_marker(key, i, value.is_null());
  if (value.is_null()) return;
  size_t begin = key.size();
  append_value(key, column.form, *column.type, value);
  if (!column.descending) return;
  for (size_t at = begin; at < key.size(); ++at) key[at] = ~key[at];
}

void KeyCodec::append_prefix(Bytes& key, size_t i, std::string_view prefix) const {
  append_marker(key, i, false);
  size_t begin = key.size();
  storage::append_bytes(key, storage::as_bytes(prefix));
  if (!columns_[i].descending) return;
  for (size_t at = begin; at < key.size(); ++at) key[at] = ~key[at];
}

bool KeyCodec::decodable(size_t i) const {
  return form_is_decodable(columns_[i].form);
}

namespace {

/// The length of a column's bytes, end mark included.
size_t encoded_size(const KeyColumn& column, ByteSpan bytes) {
  if (size_t fixed = fixed_size(column.form); fixed != 0) return fixed;
  const std::byte zero = column.descending ? std::byte{0xff} : std::byte{0};
  switch (column.form) {
    case KeyForm::kText:
    case KeyForm::kPadded: {
      const void* end = std::memchr(bytes.data(), static_cast<int>(zero), bytes.size());
      return static_cast<size_t>(static_cast<const std::byte*>(end) - bytes.data()) + 1;
    }
    case KeyForm::kBytea: {
      for (size_t i = 0;; ++i) {
        if (bytes[i] == zero && bytes[++i] == zero) return i + 1;
      }
    }
    default:
      break;
  }
  fail(base::sqlstate::kInternalError, "a key column that cannot be skipped");
}

}  // namespace

void KeyCodec::decode(ByteSpan key, size_t count, Datum* values, Arena& arena) const {
  for (size_t i = 0; i < count; ++i) {
    const KeyColumn& column = columns_[i];
    values[i] = Datum::null();
    std::byte marker = key[0];
    key = key.subspan(1);
    if (marker != kValue) continue;
    size_t size = encoded_size(column, key);
    ByteSpan bytes = key.first(size);
    key = key.subspan(size);
    if (!form_is_decodable(column.form)) continue;
    if (column.form == KeyForm::kText) bytes = bytes.first(size - 1);
    if (column.descending) {
      auto* inverted = reinterpret_cast<std::byte*>(arena.allocate(bytes.size()));
      for (size_t at = 0; at < bytes.size(); ++at) inverted[at] = ~bytes[at];
      bytes = {inverted, bytes.size()};
    }
    values[i] = decode_value(column.form, bytes);
  }
}

void check_key_size(ByteSpan key, std::string_view index, std::string_view table) {
  constexpr size_t kOverhead = 8;
  if (key.size() + kOverhead <= storage::kMaxKeySize) return;
  throw base::SqlException(
      base::Error(base::sqlstate::kProgramLimitExceeded,
                  "index row size " + std::to_string(key.size() + kOverhead) +
                      " exceeds btree version 4 maximum " + std::to_string(storage::kMaxKeySize) +
                      " for index \"" + std::string(index) + "\"")
          .detail("Index row references a row in relation \"" + std::string(table) + "\".")
          .hint("Values larger than 1/3 of a buffer page cannot be indexed.\nConsider a function "
                "index of an MD5 hash of the value, or use full text indexing."));
}

}  // namespace isolde::sql
