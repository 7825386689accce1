#include <absl/container/flat_hash_set.h>

#include <algorithm>

#include "sql/catalog/database.hpp"
#include "sql/catalog/system_relations.hpp"
#include "sql/session/instance.hpp"
#include "sql/statistics/table_histories.hpp"
#include "sql/types/domain_type.hpp"
#include "sql/views/catalog_reader.hpp"
#include "sql/views/definitions.hpp"
#include "sql/views/index_classes.hpp"
#include "sql/views/type_storage.hpp"
#include "sql/views/views.hpp"
#include "storage/store.hpp"
#include "storage/visibility_map.hpp"

// Relations and their columns: pg_class, pg_attribute, pg_attrdef, pg_index, pg_sequence, ...

namespace isolde::sql {

namespace {

/// Relations that foreign keys start from or lead to: PostgreSQL keeps triggers on them.
absl::flat_hash_set<Oid> in_foreign_keys(const CatalogReader& catalog) {
  absl::flat_hash_set<Oid> found;
  for (const auto& one : catalog.all<ConstraintObject>(ObjectKind::kConstraint)) {
    if (one->constraint_kind != ConstraintKind::kForeignKey) continue;
    found.insert(one->relation);
    found.insert(one->referenced);
  }
  return found;
}

Oid access_method(const RelationObject& relation) {
  if (has_rows(relation)) return Oid{2};
  if (!relation.index) return Oid{};
  return relation.index->method == "hash" ? Oid{405} : Oid{403};
}

bool has_index(const CatalogImage& image, const RelationObject& relation) {
  if (!has_rows(relation)) return false;
  for (const ObjectPtr& part : image.parts_of(relation.oid)) {
    if (part->kind == ObjectKind::kRelation &&
        static_cast<const RelationObject&>(*part).relation_kind == RelationKind::kIndex) {
      return true;
    }
    // The index of PRIMARY KEY and UNIQUE is a part of the constraint.
    if (part->kind == ObjectKind::kConstraint &&
        static_cast<const ConstraintObject&>(*part).index != Oid{} &&
        static_cast<const ConstraintObject&>(*part).constraint_kind !=
            ConstraintKind::kForeignKey) {
      return true;
    }
  }
  return false;
}

int64_t count_checks(const CatalogReader& catalog, Oid relation) {
  int64_t checks = 0;
  for (const auto& one : catalog.constraints_of(relation)) {
    checks += one->constraint_kind == ConstraintKind::kCheck;
  }
  return checks;
}

/// As VACUUM or ANALYZE has counted them; by the map where that was before the server started.
int64_t all_visible_pages(SessionServices& services, const RelationObject& table) {
  if (table.relation_kind != RelationKind::kTable || table.statistics.pages == 0) return 0;
  const TableKey key{services.current_database().oid(), table.oid};
  TableHistories& histories = services.instance().histories();
  if (auto known = histories.of(key).all_visible_pages) return *known;
  storage::Store& store = services.instance().store();
  storage::VisibilityMap map(store.pool(), store.wal(), table.file);
  int64_t count = 0;
  for (uint32_t block = 0; block < table.statistics.pages; ++block) {
    base::value_or_throw(services.task().poll());
    count += base::value_or_throw(map.all_visible(storage::BlockNumber{block}));
  }
  histories.counted_visible(key, count);
  return count;
}

std::optional<std::vector<std::string>> unless_empty(const std::vector<std::string>& words) {
  if (words.empty()) return std::nullopt;
  return words;
}

}  // namespace

void fill_pg_class(SessionServices& services, VirtualRows& rows) {
  CatalogReader catalog(services);
  const absl::flat_hash_set<Oid> referring = in_foreign_keys(catalog);
  for (const RelationPtr& one : catalog.relations()) {
    const RelationObject& r = *one;
    const bool table = has_rows(r);
    const bool system = is_system_object(r.oid);
    const double tuples = r.relation_kind == RelationKind::kSequence ? 1
                          : r.relation_kind == RelationKind::kIndex
                              ? std::max(r.statistics.rows, 0.0)
                              : r.statistics.rows;
    rows.row(r.oid, r.name, r.name_space, r.row_type, 0, r.owner, access_method(r), r.file.number,
             0, r.statistics.pages, tuples, all_visible_pages(services, r), 0,
             has_index(catalog.image(), r), false, r.persistence, r.relation_kind,
             columns_of(catalog.image(), r).size(), count_checks(catalog, r.oid), is_view(r),
             referring.contains(r.oid), false, false, false, r.populated,
             table && !system ? 'd' : 'n', false, 0, table ? 3 : 0, table ? 1 : 0, r.acl,
             unless_empty(r.options), nullptr);
  }
}

namespace {

struct SystemColumn {
  int number;
  const char* name;
  Oid type;
};
constexpr SystemColumn kSystemColumns[] = {
    {-6, "tableoid", types::kOid}, {-5, "cmax", types::kCid}, {-4, "xmax", types::kXid},
    {-3, "cmin", types::kCid},     {-2, "xmin", types::kXid}, {-1, "ctid", types::kTid},
};

void add_system_columns(Oid relation, VirtualRows& rows) {
  for (const SystemColumn& one : kSystemColumns) {
    const Type& type = type_of(one.type);
    rows.row(relation, one.name, type.oid, 0, type.size, one.number, 0, -1, -1, is_by_value(type),
             type.alignment, 'p', '\0', true, false, false, '\0', '\0', false, true, 0, 0, nullptr,
             nullptr, nullptr, nullptr);
  }
}

/// A dropped column keeps its place under a name that nobody can mean.
void add_column(const CatalogReader& catalog, Oid relation, size_t place,
                const ColumnObject& column, VirtualRows& rows) {
  const Type* type = catalog.type(column.type);
  const int16_t size = type == nullptr ? int16_t{-1} : type->size;
  const char alignment = type == nullptr ? 'd' : type->alignment;
  const bool array = type != nullptr && type->element != nullptr;
  std::string name = column.name;
  if (column.dropped) name = "........pg.dropped." + std::to_string(place + 1) + "........";
  rows.row(relation, name, column.dropped ? Oid{} : column.type, column.statistics_target, size,
           place + 1, array ? 1 : 0, -1, column.typmod, type != nullptr && is_by_value(*type),
           alignment, type == nullptr ? 'x' : storage_letter(base_of(*type)), '\0', column.not_null,
           column.default_text.has_value(), column.missing_value.has_value(), column.identity,
           column.generated ? 's' : '\0', column.dropped, true, 0, column.collation, column.acl,
           nullptr, nullptr, nullptr);
}

}  // namespace

void fill_pg_attribute(SessionServices& services, VirtualRows& rows) {
  CatalogReader catalog(services);
  for (const RelationPtr& relation : catalog.relations()) {
    const bool stored = has_rows(*relation) || relation->relation_kind == RelationKind::kSequence;
    if (stored) add_system_columns(relation->oid, rows);
    const std::vector<ColumnObject> columns = columns_of(catalog.image(), *relation);
    for (size_t i = 0; i < columns.size(); ++i) {
      add_column(catalog, relation->oid, i, columns[i], rows);
    }
  }
}

void fill_pg_attrdef(SessionServices& services, VirtualRows& rows) {
  CatalogReader catalog(services);
  for (const RelationPtr& relation : catalog.relations()) {
    for (size_t i = 0; i < relation->columns.size(); ++i) {
      const ColumnObject& column = relation->columns[i];
      if (column.dropped || !column.default_text) continue;
      const TreeKind kind = column.generated ? TreeKind::kGenerated : TreeKind::kDefault;
      const auto number = static_cast<int16_t>(i + 1);
      rows.row(default_oid(relation->oid, i + 1), relation->oid, number,
               node_tree(kind, number, *column.default_text));
    }
  }
}

void fill_pg_index(SessionServices& services, VirtualRows& rows) {
  CatalogReader catalog(services);
  for (const RelationPtr& relation : catalog.relations()) {
    if (!relation->index) continue;
    const IndexObject& index = *relation->index;
    std::vector<int64_t> columns, options;
    std::vector<Oid> collations, classes;
    std::string expressions;
    for (const IndexKeyObject& key : index.keys) {
      columns.push_back(key.column);
      options.push_back((key.descending ? 1 : 0) + (key.nulls_first ? 2 : 0));
      collations.push_back(key.collation);
      classes.push_back(index_class(key));
      if (key.column == 0) expressions += (expressions.empty() ? "" : ", ") + key.expression;
    }
    for (int16_t column : index.included) columns.push_back(column);
    std::optional<std::string> made_of;
    if (!expressions.empty()) made_of = node_tree(TreeKind::kIndexKeys, 0, expressions);
    std::optional<std::string> predicate;
    if (index.predicate) predicate = node_tree(TreeKind::kPredicate, 0, *index.predicate);
    rows.row(relation->oid, index.table, columns.size(), index.keys.size(), index.unique,
             index.nulls_not_distinct, index.primary, false, index.immediate, index.clustered,
             index.valid, false, index.valid, true, false, columns, collations, classes, options,
             made_of, predicate);
  }
}

void fill_pg_sequence(SessionServices& services, VirtualRows& rows) {
  CatalogReader catalog(services);
  for (const auto& relation : catalog.all<RelationObject>(ObjectKind::kRelation)) {
    if (!relation->sequence) continue;
    const SequenceObject& s = *relation->sequence;
    rows.row(relation->oid, s.type, s.start, s.increment, s.max, s.min, s.cache, s.cycle);
  }
}

void fill_pg_inherits(SessionServices& services, VirtualRows& rows) {
  CatalogReader catalog(services);
  for (const auto& relation : catalog.all<RelationObject>(ObjectKind::kRelation)) {
    int64_t number = 0;
    for (Oid parent : relation->inherits) rows.row(relation->oid, parent, ++number, false);
  }
}

/// A view is a table with a rule.
void fill_pg_rewrite(SessionServices& services, VirtualRows& rows) {
  CatalogReader catalog(services);
  for (const RelationPtr& relation : catalog.relations()) {
    if (!is_view(*relation)) continue;
    rows.row(rule_oid(relation->oid), "_RETURN", relation->oid, '1', 'O', true, "<>",
             relation->definition);
  }
}

}  // namespace isolde::sql
