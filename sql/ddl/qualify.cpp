#include "sql/ddl/qualify.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <deque>
#include <functional>
#include <set>

#include "sql/binder/nodes.hpp"
#include "sql/parser/parse.hpp"
#include "sql/parser/tree_walk.hpp"
#include "sql/parser/unparse.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

/// Writes schemas into a tree, and takes them out again before the tree is freed.
class Qualifier {
 public:
  Qualifier(Definer& d, const PlanMemory& used) : d_(d), used_(used) {}
  Qualifier(const Qualifier&) = delete;
  ~Qualifier() {
    for (const auto& undo : undo_) undo();
  }

  void run(PgQuery__Node& tree) {
    walk_tree(tree, [&](const PgQuery__Node& node) {
      if (node.node_case == PG_QUERY__NODE__NODE_COMMON_TABLE_EXPR) {
        common_.insert(node.common_table_expr->ctename);
      }
      return true;
    });
    walk_tree(tree, [&](const PgQuery__Node& node) {
      if (node.node_case == PG_QUERY__NODE__NODE_RANGE_VAR) relation(*node.range_var);
      if (node.node_case == PG_QUERY__NODE__NODE_FUNC_CALL) function(*node.func_call);
      if (node.node_case == PG_QUERY__NODE__NODE_TYPE_NAME) type(*node.type_name);
      if (node.node_case == PG_QUERY__NODE__NODE_TYPE_CAST) type(*node.type_cast->type_name);
      return true;
    });
  }

 private:
  char* schema_name(Oid oid) {
    return schemas_.emplace_back(d_.image().find(ObjectKind::kNamespace, oid)->name).data();
  }

  void relation(PgQuery__RangeVar& var) {
    if (!text_or_empty(var.schemaname).empty() || common_.contains(var.relname)) return;
    RelationPtr found = d_.path().relation(d_.image(), "", var.relname);
    if (found == nullptr) return;
    undo_.push_back([&var, before = var.schemaname] { var.schemaname = before; });
    var.schemaname = schema_name(found->name_space);
  }

  void function(PgQuery__FuncCall& call) {
    if (call.n_funcname != 1) return;
    const std::string_view name = string_of(*call.funcname[0]);
    for (const RoutineUse& use : used_.routines) {
      ObjectPtr found = d_.image().find(ObjectKind::kFunction, use.function);
      if (found == nullptr || found->name != name) continue;
      return put_in_front(call.funcname, call.n_funcname, found->name_space);
    }
  }

  void type(PgQuery__TypeName& name) {
    if (name.n_names != 1 || find_type(string_of(*name.names[0])) != nullptr) return;
    ObjectPtr found = d_.find_type_object("", string_of(*name.names[0]));
    if (found != nullptr) put_in_front(name.names, name.n_names, found->name_space);
  }

  /// A schema before the only part of a name.
  void put_in_front(PgQuery__Node**& parts, size_t& count, Oid schema) {
    PgQuery__String& text = texts_.emplace_back();
    pg_query__string__init(&text);
    text.sval = schema_name(schema);
    PgQuery__Node& node = nodes_.emplace_back();
    pg_query__node__init(&node);
    node.node_case = PG_QUERY__NODE__NODE_STRING;
    node.string = &text;
    undo_.push_back([&parts, &count, before = parts] {
      parts = before;
      count = 1;
    });
    std::vector<PgQuery__Node*>& list = lists_.emplace_back();
    list = {&node, parts[0]};
    parts = list.data();
    count = list.size();
  }

  Definer& d_;
  const PlanMemory& used_;
  std::set<std::string_view> common_;
  std::deque<std::string> schemas_;
  std::deque<PgQuery__String> texts_;
  std::deque<PgQuery__Node> nodes_;
  std::deque<std::vector<PgQuery__Node*>> lists_;
  std::vector<std::function<void()>> undo_;
};

}  // namespace

std::string qualified_statement(Definer& d, const PgQuery__Node& statement,
                                const PlanMemory& used) {
  auto own = base::value_or_throw(parse_query(unparse_statement(statement)));
  auto& tree = const_cast<PgQuery__Node&>(*own->statement(0));
  Qualifier qualifier(d, used);
  qualifier.run(tree);
  return unparse_statement(tree);
}

std::string qualified_expression(Definer& d, const PgQuery__Node& expression,
                                 const PlanMemory& used) {
  auto own = base::value_or_throw(parse_query("SELECT " + unparse_expression(expression)));
  auto& tree = const_cast<PgQuery__Node&>(*own->statement(0)->select_stmt->target_list[0]);
  Qualifier qualifier(d, used);
  qualifier.run(tree);
  return unparse_expression(*tree.res_target->val);
}

}  // namespace isolde::sql
