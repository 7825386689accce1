#include "sql/types/composite_type.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "sql/types/byte_order.hpp"
#include "sql/types/type_ids.hpp"

namespace isolde::sql {

namespace {

constexpr size_t kHeader = 12;
constexpr uint32_t kNull = 0x80000000;

bool is_inline(const Type& type) {
  return type.storage != Storage::kBytes;
}

void store_value(char* to, Datum value, Storage storage) {
  if (storage == Storage::kFloat) return store(to, value.as_float());
  store(to, value.as_int());
}

size_t value_size(const Type& type, Datum value) {
  if (value.is_null()) return 0;
  return is_inline(type) ? sizeof(int64_t) : value.as_bytes().size();
}

Datum build(const CompositeType& type, const CompositeType* stamp, std::span<const Datum> fields,
            Arena& arena) {
  size_t head = kHeader + fields.size() * sizeof(uint32_t);
  size_t total = head;
  for (size_t i = 0; i < fields.size(); ++i) total += value_size(*type.fields[i].type, fields[i]);
  char* to = arena.allocate(total);
  store(to, reinterpret_cast<uint64_t>(stamp));
  store(to + 8, static_cast<uint32_t>(fields.size()));
  char* data = to + head;
  uint32_t end = 0;
  for (size_t i = 0; i < fields.size(); ++i) {
    const Type& field = *type.fields[i].type;
    size_t size = value_size(field, fields[i]);
    if (!fields[i].is_null() && is_inline(field)) {
      store_value(data + end, fields[i], field.storage);
    } else if (size > 0) {
      std::memcpy(data + end, fields[i].as_bytes().data(), size);
    }
    end += static_cast<uint32_t>(size);
    store(to + kHeader + i * 4, fields[i].is_null() ? end | kNull : end);
  }
  return Datum::of_bytes({to, total});
}

}  // namespace

CompositeType::CompositeType(base::Oid type_oid, base::Oid array_oid, std::string type_name,
                             std::string shown_name, std::vector<CompositeField> columns)
    : fields(std::move(columns)),
      own_name_(std::move(type_name)),
      own_sql_name_(std::move(shown_name)) {
  oid = type_oid;
  name = own_name_;
  sql_name = own_sql_name_;
  alignment = 'd';
  kind = TypeKind::kComposite;
  category = 'C';
  array_type = array_oid;
  functions = &kRecordFunctions;
}

CompositeType::CompositeType(std::vector<CompositeField> columns)
    : CompositeType(types::kRecord, types::kRecordArray, "record", "record", std::move(columns)) {
  kind = TypeKind::kPseudo;
  category = 'P';
}

int CompositeType::find(std::string_view field) const {
  for (size_t i = 0; i < fields.size(); ++i) {
    if (!fields[i].dropped && fields[i].name == field) return static_cast<int>(i);
  }
  return -1;
}

RecordView::RecordView(const Type& type, Datum value) : bytes_(value.as_bytes().data()) {
  shape_ = type.kind == TypeKind::kComposite
               ? static_cast<const CompositeType*>(&type)
               : reinterpret_cast<const CompositeType*>(load<uint64_t>(bytes_));
  ISOLDE_CHECK(shape_ != nullptr, "a record carries its shape");
  count_ = load<uint32_t>(bytes_ + 8);
}

Datum RecordView::operator[](size_t i) const {
  if (i >= count_) return Datum::null();
  const char* ends = bytes_ + kHeader;
  uint32_t end = load<uint32_t>(ends + i * 4);
  if ((end & kNull) != 0 || shape_->fields[i].dropped) return Datum::null();
  uint32_t begin = i == 0 ? 0 : load<uint32_t>(ends + (i - 1) * 4) & ~kNull;
  const char* data = ends + size_t{count_} * 4;
  switch (shape_->fields[i].type->storage) {
    case Storage::kBytes:
      return Datum::of_bytes({data + begin, end - begin});
    case Storage::kFloat:
      return Datum::of_float(load<double>(data + begin));
    case Storage::kBool:
    case Storage::kInteger:
      return Datum::of_int(load<int64_t>(data + begin));
  }
  return Datum::null();
}

Datum make_record(const CompositeType& type, std::span<const Datum> fields, Arena& arena) {
  return build(type, type.oid == types::kRecord ? &type : nullptr, fields, arena);
}

Datum to_record(const CompositeType& type, Datum value, Arena& arena) {
  std::string_view bytes = arena.copy(value.as_bytes());
  store(const_cast<char*>(bytes.data()), reinterpret_cast<uint64_t>(&type));
  return Datum::of_bytes(bytes);
}

}  // namespace isolde::sql
