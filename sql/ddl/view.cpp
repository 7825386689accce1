// CREATE VIEW. What is kept of a view is its query, written back with every name in full, so that
// it means the same whatever the search path of those who use it.

#include "sql/ddl/view.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/binder/nodes.hpp"
#include "sql/binder/updatable.hpp"
#include "sql/ddl/create_table.hpp"
#include "sql/ddl/kept_query.hpp"
#include "sql/ddl/options.hpp"
#include "sql/parser/tree_walk.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

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
    kept_ = sql::keep_query(d_, *statement_.query,
                            {statement_.aliases, statement_.n_aliases,
                             "CREATE VIEW specifies more column names than columns"},
                            [this](const Query& query) {
                              if (has_check_option()) require_updatable(query);
                            });
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
    kept_.give_to(view);
    view.options = options_;
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
