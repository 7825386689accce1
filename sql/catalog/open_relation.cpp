#include "sql/catalog/open_relation.hpp"

namespace isolde::sql {

namespace {

txn::TablePtr open_table(Oid database, const RelationObject& relation,
                         const std::vector<ObjectPtr>& indexes, storage::Store& store,
                         storage::VersionJudge& judge) {
  auto table = std::make_shared<txn::Table>(database, relation.oid, relation.name, store,
                                            relation.file, &judge);
  for (const ObjectPtr& object : indexes) {
    const auto& index = static_cast<const RelationObject&>(*object);
    auto opened = std::make_unique<txn::Index>(index.oid, index.name, store, index.file);
    opened->unique = index.index->unique;
    opened->primary = index.index->primary;
    opened->immediate = index.index->immediate;
    table->indexes.push_back(std::move(opened));
  }
  return table;
}

}  // namespace

EntryPtr make_entry(ObjectPtr object, std::vector<storage::TupleId> rows) {
  auto open = object->kind == ObjectKind::kRelation ? std::make_shared<OpenRelation>() : nullptr;
  return std::make_shared<ObjectEntry>(std::move(object), std::move(rows), std::move(open));
}

txn::TablePtr OpenRelation::get(const CatalogImage& image, const RelationObject& relation,
                                storage::Store& store, storage::VersionJudge& judge) {
  std::vector<ObjectPtr> indexes = image.parts_of(relation.oid);
  std::erase_if(indexes, [](const ObjectPtr& part) {
    return part->kind != ObjectKind::kRelation ||
           !static_cast<const RelationObject&>(*part).index.has_value();
  });
  std::lock_guard lock(mutex_);
  if (table_ == nullptr || indexes != indexes_) {
    table_ = open_table(image.database(), relation, indexes, store, judge);
    indexes_ = std::move(indexes);
  }
  return table_;
}

}  // namespace isolde::sql
