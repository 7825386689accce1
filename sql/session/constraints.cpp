// What is checked at the end of statements and transactions, from the session's side.

#include "sql/constraints/constraint_checks.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/binder/nodes.hpp"
#include "sql/session/copy_reader.hpp"
#include "sql/session/execution.hpp"
#include "sql/session/session_impl.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

int64_t Session::Impl::run_kept(KeptStatement& query, std::span<const Datum> values, bool latest) {
  for (;;) {
    if (query.statement == nullptr || is_stale(*query.statement)) {
      auto parsed = base::value_or_throw(parse_query(query.text, task_));
      auto made = std::make_shared<Statement>(std::move(parsed), 0);
      made->prepare(bind_options(query.parameters));
      query.statement = std::move(made);
    }
    lock_relations(*query.statement);
    if (!is_stale(*query.statement)) break;
  }
  driver_.begin_statement();
  // Kept by whoever runs it: the query may be made anew while it runs.
  StatementPtr statement = query.statement;
  if (kept_run_ == nullptr) {
    kept_run_ = std::make_unique<Execution>(task_, style_, this, SIZE_MAX);
  }
  struct Finish {
    Execution& run;
    ~Finish() { run.finish(); }
  } finish{*kept_run_};
  std::span<Datum> parameters = kept_run_->parameters(*statement);
  std::copy(values.begin(), values.end(), parameters.begin());
  kept_run_->start_inner(statement, latest);
  int64_t rows = 0;
  const bool changes = statement->kind() == StatementKind::kModify;
  while (kept_run_->next() != nullptr) {
    ++rows;
    if (!changes) break;
  }
  return changes ? kept_run_->processed() : rows;
}

void Session::Impl::check_constraints() {
  // All lines are read: what fails from here on is no line's fault.
  copying_.reset();
  checks_.end_statement();
}

namespace {

/// The constraints that a name means: all of that name in the first schema of the path with one.
std::vector<ConstraintPtr> constraints_named(const CatalogImage& image, const SearchPath& path,
                                             const PgQuery__RangeVar& var) {
  std::vector<ConstraintPtr> found;
  auto look_in = [&](Oid schema) {
    for (const ObjectPtr& one : image.named(ObjectKind::kConstraint, schema, var.relname)) {
      found.push_back(std::static_pointer_cast<const ConstraintObject>(one));
    }
  };
  std::string_view schema_name = var.schemaname == nullptr ? "" : var.schemaname;
  if (!schema_name.empty()) {
    Oid schema = path.schema(image, schema_name);
    if (schema == Oid{}) {
      fail(base::sqlstate::kUndefinedSchema,
           "schema \"" + std::string(schema_name) + "\" does not exist");
    }
    look_in(schema);
    return found;
  }
  for (Oid schema : path.schemas) {
    look_in(schema);
    if (!found.empty()) break;
  }
  return found;
}

}  // namespace

void Session::Impl::run_set_constraints(const PgQuery__ConstraintsSetStmt& set) {
  transactions_.warn_outside_block("SET CONSTRAINTS");
  tag_ = "SET CONSTRAINTS";
  const bool deferred = set.deferred != 0;
  ConstraintQueue& queue = driver_.constraints();
  if (set.n_constraints == 0) queue.set_all(deferred);
  for (size_t i = 0; i < set.n_constraints; ++i) {
    const PgQuery__RangeVar& var = *set.constraints[i]->range_var;
    auto found = constraints_named(*names().image, names().path, var);
    if (found.empty()) {
      sql::fail(base::sqlstate::kUndefinedObject,
                "constraint \"" + std::string(var.relname) + "\" does not exist");
    }
    for (const ConstraintPtr& one : found) {
      if (one->deferrable) {
        queue.set(one->oid, deferred);
      } else if (deferred) {
        sql::fail(base::sqlstate::kWrongObjectType,
                  "constraint \"" + one->name + "\" is not deferrable");
      }
    }
  }
  if (!deferred) checks_.settle(false);
}

}  // namespace isolde::sql
