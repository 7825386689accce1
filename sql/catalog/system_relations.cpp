#include "sql/catalog/system_relations.hpp"

#include <absl/container/flat_hash_map.h>

#include <algorithm>

#include "base/check.hpp"
#include "sql/catalog/builtin_objects.hpp"
#include "sql/catalog/privilege.hpp"
#include "sql/catalog/tradition_views.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \n") + 1 - first);
}

/// Texts of catalogs are ordered by their bytes.
ColumnObject column_of(std::string_view text, RelationKind kind) {
  ColumnObject column;
  column.not_null = text.ends_with('!');
  if (column.not_null) text.remove_suffix(1);
  const size_t blank = text.find_first_of(" \n");
  column.name = text.substr(0, blank);
  const std::string_view type_name = trimmed(text.substr(blank));
  const bool yes_or_no = type_name == "yes_or_no";  // information_schema's domain
  if (yes_or_no) column.typmod = 7;
  const Type* type = find_type(yes_or_no ? "varchar" : type_name);
  ISOLDE_CHECK(type != nullptr, "columns of system relations are of built-in types");
  column.type = type->oid;
  if (type_name == "name") column.collation = Oid{950};
  if (kind == RelationKind::kTable) {
    if (type->oid == types::kText || type->element_type == types::kText ||
        type->oid == types::kPgNodeTree) {
      column.collation = Oid{950};
    }
  } else if (type_name == "text" || type_name == "varchar" || yes_or_no) {
    column.collation = Oid{100};
  }
  return column;
}

std::vector<ColumnObject> columns_of(std::string_view list, RelationKind kind) {
  std::vector<ColumnObject> columns;
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    columns.push_back(column_of(trimmed(list.substr(0, comma)), kind));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return columns;
}

class SystemRelations {
 public:
  SystemRelations() {
    add(kSystemCatalogs, oids::kPgCatalog, RelationKind::kTable);
    add(kSystemViews, oids::kPgCatalog, RelationKind::kView);
    add(kStatisticsViews, oids::kPgCatalog, RelationKind::kView);
    add(kInformationSchema, oids::kInformationSchema, RelationKind::kView);
    add(kIsoldeViews, oids::kIsoldeSchema, RelationKind::kView);
    add(kPerformanceViews, oids::kPerformanceSchema, RelationKind::kView);
    add(kInnodbViews, oids::kInformationSchema, RelationKind::kView);
    add(kSysViews, oids::kSysSchema, RelationKind::kView);
    std::ranges::sort(all_, {}, [](const RelationPtr& one) { return one->oid; });
  }

  RelationPtr find(Oid oid) const {
    auto found = by_oid_.find(oid.value);
    return found == by_oid_.end() ? nullptr : found->second;
  }
  RelationPtr find(Oid name_space, std::string_view name) const {
    auto found = by_name_.find({name_space.value, name});
    return found == by_name_.end() ? nullptr : found->second;
  }
  std::span<const RelationPtr> all() const { return all_; }

 private:
  void add(std::span<const SystemRelation> rows, Oid name_space, RelationKind kind) {
    for (const SystemRelation& row : rows) {
      auto made = std::make_shared<RelationObject>();
      made->oid = Oid{row.oid};
      made->name = row.name;
      made->name_space = name_space;
      made->owner = oids::kSuperuser;
      made->acl = {{oids::kSuperuser, oids::kSuperuser, 0x7f, 0},
                   {Oid{}, oids::kSuperuser, bit(Privilege::kSelect), 0}};
      made->relation_kind = kind;
      made->columns = columns_of(row.columns, kind);
      made->definition = row.query;
      all_.push_back(made);
      by_oid_[row.oid] = made;
      by_name_[{name_space.value, row.name}] = made;
    }
  }

  std::vector<RelationPtr> all_;
  absl::flat_hash_map<uint32_t, RelationPtr> by_oid_;
  absl::flat_hash_map<std::pair<uint32_t, std::string_view>, RelationPtr> by_name_;
};

const SystemRelations& relations() {
  static const SystemRelations kRelations;
  return kRelations;
}

}  // namespace

RelationPtr system_relation(Oid oid) {
  return relations().find(oid);
}

RelationPtr system_relation(Oid name_space, std::string_view name) {
  return relations().find(name_space, name);
}

std::span<const RelationPtr> system_relations() {
  return relations().all();
}

bool is_system_object(Oid oid) {
  return oid < oids::kFirstUser;
}

}  // namespace isolde::sql
