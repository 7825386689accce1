#include "sql/ddl/index.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/binder/nodes.hpp"
#include "sql/ddl/choose_name.hpp"
#include "sql/ddl/expression.hpp"
#include "sql/ddl/options.hpp"
#include "sql/exec/build_index.hpp"
#include "sql/table/key_codec.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/type_registry.hpp"
#include "sql/views/index_classes.hpp"
#include "storage/btree.hpp"

namespace isolde::sql {

namespace {

constexpr size_t kMostKeys = 32;

void require_order(const Type& type) {
  if (key_form(type) != KeyForm::kNone) return;
  throw base::SqlException(
      base::Error(base::sqlstate::kUndefinedObject,
                  "data type " + format_type(type) +
                      " has no default operator class for access method \"btree\"")
          .hint("You must specify an operator class for the index or define a default operator "
                "class for the data type."));
}

/// The operator class that a key names.
std::string opclass(const PgQuery__IndexElem& element) {
  std::string name(last_name(element.opclass, element.n_opclass));
  const auto classes = index_classes();
  const bool known = std::any_of(classes.begin(), classes.end(),
                                 [&](const IndexClass& one) { return one.name == name; });
  if (known) return name;
  fail(base::sqlstate::kUndefinedObject,
       "operator class \"" + name + "\" does not exist for access method \"btree\"");
}

/// Names of the index's own columns: those of the table's, made different from each other.
std::string column_name(const RelationObject& index, std::string wanted) {
  std::string name = wanted;
  for (int pass = 1; find_column(index, name) >= 0; ++pass) {
    name = joined_object_name(wanted, "", "") + std::to_string(pass);
  }
  return name;
}

std::shared_ptr<RelationObject> describe_index(Definer& d, const RelationObject& table,
                                               IndexSpec spec, std::span<const std::string> names) {
  auto made = std::make_shared<RelationObject>();
  made->oid = d.new_oid();
  made->relation_kind = RelationKind::kIndex;
  made->persistence = table.persistence;
  made->name = std::move(spec.name);
  made->name_space = table.name_space;
  made->owner = table.owner;
  made->part_of = table.oid;
  made->options = std::move(spec.options);
  made->needs = std::move(spec.needs);
  for (int16_t column : spec.reads) made->needs_columns.push_back({table.oid, column});
  for (size_t i = 0; i < spec.about.keys.size(); ++i) {
    ColumnObject column;
    column.name = column_name(*made, names[i]);
    column.type = spec.about.keys[i].type;
    column.collation = spec.about.keys[i].collation;
    if (int16_t number = spec.about.keys[i].column; number > 0) {
      column.typmod = table.columns[static_cast<size_t>(number - 1)].typmod;
    }
    made->columns.push_back(std::move(column));
  }
  for (int16_t number : spec.about.included) {
    ColumnObject column = table.columns[static_cast<size_t>(number - 1)];
    ColumnObject included;
    included.name = column_name(*made, column.name);
    included.type = column.type;
    included.typmod = column.typmod;
    included.collation = column.collation;
    made->columns.push_back(std::move(included));
  }
  spec.about.table = table.oid;
  made->index = std::move(spec.about);
  return made;
}

std::string key_name(const RelationObject& table, const IndexKeyObject& key) {
  if (key.column > 0) return table.columns[static_cast<size_t>(key.column - 1)].name;
  // A call is named after its function, as in a select list.
  size_t paren = key.expression.find('(');
  std::string_view head = std::string_view(key.expression).substr(0, paren);
  bool call = paren != std::string::npos && paren > 0 && key.expression.back() == ')' &&
              std::ranges::all_of(head, [](char c) { return std::isalnum(c) != 0 || c == '_'; });
  return call ? std::string(head) : "expr";
}

}  // namespace

IndexKeyObject plain_key(Definer& d, const RelationObject& table, int16_t number) {
  const ColumnObject& column = table.columns[static_cast<size_t>(number - 1)];
  require_order(d.type_of(column.type));
  IndexKeyObject key;
  key.column = number;
  key.type = column.type;
  key.collation = column.collation;
  return key;
}

RelationPtr make_index(Definer& d, const RelationObject& table, IndexSpec spec, bool build) {
  if (spec.about.keys.size() + spec.about.included.size() > kMostKeys) {
    fail(base::sqlstate::kTooManyColumns, "cannot use more than 32 columns in an index");
  }
  std::vector<std::string> names;
  for (const IndexKeyObject& key : spec.about.keys) names.push_back(key_name(table, key));
  auto made = describe_index(d, table, std::move(spec), names);
  made->file = d.new_file();
  d.put(made);
  if (build) {
    build_index(d.services(), made->oid);
  } else {
    base::value_or_throw(storage::Btree(d.store(), made->file).create());
  }
  return made;
}

void rebuild_index(Definer& d, const RelationObject& index) {
  auto changed = d.edit(index);
  d.drop_file(changed->file);
  changed->file = d.new_file();
  changed->index->valid = true;
  d.put(changed);
  build_index(d.services(), changed->oid);
}

namespace {

/// One CREATE INDEX.
class IndexStatement {
 public:
  IndexStatement(Definer& d, const PgQuery__IndexStmt& statement, const RelationObject& table)
      : d_(d), statement_(statement), table_(table) {}

  IndexSpec spec() {
    IndexSpec made;
    made.about.unique = statement_.unique != 0;
    made.about.nulls_not_distinct = statement_.nulls_not_distinct != 0;
    check_method(made.about);
    for (size_t i = 0; i < statement_.n_index_params; ++i) {
      made.about.keys.push_back(key(*statement_.index_params[i]->index_elem, made));
    }
    for (size_t i = 0; i < statement_.n_index_including_params; ++i) {
      made.about.included.push_back(included(*statement_.index_including_params[i]->index_elem));
    }
    if (statement_.where_clause != nullptr) {
      KeptExpression kept =
          keep_expression(d_, *statement_.where_clause, KeptClause::kIndexPredicate, table_);
      made.about.predicate = kept.text;
      depend(made, kept);
    }
    made.options = storage_options(statement_.options, statement_.n_options, true);
    return made;
  }

 private:
  void check_method(IndexObject& about) {
    std::string method(text_or_empty(statement_.access_method));
    if (method.empty() || method == "btree") return;
    if (method != "hash") {
      bool known = method == "gin" || method == "gist" || method == "brin" || method == "spgist";
      fail(known ? base::sqlstate::kFeatureNotSupported : base::sqlstate::kUndefinedObject,
           "access method " + quoted(method) + (known ? " is not supported" : " does not exist"));
    }
    auto refuse = [](std::string_view what) {
      fail(base::sqlstate::kFeatureNotSupported,
           "access method \"hash\" does not support " + std::string(what));
    };
    if (about.unique) refuse("unique indexes");
    if (statement_.n_index_params > 1) refuse("multicolumn indexes");
    if (statement_.n_index_including_params > 0) refuse("included columns");
    about.method = method;
  }

  IndexKeyObject key(const PgQuery__IndexElem& element, IndexSpec& spec) {
    IndexKeyObject made;
    if (!text_or_empty(element.name).empty()) {
      made = plain_key(d_, table_, named_column(element.name));
    } else {
      KeptExpression kept = keep_expression(d_, *element.expr, KeptClause::kIndexKey, table_);
      require_order(*kept.type);
      made.expression = kept.text;
      made.type = kept.type->oid;
      made.collation = default_collation(*kept.type);
      depend(spec, kept);
    }
    if (element.n_collation > 0)
      made.collation = d_.collation(element.collation, element.n_collation);
    if (element.n_opclass > 0) made.opclass = opclass(element);
    made.descending = element.ordering == PG_QUERY__SORT_BY_DIR__SORTBY_DESC;
    made.nulls_first = made.descending;
    if (element.nulls_ordering == PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_FIRST) {
      made.nulls_first = true;
    }
    if (element.nulls_ordering == PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_LAST) {
      made.nulls_first = false;
    }
    return made;
  }

  int16_t named_column(const char* name) {
    int place = find_column(table_, name);
    if (place < 0) {
      fail(base::sqlstate::kUndefinedColumn, "column " + quoted(name) + " does not exist");
    }
    return static_cast<int16_t>(place + 1);
  }

  int16_t included(const PgQuery__IndexElem& element) {
    if (text_or_empty(element.name).empty()) {
      fail(base::sqlstate::kFeatureNotSupported,
           "expressions are not supported in included columns");
    }
    return named_column(element.name);
  }

  static void depend(IndexSpec& spec, const KeptExpression& kept) {
    for (int16_t column : kept.columns) {
      if (std::ranges::find(spec.reads, column) == spec.reads.end()) spec.reads.push_back(column);
    }
    spec.needs.insert(spec.needs.end(), kept.needs.begin(), kept.needs.end());
  }

  Definer& d_;
  const PgQuery__IndexStmt& statement_;
  const RelationObject& table_;
};

}  // namespace

void create_index(Definer& d, const PgQuery__IndexStmt& statement) {
  auto check = [&](const RelationObject& relation) {
    if (!has_rows(relation)) {
      throw base::SqlException(
          base::Error(base::sqlstate::kWrongObjectType,
                      "cannot create index on relation " + quoted(relation.name))
              .detail("This operation is not supported for " +
                      std::string(relation_kind_plural(relation)) + "."));
    }
    d.require_owner(relation);
  };
  auto mode =
      statement.concurrent ? txn::table_mode::kShareUpdateExclusive : txn::table_mode::kShare;
  // Nothing but a plain build is done concurrently, so writers wait all the same.
  if (statement.concurrent) {
    d.require_no_block("CREATE INDEX CONCURRENTLY");
    mode = txn::table_mode::kShare;
  }
  RelationPtr table = d.relation(*statement.relation, mode, check);
  if (table->name_space != d.path().temporary) {
    require_privilege(d.image(), d.role(),
                      *d.image().find(ObjectKind::kNamespace, table->name_space),
                      Privilege::kCreate);
  }
  std::string name(text_or_empty(statement.idxname));
  if (!name.empty()) {
    d.lock_name(ObjectKind::kRelation, table->name_space, name);
    if (d.image().relation(table->name_space, name) != nullptr) {
      if (!statement.if_not_exists) {
        fail(base::sqlstate::kDuplicateTable, "relation " + quoted(name) + " already exists");
      }
      return d.notice(base::sqlstate::kDuplicateTable,
                      "relation " + quoted(name) + " already exists, skipping");
    }
  }
  IndexSpec spec = IndexStatement(d, statement, *table).spec();
  if (name.empty()) {
    std::vector<std::string> names;
    for (const IndexKeyObject& key : spec.about.keys) names.push_back(key_name(*table, key));
    name =
        choose_relation_name(d, table->name, joined_column_names(names), "idx", table->name_space);
    d.lock_name(ObjectKind::kRelation, table->name_space, name);
  }
  spec.name = name;
  make_index(d, *table, std::move(spec), true);
}

namespace {

void reindex_table(Definer& d, Oid table) {
  for (const ObjectPtr& part : d.image().parts_of(table)) {
    if (part->kind != ObjectKind::kRelation) continue;
    const auto& relation = static_cast<const RelationObject&>(*part);
    if (!relation.index) continue;
    d.lock(relation.oid, txn::table_mode::kAccessExclusive);
    rebuild_index(d, relation);
  }
}

void reindex_many(Definer& d, const std::function<bool(const RelationObject&)>& wanted) {
  std::vector<Oid> tables;
  d.image().for_each(ObjectKind::kRelation, [&](const ObjectPtr& object) {
    const auto& relation = static_cast<const RelationObject&>(*object);
    if (has_rows(relation) && wanted(relation)) {
      tables.push_back(relation.oid);
    }
  });
  for (Oid table : tables) {
    d.lock(table, txn::table_mode::kShare);
    if (d.image().relation(table) != nullptr) reindex_table(d, table);
  }
}

}  // namespace

void reindex(Definer& d, const PgQuery__ReindexStmt& statement) {
  auto owner = [&](const RelationObject& relation) { d.require_owner(relation); };
  switch (statement.kind) {
    case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_INDEX: {
      RelationPtr index = d.relation(*statement.relation, txn::table_mode::kAccessExclusive, owner);
      if (!index->index) {
        fail(base::sqlstate::kWrongObjectType, quoted(index->name) + " is not an index");
      }
      d.lock(index->index->table, txn::table_mode::kShare);
      return rebuild_index(d, *index);
    }
    case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_TABLE: {
      RelationPtr table = d.relation(*statement.relation, txn::table_mode::kShare, owner);
      if (!has_rows(*table)) {
        fail(base::sqlstate::kWrongObjectType,
             quoted(table->name) + " is not a table or materialized view");
      }
      return reindex_table(d, table->oid);
    }
    case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_SCHEMA: {
      Oid schema = d.schema(statement.name);
      d.require_owner(*d.image().find(ObjectKind::kNamespace, schema));
      return reindex_many(
          d, [&](const RelationObject& relation) { return relation.name_space == schema; });
    }
    default:
      if (text_or_empty(statement.name) != "" && statement.name != d.services().database()) {
        fail(base::sqlstate::kFeatureNotSupported, "can only reindex the currently open database");
      }
      return reindex_many(
          d, [&](const RelationObject& relation) { return owns(d.image(), d.role(), relation); });
  }
}

}  // namespace isolde::sql
