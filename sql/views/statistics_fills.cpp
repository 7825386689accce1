#include <cmath>
#include <map>

#include "sql/binder/table_names.hpp"
#include "sql/catalog/builtin_objects.hpp"
#include "sql/catalog/database.hpp"
#include "sql/catalog/privileges.hpp"
#include "sql/session/instance.hpp"
#include "sql/statistics/distribution.hpp"
#include "sql/statistics/table_histories.hpp"
#include "sql/types/array.hpp"
#include "sql/types/output_style.hpp"
#include "sql/types/type_ids.hpp"
#include "sql/views/catalog_reader.hpp"
#include "sql/views/views.hpp"
#include "txn/lock_manager.hpp"

// What has happened, as far as it is counted: what was written to tables, sessions, deadlocks; and
// what ANALYZE has found out. What is not counted is 0.

namespace isolde::sql {

namespace {

template <typename Visit>
void for_each_table(const CatalogReader& catalog, Visit&& visit) {
  for (const RelationPtr& one : catalog.relations()) {
    if (!has_rows(*one)) continue;
    ObjectPtr schema = catalog.image().find(ObjectKind::kNamespace, one->name_space);
    visit(*one, schema == nullptr ? std::string() : schema->name);
  }
}

}  // namespace

void fill_stat_all_tables(SessionServices& services, VirtualRows& rows) {
  const Oid database = services.current_database().oid();
  TableHistories& histories = services.instance().histories();
  for_each_table(CatalogReader(services), [&](const RelationObject& r, const std::string& schema) {
    const TableKey key{database, r.oid};
    const TableHistory h = histories.of(key);
    rows.row(r.oid, schema, r.name, 0, 0, 0, 0, h.inserted, h.updated, h.deleted, h.hot_updated,
             h.live, h.dead, h.changed_since_analyze, h.inserted_since_vacuum, h.vacuum.last,
             h.autovacuum.last, h.analyze.last, h.autoanalyze.last, h.vacuum.times,
             h.autovacuum.times, h.analyze.times, h.autoanalyze.times);
  });
}

void fill_stat_xact_all_tables(SessionServices& services, VirtualRows& rows) {
  for_each_table(CatalogReader(services), [&](const RelationObject& r, const std::string& schema) {
    const RowChanges now = table_changes_of(services).so_far(r.oid);
    rows.row(r.oid, schema, r.name, 0, 0, 0, 0, now.inserted, now.updated, now.deleted,
             now.hot_updated);
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

namespace {

/// Values of any type, as texts where arrays of the type are not built in.
Datum values_of(Oid type_oid, const std::vector<std::string>& texts, Arena& arena) {
  if (texts.empty()) return {};
  const Type* type = find_type(type_oid);
  if (type == nullptr || find_type(type->array_type) == nullptr) type = find_type(types::kText);
  std::vector<Datum> values;
  for (const std::string& text : texts)
    values.push_back(type->from_text(text, -1, arena, OutputStyle{}));
  return make_array(*type, values, arena);
}

std::optional<double> unless_nan(double number) {
  if (std::isnan(number)) return std::nullopt;
  return number;
}

std::optional<std::vector<double>> unless_empty(const std::vector<double>& numbers) {
  if (numbers.empty()) return std::nullopt;
  return numbers;
}

}  // namespace

void fill_pg_stats(SessionServices& services, VirtualRows& rows) {
  const CatalogReader catalog(services);
  const Oid role = services.table_names().role;
  for_each_table(catalog, [&](const RelationObject& r, const std::string& schema) {
    for (size_t i = 0; i < r.statistics.columns.size() && i < r.columns.size(); ++i) {
      const RelationStatistics::Column& s = r.statistics.columns[i];
      if (!is_known(s) || r.columns[i].dropped) continue;
      if (!has_column_privilege(catalog.image(), role, r, i, Privilege::kSelect)) continue;
      const Oid type = r.columns[i].type;
      rows.row(schema, r.name, r.columns[i].name, false, s.null_fraction, std::llround(s.width),
               s.distinct, values_of(type, s.common_values, rows.arena()),
               unless_empty(s.common_frequencies), values_of(type, s.histogram, rows.arena()),
               unless_nan(s.correlation), nullptr, nullptr, nullptr);
    }
  });
}

}  // namespace isolde::sql
