// EXPLAIN: the plan of a statement is shown, and with ANALYZE run and measured first.

#include "sql/explain/explain.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <chrono>

#include "base/clock.hpp"
#include "sql/exec/plan_timings.hpp"
#include "sql/session/session_impl.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

namespace {

double milliseconds_since(base::SteadyTime begin) {
  std::chrono::duration<double, std::milli> spent = base::steady_now() - begin;
  return spent.count();
}

}  // namespace

void Session::Impl::run_explain(const Statement& statement, ResultSink& sink, bool describe) {
  const PgQuery__ExplainStmt& explain = *statement.node().explain_stmt;
  ExplainOptions options = explain_options(explain);
  std::shared_ptr<Statement> inner = statement.copy(true);
  if (!inner->is_planned()) {
    sql::fail(base::sqlstate::kFeatureNotSupported,
              "EXPLAIN of " + statement_name(inner->node()) + " is not supported");
  }
  transactions_.note_query();
  ExplainSummary summary;
  base::SteadyTime begin = base::steady_now();
  inner->prepare(bind_options());
  if (options.summary) summary.planning = milliseconds_since(begin);

  ExplainNode root;
  if (options.analyze) {
    begin = base::steady_now();
    PlanTimings timings(options.timing);
    active_ = take_execution();
    running_ = active_.get();
    active_->measure(&timings);
    start_run(*active_, inner, running_text_, {});
    while (active_->next() != nullptr) base::value_or_throw(task_.poll());
    running_ = nullptr;
    root = explain_plan(*active_->statement().plan(), &timings);
    give_back(std::move(active_));
    if (options.summary) summary.execution = milliseconds_since(begin);
  } else {
    lock_relations(*inner);
    root = explain_plan(*inner->plan(), nullptr);
  }
  bool json = options.format == ExplainOptions::Format::kJson;
  std::vector<ResultColumn> columns = explain_columns(explain);
  if (describe) base::value_or_throw(sink.columns(columns));
  for (const std::string& line :
       json ? explain_json(root, options, summary) : explain_text(root, options, summary)) {
    Datum row = Datum::of_bytes(line);
    base::value_or_throw(sink.row(std::span(&row, 1), columns));
  }
  tag_ = "EXPLAIN";
}

}  // namespace isolde::sql
