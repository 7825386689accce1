#include "sql/types/enum_type.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sql/types/errors.hpp"
#include "sql/types/hash.hpp"

namespace isolde::sql {

namespace {

const EnumType& enum_of(const Type& type) {
  return static_cast<const EnumType&>(type);
}

Datum read_label(const Type& type, std::string_view text) {
  const EnumLabel* label = enum_of(type).find(text);
  if (label == nullptr) {
    fail(base::sqlstate::kInvalidTextRepresentation,
         fmt::format("invalid input value for enum {}: \"{}\"", type.sql_name, text));
  }
  return Datum::of_int(label->oid.value);
}
Datum enum_from_text(const Type& type, std::string_view text, int32_t, Arena&, const OutputStyle&) {
  return read_label(type, text);
}
void enum_to_text(const Type& type, Datum value, std::string& out, const OutputStyle&) {
  out += enum_of(type).labels()[enum_of(type).rank(value)].name;
}
Datum enum_from_binary(const Type& type, std::string_view bytes, int32_t, Arena&) {
  return read_label(type, bytes);
}
void enum_to_binary(const Type& type, Datum value, std::string& out) {
  out += enum_of(type).labels()[enum_of(type).rank(value)].name;
}
std::strong_ordering compare_enums(const Type& type, Datum a, Datum b) {
  if (a.as_int() == b.as_int()) return std::strong_ordering::equal;
  return enum_of(type).rank(a) <=> enum_of(type).rank(b);
}
uint64_t hash_enum(const Type&, Datum value) {
  return hash_integer(static_cast<uint64_t>(value.as_int()));
}

const TypeFunctions kEnumFunctions{enum_from_text, enum_to_text,  enum_from_binary,
                                   enum_to_binary, compare_enums, hash_enum};

}  // namespace

EnumType::EnumType(base::Oid type_oid, base::Oid array_oid, std::string type_name,
                   std::string shown_name, std::vector<EnumLabel> all_labels)
    : own_name_(std::move(type_name)),
      own_sql_name_(std::move(shown_name)),
      labels_(std::move(all_labels)) {
  oid = type_oid;
  name = own_name_;
  sql_name = own_sql_name_;
  size = 4;
  alignment = 'i';
  kind = TypeKind::kEnum;
  category = 'E';
  array_type = array_oid;
  storage = Storage::kInteger;
  functions = &kEnumFunctions;
  std::sort(labels_.begin(), labels_.end(),
            [](const EnumLabel& a, const EnumLabel& b) { return a.sort_order < b.sort_order; });
  for (size_t i = 0; i < labels_.size(); ++i) rank_[labels_[i].oid.value] = i;
}

const EnumLabel* EnumType::find(std::string_view wanted) const {
  auto at = std::find_if(labels_.begin(), labels_.end(),
                         [&](const EnumLabel& label) { return label.name == wanted; });
  return at == labels_.end() ? nullptr : &*at;
}

size_t EnumType::rank(Datum value) const {
  auto at = rank_.find(static_cast<uint32_t>(value.as_int()));
  if (at == rank_.end()) {
    fail_binary(fmt::format("invalid internal value for enum: {}", value.as_int()));
  }
  return at->second;
}

}  // namespace isolde::sql
