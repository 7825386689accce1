// Views over something that is renamed.

#include <algorithm>

#include "sql/ddl/rename_relation.hpp"
#include "sql/deparse/deparse.hpp"
#include "sql/parser/parse.hpp"
#include "sql/settings/identifier_list.hpp"
#include "sql/table/table_info.hpp"

#include <pg_query/pg_query.pb-c.h>

namespace isolde::sql {

/// A view's query, bound while the old names were right.
struct ViewTexts::Bound {
  Oid view;
  PlanMemory memory;
  Query* query = nullptr;
};

namespace {

/// The table or view that an item of FROM reads; null for others.
const RelationObject* relation_of(const FromItem& item) {
  if (item.view != nullptr) return item.view.get();
  return item.kind == FromItem::Kind::kTable ? item.info->relation.get() : nullptr;
}

/// Every relation by its schema and the name that it has now.
class FullNames final : public RelationNames {
 public:
  explicit FullNames(const CatalogImage& image) : image_(image) {}
  std::string relation(const FromItem& item) const override {
    const RelationObject* relation = relation_of(item);
    if (relation == nullptr) return RelationNames::relation(item);
    RelationPtr now = image_.relation(relation->oid);
    ObjectPtr schema = image_.find(ObjectKind::kNamespace, now->name_space);
    return quote_identifier(schema->name) + "." + quote_identifier(now->name);
  }

 private:
  const CatalogImage& image_;
};

}  // namespace

ViewTexts::ViewTexts(Definer& d, Oid relation)
    : d_(d), relation_(relation), before_(d.image().relation(relation)) {
  for (const ObjectPtr& dependent : d.image().dependents_of(relation)) {
    if (dependent->kind != ObjectKind::kRelation) continue;
    const auto& view = static_cast<const RelationObject&>(*dependent);
    if (!is_view(view)) continue;
    d.lock(view.oid, txn::table_mode::kAccessExclusive);
    Bound& bound = *views_.emplace_back(std::make_unique<Bound>());
    bound.view = view.oid;
    auto parsed = base::value_or_throw(parse_query(view.definition));
    bound.memory.texts.push_back(parsed);
    bound.query =
        Binder(d.binder_input(), bound.memory).bind_query(*parsed->statement(0)->select_stmt);
  }
}

ViewTexts::~ViewTexts() = default;

void ViewTexts::rewrite() {
  RelationPtr now = d_.image().relation(relation_);
  for (const auto& one : views_) {
    Bound& bound = *one;
    for (FromItem& item : bound.memory.from_items) {
      const RelationObject* read = relation_of(item);
      if (read == nullptr || read->oid != relation_) continue;
      // Names that the view gave itself stay.
      if (item.alias == before_->name) item.alias = now->name;
      size_t at = 0;
      for (size_t place = 0; place < now->columns.size(); ++place) {
        if (now->columns[place].dropped) continue;
        std::string& name = item.columns[at++].name;
        if (name == before_->columns[place].name) name = now->columns[place].name;
      }
      if (item.view != nullptr) {
        item.view = now;
        continue;
      }
      auto info = std::make_shared<TableInfo>(*item.info);
      info->relation = now;
      item.info = std::move(info);
    }
    auto changed = d_.edit(*d_.image().relation(bound.view));
    CatalogImagePtr image = d_.image_ptr();
    changed->definition = deparse_view(*bound.query, FullNames(*image));
    d_.put(changed);
  }
}

}  // namespace isolde::sql
