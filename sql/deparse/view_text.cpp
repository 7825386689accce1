#include "sql/deparse/view_text.hpp"

#include <pg_query/pg_query.pb-c.h>

#include "sql/binder/binder.hpp"
#include "sql/parser/parse.hpp"
#include "sql/settings/identifier_list.hpp"
#include "sql/table/table_info.hpp"

namespace isolde::sql {

std::string CatalogRelationNames::relation(const FromItem& item) const {
  const RelationObject* relation = item.view.get();
  if (relation == nullptr && item.info != nullptr) relation = item.info->relation.get();
  if (relation == nullptr) return RelationNames::relation(item);
  std::string name = quote_identifier(relation->name);
  if (path_ != nullptr && path_->is_visible(image_, *relation)) return name;
  ObjectPtr schema = image_.find(ObjectKind::kNamespace, relation->name_space);
  return schema == nullptr ? name : quote_identifier(schema->name) + "." + name;
}

std::string view_text(const RelationObject& view, const TableNames& names,
                      const DeparseOptions& options) {
  auto parsed = base::value_or_throw(parse_query(view.definition));
  PlanMemory memory;
  Binder::Input input;
  input.text = parsed->text();
  input.style = &options.style;
  input.names = &names;
  Query* query = Binder(std::move(input), memory).bind_query(*parsed->statement(0)->select_stmt);
  for (size_t i = 0; i < view.columns.size(); ++i) query->targets[i].name = view.columns[i].name;
  if (!memory.routines.empty()) return " " + view.definition;
  try {
    return deparse_view(*query, CatalogRelationNames(*names.image, &names.path), options);
  } catch (const base::SqlException& e) {
    if (e.error().state() != base::sqlstate::kFeatureNotSupported) throw;
  }
  return " " + view.definition;
}

}  // namespace isolde::sql
