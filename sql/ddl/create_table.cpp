#include "sql/ddl/create_table.hpp"

#include <pg_query/pg_query.pb-c.h>

#include "sql/ddl/column.hpp"
#include "sql/ddl/constraint.hpp"
#include "sql/ddl/copy_definition.hpp"
#include "sql/ddl/initial_acl.hpp"
#include "sql/ddl/options.hpp"
#include "sql/ddl/placed.hpp"
#include "sql/ddl/temporary.hpp"

namespace isolde::sql {

std::shared_ptr<RelationObject> start_relation(Definer& d, const PgQuery__RangeVar& var,
                                               RelationKind kind, bool if_not_exists) {
  std::string name = var.relname;
  Oid schema = kind == RelationKind::kTable
                   ? placed(d, var.location, [&] { return d.creation_schema(var); })
                   : d.creation_schema(var);
  d.lock_name(ObjectKind::kRelation, schema, name);
  if (d.image().relation(schema, name) != nullptr) {
    if (!if_not_exists) {
      fail(base::sqlstate::kDuplicateTable, "relation " + quoted(name) + " already exists");
    }
    d.notice(base::sqlstate::kDuplicateTable,
             "relation " + quoted(name) + " already exists, skipping");
    return nullptr;
  }
  if (d.image().find(ObjectKind::kType, schema, name) != nullptr) {
    throw base::SqlException(
        base::Error(base::sqlstate::kDuplicateObject, "type " + quoted(name) + " already exists")
            .hint("A relation has an associated type of the same name, so you must use a name "
                  "that doesn't conflict with any existing type."));
  }
  auto made = std::make_shared<RelationObject>();
  made->relation_kind = kind;
  made->name = name;
  made->name_space = schema;
  made->owner = d.role();
  made->persistence = d.persistence_of(var, schema);
  made->oid = d.catalog().new_oids(3);
  made->row_array_type = Oid(made->oid.value + 1);
  made->row_type = Oid(made->oid.value + 2);
  made->acl = initial_acl(d, *made);
  d.lock(made->oid, txn::table_mode::kAccessExclusive);
  return made;
}

namespace {

/// One CREATE TABLE: columns, then constraints in the order of the text, those of columns
/// included.
class TableStatement {
 public:
  TableStatement(Definer& d, const PgQuery__CreateStmt& statement,
                 std::shared_ptr<RelationObject> table)
      : d_(d), statement_(statement), table_(std::move(table)), wishes_(d) {}

  void run() {
    ColumnDefiner columns(d_, *table_, wishes_);
    std::vector<LikeClause> likes;
    for (size_t i = 0; i < statement_.n_table_elts; ++i) {
      const PgQuery__Node& element = *statement_.table_elts[i];
      switch (element.node_case) {
        case PG_QUERY__NODE__NODE_COLUMN_DEF:
          columns.add(*element.column_def);
          break;
        case PG_QUERY__NODE__NODE_CONSTRAINT:
          if (!wishes_.add_attribute(*element.constraint)) wishes_.add(*element.constraint, 0);
          break;
        case PG_QUERY__NODE__NODE_TABLE_LIKE_CLAUSE:
          likes.push_back(copy_columns(d_, *table_, *element.table_like_clause));
          break;
        default:
          fail(base::sqlstate::kFeatureNotSupported,
               "this element of CREATE TABLE is not supported");
      }
    }
    table_->options = storage_options(statement_.options, statement_.n_options, false);
    settle_primary_key(likes);
    columns.settle();
    table_->file = d_.new_file();
    d_.put(table_);
    ConstraintMaker maker(d_, table_->oid, true);
    // Checks first: PostgreSQL makes them with the table, keys afterwards, then foreign keys.
    for (int pass = 0; pass < 3; ++pass) {
      for (const ConstraintWish& wish : wishes_.all()) {
        if (pass_of(wish) == pass) maker.make(wish);
      }
      if (pass == 1) {
        for (const LikeClause& like : likes) copy_definitions(d_, *table_, like);
      }
    }
  }

 private:
  static int pass_of(const ConstraintWish& wish) {
    switch (wish.node->contype) {
      case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
        return 0;
      case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN:
        return 2;
      default:
        return 1;
    }
  }

  /// PRIMARY KEY makes its columns NOT NULL, before the table is put down.
  void settle_primary_key(const std::vector<LikeClause>& likes) {
    bool seen = false;
    ConstraintMaker maker(d_, table_->oid, true);
    for (const ConstraintWish& wish : wishes_.all()) {
      if (wish.node->contype != PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY) continue;
      if (std::exchange(seen, true)) {
        d_.fail_at(wish.node->location, base::sqlstate::kInvalidTableDefinition,
                   "multiple primary keys for table " + quoted(table_->name) + " are not allowed");
      }
      for (int16_t number : maker.key_columns(wish, *table_)) {
        table_->columns[static_cast<size_t>(number - 1)].not_null = true;
      }
    }
    static_cast<void>(likes);
  }

  Definer& d_;
  const PgQuery__CreateStmt& statement_;
  std::shared_ptr<RelationObject> table_;
  ConstraintWishes wishes_;
};

}  // namespace

void create_table(Definer& d, const PgQuery__CreateStmt& statement) {
  if (statement.n_inh_relations > 0 && statement.partbound == nullptr) {
    fail(base::sqlstate::kFeatureNotSupported, "INHERITS is not supported");
  }
  if (statement.partspec != nullptr || statement.partbound != nullptr) {
    fail(base::sqlstate::kFeatureNotSupported, "partitioned tables are not supported");
  }
  if (statement.of_typename != nullptr) {
    fail(base::sqlstate::kFeatureNotSupported, "CREATE TABLE ... OF is not supported");
  }
  if (text_or_empty(statement.access_method) != "" &&
      std::string_view(statement.access_method) != "heap") {
    fail(base::sqlstate::kUndefinedObject,
         "access method " + quoted(statement.access_method) + " does not exist");
  }
  auto table =
      start_relation(d, *statement.relation, RelationKind::kTable, statement.if_not_exists);
  if (table == nullptr) return;
  note_on_commit(d, *table, statement.oncommit);
  TableStatement(d, statement, table).run();
}

}  // namespace isolde::sql
