#include "sql/views/virtual_table.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "sql/catalog/objects.hpp"
#include "sql/types/array.hpp"
#include "sql/types/output_style.hpp"
#include "sql/types/type_registry.hpp"
#include "sql/views/acl_array.hpp"

namespace isolde::sql {

void VirtualRows::start() {
  row_ = arena_.allocate_array<Datum>(types_.size());
  row_[types_.size() - 1] = Datum::of_int(relation_.value);
  rows_.push_back(row_);
  at_ = 0;
}

void VirtualRows::row_of(std::span<const Datum> values) {
  start();
  for (Datum datum : values) add(datum);
  check_whole();
}

void VirtualRows::check_whole() const {
  ISOLDE_CHECK(at_ + 1 == types_.size(), "a row of a system relation has a value for each column");
}

Datum VirtualRows::value(bool truth) const {
  ISOLDE_CHECK(type().storage == Storage::kBool, type().name.data());
  return Datum::of_bool(truth);
}

Datum VirtualRows::value(double number) const {
  ISOLDE_CHECK(type().storage == Storage::kFloat, type().name.data());
  return Datum::of_float(number);
}

Datum VirtualRows::integer(int64_t number) const {
  if (type().storage == Storage::kFloat) return Datum::of_float(static_cast<double>(number));
  ISOLDE_CHECK(type().storage == Storage::kInteger, type().name.data());
  return Datum::of_int(number);
}

Datum VirtualRows::value(std::string_view text) const {
  const bool plain = type().category == 'S' || type().oid == types::kPgNodeTree;
  if (plain) return arena_.bytes(text);
  return type().from_text(text, -1, arena_, OutputStyle{});
}

Datum VirtualRows::array(std::span<const Datum> elements) const {
  const Type& element = type_of(type().element_type);
  if (type().is_array() && type().oid != types::kOidVector && type().oid != types::kInt2Vector) {
    return elements.empty() ? empty_array(element, arena_) : make_array(element, elements, arena_);
  }
  // oidvector and int2vector count from 0.
  ArrayDimension dimension{static_cast<int32_t>(elements.size()), 0};
  if (elements.empty()) return empty_array(element, arena_);
  return make_array(element, elements, {&dimension, 1}, arena_);
}

Datum VirtualRows::value(const std::vector<AclEntry>& acl) const {
  return acl_array(acl, arena_);
}

}  // namespace isolde::sql
