#include "sql/session/statement.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/binder/binder.hpp"
#include "sql/binder/nodes.hpp"
#include "sql/binder/table_names.hpp"
#include "sql/ddl/create_table_as.hpp"
#include "sql/dialect/rewrite.hpp"
#include "sql/parser/big_stack.hpp"
#include "sql/plan/planner.hpp"
#include "sql/session/column_origin.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

StatementKind kind_of(const PgQuery__Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_SELECT_STMT:
      return has_into(*node.select_stmt) ? StatementKind::kOther : StatementKind::kSelect;
    case PG_QUERY__NODE__NODE_INSERT_STMT:
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
    case PG_QUERY__NODE__NODE_DELETE_STMT:
    case PG_QUERY__NODE__NODE_MERGE_STMT:
      return StatementKind::kModify;
    case PG_QUERY__NODE__NODE_TRANSACTION_STMT:
      return StatementKind::kTransaction;
    case PG_QUERY__NODE__NODE_VARIABLE_SET_STMT:
      return StatementKind::kSet;
    case PG_QUERY__NODE__NODE_VARIABLE_SHOW_STMT:
      return StatementKind::kShow;
    case PG_QUERY__NODE__NODE_PREPARE_STMT:
      return StatementKind::kPrepare;
    case PG_QUERY__NODE__NODE_EXECUTE_STMT:
      return StatementKind::kExecute;
    case PG_QUERY__NODE__NODE_DEALLOCATE_STMT:
      return StatementKind::kDeallocate;
    case PG_QUERY__NODE__NODE_DISCARD_STMT:
      return StatementKind::kDiscard;
    case PG_QUERY__NODE__NODE_DECLARE_CURSOR_STMT:
      return StatementKind::kDeclareCursor;
    case PG_QUERY__NODE__NODE_FETCH_STMT:
      return StatementKind::kFetch;
    case PG_QUERY__NODE__NODE_CLOSE_PORTAL_STMT:
      return StatementKind::kCloseCursor;
    case PG_QUERY__NODE__NODE_COPY_STMT:
      return StatementKind::kCopy;
    case PG_QUERY__NODE__NODE_EXPLAIN_STMT:
      return StatementKind::kExplain;
    case PG_QUERY__NODE__NODE_CONSTRAINTS_SET_STMT:
      return StatementKind::kSetConstraints;
    case PG_QUERY__NODE__NODE_LISTEN_STMT:
    case PG_QUERY__NODE__NODE_UNLISTEN_STMT:
    case PG_QUERY__NODE__NODE_NOTIFY_STMT:
      return StatementKind::kListen;
    default:
      return StatementKind::kOther;
  }
}

std::string statement_name(const PgQuery__Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_INSERT_STMT:
      return "INSERT";
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
      return "UPDATE";
    case PG_QUERY__NODE__NODE_DELETE_STMT:
      return "DELETE";
    case PG_QUERY__NODE__NODE_MERGE_STMT:
      return "MERGE";
    case PG_QUERY__NODE__NODE_EXPLAIN_STMT:
      return "EXPLAIN";
    case PG_QUERY__NODE__NODE_LISTEN_STMT:
      return "LISTEN";
    case PG_QUERY__NODE__NODE_UNLISTEN_STMT:
      return "UNLISTEN";
    case PG_QUERY__NODE__NODE_NOTIFY_STMT:
      return "NOTIFY";
    case PG_QUERY__NODE__NODE_LOCK_STMT:
      return "LOCK TABLE";
    case PG_QUERY__NODE__NODE_VACUUM_STMT:
      return node.vacuum_stmt->is_vacuumcmd ? "VACUUM" : "ANALYZE";
    case PG_QUERY__NODE__NODE_DO_STMT:
      return "DO";
    case PG_QUERY__NODE__NODE_CHECK_POINT_STMT:
      return "CHECKPOINT";
    case PG_QUERY__NODE__NODE_CREATE_STMT:
      return "CREATE TABLE";
    case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT:
      return "CREATE TABLE AS";
    case PG_QUERY__NODE__NODE_INDEX_STMT:
      return "CREATE INDEX";
    case PG_QUERY__NODE__NODE_VIEW_STMT:
      return "CREATE VIEW";
    case PG_QUERY__NODE__NODE_CREATE_SEQ_STMT:
      return "CREATE SEQUENCE";
    case PG_QUERY__NODE__NODE_CREATE_SCHEMA_STMT:
      return "CREATE SCHEMA";
    case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
      return "ALTER TABLE";
    case PG_QUERY__NODE__NODE_REFRESH_MAT_VIEW_STMT:
      return "REFRESH MATERIALIZED VIEW";
    case PG_QUERY__NODE__NODE_CLUSTER_STMT:
      return "CLUSTER";
    case PG_QUERY__NODE__NODE_TRUNCATE_STMT:
      return "TRUNCATE TABLE";
    case PG_QUERY__NODE__NODE_COMMENT_STMT:
      return "COMMENT";
    default:
      return "this statement";
  }
}

namespace {

const PgQuery__Node* inner_query(const PgQuery__Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_PREPARE_STMT:
      return node.prepare_stmt->query;
    case PG_QUERY__NODE__NODE_DECLARE_CURSOR_STMT:
      return node.declare_cursor_stmt->query;
    case PG_QUERY__NODE__NODE_COPY_STMT:
      return node.copy_stmt->query;
    case PG_QUERY__NODE__NODE_EXPLAIN_STMT:
      return node.explain_stmt->query;
    default:
      return &node;
  }
}

}  // namespace

namespace {

/// Does what it means depend on the catalog? Types and functions count that are not built in.
bool reads_catalog(const PlanMemory& memory) {
  if (!memory.relations.empty() || !memory.routines.empty()) return true;
  return std::any_of(memory.exprs.begin(), memory.exprs.end(), [](const Expr& expr) {
    return expr.type != nullptr && expr.type->oid.value != 0 &&
           find_type(expr.type->oid) == nullptr;
  });
}

}  // namespace

Statement::Statement(std::shared_ptr<const ParsedQuery> parsed, size_t index, bool inner)
    : parsed_(std::move(parsed)), index_(index), inner_(inner), node_(parsed_->statement(index)) {
  if (inner) node_ = inner_query(*node_);
  kind_ = kind_of(*node_);
}

void Statement::prepare(const BindOptions& options) {
  const bool copy = kind_ == StatementKind::kCopy && node_->copy_stmt->is_from;
  if (!is_planned() && !copy) return;
  std::vector<size_t> liftable;
  for (const LiteralToken& literal : options.liftable) liftable.push_back(literal.begin);
  Binder::Input input;
  input.text = text();
  input.parameters = options.parameters;
  input.infer = options.infer;
  input.style = options.style;
  input.types = options.types;
  input.names = options.names;
  input.liftable = liftable;
  input.error_location = options.error_location;
  input.parameter_names = options.parameter_names;
  input.routine_name = options.routine_name;
  Binder binder(std::move(input), memory_);
  // Binding and planning recurse as deep as the text nests.
  on_big_stack(text().size() > (size_t{1} << 16), [&] {
    Query* bound = copy ? binder.bind_copy(*node_->copy_stmt) : binder.bind_statement(*node_);
    if (!options.results.empty() && !binder.fit_results(*bound, options.results)) {
      fail(base::sqlstate::kInvalidFunctionDefinition,
           "the result of function " + options.routine_name + " is not of the declared type");
    }
    binder.check_parameters();
    if (options.keep_places) binder.keep_places(*bound);
    for (const auto& [item, column] : bound->references) {
      places_.push_back({item->info->oid(), column, item->locked});
    }
    bool uses_catalog = options.names != nullptr && reads_catalog(memory_);
    if (uses_catalog) catalog_version_ = options.names->image->version();
    parameters_ = binder.parameter_types();
    settle_literals();
    note_columns_read();
    describe(copy ? *bound->modify->source : *bound);
    plan_ = make_plan(*bound, memory_, plans_, options.planner);
    constant_ = is_constant();
  });
}

bool Statement::locks_rows() const {
  return std::any_of(memory_.queries.begin(), memory_.queries.end(),
                     [](const Query& query) { return query.locks; });
}

/// Which columns of each table are read; what SELECT on columns must cover.
void Statement::note_columns_read() {
  for (const FromItem& item : memory_.from_items) {
    if (item.kind != FromItem::Kind::kTable) continue;
    for (RelationUse& use : memory_.relations) {
      if (use.relation != item.info->oid()) continue;
      for (size_t i = 0; i < item.info->live.size(); ++i) {
        if (item.used[i]) use.read.push_back(item.info->live[i]);
      }
    }
  }
}

bool Statement::is_constant() const {
  bool single = kind_ == StatementKind::kSelect && plan_->kind == Plan::Kind::kProject &&
                plan_->children[0]->kind == Plan::Kind::kResult && memory_.subqueries.empty();
  return single && std::all_of(memory_.exprs.begin(), memory_.exprs.end(), [](const Expr& expr) {
           return expr.function == nullptr || expr.function->volatility == Volatility::kImmutable;
         });
}

/// Literals that are lifted, or read anew each time, become parameters behind the client's.
void Statement::settle_literals() {
  auto client = parameters_.size();
  for (Expr& expr : memory_.exprs) {
    bool anew = expr.kind == ExprKind::kConst && (expr.lifted >= 0 || expr.index != 0) &&
                !expr.value.is_null() && expr.type->oid != types::kUnknown;
    if (!anew) continue;
    LiteralSlot slot{expr.type, expr.typmod, expr.location, expr.lifted, expr.literal};
    expr.kind = ExprKind::kParameter;
    expr.index = static_cast<int>(client + slots_.size());
    slots_.push_back(std::move(slot));
  }
}

bool Statement::takes_snapshot() const {
  if (rewritten() == nullptr) return false;
  auto begin = static_cast<size_t>(own_text().data() - text().data());
  const auto& marks = rewritten()->consistent_snapshots;
  return std::any_of(marks.begin(), marks.end(), [&](size_t mark) {
    return mark >= begin && mark < begin + own_text().size();
  });
}

std::vector<bool> Statement::lifted(size_t literals) const {
  std::vector<bool> result(literals, false);
  for (const LiteralSlot& slot : slots_) {
    if (slot.lifted >= 0) result[static_cast<size_t>(slot.lifted)] = true;
  }
  return result;
}

void Statement::describe(const Query& query) {
  for (const Target& target : query.targets) {
    if (target.hidden) break;
    ResultColumn column;
    column.name = target.name;
    column.type = target.value->type;
    column.typmod = target.value->typmod;
    const ColumnOrigin origin = origin_of(query, *target.value);
    column.table = origin.table;
    column.attribute = origin.attribute;
    columns_.push_back(std::move(column));
  }
}

}  // namespace isolde::sql
