// CREATE VIEW. What is kept of a view is its query, written back with every name in full, so that
// it means the same whatever the search path of those who use it.

#include "sql/ddl/view.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>
#include <set>

#include "sql/binder/nodes.hpp"
#include "sql/binder/updatable.hpp"
#include "sql/catalog/catalog_types.hpp"
#include "sql/ddl/create_table.hpp"
#include "sql/ddl/expression.hpp"
#include "sql/ddl/options.hpp"
#include "sql/deparse/view_text.hpp"
#include "sql/parser/parse.hpp"
#include "sql/parser/tree_walk.hpp"
#include "sql/parser/unparse.hpp"
#include "sql/table/table_info.hpp"

namespace isolde::sql {

namespace {

/// What a view's query is made of.
struct KeptQuery {
  std::string definition;
  std::vector<ColumnObject> columns;
  std::vector<Oid> needs;
  std::vector<ColumnRef> needs_columns;
  bool temporary = false;  ///< reads a temporary relation
};

/// The query of a text in which tables say their schemas; for those that sql/deparse has no text
/// for.
std::string qualified_text(Definer& d, const PgQuery__Node& query) {
  auto parsed = base::value_or_throw(parse_query(unparse_statement(query)));
  std::set<std::string_view> common;
  walk_tree(*parsed->statement(0), [&](const PgQuery__Node& node) {
    if (node.node_case == PG_QUERY__NODE__NODE_COMMON_TABLE_EXPR) {
      common.insert(node.common_table_expr->ctename);
    }
    return true;
  });
  std::deque<std::string> schemas;
  std::vector<std::pair<char**, char*>> changed;
  walk_tree(*parsed->statement(0), [&](const PgQuery__Node& node) {
    if (node.node_case != PG_QUERY__NODE__NODE_RANGE_VAR) return true;
    PgQuery__RangeVar& var = *node.range_var;
    if (!text_or_empty(var.schemaname).empty() || common.contains(var.relname)) return true;
    RelationPtr found = d.path().relation(d.image(), "", var.relname);
    if (found == nullptr) return true;
    ObjectPtr schema = d.image().find(ObjectKind::kNamespace, found->name_space);
    changed.emplace_back(&var.schemaname, var.schemaname);
    var.schemaname = schemas.emplace_back(schema->name).data();
    return true;
  });
  std::string text = unparse_statement(*parsed->statement(0));
  for (auto [where, before] : changed) *where = before;
  return text;
}

class ViewStatement {
 public:
  ViewStatement(Definer& d, const PgQuery__ViewStmt& statement) : d_(d), statement_(statement) {}

  void run() {
    const PgQuery__RangeVar& name = *statement_.view;
    if (text_or_empty(name.relpersistence) == "u") {
      fail(base::sqlstate::kSyntaxError,
           "views cannot be unlogged because they do not have storage");
    }
    check_tree();
    options();
    keep_query();
    RelationPtr before = existing();
    if (before != nullptr) return replace(*before);
    auto made = start_relation(d_, temporary_name(name), RelationKind::kView, false);
    fill(*made);
    d_.put(made);
  }

 private:
  void check_tree() {
    const PgQuery__Node& query = *statement_.query;
    if (query.node_case != PG_QUERY__NODE__NODE_SELECT_STMT) {
      fail(base::sqlstate::kFeatureNotSupported, "this view is not supported");
    }
    if (query.select_stmt->into_clause != nullptr) {
      fail(base::sqlstate::kFeatureNotSupported, "views must not contain SELECT INTO");
    }
    walk_tree(query, [&](const PgQuery__Node& node) {
      if (node.node_case == PG_QUERY__NODE__NODE_COMMON_TABLE_EXPR &&
          node.common_table_expr->ctequery->node_case != PG_QUERY__NODE__NODE_SELECT_STMT) {
        fail(base::sqlstate::kFeatureNotSupported,
             "views must not contain data-modifying statements in WITH");
      }
      return true;
    });
  }

  void options() {
    for (size_t i = 0; i < statement_.n_options; ++i) {
      const PgQuery__DefElem& option = *statement_.options[i]->def_elem;
      std::string_view name = option.defname;
      if (name == "security_barrier" || name == "security_invoker") {
        bool value = option.arg == nullptr || option_bool(option);
        options_.push_back(std::string(name) + (value ? "=true" : "=false"));
      } else if (name == "check_option") {
        std::string value = option_text(option);
        if (value != "local" && value != "cascaded") {
          throw base::SqlException(
              base::Error(base::sqlstate::kInvalidParameterValue,
                          "invalid value for enum option \"check_option\": " + value)
                  .detail("Valid values are \"local\" and \"cascaded\"."));
        }
        options_.push_back("check_option=" + value);
      } else {
        fail(base::sqlstate::kInvalidParameterValue, "unrecognized parameter " + quoted(name));
      }
    }
    if (statement_.with_check_option == PG_QUERY__VIEW_CHECK_OPTION__LOCAL_CHECK_OPTION) {
      options_.emplace_back("check_option=local");
    }
    if (statement_.with_check_option == PG_QUERY__VIEW_CHECK_OPTION__CASCADED_CHECK_OPTION) {
      options_.emplace_back("check_option=cascaded");
    }
  }

  void keep_query() {
    PlanMemory memory;
    TableNames names = d_.names();
    names.types = std::make_shared<CatalogTypes>(names.image, names.path, SearchPath{});
    Binder::Input input = d_.binder_input();
    input.names = &names;
    Binder binder(std::move(input), memory);
    Query* query = binder.bind_query(*statement_.query->select_stmt);
    name_columns(*query);
    try {
      if (!memory.routines.empty()) {
        fail(base::sqlstate::kFeatureNotSupported, "sql/deparse knows no function of the catalog");
      }
      kept_.definition = deparse_view(*query, CatalogRelationNames(*names.image, nullptr));
    } catch (const base::SqlException& e) {
      if (e.error().state() != base::sqlstate::kFeatureNotSupported) throw;
      kept_.definition = qualified_text(d_, *statement_.query) + ";";
    }
    note_needs(memory);
    if (has_check_option()) require_updatable(*query);
  }

  bool has_check_option() const {
    return std::ranges::any_of(
        options_, [](const std::string& option) { return option.starts_with("check_option="); });
  }

  void require_updatable(const Query& query) {
    std::string_view why = why_not_updatable(*statement_.query->select_stmt, &query);
    if (why.empty()) return;
    throw base::SqlException(
        base::Error(base::sqlstate::kFeatureNotSupported,
                    "WITH CHECK OPTION is supported only on automatically updatable views")
            .hint(std::string(why)));
  }

  void name_columns(Query& query) {
    auto width = static_cast<size_t>(query.visible_targets());
    if (statement_.n_aliases > width) {
      fail(base::sqlstate::kSyntaxError, "CREATE VIEW specifies more column names than columns");
    }
    for (size_t i = 0; i < width; ++i) {
      Target& target = query.targets[i];
      if (i < statement_.n_aliases) target.name = string_of(*statement_.aliases[i]);
      auto same = [&](const ColumnObject& other) { return other.name == target.name; };
      if (std::ranges::any_of(kept_.columns, same)) {
        fail(base::sqlstate::kDuplicateColumn,
             "column " + quoted(target.name) + " specified more than once");
      }
      const Type& type = *target.value->type;
      if (type.kind == TypeKind::kPseudo) {
        fail(base::sqlstate::kInvalidTableDefinition,
             "column " + quoted(target.name) + " has pseudo-type " + format_type(type));
      }
      ColumnObject& column = kept_.columns.emplace_back();
      column.name = target.name;
      column.type = type.oid;
      column.typmod = target.value->typmod;
      column.collation = default_collation(type);
    }
  }

  /// The relations that the query itself names, with the columns that it reads; functions and
  /// types. What the views in it need is their own affair.
  void note_needs(const PlanMemory& memory) {
    kept_.needs = objects_used(memory, d_.image());
    std::vector<Oid> direct;
    for (const RelationUse& use : memory.relations) {
      if (use.as_role == Oid{}) direct.push_back(use.relation);
    }
    std::vector<Oid> by_column;
    for (const FromItem& item : memory.from_items) {
      if (item.kind != FromItem::Kind::kTable) continue;
      if (std::ranges::find(direct, item.info->oid()) == direct.end()) continue;
      for (size_t i = 0; i < item.info->live.size(); ++i) {
        if (!item.used[i]) continue;
        ColumnRef ref{item.info->oid(), static_cast<int16_t>(item.info->live[i] + 1)};
        if (std::ranges::find(kept_.needs_columns, ref) != kept_.needs_columns.end()) continue;
        kept_.needs_columns.push_back(ref);
        by_column.push_back(ref.relation);
      }
    }
    for (Oid relation : direct) {
      if (std::ranges::find(by_column, relation) == by_column.end())
        kept_.needs.push_back(relation);
      RelationPtr found = d_.image().relation(relation);
      kept_.temporary |= found != nullptr && found->persistence == Persistence::kTemporary;
    }
    std::ranges::sort(kept_.needs);
    kept_.needs.erase(std::unique(kept_.needs.begin(), kept_.needs.end()), kept_.needs.end());
  }

  /// A view of temporary tables is temporary.
  const PgQuery__RangeVar& temporary_name(const PgQuery__RangeVar& name) {
    if (!kept_.temporary || text_or_empty(name.relpersistence) == "t") return name;
    if (text_or_empty(name.schemaname) == "pg_temp") return name;
    d_.notice(base::sqlstate::kSuccessfulCompletion,
              "view " + quoted(name.relname) + " will be a temporary view");
    temporary_ = name;
    static char temporary[] = "t";
    temporary_.relpersistence = temporary;
    return temporary_;
  }

  /// The view that OR REPLACE means, locked.
  RelationPtr existing() {
    if (!statement_.replace) return nullptr;
    const PgQuery__RangeVar& name = *statement_.view;
    if (text_or_empty(name.relpersistence) == "t" && d_.path().temporary == Oid{}) return nullptr;
    Oid schema = d_.creation_schema(name);
    RelationPtr found = d_.image().relation(schema, name.relname);
    if (found == nullptr) return nullptr;
    d_.require_owner(*found);
    if (found->relation_kind != RelationKind::kView) {
      fail(base::sqlstate::kWrongObjectType, quoted(found->name) + " is not a view");
    }
    d_.lock(found->oid, txn::table_mode::kAccessExclusive);
    return d_.image().relation(schema, name.relname);
  }

  void replace(const RelationObject& before) {
    check_columns(before);
    auto changed = d_.edit(before);
    std::vector<ColumnObject> old = changed->columns;
    fill(*changed);
    for (size_t i = 0; i < old.size(); ++i) {
      changed->columns[i].default_text = old[i].default_text;
      changed->columns[i].comment = old[i].comment;
      changed->columns[i].acl = old[i].acl;
    }
    d_.put(changed);
  }

  /// The columns that were there stay what they were.
  void check_columns(const RelationObject& before) {
    if (kept_.columns.size() < before.columns.size()) {
      fail(base::sqlstate::kInvalidTableDefinition, "cannot drop columns from view");
    }
    for (size_t i = 0; i < before.columns.size(); ++i) {
      const ColumnObject& was = before.columns[i];
      const ColumnObject& is = kept_.columns[i];
      if (was.name != is.name) {
        throw base::SqlException(
            base::Error(
                base::sqlstate::kInvalidTableDefinition,
                "cannot change name of view column " + quoted(was.name) + " to " + quoted(is.name))
                .hint("Use ALTER VIEW ... RENAME COLUMN ... to change name of view column "
                      "instead."));
      }
      if (was.type == is.type && was.typmod == is.typmod) continue;
      fail(base::sqlstate::kInvalidTableDefinition, "cannot change data type of view column " +
                                                        quoted(was.name) + " from " +
                                                        shown_type(was) + " to " + shown_type(is));
    }
  }

  std::string shown_type(const ColumnObject& column) {
    return format_type(*d_.names().types->find(column.type), column.typmod);
  }

  void fill(RelationObject& view) {
    view.columns = kept_.columns;
    view.definition = kept_.definition;
    view.options = options_;
    view.needs = kept_.needs;
    view.needs_columns = kept_.needs_columns;
    std::erase(view.needs, view.oid);
  }

  Definer& d_;
  const PgQuery__ViewStmt& statement_;
  std::vector<std::string> options_;
  KeptQuery kept_;
  PgQuery__RangeVar temporary_ = PG_QUERY__RANGE_VAR__INIT;
};

}  // namespace

void create_view(Definer& d, const PgQuery__ViewStmt& statement) {
  ViewStatement(d, statement).run();
}

}  // namespace isolde::sql
