#include <algorithm>
#include <map>

#include "sql/catalog/builtin_objects.hpp"
#include "sql/session/instance.hpp"
#include "sql/views/catalog_reader.hpp"
#include "sql/views/views.hpp"
#include "txn/lock_manager.hpp"

// What has happened, as far as it is counted: rows and pages as of the last ANALYZE, sessions,
// deadlocks. What is not counted is 0.

namespace isolde::sql {

namespace {

template <typename Visit>
void for_each_table(const CatalogReader& catalog, Visit&& visit) {
  for (const RelationPtr& one : catalog.relations()) {
    if (one->relation_kind != RelationKind::kTable) continue;
    ObjectPtr schema = catalog.image().find(ObjectKind::kNamespace, one->name_space);
    visit(*one, schema == nullptr ? std::string() : schema->name);
  }
}

}  // namespace

void fill_stat_all_tables(SessionServices& services, VirtualRows& rows) {
  for_each_table(CatalogReader(services), [&](const RelationObject& r, const std::string& schema) {
    const auto live = static_cast<int64_t>(std::max(r.statistics.rows, 0.0));
    rows.row(r.oid, schema, r.name, 0, 0, 0, 0, 0, 0, 0, 0, live, 0, 0, 0, nullptr, nullptr,
             nullptr, nullptr, 0, 0, 0, 0);
  });
}

void fill_stat_xact_all_tables(SessionServices& services, VirtualRows& rows) {
  for_each_table(CatalogReader(services), [&](const RelationObject& r, const std::string& schema) {
    rows.row(r.oid, schema, r.name, 0, 0, 0, 0, 0, 0, 0, 0);
  });
}

void fill_stat_database(SessionServices& services, VirtualRows& rows) {
  CatalogReader catalog(services);
  std::map<std::string, int64_t> sessions;
  if (ActivitySource* source = services.instance().activity()) {
    source->for_each([&](const Activity& one) { ++sessions[one.database]; });
  }
  for (const ObjectPtr& one : catalog.objects(ObjectKind::kDatabase)) {
    const uint64_t deadlocks = services.instance().locks().deadlocks(one->oid);
    rows.row(one->oid, one->name, sessions[one->name], 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
             deadlocks, nullptr, nullptr, 0.0, 0.0, 0.0, 0.0, 0.0, sessions[one->name], 0, 0, 0,
             services.instance().started());
  }
}

void fill_pg_stats(SessionServices& services, VirtualRows& rows) {
  for_each_table(CatalogReader(services), [&](const RelationObject& r, const std::string& schema) {
    for (size_t i = 0; i < r.statistics.columns.size() && i < r.columns.size(); ++i) {
      const RelationStatistics::Column& s = r.statistics.columns[i];
      rows.row(schema, r.name, r.columns[i].name, false, s.null_fraction,
               static_cast<int64_t>(s.width), s.distinct, nullptr, s.common_frequencies, nullptr,
               s.correlation, nullptr, nullptr, nullptr);
    }
  });
}

}  // namespace isolde::sql
