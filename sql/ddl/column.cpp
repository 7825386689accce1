#include "sql/ddl/column.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/binder/nodes.hpp"
#include "sql/catalog/catalog_types.hpp"
#include "sql/ddl/choose_name.hpp"
#include "sql/ddl/expression.hpp"
#include "sql/ddl/options.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

constexpr size_t kMostColumns = 1600;

/// serial, bigserial and smallserial are no types but a way to say sequence, NOT NULL and DEFAULT.
Oid serial_type(const PgQuery__TypeName& name) {
  if (name.n_names != 1 || name.setof) return Oid{};
  std::string_view word = string_of(*name.names[0]);
  if (word == "serial" || word == "serial4") return types::kInt4;
  if (word == "bigserial" || word == "serial8") return types::kInt8;
  if (word == "smallserial" || word == "serial2") return types::kInt2;
  return Oid{};
}

}  // namespace

std::string nextval_text(Oid sequence) {
  return "nextval('" + std::to_string(sequence.value) + "'::regclass)";
}

void check_column(const RelationObject& table, const ColumnObject& column, const Type& type) {
  constexpr std::string_view kSystem[] = {"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"};
  if (std::ranges::find(kSystem, column.name) != std::end(kSystem)) {
    fail(base::sqlstate::kDuplicateColumn,
         "column name " + quoted(column.name) + " conflicts with a system column name");
  }
  if (find_column(table, column.name) >= 0) {
    fail(base::sqlstate::kDuplicateColumn,
         "column " + quoted(column.name) + " specified more than once");
  }
  if (type.kind == TypeKind::kPseudo) {
    fail(base::sqlstate::kInvalidTableDefinition,
         "column " + quoted(column.name) + " has pseudo-type " + format_type(type));
  }
  if (table.columns.size() >= kMostColumns) {
    fail(base::sqlstate::kTooManyColumns, "tables can have at most 1600 columns");
  }
}

int16_t ColumnDefiner::add(const PgQuery__ColumnDef& definition) {
  ColumnObject made;
  made.name = definition.colname;
  Oid serial = definition.type_name == nullptr ? Oid{} : serial_type(*definition.type_name);
  if (serial != Oid{}) {
    if (definition.type_name->n_array_bounds > 0) {
      d_.fail_at(definition.type_name->location, base::sqlstate::kFeatureNotSupported,
                 "array of serial is not implemented");
    }
    made.type = serial;
    made.not_null = true;
  } else {
    made.type = d_.type_named(*definition.type_name, &made.typmod).oid;
  }
  const Type& type = d_.type_of(made.type);
  check_column(table_, made, type);
  made.collation = default_collation(type);
  if (definition.coll_clause != nullptr) {
    if (made.collation == Oid{}) {
      d_.fail_at(definition.coll_clause->location, base::sqlstate::kDatatypeMismatch,
                 "collations are not supported by type " + format_type(type));
    }
    made.collation =
        d_.collation(definition.coll_clause->collname, definition.coll_clause->n_collname);
  }
  if (type_object(d_.image(), made.type) != nullptr) made.needs.push_back(made.type);
  table_.columns.push_back(std::move(made));
  Open open{static_cast<int16_t>(table_.columns.size()), nullptr, serial != Oid{}, {}, 0};
  for (size_t i = 0; i < definition.n_constraints; ++i) {
    add_constraint(*definition.constraints[i]->constraint, open);
  }
  open_.push_back(open);
  return open.number;
}

void ColumnDefiner::fail_both(const PgQuery__Constraint& at, std::string_view what,
                              const ColumnObject& column) {
  d_.fail_at(at.location, base::sqlstate::kSyntaxError,
             std::string(what) + " specified for column " + quoted(column.name) + " of table " +
                 quoted(table_.name));
}

void ColumnDefiner::say_null(const PgQuery__Constraint& constraint, Open& open, int what) {
  ColumnObject& about = column(open.number);
  bool must_not = about.identity != Identity::kNone || open.serial;
  if ((open.said_null != 0 && open.said_null != what) || (what == 1 && must_not)) {
    d_.fail_at(constraint.location, base::sqlstate::kSyntaxError,
               "conflicting NULL/NOT NULL declarations for column " + quoted(about.name) +
                   " of table " + quoted(table_.name));
  }
  open.said_null = what;
  if (what == 2) about.not_null = true;
}

void ColumnDefiner::add_identity(const PgQuery__Constraint& constraint, Open& open) {
  ColumnObject& about = column(open.number);
  if (about.identity != Identity::kNone) {
    fail_both(constraint, "multiple identity specifications", about);
  }
  if (about.type != types::kInt2 && about.type != types::kInt4 && about.type != types::kInt8) {
    fail(base::sqlstate::kInvalidParameterValue,
         "identity column type must be smallint, integer, or bigint");
  }
  if (open.said_null == 1) {
    d_.fail_at(constraint.location, base::sqlstate::kSyntaxError,
               "conflicting NULL/NOT NULL declarations for column " + quoted(about.name) +
                   " of table " + quoted(table_.name));
  }
  about.identity = constraint.generated_when[0] == 'a' ? Identity::kAlways : Identity::kByDefault;
  about.not_null = true;
  open.identity = {constraint.options, constraint.n_options};
}

void ColumnDefiner::add_constraint(const PgQuery__Constraint& constraint, Open& open) {
  ColumnObject& about = column(open.number);
  if (wishes_.add_attribute(constraint)) return;
  switch (constraint.contype) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_NULL:
      return say_null(constraint, open, 1);
    case PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL:
      return say_null(constraint, open, 2);
    case PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT:
      if (open.value != nullptr || open.serial) {
        if (!open.serial) fail_both(constraint, "multiple default values", about);
        fail(base::sqlstate::kSyntaxError, "multiple default values specified for column " +
                                               quoted(about.name) + " of table " +
                                               quoted(table_.name));
      }
      if (about.identity != Identity::kNone) {
        fail_both(constraint, "both default and identity", about);
      }
      open.value = constraint.raw_expr;
      return;
    case PG_QUERY__CONSTR_TYPE__CONSTR_IDENTITY:
      if (open.value != nullptr && !about.generated) {
        fail_both(constraint, "both default and identity", about);
      }
      return add_identity(constraint, open);
    case PG_QUERY__CONSTR_TYPE__CONSTR_GENERATED:
      if (about.generated) fail_both(constraint, "multiple generation clauses", about);
      if (open.value != nullptr || open.serial) {
        fail_both(constraint, "both default and generation expression", about);
      }
      if (about.identity != Identity::kNone) {
        fail_both(constraint, "both identity and generation expression", about);
      }
      about.generated = true;
      open.value = constraint.raw_expr;
      return;
    default:
      wishes_.add(constraint, open.number);
  }
}

namespace {

/// GENERATED ... AS IDENTITY (SEQUENCE NAME s.n): as dumps have it.
std::string sequence_name(Definer& d, const RelationObject& table, const PgQuery__List& parts) {
  if (parts.n_items > 1) {
    const std::string_view schema = string_of(*parts.items[parts.n_items - 2]);
    if (d.schema(schema) != table.name_space) {
      fail(base::sqlstate::kObjectNotInPrerequisiteState,
           "sequence must be in same schema as table it is linked to");
    }
  }
  return std::string(string_of(*parts.items[parts.n_items - 1]));
}

}  // namespace

Oid make_owned_sequence(Definer& d, const RelationObject& table, int16_t number, Oid type,
                        const SequenceOptions& options) {
  const ColumnObject& about = table.columns[static_cast<size_t>(number - 1)];
  std::vector<PgQuery__Node*> others;
  const PgQuery__List* given = nullptr;
  for (size_t i = 0; i < options.count; ++i) {
    const PgQuery__DefElem& option = *options.list[i]->def_elem;
    if (std::string_view(option.defname) != "sequence_name") {
      others.push_back(options.list[i]);
    } else {
      if (given != nullptr) fail_redundant(d, option);
      given = option.arg->list;
    }
  }
  std::string name = given != nullptr
                         ? sequence_name(d, table, *given)
                         : choose_relation_name(d, table.name, about.name, "seq", table.name_space);
  d.lock_name(ObjectKind::kRelation, table.name_space, name);
  if (given != nullptr && d.image().relation(table.name_space, name) != nullptr) {
    fail(base::sqlstate::kDuplicateTable, "relation " + quoted(name) + " already exists");
  }
  auto made = make_sequence(d, name, table.name_space, table.persistence, type,
                            {others.data(), others.size()});
  made->owner = table.owner;
  made->part_of = table.oid;
  made->sequence->owner_table = table.oid;
  made->sequence->owner_column = number;
  d.put(made);
  return made->oid;
}

void ColumnDefiner::make_sequence_for(const Open& open) {
  ColumnObject& about = column(open.number);
  Oid sequence = make_owned_sequence(d_, table_, open.number, about.type, open.identity);
  if (!open.serial) return;
  about.default_text = nextval_text(sequence);
  about.needs.push_back(sequence);
}

void ColumnDefiner::settle() {
  for (const Open& open : open_) {
    ColumnObject& about = column(open.number);
    if (open.serial || about.identity != Identity::kNone) make_sequence_for(open);
    if (open.value == nullptr) continue;
    KeptExpression kept = keep_expression(
        d_, *open.value, about.generated ? KeptClause::kGenerated : KeptClause::kDefault, table_,
        &about);
    about.default_text = kept.text;
    about.needs = kept.needs;
    about.reads = kept.columns;
  }
  open_.clear();
}

}  // namespace isolde::sql
