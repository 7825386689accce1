#include <absl/container/flat_hash_map.h>

#include "sql/catalog/builtin_objects.hpp"
#include "sql/catalog/system_relations.hpp"
#include "sql/functions/function_registry.hpp"
#include "sql/views/catalog_reader.hpp"
#include "sql/views/definitions.hpp"
#include "sql/views/views.hpp"

// pg_constraint, and pg_depend: what needs what.

namespace isolde::sql {

namespace {

std::optional<std::vector<int64_t>> numbers(const std::vector<int16_t>& columns) {
  if (columns.empty()) return std::nullopt;
  return std::vector<int64_t>(columns.begin(), columns.end());
}

/// For each pair of columns of a foreign key, the operator that compares two types; -1 stands for
/// the column's own.
enum class Sides : uint8_t { kReferencedReferring, kReferenced, kReferring };

Oid type_of_column(const CatalogReader& catalog, Oid relation, int16_t number) {
  RelationPtr found = catalog.image().relation(relation);
  if (found == nullptr) return Oid{};
  const Oid type = found->columns[static_cast<size_t>(number - 1)].type;
  return type == types::kVarchar ? types::kText : type;
}

Oid equality(Oid left, Oid right) {
  for (const Operator* one : FunctionRegistry::instance().operators("=")) {
    if (one->left == left && one->right == right) return one->oid;
  }
  return Oid{};
}

std::optional<std::vector<Oid>> equalities(const CatalogReader& catalog,
                                           const ConstraintObject& key, Sides sides) {
  if (key.constraint_kind != ConstraintKind::kForeignKey) return std::nullopt;
  std::vector<Oid> found;
  for (size_t i = 0; i < key.columns.size(); ++i) {
    const Oid referring = type_of_column(catalog, key.relation, key.columns[i]);
    const Oid referenced = type_of_column(catalog, key.referenced, key.referenced_columns[i]);
    found.push_back(equality(sides == Sides::kReferring ? referring : referenced,
                             sides == Sides::kReferenced ? referenced : referring));
  }
  return found;
}

}  // namespace

void fill_pg_constraint(SessionServices& services, VirtualRows& rows) {
  CatalogReader catalog(services);
  for (const auto& one : catalog.all<ConstraintObject>(ObjectKind::kConstraint)) {
    const ConstraintObject& c = *one;
    const bool foreign = c.constraint_kind == ConstraintKind::kForeignKey;
    const bool check = c.constraint_kind == ConstraintKind::kCheck;
    std::optional<std::string> expression;
    if (check) expression = node_tree(TreeKind::kCheck, 0, c.expression);
    auto letter = [&](char action) { return foreign ? action : ' '; };
    rows.row(c.oid, c.name, c.name_space, c.constraint_kind, c.deferrable, c.initially_deferred,
             c.validated, c.relation, c.domain, c.index, 0, c.referenced, letter(c.on_update),
             letter(c.on_delete), letter(c.match), true, 0, !check || c.no_inherit,
             numbers(c.columns), numbers(c.referenced_columns),
             equalities(catalog, c, Sides::kReferencedReferring),
             equalities(catalog, c, Sides::kReferenced), equalities(catalog, c, Sides::kReferring),
             numbers(c.set_columns), nullptr, expression);
  }
}

namespace {

/// How the object depends on what it is a part of: 'i' goes with it and cannot go alone.
char part_letter(const CatalogReader& catalog, const CatalogObject& part) {
  if (part.kind != ObjectKind::kRelation) return 'a';
  const auto& relation = static_cast<const RelationObject&>(part);
  if (relation.relation_kind == RelationKind::kSequence) {
    RelationPtr table = catalog.image().relation(relation.sequence->owner_table);
    const int16_t column = relation.sequence->owner_column;
    if (table == nullptr || column == 0) return 'a';
    const Identity identity = table->columns[static_cast<size_t>(column - 1)].identity;
    return identity == Identity::kNone ? 'a' : 'i';
  }
  return catalog.image().find(ObjectKind::kConstraint, part.part_of) != nullptr ? 'i' : 'a';
}

Oid catalog_of_number(const CatalogReader& catalog, Oid oid) {
  for (ObjectKind kind : {ObjectKind::kRelation, ObjectKind::kConstraint, ObjectKind::kType,
                          ObjectKind::kFunction, ObjectKind::kNamespace, ObjectKind::kRole}) {
    if (catalog.image().find(kind, oid) != nullptr) return catalog_of(kind);
  }
  return Oid{};
}

class Dependencies {
 public:
  Dependencies(const CatalogReader& catalog, VirtualRows& rows) : catalog_(catalog), rows_(rows) {
    for (const auto& one : catalog.all<ConstraintObject>(ObjectKind::kConstraint)) {
      const bool own = one->constraint_kind != ConstraintKind::kForeignKey;
      if (own && one->index != Oid{}) constraint_of_[one->index] = one->oid;
    }
  }

  void of(const CatalogObject& object) {
    const bool view =
        object.kind == ObjectKind::kRelation && is_view(static_cast<const RelationObject&>(object));
    const Oid from = catalog_of(object.kind);
    if (object.name_space != Oid{} && object.part_of == Oid{} && !is_part_of_table(object)) {
      add(from, object.oid, catalog_ids::kNamespace, object.name_space, 0, 'n');
    }
    if (object.kind == ObjectKind::kConstraint) {
      constraint(static_cast<const ConstraintObject&>(object));
    } else if (object.part_of != Oid{}) {
      part(object);
    }
    // What a view needs, its rule needs.
    const Oid who_from = view ? catalog_ids::kRewrite : from;
    const Oid who = view ? rule_oid(object.oid) : object.oid;
    if (view) add(who_from, who, catalog_ids::kClass, object.oid, 0, 'i');
    needs(object, who_from, who);
    if (object.kind == ObjectKind::kRelation) {
      defaults(static_cast<const RelationObject&>(object));
    }
  }

 private:
  static bool is_part_of_table(const CatalogObject& object) {
    return object.kind == ObjectKind::kConstraint;
  }

  void add(Oid from, Oid object, Oid to, Oid needed, int column, char letter) {
    if (to != Oid{}) rows_.row(from, object, 0, to, needed, column, letter);
  }

  void part(const CatalogObject& object) {
    const auto& relation = static_cast<const RelationObject&>(object);
    const char letter = part_letter(catalog_, object);
    if (object.kind == ObjectKind::kRelation && relation.sequence) {
      return add(catalog_ids::kClass, object.oid, catalog_ids::kClass,
                 relation.sequence->owner_table, relation.sequence->owner_column, letter);
    }
    if (auto found = constraint_of_.find(object.oid); found != constraint_of_.end()) {
      return add(catalog_ids::kClass, object.oid, catalog_ids::kConstraint, found->second, 0, 'i');
    }
    if (object.kind == ObjectKind::kRelation && relation.index && letter == 'a') {
      for (const IndexKeyObject& key : relation.index->keys) {
        if (key.column == 0) continue;
        add(catalog_ids::kClass, object.oid, catalog_ids::kClass, relation.index->table, key.column,
            'a');
      }
      return;
    }
    add(catalog_of(object.kind), object.oid, catalog_of_number(catalog_, object.part_of),
        object.part_of, 0, letter);
  }

  void constraint(const ConstraintObject& object) {
    const bool foreign = object.constraint_kind == ConstraintKind::kForeignKey;
    for (int16_t column : object.columns) {
      add(catalog_ids::kConstraint, object.oid, catalog_ids::kClass, object.relation, column, 'a');
    }
    if (!foreign) return;
    for (int16_t column : object.referenced_columns) {
      add(catalog_ids::kConstraint, object.oid, catalog_ids::kClass, object.referenced, column,
          'n');
    }
    add(catalog_ids::kConstraint, object.oid, catalog_ids::kClass, object.index, 0, 'n');
  }

  void needs(const CatalogObject& object, Oid from, Oid who) {
    if (object.kind == ObjectKind::kConstraint) return;
    for (Oid needed : object.needs) {
      add(from, who, catalog_of_number(catalog_, needed), needed, 0, 'n');
    }
    for (const ColumnRef& needed : object.needs_columns) {
      add(from, who, catalog_ids::kClass, needed.relation, needed.column, 'n');
    }
  }

  void defaults(const RelationObject& relation) {
    for (size_t i = 0; i < relation.columns.size(); ++i) {
      const ColumnObject& column = relation.columns[i];
      if (column.dropped || !column.default_text) continue;
      const Oid who = default_oid(relation.oid, i + 1);
      add(catalog_ids::kAttrDef, who, catalog_ids::kClass, relation.oid, static_cast<int>(i) + 1,
          'a');
      for (Oid needed : column.needs) {
        add(catalog_ids::kAttrDef, who, catalog_of_number(catalog_, needed), needed, 0, 'n');
      }
    }
  }

  const CatalogReader& catalog_;
  VirtualRows& rows_;
  absl::flat_hash_map<Oid, Oid> constraint_of_;  ///< by index
};

}  // namespace

void fill_pg_depend(SessionServices& services, VirtualRows& rows) {
  CatalogReader catalog(services);
  Dependencies dependencies(catalog, rows);
  fill_extension_members(rows);
  for (ObjectKind kind :
       {ObjectKind::kRelation, ObjectKind::kConstraint, ObjectKind::kType, ObjectKind::kFunction}) {
    for (const ObjectPtr& object : catalog.objects(kind)) dependencies.of(*object);
  }
}

}  // namespace isolde::sql
