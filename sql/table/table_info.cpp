#include "sql/table/table_info.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

namespace {

const Type& known_type(const TypeSource& types, Oid oid) {
  const Type* type = types.find(oid);
  if (type == nullptr) {
    fail(base::sqlstate::kInternalError,
         "cache lookup failed for type " + std::to_string(oid.value));
  }
  return *type;
}

/// Missing values live as long as the description of their column.
Datum missing_value(const ColumnObject& column, const Type& type, Arena& arena) {
  if (!column.missing_value) return Datum::null();
  return type.from_binary(*column.missing_value, column.typmod, arena);
}

/// A TableInfo with the memory of its missing values.
struct OwnedTableInfo : TableInfo {
  Arena arena;
};

IndexInfo index_info(RelationPtr relation, txn::Index* index, const TypeSource& types) {
  IndexInfo info;
  info.index = index;
  info.codec = key_codec(*relation->index, types);
  for (const IndexKeyObject& key : relation->index->keys) info.columns.push_back(key.column - 1);
  info.relation = std::move(relation);
  return info;
}

}  // namespace

bool IndexInfo::has_expressions() const {
  return std::find(columns.begin(), columns.end(), -1) != columns.end();
}

bool IndexInfo::is_candidate_key() const {
  return description().unique && !description().predicate && !has_expressions() &&
         description().immediate;
}

int TableInfo::find(std::string_view name) const {
  for (int place : live) {
    if (column(place).name == name) return place;
  }
  return -1;
}

std::string TableInfo::schema_name(const CatalogImage& image) const {
  ObjectPtr schema = image.find(ObjectKind::kNamespace, relation->name_space);
  return schema == nullptr ? std::string() : schema->name;
}

KeyCodec key_codec(const IndexObject& index, const TypeSource& types) {
  std::vector<KeyColumn> columns;
  for (const IndexKeyObject& key : index.keys) {
    columns.emplace_back(known_type(types, key.type), key.descending, key.nulls_first);
  }
  return KeyCodec(std::move(columns));
}

TableInfoPtr make_table_info(const CatalogImage& image, RelationPtr relation, txn::TablePtr table,
                             const TypeSource& types) {
  auto info = std::make_shared<OwnedTableInfo>();
  for (size_t i = 0; i < relation->columns.size(); ++i) {
    const ColumnObject& column = relation->columns[i];
    RowColumn& made = info->shape.emplace_back(row_column(known_type(types, column.type)));
    made.dropped = column.dropped;
    if (column.dropped) continue;
    made.missing = missing_value(column, *made.type, info->arena);
    info->live.push_back(static_cast<int>(i));
  }
  for (const auto& index : table->indexes) {
    info->indexes.push_back(index_info(image.relation(index->oid), index.get(), types));
  }
  info->relation = std::move(relation);
  info->table = std::move(table);
  return info;
}

}  // namespace isolde::sql
