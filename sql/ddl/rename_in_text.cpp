#include "sql/ddl/rename_in_text.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <deque>

#include "sql/binder/nodes.hpp"
#include "sql/parser/parse.hpp"
#include "sql/parser/tree_walk.hpp"
#include "sql/parser/unparse.hpp"

namespace isolde::sql {

namespace {

/// Changes names in a tree, and puts the old ones back before it is freed.
class Renamer {
 public:
  explicit Renamer(const NewNames& names) : names_(names) {}
  ~Renamer() {
    for (auto [where, before] : changed_) *where = before;
  }

  bool visit(const PgQuery__Node& node) {
    if (node.node_case != PG_QUERY__NODE__NODE_COLUMN_REF) return true;
    const PgQuery__ColumnRef& ref = *node.column_ref;
    // a, t.a, s.t.a
    for (size_t i = 0; i < ref.n_fields; ++i) {
      PgQuery__Node& field = *ref.fields[i];
      if (field.node_case != PG_QUERY__NODE__NODE_STRING) continue;
      const bool last = i + 1 == ref.n_fields;
      const bool table = i + 2 == ref.n_fields;
      if (last && !names_.column_from.empty()) change(field, names_.column_from, names_.column_to);
      if (table && !names_.table_to.empty()) change(field, names_.table_from, names_.table_to);
    }
    return true;
  }
  bool any() const { return !changed_.empty(); }

 private:
  void change(PgQuery__Node& field, const std::string& from, const std::string& to) {
    if (string_of(field) != from) return;
    changed_.emplace_back(&field.string->sval, field.string->sval);
    field.string->sval = texts_.emplace_back(to).data();
  }

  const NewNames& names_;
  std::deque<std::string> texts_;
  std::vector<std::pair<char**, char*>> changed_;
};

}  // namespace

std::string with_new_names(const std::string& text, const NewNames& names) {
  auto parsed = base::value_or_throw(parse_query("SELECT " + text));
  const PgQuery__Node& value = *parsed->statement(0)->select_stmt->target_list[0]->res_target->val;
  Renamer renamer(names);
  walk_tree(value, [&](const PgQuery__Node& node) { return renamer.visit(node); });
  return renamer.any() ? unparse_expression(value) : text;
}

void rename_in_texts(Definer& d, RelationObject& table, const NewNames& names) {
  for (ColumnObject& column : table.columns) {
    if (column.generated) column.default_text = with_new_names(*column.default_text, names);
  }
  for (const ObjectPtr& part : d.image().parts_of(table.oid)) {
    if (part->kind == ObjectKind::kConstraint) {
      const auto& constraint = static_cast<const ConstraintObject&>(*part);
      if (constraint.constraint_kind != ConstraintKind::kCheck) continue;
      auto changed = d.edit(constraint);
      changed->expression = with_new_names(constraint.expression, names);
      if (changed->expression != constraint.expression) d.put(changed);
    } else if (part->kind == ObjectKind::kRelation) {
      const auto& index = static_cast<const RelationObject&>(*part);
      if (!index.index) continue;
      auto changed = d.edit(index);
      for (IndexKeyObject& key : changed->index->keys) {
        if (key.column == 0) key.expression = with_new_names(key.expression, names);
      }
      if (changed->index->predicate) {
        changed->index->predicate = with_new_names(*changed->index->predicate, names);
      }
      d.put(changed);
    }
  }
}

}  // namespace isolde::sql
