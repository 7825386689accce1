#include "sql/ddl/copy_definition.hpp"
#include "sql/ddl/placed.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/catalog/catalog_types.hpp"
#include "sql/ddl/choose_name.hpp"
#include "sql/ddl/column.hpp"
#include "sql/ddl/index.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

/// libpg_query hands over PostgreSQL's bits.
enum LikeBits : uint32_t {
  kComments = 1U << 0,
  kConstraints = 1U << 2,
  kDefaults = 1U << 3,
  kGenerated = 1U << 4,
  kIdentity = 1U << 5,
  kIndexes = 1U << 6,
};

/// Serial columns share the source's sequence, as in PostgreSQL; identity columns get their own.
void copy_column(Definer& d, RelationObject& table, const ColumnObject& from, LikeClause& like,
                 int16_t number) {
  ColumnObject made;
  made.name = from.name;
  made.type = from.type;
  made.typmod = from.typmod;
  made.not_null = from.not_null;
  made.collation = from.collation;
  if ((like.options & kComments) != 0) made.comment = from.comment;
  if (from.generated ? (like.options & kGenerated) != 0 : (like.options & kDefaults) != 0) {
    made.default_text = from.default_text;
    made.generated = from.generated;
    made.needs = from.needs;
    made.reads = from.reads;  // put right when all columns are there
  }
  bool user_made = type_object(d.image(), made.type) != nullptr;
  if (user_made && std::ranges::find(made.needs, made.type) == made.needs.end()) {
    made.needs.push_back(made.type);
  }
  check_column(table, made, d.type_of(made.type));
  table.columns.push_back(std::move(made));
  auto added = static_cast<int16_t>(table.columns.size());
  like.columns.push_back(added);
  if (from.identity == Identity::kNone || (like.options & kIdentity) == 0) return;
  table.columns.back().identity = from.identity;
  RelationPtr sequence = owned_sequence(d.image(), like.source->oid, number);
  Oid copy = make_owned_sequence(d, table, added, from.type, {});
  if (sequence == nullptr) return;
  auto changed = std::make_shared<RelationObject>(*d.image().relation(copy));
  SequenceObject about = *sequence->sequence;
  about.owner_table = table.oid;
  about.owner_column = added;
  changed->sequence = about;
  d.put(changed);
  restart_sequence(d, *changed);
}

int16_t mapped(const LikeClause& like, int16_t column) {
  return column == 0 ? int16_t{0} : like.columns[static_cast<size_t>(column - 1)];
}

std::vector<int16_t> mapped(const LikeClause& like, const std::vector<int16_t>& columns) {
  std::vector<int16_t> made;
  for (int16_t column : columns) made.push_back(mapped(like, column));
  return made;
}

void copy_check(Definer& d, const RelationObject& table, const LikeClause& like,
                const ConstraintObject& from) {
  auto made = std::make_shared<ConstraintObject>(from);
  made->oid = d.new_oid();
  made->relation = made->part_of = table.oid;
  made->name_space = table.name_space;
  made->owner = table.owner;
  made->columns = mapped(like, from.columns);
  made->validated = true;
  if ((like.options & kComments) == 0) made->comment.reset();
  d.put(made);
}

std::shared_ptr<const ConstraintObject> constraint_of_index(const CatalogImage& image,
                                                            const RelationObject& table,
                                                            Oid index) {
  for (const ObjectPtr& part : image.parts_of(table.oid)) {
    if (part->kind != ObjectKind::kConstraint) continue;
    auto constraint = std::static_pointer_cast<const ConstraintObject>(part);
    if (constraint->index == index && constraint->constraint_kind != ConstraintKind::kForeignKey) {
      return constraint;
    }
  }
  return nullptr;
}

void copy_index(Definer& d, const RelationObject& table, const LikeClause& like,
                const RelationObject& from) {
  IndexSpec spec;
  spec.about = *from.index;
  spec.options = from.options;
  spec.needs = from.needs;
  std::vector<std::string> names;
  for (size_t i = 0; i < spec.about.keys.size(); ++i) {
    spec.about.keys[i].column = mapped(like, spec.about.keys[i].column);
    names.push_back(from.columns[i].name);
  }
  spec.about.included = mapped(like, from.index->included);
  for (const ColumnRef& ref : from.needs_columns) spec.reads.push_back(mapped(like, ref.column));
  auto constraint = constraint_of_index(d.image(), *like.source, from.oid);
  std::string_view label = constraint == nullptr ? "idx" : from.index->primary ? "pkey" : "key";
  std::string columns = from.index->primary ? "" : joined_column_names(names);
  spec.name = choose_relation_name(d, table.name, columns, label, table.name_space);
  std::string name = spec.name;
  RelationPtr index = make_index(d, table, std::move(spec), false);
  if (constraint == nullptr) return;
  auto made = std::make_shared<ConstraintObject>(*constraint);
  made->oid = d.new_oid();
  made->name = name;
  made->relation = made->part_of = table.oid;
  made->name_space = table.name_space;
  made->owner = table.owner;
  made->columns = mapped(like, constraint->columns);
  made->index = index->oid;
  d.put(made);
}

}  // namespace

LikeClause copy_columns(Definer& d, RelationObject& table, const PgQuery__TableLikeClause& clause) {
  LikeClause like;
  like.source = placed(d, clause.relation->location,
                       [&] { return d.relation(*clause.relation, txn::table_mode::kAccessShare); });
  like.options = clause.options;
  const RelationObject& source = *like.source;
  bool has_columns =
      has_rows(source) || is_view(source) || source.relation_kind == RelationKind::kComposite;
  if (!has_columns) {
    d.fail_at(clause.relation->location,
              base::Error(base::sqlstate::kWrongObjectType,
                          "relation " + quoted(source.name) + " is invalid in LIKE clause")
                  .detail("This operation is not supported for " +
                          std::string(relation_kind_plural(source)) + "."));
  }
  require_privilege(d.image(), d.role(), source, Privilege::kSelect);
  for (size_t i = 0; i < source.columns.size(); ++i) {
    if (source.columns[i].dropped) {
      like.columns.push_back(0);
      continue;
    }
    copy_column(d, table, source.columns[i], like, static_cast<int16_t>(i + 1));
  }
  for (size_t i = 0; i < source.columns.size(); ++i) {
    if (like.columns[i] == 0) continue;
    ColumnObject& made = table.columns[static_cast<size_t>(like.columns[i] - 1)];
    made.reads = mapped(like, made.reads);
  }
  return like;
}

void copy_definitions(Definer& d, const RelationObject& table, const LikeClause& like) {
  for (const ObjectPtr& part : d.image().parts_of(like.source->oid)) {
    if (part->kind == ObjectKind::kConstraint && (like.options & kConstraints) != 0) {
      const auto& constraint = static_cast<const ConstraintObject&>(*part);
      if (constraint.constraint_kind == ConstraintKind::kCheck) {
        copy_check(d, table, like, constraint);
      }
    }
    if (part->kind == ObjectKind::kRelation && (like.options & kIndexes) != 0) {
      const auto& relation = static_cast<const RelationObject&>(*part);
      if (relation.index) copy_index(d, table, like, relation);
    }
  }
}

}  // namespace isolde::sql
