#include "sql/ddl/enum.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/binder/nodes.hpp"
#include "sql/ddl/copy_object.hpp"
#include "sql/ddl/type_name.hpp"
#include "sql/settings/identifier_list.hpp"

namespace isolde::sql {

namespace {

using Labels = std::vector<TypeObject::Label>;

void check_label(std::string_view label) {
  if (label.size() <= 63) return;
  throw base::SqlException(
      base::Error(base::sqlstate::kInvalidName, "invalid enum label " + quoted(label))
          .detail("Labels must be 63 bytes or less."));
}

Labels::iterator find_label(Labels& labels, std::string_view text) {
  return std::ranges::find_if(labels, [&](const auto& label) { return label.text == text; });
}

Labels::iterator existing_label(Labels& labels, std::string_view text) {
  auto found = find_label(labels, text);
  if (found == labels.end()) {
    fail(base::sqlstate::kInvalidParameterValue, quoted(text) + " is not an existing enum label");
  }
  return found;
}

[[noreturn]] void fail_taken(std::string_view label) {
  fail(base::sqlstate::kDuplicateObject, "enum label " + quoted(label) + " already exists");
}

/// Between the neighbours, or one beyond the last. Values that rows have keep their order.
float order_beside(Labels& labels, std::string_view neighbour, bool after) {
  std::ranges::sort(labels, {}, &TypeObject::Label::order);
  if (labels.empty()) return 1;
  if (neighbour.empty()) return labels.back().order + 1;
  auto at = existing_label(labels, neighbour);
  if (after && at + 1 == labels.end()) return at->order + 1;
  if (!after && at == labels.begin()) return at->order - 1;
  auto low = after ? at : at - 1;
  float middle = (low->order + (low + 1)->order) / 2;
  if (middle == low->order || middle == (low + 1)->order) {
    fail(base::sqlstate::kProgramLimitExceeded, "there is no room for another label between " +
                                                    quoted(low->text) + " and " +
                                                    quoted((low + 1)->text));
  }
  return middle;
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

std::string literal(std::string_view text) {
  std::string made = "'";
  for (char c : text) made += c == '\'' ? "''" : std::string(1, c);
  return made + "'";
}

/// What is kept as text names labels as they were: views with the type behind, the others perhaps
/// without it.
void rename_in_texts(Definer& d, const TypeObject& type, std::string_view from,
                     std::string_view to) {
  ObjectPtr schema = d.image().find(ObjectKind::kNamespace, type.name_space);
  std::string cast = "::" + quote_identifier(schema->name) + "." + quote_identifier(type.name);
  std::string bare = literal(from), fresh = literal(to);
  std::vector<ObjectPtr> dependents = d.image().dependents_of(type.oid);
  for (const ObjectPtr& one : d.image().dependents_of(type.array_type)) dependents.push_back(one);
  for (const ObjectPtr& one : dependents) {
    auto changed = copy_object(*d.image().find(one->kind, one->oid));
    if (one->kind == ObjectKind::kConstraint) {
      replace_all(static_cast<ConstraintObject&>(*changed).expression, bare, fresh);
    } else if (one->kind == ObjectKind::kRelation) {
      auto& relation = static_cast<RelationObject&>(*changed);
      replace_all(relation.definition, bare + cast, fresh + cast);
      if (relation.index && relation.index->predicate) {
        replace_all(*relation.index->predicate, bare, fresh);
      }
      for (ColumnObject& column : relation.columns) {
        bool of_type = column.type == type.oid || column.type == type.array_type;
        if (of_type && column.default_text) replace_all(*column.default_text, bare, fresh);
      }
    } else {
      continue;
    }
    d.put(changed);
  }
}

void add_label(Definer& d, TypeObject& type, const PgQuery__AlterEnumStmt& statement) {
  std::string text = statement.new_val;
  check_label(text);
  if (find_label(type.labels, text) != type.labels.end()) {
    if (!statement.skip_if_new_val_exists) fail_taken(text);
    return d.notice(base::sqlstate::kDuplicateObject,
                    "enum label " + quoted(text) + " already exists, skipping");
  }
  float order = order_beside(type.labels, text_or_empty(statement.new_val_neighbor),
                             statement.new_val_is_after);
  type.labels.push_back({d.new_oid(), order, text});
}

}  // namespace

void create_enum(Definer& d, const PgQuery__CreateEnumStmt& statement) {
  auto made = std::make_shared<TypeObject>();
  start_type(d, *made, name_parts(statement.type_name, statement.n_type_name));
  Oid first = d.catalog().new_oids(static_cast<uint32_t>(statement.n_vals));
  for (size_t i = 0; i < statement.n_vals; ++i) {
    std::string text(string_of(*statement.vals[i]));
    check_label(text);
    if (find_label(made->labels, text) != made->labels.end()) {
      base::Error error(base::sqlstate::kUniqueViolation,
                        "duplicate key value violates unique constraint "
                        "\"pg_enum_typid_label_index\"");
      error.fields().detail = "Key (enumtypid, enumlabel)=(" + std::to_string(made->oid.value) +
                              ", " + text + ") already exists.";
      throw base::SqlException(std::move(error));
    }
    auto number = static_cast<uint32_t>(i);
    made->labels.push_back({Oid(first.value + number), static_cast<float>(i + 1), text});
  }
  d.put(made);
}

void alter_enum(Definer& d, const PgQuery__AlterEnumStmt& statement) {
  NameParts name = name_parts(statement.type_name, statement.n_type_name);
  ObjectPtr found = own_type(d, name, txn::table_mode::kAccessExclusive);
  if (found->kind != ObjectKind::kType ||
      static_cast<const TypeObject&>(*found).sort != TypeObject::Sort::kEnum) {
    fail(base::sqlstate::kWrongObjectType, d.shown_name(*found) + " is not an enum");
  }
  auto changed = d.edit(static_cast<const TypeObject&>(*found));
  if (text_or_empty(statement.old_val).empty()) {
    add_label(d, *changed, statement);
  } else {
    auto label = existing_label(changed->labels, statement.old_val);
    std::string_view wanted = statement.new_val;
    check_label(wanted);
    if (find_label(changed->labels, wanted) != changed->labels.end()) fail_taken(wanted);
    rename_in_texts(d, *changed, statement.old_val, wanted);
    label->text = wanted;
  }
  d.put(changed);
}

}  // namespace isolde::sql
