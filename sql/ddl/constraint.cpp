#include "sql/ddl/constraint.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/binder/nodes.hpp"
#include "sql/ddl/choose_name.hpp"
#include "sql/ddl/expression.hpp"
#include "sql/ddl/index.hpp"
#include "sql/ddl/options.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

// --- wishes

void ConstraintWishes::add(const PgQuery__Constraint& node, int16_t column) {
  wishes_.push_back({&node, column, node.deferrable != 0, node.initdeferred != 0});
  said_deferrable_ = said_initially_ = false;
}

bool ConstraintWishes::add_attribute(const PgQuery__Constraint& node) {
  auto last = [&](std::string_view clause) -> ConstraintWish& {
    bool fits =
        !wishes_.empty() && wishes_.back().node->contype != PG_QUERY__CONSTR_TYPE__CONSTR_CHECK;
    if (!fits) {
      d_.fail_at(node.location, base::sqlstate::kSyntaxError,
                 "misplaced " + std::string(clause) + " clause");
    }
    return wishes_.back();
  };
  auto once = [&](bool& said, std::string_view clauses) {
    if (std::exchange(said, true)) {
      d_.fail_at(node.location, base::sqlstate::kSyntaxError,
                 "multiple " + std::string(clauses) + " clauses not allowed");
    }
  };
  constexpr std::string_view kMustBe = "constraint declared INITIALLY DEFERRED must be DEFERRABLE";
  switch (node.contype) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRABLE:
      last("DEFERRABLE").deferrable = true;
      once(said_deferrable_, "DEFERRABLE/NOT DEFERRABLE");
      return true;
    case PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_NOT_DEFERRABLE:
      if (last("NOT DEFERRABLE").initially_deferred) {
        d_.fail_at(node.location, base::sqlstate::kSyntaxError, std::string(kMustBe));
      }
      once(said_deferrable_, "DEFERRABLE/NOT DEFERRABLE");
      return true;
    case PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRED: {
      ConstraintWish& wish = last("INITIALLY DEFERRED");
      if (said_deferrable_ && !wish.deferrable) {
        d_.fail_at(node.location, base::sqlstate::kSyntaxError, std::string(kMustBe));
      }
      once(said_initially_, "INITIALLY IMMEDIATE/DEFERRED");
      wish.deferrable = wish.initially_deferred = true;
      return true;
    }
    case PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_IMMEDIATE:
      last("INITIALLY IMMEDIATE");
      once(said_initially_, "INITIALLY IMMEDIATE/DEFERRED");
      return true;
    default:
      return false;
  }
}

// --- making

void require_free_constraint_name(Definer& d, const RelationObject& table, std::string_view name) {
  if (find_constraint(d.image(), table.oid, name) == nullptr) return;
  fail(base::sqlstate::kDuplicateObject,
       "constraint " + quoted(name) + " for relation " + quoted(table.name) + " already exists");
}

std::shared_ptr<const ConstraintObject> find_constraint(const CatalogImage& image, Oid table,
                                                        std::string_view name) {
  for (const ObjectPtr& part : image.parts_of(table)) {
    if (part->kind == ObjectKind::kConstraint && part->name == name) {
      return std::static_pointer_cast<const ConstraintObject>(part);
    }
  }
  return nullptr;
}

std::string ConstraintMaker::column_name(int16_t number) {
  return table()->columns[static_cast<size_t>(number - 1)].name;
}

std::vector<std::string> ConstraintMaker::column_names(const std::vector<int16_t>& numbers) {
  std::vector<std::string> names;
  for (int16_t number : numbers) names.push_back(column_name(number));
  return names;
}

std::shared_ptr<ConstraintObject> ConstraintMaker::start(const ConstraintWish& wish,
                                                         ConstraintKind kind) {
  auto made = std::make_shared<ConstraintObject>();
  RelationPtr on = table();
  made->constraint_kind = kind;
  made->name_space = on->name_space;
  made->owner = on->owner;
  made->relation = made->part_of = table_;
  made->name = text_or_empty(wish.node->conname);
  made->deferrable = wish.deferrable;
  made->initially_deferred = wish.initially_deferred;
  made->validated = wish.node->skip_validation == 0 || fresh_;
  return made;
}

void ConstraintMaker::name_or_choose(ConstraintObject& made, const ConstraintWish&,
                                     const std::vector<int16_t>& columns, std::string_view label) {
  RelationPtr on = table();
  const bool check = made.constraint_kind == ConstraintKind::kCheck;
  if (fresh_ && check && !made.name.empty() &&
      find_constraint(d_.image(), on->oid, made.name) != nullptr) {
    fail(base::sqlstate::kDuplicateObject,
         "check constraint " + quoted(made.name) + " already exists");
  }
  if (!made.name.empty()) return require_free_constraint_name(d_, *on, made.name);
  std::vector<std::string> names = column_names(columns);
  made.name =
      choose_constraint_name(d_, on->name, joined_column_names(names), label, on->name_space);
}

void ConstraintMaker::make(const ConstraintWish& wish) {
  switch (wish.node->contype) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY:
      return make_key(wish, true);
    case PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE:
      return make_key(wish, false);
    case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
      return make_check(wish);
    case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN:
      return make_foreign_key(wish);
    case PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION:
      fail(base::sqlstate::kFeatureNotSupported, "exclusion constraints are not supported");
    default:
      fail(base::sqlstate::kInternalError, "unrecognized constraint type");
  }
}

std::vector<int16_t> ConstraintMaker::key_columns(const ConstraintWish& wish,
                                                  const RelationObject& table) {
  if (wish.column != 0) return {wish.column};
  std::vector<int16_t> columns;
  for (size_t i = 0; i < wish.node->n_keys; ++i) {
    std::string_view name = string_of(*wish.node->keys[i]);
    int place = find_column(table, name);
    if (place < 0) {
      d_.fail_at(wish.node->location, base::sqlstate::kUndefinedColumn,
                 "column " + quoted(name) + " named in key does not exist");
    }
    auto number = static_cast<int16_t>(place + 1);
    if (std::ranges::find(columns, number) != columns.end()) {
      bool primary = wish.node->contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY;
      d_.fail_at(wish.node->location, base::sqlstate::kDuplicateColumn,
                 "column " + quoted(name) + " appears twice in " +
                     (primary ? "primary key" : "unique") + " constraint");
    }
    columns.push_back(number);
  }
  return columns;
}

void ConstraintMaker::make_key(const ConstraintWish& wish, bool primary) {
  if (!text_or_empty(wish.node->indexname).empty()) return use_index(wish, primary);
  auto made = start(wish, primary ? ConstraintKind::kPrimaryKey : ConstraintKind::kUnique);
  RelationPtr on = table();
  made->columns = key_columns(wish, *on);
  made->validated = true;
  if (made->name.empty()) {
    std::vector<std::string> names = column_names(made->columns);
    made->name = choose_relation_name(d_, on->name, primary ? "" : joined_column_names(names),
                                      primary ? "pkey" : "key", on->name_space);
  } else {
    require_free_constraint_name(d_, *on, made->name);
  }
  d_.lock_name(ObjectKind::kRelation, on->name_space, made->name);
  if (d_.image().relation(on->name_space, made->name) != nullptr) {
    fail(base::sqlstate::kDuplicateTable, "relation " + quoted(made->name) + " already exists");
  }
  IndexSpec spec;
  spec.name = made->name;
  spec.about.unique = true;
  spec.about.primary = primary;
  spec.about.immediate = !made->deferrable;
  spec.about.nulls_not_distinct = wish.node->nulls_not_distinct != 0;
  spec.options = storage_options(wish.node->options, wish.node->n_options, true);
  for (int16_t number : made->columns) spec.about.keys.push_back(plain_key(d_, *on, number));
  for (size_t i = 0; i < wish.node->n_including; ++i) {
    std::string_view name = string_of(*wish.node->including[i]);
    int place = find_column(*on, name);
    if (place < 0) {
      d_.fail_at(wish.node->location, base::sqlstate::kUndefinedColumn,
                 "column " + quoted(name) + " named in key does not exist");
    }
    spec.about.included.push_back(static_cast<int16_t>(place + 1));
  }
  made->index = make_index(d_, *on, std::move(spec), !fresh_)->oid;
  made->oid = d_.new_oid();
  d_.put(made);
}

/// ADD CONSTRAINT ... USING INDEX: the index takes the constraint's name.
void ConstraintMaker::use_index(const ConstraintWish& wish, bool primary) {
  RelationPtr on = table();
  RelationPtr index = d_.image().relation(on->name_space, wish.node->indexname);
  if (index == nullptr) {
    d_.fail_at(wish.node->location, base::sqlstate::kUndefinedObject,
               "index " + quoted(wish.node->indexname) + " does not exist");
  }
  if (!index->index || index->index->table != table_) {
    d_.fail_at(wish.node->location, base::sqlstate::kObjectNotInPrerequisiteState,
               "index " + quoted(index->name) + " does not belong to table " + quoted(on->name));
  }
  auto refuse = [&](std::string what) {
    throw base::SqlException(
        base::Error(base::sqlstate::kWrongObjectType, std::move(what))
            .detail("Cannot create a primary key or unique constraint using such an index."));
  };
  if (!index->index->unique) refuse(quoted(index->name) + " is not a unique index");
  if (index->index->predicate) refuse(quoted(index->name) + " is a partial index");
  auto made = start(wish, primary ? ConstraintKind::kPrimaryKey : ConstraintKind::kUnique);
  made->validated = true;
  for (const IndexKeyObject& key : index->index->keys) {
    if (key.column == 0) refuse("index " + quoted(index->name) + " contains expressions");
    if (key.descending || key.nulls_first) {
      refuse("index " + quoted(index->name) + " column number " +
             std::to_string(made->columns.size() + 1) + " does not have default sorting behavior");
    }
    made->columns.push_back(key.column);
  }
  auto changed = d_.edit(*index);
  changed->index->primary = primary;
  changed->index->immediate = !made->deferrable;
  if (made->name.empty()) made->name = index->name;
  if (made->name != index->name) {
    d_.notice(base::sqlstate::kSuccessfulCompletion,
              "ALTER TABLE / ADD CONSTRAINT USING INDEX will rename index " + quoted(index->name) +
                  " to " + quoted(made->name));
    changed->name = made->name;
  }
  if (primary) {
    auto table = d_.edit(*on);
    for (int16_t number : made->columns) {
      ColumnObject& column = table->columns[static_cast<size_t>(number - 1)];
      if (!std::exchange(column.not_null, true)) validate_not_null(d_, *table, number);
    }
    d_.put(table);
  }
  d_.put(changed);
  made->index = index->oid;
  made->oid = d_.new_oid();
  d_.put(made);
}

void ConstraintMaker::make_check(const ConstraintWish& wish) {
  auto made = start(wish, ConstraintKind::kCheck);
  made->deferrable = made->initially_deferred = false;
  made->no_inherit = wish.node->is_no_inherit != 0;
  KeptExpression kept = keep_expression(d_, *wish.node->raw_expr, KeptClause::kCheck, *table());
  made->expression = kept.text;
  made->columns = kept.columns;
  made->needs = kept.needs;
  name_or_choose(*made, wish, kept.columns.size() == 1 ? kept.columns : std::vector<int16_t>(),
                 "check");
  made->oid = d_.new_oid();
  d_.put(made);
  if (!fresh_ && made->validated) validate_constraint(d_, *made);
}

}  // namespace isolde::sql
