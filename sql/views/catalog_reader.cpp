#include "sql/views/catalog_reader.hpp"

#include <algorithm>

#include "sql/binder/table_names.hpp"
#include "sql/catalog/system_relations.hpp"

namespace isolde::sql {

CatalogReader::CatalogReader(SessionServices& services)
    : services_(services), image_(services.catalog_image()) {}

std::vector<ObjectPtr> CatalogReader::objects(ObjectKind kind) const {
  std::vector<ObjectPtr> found;
  image_->for_each(kind, [&](const ObjectPtr& one) { found.push_back(one); });
  std::ranges::sort(found, {}, [](const ObjectPtr& one) { return one->oid; });
  return found;
}

std::vector<RelationPtr> CatalogReader::relations() const {
  std::vector<RelationPtr> found(system_relations().begin(), system_relations().end());
  for (const RelationPtr& one : all<RelationObject>(ObjectKind::kRelation)) found.push_back(one);
  return found;
}

std::vector<std::shared_ptr<const ConstraintObject>> CatalogReader::constraints_of(
    Oid relation) const {
  std::vector<std::shared_ptr<const ConstraintObject>> found;
  for (const ObjectPtr& part : image_->parts_of(relation)) {
    if (part->kind != ObjectKind::kConstraint) continue;
    found.push_back(std::static_pointer_cast<const ConstraintObject>(part));
  }
  return found;
}

const Type* CatalogReader::type(Oid oid) const {
  return services_.table_names().types->find(oid);
}

Oid catalog_of(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::kNamespace:
      return catalog_ids::kNamespace;
    case ObjectKind::kRelation:
      return catalog_ids::kClass;
    case ObjectKind::kType:
      return catalog_ids::kType;
    case ObjectKind::kConstraint:
      return catalog_ids::kConstraint;
    case ObjectKind::kFunction:
      return catalog_ids::kProc;
    case ObjectKind::kRole:
      return catalog_ids::kAuthId;
    case ObjectKind::kDatabase:
      return catalog_ids::kDatabase;
    case ObjectKind::kMembership:
      return Oid{1261};
    case ObjectKind::kSettings:
      return Oid{2964};
    case ObjectKind::kDefaultAcl:
      return Oid{826};
    case ObjectKind::kCounter:
      break;
  }
  return Oid{};
}

Oid default_oid(Oid relation, size_t place) {
  return Oid(0x80000000U | (relation.value * 64 + static_cast<uint32_t>(place)));
}

Oid rule_oid(Oid view) {
  return Oid(0x40000000U | view.value);
}

std::vector<ColumnObject> index_columns(const CatalogImage& image, const RelationObject& index) {
  std::vector<ColumnObject> columns;
  RelationPtr table = image.relation(index.index->table);
  auto of_table = [&](int16_t number) -> const ColumnObject& {
    return table->columns[static_cast<size_t>(number - 1)];
  };
  for (const IndexKeyObject& key : index.index->keys) {
    ColumnObject& column = columns.emplace_back();
    column.type = key.type;
    column.collation = key.collation;
    if (key.column == 0) {
      column.name = index.columns[columns.size() - 1].name;
    } else {
      column.name = of_table(key.column).name;
      column.type = of_table(key.column).type;
      column.typmod = of_table(key.column).typmod;
    }
  }
  for (int16_t number : index.index->included) {
    ColumnObject& column = columns.emplace_back();
    column.name = of_table(number).name;
    column.type = of_table(number).type;
    column.typmod = of_table(number).typmod;
  }
  return columns;
}

std::vector<ColumnObject> columns_of(const CatalogImage& image, const RelationObject& relation) {
  if (relation.index) return index_columns(image, relation);
  if (relation.relation_kind != RelationKind::kSequence) return relation.columns;
  std::vector<ColumnObject> columns(3);
  columns[0].name = "last_value";
  columns[0].type = types::kInt8;
  columns[1].name = "log_cnt";
  columns[1].type = types::kInt8;
  columns[2].name = "is_called";
  columns[2].type = types::kBool;
  for (ColumnObject& column : columns) column.not_null = true;
  return columns;
}

}  // namespace isolde::sql
