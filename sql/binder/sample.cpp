// FROM table TABLESAMPLE method (percent) REPEATABLE (seed): a condition on the table's rows.

#include <pg_query/pg_query.pb-c.h>

#include "sql/binder/binder.hpp"
#include "sql/binder/nodes.hpp"
#include "sql/functions/sample.hpp"

namespace isolde::sql {

FromItem* Binder::bind_sample(const PgQuery__RangeTableSample& sample, Scope& scope, int& width) {
  FromItem* item = bind_from(*sample.relation, scope, width);
  if (item->kind != FromItem::Kind::kTable) {
    fail_at(sample.relation->range_var->location, base::sqlstate::kFeatureNotSupported,
            "TABLESAMPLE clause can only be applied to tables and materialized views");
  }
  std::string method(last_name(sample.method, sample.n_method));
  if (method != "bernoulli" && method != "system") {
    fail_at(sample.location, base::sqlstate::kUndefinedObject,
            "tablesample method " + method + " does not exist");
  }
  if (sample.n_args != 1) {
    fail_at(sample.location, base::sqlstate::kInvalidTablesampleArgument,
            "tablesample method " + method + " requires 1 argument, not " +
                std::to_string(sample.n_args));
  }
  Scope outside;
  outside.parent = scope.parent;
  outside.passed = scope.passed;
  outside.passed_slots = scope.passed_slots;
  auto number = [&](const PgQuery__Node& node, base::Oid type) {
    return coerce_type(bind(node, outside, Clause::kFromFunction), type_of(type),
                       CastContext::kAssignment);
  };
  Expr* percent = number(*sample.args[0], types::kFloat4);
  Expr* seed = nullptr;
  if (sample.repeatable != nullptr) {
    seed = number(*sample.repeatable, types::kFloat8);
  } else {
    Expr* field = constant(type_of(types::kText), Datum::of_bytes("epoch"), -1);
    Expr* now = make_named_call("statement_timestamp", {}, -1);
    seed = make_named_call("date_part", {field, now}, -1);
  }
  Expr* place = system_column_of(scope.tables.back(), "ctid", -1);
  item->condition =
      call1(ExprKind::kCall, type_of(types::kBool), sample.location, {place, percent, seed});
  item->condition->function = &sample_function(method == "system");
  return item;
}

}  // namespace isolde::sql
