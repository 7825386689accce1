#include "sql/ddl/forget.hpp"

#include "sql/types/domain_type.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

void forget_default(ColumnObject& column) {
  column.default_text.reset();
  std::erase_if(column.needs, [&](Oid needed) { return needed != column.type; });
  column.reads.clear();
  column.generated = false;
}

void forget_column(ColumnObject& column, int16_t number) {
  forget_default(column);
  column.name = "........pg.dropped." + std::to_string(number) + "........";
  column.dropped = true;
  column.not_null = false;
  column.identity = Identity::kNone;
  column.needs.clear();
  column.comment.reset();
  column.acl.reset();
  column.missing_value.reset();
}

Oid lasting_type(const Type& type) {
  const Type& plain = base_of(type);
  if (find_type(plain.oid) != nullptr) return plain.oid;
  return plain.kind == TypeKind::kEnum ? types::kOid : types::kBytea;
}

bool column_uses_type(const CatalogImage& image, const ColumnObject& column, Oid type) {
  if (column.type == type) return true;
  ObjectPtr owner = image.owner_of_type(column.type);
  if (owner == nullptr) return false;
  return owner->oid == type;
}

}  // namespace isolde::sql
