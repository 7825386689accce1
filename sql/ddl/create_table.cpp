#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/binder/nodes.hpp"
#include "sql/catalog/catalog.hpp"
#include "sql/ddl/ddl.hpp"
#include "sql/ddl/index_maker.hpp"
#include "sql/session/instance.hpp"
#include "sql/session/session_services.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/type_registry.hpp"
#include "storage/btree.hpp"

namespace isolde::sql {

/// One CREATE TABLE: first columns, then constraints in the order of the text, those of columns
/// included.
class TableMaker {
 public:
  TableMaker(Ddl& ddl, const PgQuery__CreateStmt& create) : ddl_(ddl), create_(create) {}

  void make(Oid schema) {
    table_ = std::make_shared<RelationObject>();
    table_->oid = ddl_.catalog().new_oid();
    table_->row_type = ddl_.catalog().new_oid();
    table_->name = create_.relation->relname;
    table_->name_space = schema;
    table_->owner = ddl_.in_.role;
    if (create_.relation->relpersistence[0] == 'u') table_->persistence = Persistence::kUnlogged;
    for (size_t i = 0; i < create_.n_table_elts; ++i) add_element(*create_.table_elts[i]);
    table_->file = ddl_.new_file();
    settle_primary_key();
    ddl_.put(table_);
    for (const Wish& wish : wishes_) add_constraint(wish);
  }

 private:
  /// A constraint to be made once all columns are known; `column` of a column's own.
  struct Wish {
    const PgQuery__Constraint* constraint;
    int16_t column = 0;
    bool deferrable = false, initially_deferred = false;
  };

  void add_element(const PgQuery__Node& element) {
    switch (element.node_case) {
      case PG_QUERY__NODE__NODE_COLUMN_DEF:
        return add_column(*element.column_def);
      case PG_QUERY__NODE__NODE_CONSTRAINT:
        wishes_.push_back({element.constraint, 0, element.constraint->deferrable != 0,
                           element.constraint->initdeferred != 0});
        return;
      default:
        fail(base::sqlstate::kFeatureNotSupported, "LIKE in CREATE TABLE is not supported");
    }
  }

  void add_column(const PgQuery__ColumnDef& definition) {
    if (column_number(definition.colname) != 0)
      fail(base::sqlstate::kDuplicateColumn,
           "column \"" + std::string(definition.colname) + "\" specified more than once");
    constexpr std::string_view kSystem[] = {"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"};
    if (std::ranges::find(kSystem, std::string_view(definition.colname)) != std::end(kSystem))
      fail(base::sqlstate::kDuplicateColumn, "column name \"" + std::string(definition.colname) +
                                                 "\" conflicts with a system column name");
    PlanMemory memory;
    Binder binder(ddl_.in_.binder_input(), memory);
    ColumnObject column;
    column.name = definition.colname;
    const Type& type = binder.type_named(*definition.type_name, &column.typmod);
    if (type.kind == TypeKind::kPseudo)
      fail(base::sqlstate::kInvalidTableDefinition,
           "column \"" + column.name + "\" has pseudo-type " + std::string(type.name));
    column.type = type.oid;
    table_->columns.push_back(std::move(column));
    const auto number = static_cast<int16_t>(table_->columns.size());
    for (size_t i = 0; i < definition.n_constraints; ++i)
      add_column_constraint(*definition.constraints[i]->constraint, number);
  }

  void add_column_constraint(const PgQuery__Constraint& constraint, int16_t number) {
    ColumnObject& column = table_->columns[static_cast<size_t>(number - 1)];
    switch (constraint.contype) {
      case PG_QUERY__CONSTR_TYPE__CONSTR_NULL:
        return;
      case PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL:
        column.not_null = true;
        return;
      case PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT:
        if (column.default_text)
          ddl_.fail_at(constraint.location, base::sqlstate::kSyntaxError,
                       "multiple default values specified for column \"" + column.name +
                           "\" of table \"" + table_->name + "\"");
        column.default_text = expression_text(*constraint.raw_expr);
        return;
      case PG_QUERY__CONSTR_TYPE__CONSTR_GENERATED:
        column.generated = true;
        column.default_text = expression_text(*constraint.raw_expr);
        return;
      case PG_QUERY__CONSTR_TYPE__CONSTR_IDENTITY:
        fail(base::sqlstate::kFeatureNotSupported, "identity columns are not supported");
      case PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRABLE:
        wishes_.back().deferrable = true;
        return;
      case PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRED:
        wishes_.back().deferrable = wishes_.back().initially_deferred = true;
        return;
      case PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_NOT_DEFERRABLE:
      case PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_IMMEDIATE:
        return;
      default:
        wishes_.push_back({&constraint, number});
    }
  }

  int16_t column_number(std::string_view name) const {
    for (size_t i = 0; i < table_->columns.size(); ++i) {
      if (table_->columns[i].name == name) return static_cast<int16_t>(i + 1);
    }
    return 0;
  }

  std::vector<int16_t> columns_of(const Wish& wish, PgQuery__Node* const* keys, size_t count) {
    if (wish.column != 0) return {wish.column};
    std::vector<int16_t> columns;
    for (size_t i = 0; i < count; ++i) {
      const std::string name(string_of(*keys[i]));
      const int16_t number = column_number(name);
      if (number == 0)
        ddl_.fail_at(wish.constraint->location, base::sqlstate::kUndefinedColumn,
                     "column \"" + name + "\" named in key does not exist");
      columns.push_back(number);
    }
    return columns;
  }

  /// PRIMARY KEY makes its columns NOT NULL, before the table is put down.
  void settle_primary_key() {
    bool seen = false;
    for (const Wish& wish : wishes_) {
      if (wish.constraint->contype != PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY) continue;
      if (std::exchange(seen, true))
        ddl_.fail_at(wish.constraint->location, base::sqlstate::kInvalidTableDefinition,
                     "multiple primary keys for table \"" + table_->name + "\" are not allowed");
      for (int16_t number : columns_of(wish, wish.constraint->keys, wish.constraint->n_keys))
        table_->columns[static_cast<size_t>(number - 1)].not_null = true;
    }
  }

  std::shared_ptr<ConstraintObject> new_constraint(const Wish& wish, ConstraintKind kind) {
    auto made = std::make_shared<ConstraintObject>();
    made->oid = ddl_.catalog().new_oid();
    made->constraint_kind = kind;
    made->name_space = table_->name_space;
    made->owner = table_->owner;
    made->relation = table_->oid;
    made->part_of = table_->oid;
    made->name = wish.constraint->conname;
    made->deferrable = wish.deferrable;
    made->initially_deferred = wish.initially_deferred;
    return made;
  }

  void add_constraint(const Wish& wish) {
    switch (wish.constraint->contype) {
      case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY:
        return add_key(wish, ConstraintKind::kPrimaryKey);
      case PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE:
        return add_key(wish, ConstraintKind::kUnique);
      case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
        return add_check(wish);
      case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN:
        return add_foreign_key(wish);
      default:
        fail(base::sqlstate::kFeatureNotSupported, "this kind of constraint is not supported");
    }
  }

  std::string joined_names(const std::vector<int16_t>& columns) const {
    std::string joined;
    for (int16_t number : columns)
      joined += (joined.empty() ? "" : "_") + table_->columns[static_cast<size_t>(number - 1)].name;
    return joined;
  }

  void add_key(const Wish& wish, ConstraintKind kind) {
    auto made = new_constraint(wish, kind);
    made->columns = columns_of(wish, wish.constraint->keys, wish.constraint->n_keys);
    const bool primary = kind == ConstraintKind::kPrimaryKey;
    if (made->name.empty()) {
      made->name =
          ddl_.free_name(table_->name_space, table_->name,
                         primary ? "" : joined_names(made->columns), primary ? "pkey" : "key");
    } else if (ddl_.is_taken(table_->name_space, made->name)) {
      fail(base::sqlstate::kDuplicateTable, "relation \"" + made->name + "\" already exists");
    }
    IndexObject index;
    index.table = table_->oid;
    index.unique = true;
    index.primary = primary;
    index.immediate = !made->deferrable;
    for (int16_t number : made->columns) {
      IndexKeyObject key;
      key.column = number;
      key.type = table_->columns[static_cast<size_t>(number - 1)].type;
      index.keys.push_back(std::move(key));
    }
    for (size_t i = 0; i < wish.constraint->n_including; ++i) {
      const int16_t number = column_number(string_of(*wish.constraint->including[i]));
      if (number == 0)
        ddl_.fail_at(wish.constraint->location, base::sqlstate::kUndefinedColumn,
                     "column \"" + std::string(string_of(*wish.constraint->including[i])) +
                         "\" named in key does not exist");
      index.included.push_back(number);
    }
    auto relation = describe_index(*table_, made->name, ddl_.catalog().new_oid(), std::move(index));
    relation->file = ddl_.new_file();
    base::value_or_throw(
        storage::Btree(ddl_.in_.session.instance().store(), relation->file).create());
    made->index = relation->oid;
    ddl_.put(relation);
    ddl_.put(made);
  }

  std::string free_constraint_name(std::string_view columns, std::string_view label) const {
    for (int pass = 0;; ++pass) {
      std::string name = table_->name + (columns.empty() ? "" : "_" + std::string(columns)) + "_" +
                         std::string(label) + (pass == 0 ? "" : std::to_string(pass));
      bool taken = false;
      for (const ObjectPtr& part : ddl_.image()->parts_of(table_->oid))
        taken = taken || (part->kind == ObjectKind::kConstraint && part->name == name);
      if (!taken) return name;
    }
  }

  void add_check(const Wish& wish) {
    auto made = new_constraint(wish, ConstraintKind::kCheck);
    made->expression = expression_text(*wish.constraint->raw_expr);
    made->no_inherit = wish.constraint->is_no_inherit != 0;
    if (wish.column != 0) made->columns = {wish.column};
    if (made->name.empty())
      made->name =
          free_constraint_name(wish.column == 0 ? "" : joined_names(made->columns), "check");
    ddl_.put(made);
  }

  static char action_of(const char* text) { return *text == '\0' ? 'a' : *text; }

  void add_foreign_key(const Wish& wish) {
    const PgQuery__Constraint& constraint = *wish.constraint;
    auto made = new_constraint(wish, ConstraintKind::kForeignKey);
    made->columns = columns_of(wish, constraint.fk_attrs, constraint.n_fk_attrs);
    RelationPtr target =
        table_->name == constraint.pktable->relname && *constraint.pktable->schemaname == '\0'
            ? RelationPtr(table_)
            : ddl_.find_table(*constraint.pktable, txn::table_mode::kShareRowExclusive);
    require_privilege(*ddl_.image(), ddl_.in_.role, *target, Privilege::kReferences);
    made->referenced = target->oid;
    made->needs.push_back(target->oid);
    made->on_update = action_of(constraint.fk_upd_action);
    made->on_delete = action_of(constraint.fk_del_action);
    made->match = *constraint.fk_matchtype == '\0' ? 's' : *constraint.fk_matchtype;
    choose_referenced_key(constraint, *target, *made);
    if (made->name.empty()) made->name = free_constraint_name(joined_names(made->columns), "fkey");
    ddl_.put(made);
  }

  /// The referenced columns, named or the primary key's, and the unique index that finds them.
  void choose_referenced_key(const PgQuery__Constraint& constraint, const RelationObject& target,
                             ConstraintObject& made) {
    std::vector<int16_t> wanted;
    for (size_t i = 0; i < constraint.n_pk_attrs; ++i) {
      const std::string name(string_of(*constraint.pk_attrs[i]));
      auto found = std::ranges::find_if(target.columns, [&](const ColumnObject& column) {
        return !column.dropped && column.name == name;
      });
      if (found == target.columns.end())
        fail(base::sqlstate::kUndefinedColumn,
             "column \"" + name + "\" referenced in foreign key constraint does not exist");
      wanted.push_back(static_cast<int16_t>(found - target.columns.begin() + 1));
    }
    for (const ObjectPtr& part : ddl_.image()->parts_of(target.oid)) {
      if (part->kind != ObjectKind::kConstraint) continue;
      const auto& key = static_cast<const ConstraintObject&>(*part);
      const bool primary = key.constraint_kind == ConstraintKind::kPrimaryKey;
      if (!primary && key.constraint_kind != ConstraintKind::kUnique) continue;
      if (wanted.empty() ? !primary : !std::ranges::is_permutation(key.columns, wanted)) continue;
      made.referenced_columns = wanted.empty() ? key.columns : wanted;
      made.index = key.index;
      if (made.referenced_columns.size() != made.columns.size())
        fail(base::sqlstate::kInvalidForeignKey,
             "number of referencing and referenced columns for foreign key disagree");
      return;
    }
    if (wanted.empty())
      fail(base::sqlstate::kUndefinedObject,
           "there is no primary key for referenced table \"" + target.name + "\"");
    fail(base::sqlstate::kInvalidForeignKey,
         "there is no unique constraint matching given keys for referenced table \"" + target.name +
             "\"");
  }

  Ddl& ddl_;
  const PgQuery__CreateStmt& create_;
  std::shared_ptr<RelationObject> table_;
  std::vector<Wish> wishes_;
};

void Ddl::create_table(const PgQuery__CreateStmt& create) {
  if (create.n_inh_relations > 0)
    fail(base::sqlstate::kFeatureNotSupported, "INHERITS is not supported");
  if (create.partspec != nullptr || create.partbound != nullptr)
    fail(base::sqlstate::kFeatureNotSupported, "partitioned tables are not supported");
  if (create.relation->relpersistence[0] == 't')
    fail(base::sqlstate::kFeatureNotSupported, "temporary tables are not supported");
  const Oid schema = creation_schema(*create.relation);
  const std::string name = create.relation->relname;
  lock_name(schema, name);
  if (is_taken(schema, name)) {
    if (!create.if_not_exists)
      fail(base::sqlstate::kDuplicateTable, "relation \"" + name + "\" already exists");
    notice("relation \"" + name + "\" already exists, skipping");
    return;
  }
  TableMaker(*this, create).make(schema);
}

}  // namespace isolde::sql
