#include "sql/ddl/domain.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/binder/nodes.hpp"
#include "sql/catalog/catalog_types.hpp"
#include "sql/ddl/choose_name.hpp"
#include "sql/ddl/drop.hpp"
#include "sql/ddl/expression.hpp"
#include "sql/ddl/placed.hpp"
#include "sql/ddl/type_name.hpp"
#include "sql/settings/identifier_list.hpp"

namespace isolde::sql {

namespace {

/// What a CHECK is over: a row of one column of the base type, VALUE.
RelationObject value_row(const TypeObject& domain) {
  RelationObject row;
  ColumnObject& column = row.columns.emplace_back();
  column.name = "value";
  column.type = domain.base_type;
  column.typmod = domain.base_typmod;
  return row;
}

void note_needs(TypeObject& domain, const std::vector<Oid>& needs) {
  for (Oid one : needs) {
    if (std::ranges::find(domain.needs, one) == domain.needs.end()) domain.needs.push_back(one);
  }
}

std::shared_ptr<const ConstraintObject> find_check(Definer& d, Oid domain, std::string_view name) {
  for (const ObjectPtr& part : d.image().parts_of(domain)) {
    if (part->kind == ObjectKind::kConstraint && part->name == name) {
      return std::static_pointer_cast<const ConstraintObject>(part);
    }
  }
  return nullptr;
}

std::shared_ptr<ConstraintObject> make_check(Definer& d, const TypeObject& domain,
                                             const PgQuery__Constraint& node) {
  if (node.deferrable || node.initdeferred) {
    fail(base::sqlstate::kFeatureNotSupported,
         "specifying constraint deferrability not supported for domains");
  }
  auto made = std::make_shared<ConstraintObject>();
  made->name = text_or_empty(node.conname);
  if (made->name.empty()) {
    made->name = choose_constraint_name(d, domain.name, "", "check", domain.name_space);
  } else if (find_check(d, domain.oid, made->name) != nullptr) {
    fail(base::sqlstate::kDuplicateObject, "constraint " + quoted(made->name) + " for domain " +
                                               quoted(domain.name) + " already exists");
  }
  KeptExpression kept =
      keep_expression(d, *node.raw_expr, KeptClause::kCheck, value_row(domain), nullptr);
  made->oid = d.new_oid();
  made->name_space = domain.name_space;
  made->constraint_kind = ConstraintKind::kCheck;
  made->domain = domain.oid;
  made->part_of = domain.oid;
  made->expression = kept.text;
  made->needs = kept.needs;
  made->validated = !node.skip_validation;
  return made;
}

/// The columns of tables that have the domain, or one over it.
void for_each_column(Definer& d, Oid domain,
                     const std::function<void(const RelationObject&, const ColumnObject&)>& visit) {
  std::vector<RelationPtr> tables;
  d.image().for_each(ObjectKind::kRelation, [&](const ObjectPtr& object) {
    auto relation = std::static_pointer_cast<const RelationObject>(object);
    if (relation->relation_kind == RelationKind::kTable) tables.push_back(relation);
  });
  auto is_over = [&](Oid type) {
    while (type != domain) {
      auto about = d.image().get<TypeObject>(ObjectKind::kType, type);
      if (about == nullptr || about->sort != TypeObject::Sort::kDomain) return false;
      type = about->base_type;
    }
    return true;
  };
  for (const RelationPtr& table : tables) {
    for (const ColumnObject& column : table->columns) {
      if (!column.dropped && is_over(column.type)) visit(*table, column);
    }
  }
}

/// Fails with the message when a row of some table meets a condition over VALUE.
void require_none(Definer& d, Oid domain, const std::string& condition, base::SqlState state,
                  std::string_view complaint) {
  for_each_column(d, domain, [&](const RelationObject& table, const ColumnObject& column) {
    d.lock(table.oid, txn::table_mode::kShare);
    ObjectPtr schema = d.image().find(ObjectKind::kNamespace, table.name_space);
    std::string query = "SELECT 1 FROM (SELECT " + quote_identifier(column.name) +
                        " AS value FROM " + quote_identifier(schema->name) + "." +
                        quote_identifier(table.name) + ") d WHERE " + condition;
    d.services().run_internal(query, [&](auto, auto) -> bool {
      base::Error error(state, "column " + quoted(column.name) + " of table " + quoted(table.name) +
                                   " " + std::string(complaint));
      error.fields().schema_name = schema->name;
      error.fields().table_name = table.name;
      error.fields().column_name = column.name;
      throw base::SqlException(std::move(error));
    });
  });
}

void validate(Definer& d, const ConstraintObject& check) {
  require_none(d, check.domain, "NOT (" + check.expression + ")", base::sqlstate::kCheckViolation,
               "contains values that violate the new constraint");
}

void set_default(Definer& d, TypeObject& domain, const PgQuery__Node& value) {
  ColumnObject column;
  column.name = domain.name;
  column.type = domain.base_type;
  column.typmod = domain.base_typmod;
  KeptExpression kept = keep_expression(d, value, KeptClause::kDefault, value_row(domain), &column);
  domain.default_text = kept.text;
  note_needs(domain, kept.needs);
}

/// CREATE DOMAIN's own constraints, in the order of the text.
class DomainStatement {
 public:
  DomainStatement(Definer& d, const PgQuery__CreateDomainStmt& statement)
      : d_(d), statement_(statement) {}

  void run() {
    domain_->sort = TypeObject::Sort::kDomain;
    start_type(d_, *domain_, name_parts(statement_.domainname, statement_.n_domainname));
    const Type& base = d_.type_named(*statement_.type_name, &domain_->base_typmod);
    if (base.kind == TypeKind::kPseudo) {
      d_.fail_at(statement_.type_name->location, base::sqlstate::kDatatypeMismatch,
                 quoted(base.name) + " is not a valid base type for a domain");
    }
    domain_->base_type = base.oid;
    domain_->collation = default_collation(base);
    if (statement_.coll_clause != nullptr) {
      domain_->collation =
          d_.collation(statement_.coll_clause->collname, statement_.coll_clause->n_collname);
    }
    if (type_object(d_.image(), base.oid) != nullptr) domain_->needs.push_back(base.oid);
    for (size_t i = 0; i < statement_.n_constraints; ++i) {
      add(*statement_.constraints[i]->constraint);
    }
    d_.put(domain_);
    for (const PgQuery__Constraint* check : checks_) d_.put(make_check(d_, *domain_, *check));
  }

 private:
  void add(const PgQuery__Constraint& node) {
    switch (node.contype) {
      case PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT:
        if (domain_->default_text) {
          fail(base::sqlstate::kSyntaxError, "multiple default expressions");
        }
        return set_default(d_, *domain_, *node.raw_expr);
      case PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL:
        return say_null(true);
      case PG_QUERY__CONSTR_TYPE__CONSTR_NULL:
        return say_null(false);
      case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
        checks_.push_back(&node);
        return;
      case PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE:
        return refuse("unique");
      case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY:
        return refuse("primary key");
      case PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION:
        return refuse("exclusion");
      case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN:
        return refuse("foreign key");
      default:
        fail(base::sqlstate::kFeatureNotSupported,
             "specifying constraint deferrability not supported for domains");
    }
  }

  void say_null(bool not_null) {
    if (said_null_ && domain_->not_null != not_null) {
      fail(base::sqlstate::kSyntaxError, "conflicting NULL/NOT NULL constraints");
    }
    said_null_ = true;
    domain_->not_null = not_null;
  }

  [[noreturn]] static void refuse(std::string_view what) {
    fail(base::sqlstate::kSyntaxError, std::string(what) + " constraints not possible for domains");
  }

  Definer& d_;
  const PgQuery__CreateDomainStmt& statement_;
  std::shared_ptr<TypeObject> domain_ = std::make_shared<TypeObject>();
  std::vector<const PgQuery__Constraint*> checks_;
  bool said_null_ = false;
};

void drop_check(Definer& d, const TypeObject& domain, const PgQuery__AlterDomainStmt& statement) {
  auto check = find_check(d, domain.oid, statement.name);
  if (check == nullptr) {
    std::string message = "constraint " + quoted(statement.name) + " of domain " +
                          quoted(domain.name) + " does not exist";
    if (!statement.missing_ok) fail(base::sqlstate::kUndefinedObject, std::move(message));
    return d.notice(base::sqlstate::kSuccessfulCompletion, std::move(message) + ", skipping");
  }
  Dropper dropper(d, statement.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE);
  dropper.add(check);
  dropper.run();
}

}  // namespace

void create_domain(Definer& d, const PgQuery__CreateDomainStmt& statement) {
  unplaced([&] { DomainStatement(d, statement).run(); });
}

void alter_domain(Definer& d, const PgQuery__AlterDomainStmt& statement) {
  NameParts name = name_parts(statement.type_name, statement.n_type_name);
  ObjectPtr found = own_type(d, name, txn::table_mode::kAccessExclusive);
  if (found->kind != ObjectKind::kType ||
      static_cast<const TypeObject&>(*found).sort != TypeObject::Sort::kDomain) {
    fail(base::sqlstate::kWrongObjectType, d.shown_name(*found) + " is not a domain");
  }
  auto changed = d.edit(static_cast<const TypeObject&>(*found));
  switch (statement.subtype[0]) {
    case 'T':
      changed->default_text.reset();
      if (statement.def != nullptr) set_default(d, *changed, *statement.def);
      return d.put(changed);
    case 'N':
      changed->not_null = false;
      return d.put(changed);
    case 'O':
      require_none(d, changed->oid, "value IS NULL", base::sqlstate::kNotNullViolation,
                   "contains null values");
      changed->not_null = true;
      return d.put(changed);
    case 'C': {
      const PgQuery__Constraint& node = *statement.def->constraint;
      if (node.contype != PG_QUERY__CONSTR_TYPE__CONSTR_CHECK) {
        fail(base::sqlstate::kFeatureNotSupported,
             "only CHECK constraints can be added to domains");
      }
      auto made = make_check(d, *changed, node);
      if (made->validated) validate(d, *made);
      d.put(made);
      // Statements that use the domain are bound anew.
      return d.put(changed);
    }
    case 'X':
      return drop_check(d, *changed, statement);
    case 'V': {
      auto check = find_check(d, changed->oid, statement.name);
      if (check == nullptr) {
        fail(base::sqlstate::kUndefinedObject, "constraint " + quoted(statement.name) +
                                                   " of domain " + quoted(changed->name) +
                                                   " does not exist");
      }
      validate(d, *check);
      auto valid = d.edit(*check);
      valid->validated = true;
      return d.put(valid);
    }
    default:
      fail(base::sqlstate::kFeatureNotSupported, "this form of ALTER DOMAIN is not supported");
  }
}

}  // namespace isolde::sql
