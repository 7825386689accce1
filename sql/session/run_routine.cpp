// Functions and procedures in SQL: their bodies as statements, run within the statement that calls.

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/binder/nodes.hpp"
#include "sql/catalog/catalog_functions.hpp"
#include "sql/catalog/database.hpp"
#include "sql/catalog/privileges.hpp"
#include "sql/exec/row_copy.hpp"
#include "sql/expr/compiler.hpp"
#include "sql/expr/evaluator.hpp"
#include "sql/session/session_impl.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

/// The statements of a body, planned for arguments of some types.
struct Session::Impl::RoutineBody {
  uint64_t version = 0;  ///< of the catalog
  std::vector<std::shared_ptr<Statement>> statements;
};

namespace {

constexpr int kDeepest = 500;

std::string body_key(const FunctionObject& function, std::span<const Type* const> types,
                     std::string_view user) {
  std::string key = std::to_string(function.oid.value);
  for (const Type* type : types) key += "," + std::to_string(type->oid.value);
  key += ' ';
  key += user;
  return key;
}

/// What the last statement's columns must be; empty when it does not matter.
std::vector<base::Oid> results_of(const FunctionObject& function, const CatalogImage& image,
                                  size_t width) {
  std::vector<base::Oid> results;
  auto columns = output_columns_of(function);
  if (!columns.empty()) {
    for (const auto& [type, name] : columns) results.push_back(type);
    return results;
  }
  if (function.procedure || function.result_type == types::kVoid ||
      function.result_type == types::kRecord || is_polymorphic(function.result_type)) {
    return {};
  }
  // A row type may be given as its columns or as one value.
  ObjectPtr owner = image.owner_of_type(function.result_type);
  if (owner != nullptr && owner->kind == ObjectKind::kRelation && width != 1) {
    for (const ColumnObject& column : static_cast<const RelationObject&>(*owner).columns) {
      if (!column.dropped) results.push_back(column.type);
    }
    return results;
  }
  return {function.result_type};
}

/// How many columns a SELECT has, as far as its text tells; 0: it does not.
size_t written_width(const PgQuery__Node& node) {
  if (node.node_case != PG_QUERY__NODE__NODE_SELECT_STMT) return 0;
  const PgQuery__SelectStmt& select = *node.select_stmt;
  for (size_t i = 0; i < select.n_target_list; ++i) {
    const PgQuery__Node* value = select.target_list[i]->res_target->val;
    if (value->node_case == PG_QUERY__NODE__NODE_COLUMN_REF &&
        value->column_ref->fields[value->column_ref->n_fields - 1]->node_case ==
            PG_QUERY__NODE__NODE_A_STAR) {
      return 0;
    }
  }
  return select.n_target_list;
}

}  // namespace

std::shared_ptr<const Session::Impl::RoutineBody> Session::Impl::routine_body(
    const FunctionObject& function, std::span<const Type* const> types) {
  auto& slot = routine_bodies_[body_key(function, types, current_user())];
  CatalogImagePtr image = driver_.image();
  if (slot != nullptr && slot->version == image->version()) return slot;
  auto parsed = base::value_or_throw(parse_query(function.body, task_));
  auto body = std::make_shared<RoutineBody>();
  body->version = image->version();
  for (size_t i = 0; i < parsed->size(); ++i) {
    auto statement = std::make_shared<Statement>(parsed, i);
    if (!statement->is_planned()) {
      sql::fail(base::sqlstate::kFeatureNotSupported,
                statement_name(statement->node()) + " is not supported in a function");
    }
    Statement::BindOptions options = bind_options();
    for (const Type* type : types) options.parameters.push_back(type->oid);
    options.parameter_names = input_names_of(function);
    options.routine_name = function.name;
    if (i + 1 == parsed->size()) {
      options.results = results_of(function, *image, written_width(statement->node()));
    }
    statement->prepare(options);
    body->statements.push_back(std::move(statement));
  }
  slot = body;
  return body;
}

void Session::Impl::run_body(
    const FunctionObject& function, const RoutineBody& body, std::span<const Datum> arguments,
    const std::function<bool(std::span<const Datum>, std::span<const ResultColumn>)>& row) {
  // What it changes, later statements of its own see; others look through their caller's eyes.
  const bool steps = function.procedure || function.volatility == 'v';
  for (size_t i = 0; i < body.statements.size(); ++i) {
    StatementPtr statement = body.statements[i];
    const bool last = i + 1 == body.statements.size();
    lock_relations(*statement);
    if (statement->catalog_version() != 0) check_privileges(*statement);
    check_writable(*statement);
    if (steps) driver_.begin_statement();
    auto kilobytes = static_cast<size_t>(settings_.fields().statement_memory);
    Execution run(task_, style_, this, kilobytes == 0 ? SIZE_MAX : kilobytes << 10);
    std::span<Datum> parameters = run.parameters(*statement);
    std::copy_n(arguments.begin(), std::min(parameters.size(), arguments.size()),
                parameters.begin());
    run.start(statement, statement->text(), {});
    while (const Datum* values = run.next()) {
      base::value_or_throw(task_.poll());
      auto columns = statement->columns();
      if (last && !row(std::span(values, columns.size()), columns)) break;
    }
    run.finish();
  }
}

void Session::Impl::run_routine(
    const RoutineCall& call,
    const std::function<bool(std::span<const Datum>, std::span<const ResultColumn>)>& row) {
  auto function = driver_.image()->get<FunctionObject>(ObjectKind::kFunction, call.function);
  if (function == nullptr) {
    sql::fail(base::sqlstate::kInternalError,
              "cache lookup failed for function " + std::to_string(call.function.value));
  }
  bool null = std::ranges::any_of(call.arguments, [](Datum value) { return value.is_null(); });
  if (function->strict && null) return;
  base::value_or_throw(task_.check_stack());
  struct Inside {
    Impl& self;
    std::string role, authorization;
    ~Inside() {
      --self.routine_depth_;
      self.set_role_ = std::move(role);
      self.names_.image.reset();
    }
  } inside{*this, set_role_, authorization_};
  if (++routine_depth_ > kDeepest) {
    throw base::SqlException(
        base::Error(base::sqlstate::kStatementTooComplex, "stack depth limit exceeded")
            .hint("Increase the configuration parameter \"max_stack_depth\" (currently 2048kB), "
                  "after ensuring the platform's stack depth limit is adequate."));
  }
  if (function->security_definer) {
    set_role_ = role_name(*driver_.image(), function->owner);
    names_.image.reset();
    names();
  }
  run_body(*function, *routine_body(*function, call.types), call.arguments, row);
}

void Session::Impl::run_call(const Statement& statement, ResultSink& sink, bool describe) {
  transactions_.note_query();
  driver_.enter(true);
  PlanMemory memory;
  Binder binder(binder_input(statement.text()), memory);
  auto call = binder.bind_procedure(*statement.node().call_stmt->funccall);
  auto procedure = call.procedure->object;
  require_privilege(*names().image, role_, *procedure, Privilege::kExecute);
  driver_.begin_statement();
  auto run = take_execution();
  ExecContext context{task_, style_, this, run->arena(), nullptr, nullptr, nullptr, -1};
  std::vector<Datum> arguments;
  std::vector<const Type*> types;
  for (const Expr* argument : call.arguments) {
    Program program = compile(std::span(&argument, 1), [](const Query&) -> const Plan* {
      sql::fail(base::sqlstate::kFeatureNotSupported, "cannot use subquery in CALL argument");
    });
    Datum made = Evaluator(program, context, run->arena()).run(nullptr)[0];
    arguments.push_back(copy_datum(made, *argument->type, run->arena()));
    types.push_back(argument->type);
  }
  const auto outputs = output_columns_of(*procedure);
  std::vector<ResultColumn> columns;
  std::vector<Datum> values(outputs.size());
  for (const auto& [type, name] : outputs) {
    columns.push_back({name, &type_of_parameter(type), -1, {}, 0});
  }
  run_routine({procedure->oid, types, arguments},
              [&](std::span<const Datum> row, std::span<const ResultColumn> about) {
                for (size_t i = 0; i < std::min(row.size(), values.size()); ++i) {
                  values[i] = copy_datum(row[i], *about[i].type, run->arena());
                }
                return true;
              });
  tag_ = "CALL";
  if (!columns.empty()) {
    if (describe) base::value_or_throw(sink.columns(columns));
    base::value_or_throw(sink.row(values, columns));
  }
  give_back(std::move(run));
}

}  // namespace isolde::sql
