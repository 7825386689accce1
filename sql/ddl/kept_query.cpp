#include "sql/ddl/kept_query.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/binder/nodes.hpp"
#include "sql/catalog/catalog_types.hpp"
#include "sql/ddl/expression.hpp"
#include "sql/ddl/qualify.hpp"
#include "sql/deparse/view_text.hpp"
#include "sql/table/table_info.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

class QueryKeeper {
 public:
  QueryKeeper(Definer& d, const PgQuery__Node& select, const GivenNames& names)
      : d_(d), select_(select), names_(names) {}

  KeptQuery keep(const std::function<void(const Query&)>& check) {
    PlanMemory memory;
    TableNames names = d_.names();
    names.types = std::make_shared<CatalogTypes>(names.image, names.path, SearchPath{});
    Binder::Input input = d_.binder_input();
    input.names = &names;
    Query* query = Binder(std::move(input), memory).bind_query(*select_.select_stmt);
    name_columns(*query);
    try {
      if (!memory.routines.empty()) {
        fail(base::sqlstate::kFeatureNotSupported, "sql/deparse knows no function of the catalog");
      }
      kept_.definition = deparse_view(*query, CatalogRelationNames(*names.image, nullptr));
    } catch (const base::SqlException& e) {
      if (e.error().state() != base::sqlstate::kFeatureNotSupported) throw;
      kept_.definition = qualified_statement(d_, select_, memory) + ";";
    }
    note_needs(memory);
    if (check) check(*query);
    return std::move(kept_);
  }

 private:
  void name_columns(Query& query) {
    auto width = static_cast<size_t>(query.visible_targets());
    if (names_.count > width) {
      fail(base::sqlstate::kSyntaxError, std::string(names_.too_many));
    }
    for (size_t i = 0; i < width; ++i) {
      Target& target = query.targets[i];
      if (i < names_.count) target.name = string_of(*names_.names[i]);
      auto same = [&](const ColumnObject& other) { return other.name == target.name; };
      if (std::ranges::any_of(kept_.columns, same)) {
        fail(base::sqlstate::kDuplicateColumn,
             "column " + quoted(target.name) + " specified more than once");
      }
      const Type& type = *target.value->type;
      if (type.kind == TypeKind::kPseudo) {
        fail(base::sqlstate::kInvalidTableDefinition,
             "column " + quoted(target.name) + " has pseudo-type " + format_type(type));
      }
      ColumnObject& column = kept_.columns.emplace_back();
      column.name = target.name;
      column.type = type.oid;
      column.typmod = target.value->typmod;
      column.collation = default_collation(type);
    }
  }

  /// The relations that the query itself names, with the columns that it reads; functions and
  /// types. What the views in it need is their own affair.
  void note_needs(const PlanMemory& memory) {
    kept_.needs = objects_used(memory, d_.image());
    std::vector<Oid> direct;
    for (const RelationUse& use : memory.relations) {
      if (use.as_role == Oid{}) direct.push_back(use.relation);
    }
    std::vector<Oid> by_column;
    for (const FromItem& item : memory.from_items) {
      if (item.kind != FromItem::Kind::kTable) continue;
      if (std::ranges::find(direct, item.info->oid()) == direct.end()) continue;
      for (size_t i = 0; i < item.info->live.size(); ++i) {
        if (!item.used[i]) continue;
        ColumnRef ref{item.info->oid(), static_cast<int16_t>(item.info->live[i] + 1)};
        if (std::ranges::find(kept_.needs_columns, ref) != kept_.needs_columns.end()) continue;
        kept_.needs_columns.push_back(ref);
        by_column.push_back(ref.relation);
      }
    }
    for (Oid relation : direct) {
      if (std::ranges::find(by_column, relation) == by_column.end())
        kept_.needs.push_back(relation);
      RelationPtr found = d_.image().relation(relation);
      kept_.temporary |= found != nullptr && found->persistence == Persistence::kTemporary;
    }
    std::ranges::sort(kept_.needs);
    kept_.needs.erase(std::unique(kept_.needs.begin(), kept_.needs.end()), kept_.needs.end());
  }

  Definer& d_;
  const PgQuery__Node& select_;
  const GivenNames& names_;
  KeptQuery kept_;
};

}  // namespace

void KeptQuery::give_to(RelationObject& view) const {
  view.columns = columns;
  view.definition = definition;
  view.needs = needs;
  view.needs_columns = needs_columns;
  std::erase(view.needs, view.oid);
}

KeptQuery keep_query(Definer& d, const PgQuery__Node& select, const GivenNames& names,
                     const std::function<void(const Query&)>& check) {
  return QueryKeeper(d, select, names).keep(check);
}

}  // namespace isolde::sql
