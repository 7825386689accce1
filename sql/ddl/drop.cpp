#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/binder/nodes.hpp"
#include "sql/catalog/builtin_objects.hpp"
#include "sql/catalog/catalog.hpp"
#include "sql/ddl/ddl.hpp"
#include "sql/session/session_services.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

namespace {

std::string described(const CatalogObject& object, const CatalogImage& image) {
  switch (object.kind) {
    case ObjectKind::kConstraint: {
      const auto& constraint = static_cast<const ConstraintObject&>(object);
      RelationPtr table = image.relation(constraint.relation);
      return "constraint " + object.name + " on table " + (table == nullptr ? "" : table->name);
    }
    default:
      return std::string(acl_kind_name(acl_kind(object))) + " " + object.name;
  }
}

}  // namespace

/// Collects what goes with the named objects, then drops it from the last to the first.
class Dropper {
 public:
  Dropper(Ddl& ddl, bool cascade) : ddl_(ddl), cascade_(cascade) {}

  void add(const ObjectPtr& object) {
    named_.push_back(object);
    collect(object, false);
  }

  void drop() {
    refuse_dependents();
    for (auto at = doomed_.rbegin(); at != doomed_.rend(); ++at) {
      if ((*at)->kind == ObjectKind::kRelation)
        ddl_.drop_file(static_cast<const RelationObject&>(**at).file);
      ddl_.catalog().drop(ddl_.in_.session.catalog_changes(), **at);
    }
  }

 private:
  bool is_doomed(const CatalogObject& object) const {
    return std::ranges::any_of(doomed_, [&](const ObjectPtr& other) {
      return other->kind == object.kind && other->oid == object.oid;
    });
  }

  void collect(const ObjectPtr& object, bool dependent) {
    if (is_doomed(*object)) return;
    if (object->kind == ObjectKind::kRelation)
      ddl_.lock_relation(object->oid, txn::table_mode::kAccessExclusive);
    doomed_.push_back(object);
    if (dependent) dependents_.push_back(object);
    for (const ObjectPtr& part : ddl_.image()->parts_of(object->oid)) collect(part, false);
    if (object->kind == ObjectKind::kNamespace) collect_members(object->oid);
    for (const ObjectPtr& other : ddl_.image()->dependents_of(object->oid)) collect(other, true);
  }

  void collect_members(Oid schema) {
    std::vector<ObjectPtr> members;
    for (ObjectKind kind : {ObjectKind::kRelation, ObjectKind::kType, ObjectKind::kFunction}) {
      ddl_.image()->for_each(kind, [&](const ObjectPtr& object) {
        if (object->name_space == schema) members.push_back(object);
      });
    }
    for (const ObjectPtr& member : members) collect(member, true);
  }

  void refuse_dependents() {
    std::erase_if(dependents_, [&](const ObjectPtr& object) {
      // What belongs to a doomed object would go anyway.
      return std::ranges::any_of(doomed_, [&](const ObjectPtr& other) {
        return other->oid == object->part_of && !is_dependent(*other);
      });
    });
    if (dependents_.empty()) return;
    const CatalogImage& image = *ddl_.image();
    if (cascade_) {
      if (dependents_.size() == 1)
        ddl_.notice("drop cascades to " + described(*dependents_.front(), image));
      else
        ddl_.notice("drop cascades to " + std::to_string(dependents_.size()) + " other objects");
      return;
    }
    std::string detail;
    for (const ObjectPtr& object : dependents_)
      detail += (detail.empty() ? "" : "\n") + described(*object, image) + " depends on " +
                described(*named_.front(), image);
    throw base::SqlException(base::Error(base::sqlstate::kDependentObjectsStillExist,
                                         "cannot drop " + described(*named_.front(), image) +
                                             " because other objects depend on it")
                                 .detail(std::move(detail))
                                 .hint("Use DROP ... CASCADE to drop the dependent objects too."));
  }
  bool is_dependent(const CatalogObject& object) const {
    return std::ranges::any_of(dependents_,
                               [&](const ObjectPtr& other) { return other->oid == object.oid; });
  }

  Ddl& ddl_;
  const bool cascade_;
  std::vector<ObjectPtr> named_;
  std::vector<ObjectPtr> doomed_;
  std::vector<ObjectPtr> dependents_;  ///< those of them that RESTRICT protects
};

void Ddl::drop(const PgQuery__DropStmt& statement) {
  Dropper dropper(*this, statement.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE);
  const bool schemas = statement.remove_type == PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA;
  const bool indexes = statement.remove_type == PG_QUERY__OBJECT_TYPE__OBJECT_INDEX;
  const std::string word = schemas ? "schema" : indexes ? "index" : "table";
  for (size_t i = 0; i < statement.n_objects; ++i) {
    const PgQuery__Node& node = *statement.objects[i];
    std::string schema, name;
    if (node.node_case == PG_QUERY__NODE__NODE_LIST) {
      const PgQuery__List& parts = *node.list;
      name = string_of(*parts.items[parts.n_items - 1]);
      if (parts.n_items > 1) schema = string_of(*parts.items[parts.n_items - 2]);
    } else {
      name = string_of(node);
    }
    ObjectPtr found;
    if (schemas) {
      found = image()->find(ObjectKind::kNamespace, Oid{}, name);
    } else {
      found = in_.names().path.relation(*image(), schema, name);
    }
    if (found == nullptr) {
      const std::string written = schema.empty() ? name : schema + "." + name;
      if (!statement.missing_ok)
        fail(schemas
                 ? base::sqlstate::kInvalidSchemaName
                 : (indexes ? base::sqlstate::kUndefinedObject : base::sqlstate::kUndefinedTable),
             word + " \"" + written + "\" does not exist");
      notice(word + " \"" + written + "\" does not exist, skipping");
      continue;
    }
    if (!schemas) {
      const auto& relation = static_cast<const RelationObject&>(*found);
      const auto wanted = indexes ? RelationKind::kIndex : RelationKind::kTable;
      if (relation.relation_kind != wanted)
        fail(base::sqlstate::kWrongObjectType,
             "\"" + name + "\" is not " + (indexes ? "an index" : "a table"));
    }
    require_ownership(*image(), in_.role, *found);
    dropper.add(found);
  }
  dropper.drop();
}

}  // namespace isolde::sql
