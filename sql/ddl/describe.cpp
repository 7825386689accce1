// What objects are called in DETAIL lines, as PostgreSQL's getObjectDescription has it.

#include "sql/ddl/definer.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

std::string_view relation_word(const RelationObject& relation) {
  switch (relation.relation_kind) {
    case RelationKind::kTable:
      return "table";
    case RelationKind::kIndex:
      return "index";
    case RelationKind::kSequence:
      return "sequence";
    case RelationKind::kView:
      return "view";
    case RelationKind::kMaterializedView:
      return "materialized view";
    case RelationKind::kComposite:
      return "composite type";
  }
  return "relation";
}

}  // namespace

std::string Definer::describe(const CatalogObject& object, int column) {
  switch (object.kind) {
    case ObjectKind::kRelation: {
      const auto& relation = static_cast<const RelationObject&>(object);
      std::string whole = std::string(relation_word(relation)) + " " + shown_name(object);
      if (relation.relation_kind == RelationKind::kComposite) whole = "type " + shown_name(object);
      if (column == 0) return whole;
      return "column " + relation.columns[static_cast<size_t>(column - 1)].name + " of " + whole;
    }
    case ObjectKind::kConstraint: {
      const auto& constraint = static_cast<const ConstraintObject&>(object);
      ObjectPtr on = constraint.relation != Oid{}
                         ? image().find(ObjectKind::kRelation, constraint.relation)
                         : image().find(ObjectKind::kType, constraint.domain);
      std::string name = "constraint " + object.name;
      return on == nullptr ? name : name + " on " + describe(*on);
    }
    case ObjectKind::kType:
      return "type " + shown_name(object);
    case ObjectKind::kNamespace:
      return "schema " + object.name;
    case ObjectKind::kFunction: {
      const auto& function = static_cast<const FunctionObject&>(object);
      std::string arguments;
      for (Oid type : function.argument_types) {
        if (!arguments.empty()) arguments += ",";
        const Type* known = names().types->find(type);
        arguments += known == nullptr ? std::to_string(type.value) : format_type(*known);
      }
      return "function " + shown_name(object) + "(" + arguments + ")";
    }
    case ObjectKind::kRole:
      return "role " + object.name;
    case ObjectKind::kDatabase:
      return "database " + object.name;
    case ObjectKind::kMembership:
    case ObjectKind::kSettings:
    case ObjectKind::kDefaultAcl:
    case ObjectKind::kCounter:
      break;
  }
  return object.name;
}

}  // namespace isolde::sql
