#include "sql/binder/nodes.hpp"

#include <pg_query/pg_query.pb-c.h>

#include "sql/explain/explain.hpp"
#include "sql/session/session_impl.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/text_types.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

std::string quoted(std::string_view name) {
  return "\"" + std::string(name) + "\"";
}

[[noreturn]] void fail_protocol(std::string message) {
  sql::fail(base::sqlstate::kProtocolViolation, std::move(message));
}

/// The key of a Parse in the cache of statements; no text of a simple query begins like this.
std::string parse_key(std::string_view text, std::span<const base::Oid> types) {
  std::string key("\0P", 2);
  for (base::Oid type : types) {
    key.append(reinterpret_cast<const char*>(&type.value), sizeof type.value);
  }
  key += '\0';
  key += text;
  return key;
}

}  // namespace

void Session::Impl::parse(std::string_view name, std::string_view text,
                          std::span<const base::Oid> types) {
  if (name.empty()) unnamed_.reset();
  check_text(text);
  check_text(name);
  auto made = prepare(text, types);
  if (name.empty()) {
    unnamed_ = std::move(made);
  } else if (!prepared_.emplace(std::string(name), std::move(made)).second) {
    sql::fail(base::sqlstate::kDuplicatePstatement,
              "prepared statement " + quoted(name) + " already exists");
  }
}

std::shared_ptr<const PreparedStatement> Session::Impl::prepare(std::string_view text,
                                                                std::span<const base::Oid> types) {
  auto prepared = std::make_shared<PreparedStatement>();
  prepared->text = text;
  text = in_postgres(text);
  running_text_ = text;
  prepared->parameters.assign(types.begin(), types.end());
  std::string key = parse_key(text, types);
  append_names_key(key);
  key += planner_settings().key();
  CachedQueryPtr cached = instance_.statements().find(key, {}, {});
  if (cached != nullptr && is_stale(*cached->statements[0])) cached = nullptr;
  StatementPtr statement;
  if (cached != nullptr) {
    statement = cached->statements[0];
    refuse_in_failed(*statement);
    begin_statement(*statement);
  } else {
    auto parsed = base::value_or_throw(parse_query(text, task_));
    parsed->set_rewritten(rewritten_);
    if (parsed->size() > 1) {
      sql::fail(base::sqlstate::kSyntaxError,
                "cannot insert multiple commands into a prepared statement");
    }
    if (parsed->size() == 0) {
      transactions_.ensure(base::wall_now());
      return prepared;
    }
    auto made = std::make_shared<Statement>(parsed, 0);
    refuse_in_failed(*made);
    begin_statement(*made);
    made->prepare(bind_options(types, true));
    statement = made;
    auto entry = std::make_shared<CachedQuery>();
    entry->statements.push_back(statement);
    if (!driver_.changed_catalog()) instance_.statements().add(key, text, {}, {}, entry);
  }
  prepared->prepared = statement_start_;
  prepared->statement = statement;
  if (statement->is_planned()) {
    prepared->columns.assign(statement->columns().begin(), statement->columns().end());
    prepared->returns_rows = statement->returns_rows();
  } else {
    describe_utility(*prepared);
  }
  return prepared;
}

void Session::Impl::describe_utility(PreparedStatement& prepared) {
  const PgQuery__Node& node = prepared.statement->node();
  switch (prepared.statement->kind()) {
    case StatementKind::kShow:
      prepared.columns = show_columns(node.variable_show_stmt->name);
      prepared.returns_rows = true;
      break;
    case StatementKind::kExplain:
      prepared.columns = explain_columns(*node.explain_stmt);
      prepared.returns_rows = true;
      break;
    case StatementKind::kFetch: {
      auto cursor = portals_.find(node.fetch_stmt->portalname);
      if (node.fetch_stmt->ismove || cursor == portals_.end()) break;
      prepared.columns = cursor->second->columns;
      prepared.returns_rows = true;
      break;
    }
    case StatementKind::kExecute: {
      auto inner = prepared_.find(node.execute_stmt->name);
      if (inner == prepared_.end()) break;
      prepared.columns = inner->second->columns;
      prepared.returns_rows = inner->second->returns_rows;
      break;
    }
    case StatementKind::kSelect:
    case StatementKind::kModify:
    case StatementKind::kTransaction:
    case StatementKind::kSet:
    case StatementKind::kPrepare:
    case StatementKind::kDeallocate:
    case StatementKind::kDiscard:
    case StatementKind::kDeclareCursor:
    case StatementKind::kCloseCursor:
    case StatementKind::kCopy:
    case StatementKind::kSetConstraints:
    case StatementKind::kListen:
    case StatementKind::kOther:
      break;
  }
}

std::shared_ptr<const PreparedStatement> Session::Impl::find_prepared(std::string_view name) const {
  if (name.empty()) {
    if (unnamed_ == nullptr) {
      sql::fail(base::sqlstate::kUndefinedPstatement, "unnamed prepared statement does not exist");
    }
    return unnamed_;
  }
  auto found = prepared_.find(std::string(name));
  if (found == prepared_.end()) {
    sql::fail(base::sqlstate::kUndefinedPstatement,
              "prepared statement " + quoted(name) + " does not exist");
  }
  return found->second;
}

const PreparedStatement& Session::Impl::prepared(std::string_view name) const {
  return *find_prepared(name);
}

Portal& Session::Impl::portal(std::string_view name) {
  if (name.empty() && unnamed_portal_ != nullptr) return *unnamed_portal_;
  auto found = portals_.find(std::string(name));
  if (found == portals_.end()) {
    sql::fail(base::sqlstate::kUndefinedCursor, "portal " + quoted(name) + " does not exist");
  }
  return *found->second;
}

void Session::Impl::drop_portal(std::string_view name) {
  if (name.empty()) {
    if (unnamed_portal_ != nullptr && unnamed_portal_->run != nullptr) {
      give_back(std::move(unnamed_portal_->run));
    }
    unnamed_portal_.reset();
  } else {
    portals_.erase(std::string(name));
  }
}

// --- Bind

void Session::Impl::bind(const BindRequest& request) {
  auto source = find_prepared(request.statement);
  size_t given = request.parameters.size();
  size_t formats = request.parameter_formats.size();
  if (formats > 1 && formats != given) {
    fail_protocol("bind message has " + std::to_string(formats) + " parameter formats but " +
                  std::to_string(given) + " parameters");
  }
  bool query = source->statement != nullptr && source->statement->plan() != nullptr;
  size_t wanted = query ? source->statement->parameters().size() : source->parameters.size();
  if (given != wanted) {
    fail_protocol("bind message supplies " + std::to_string(given) +
                  " parameters, but prepared statement " + quoted(request.statement) +
                  " requires " + std::to_string(wanted));
  }
  if (source->statement != nullptr) {
    refuse_in_failed(*source->statement);
    begin_statement(*source->statement);
  } else {
    transactions_.ensure(base::wall_now());
  }
  if (request.portal.empty()) {
    drop_portal({});
  } else if (portals_.contains(std::string(request.portal))) {
    sql::fail(base::sqlstate::kDuplicateCursor,
              "cursor " + quoted(request.portal) + " already exists");
  }
  auto portal = std::make_unique<Portal>();
  portal->name = request.portal;
  portal->source = source;
  portal->text = source->text;
  portal->created = statement_start_;
  portal->savepoint_level = transactions_.savepoints();
  if (query) bind_parameters(*portal, request);
  size_t columns = source->returns_rows ? source->columns.size() : 0;
  size_t result_formats = request.result_formats.size();
  if (result_formats > 1 && result_formats != columns) {
    fail_protocol("bind message has " + std::to_string(result_formats) +
                  " result formats but query has " + std::to_string(columns) + " columns");
  }
  for (int16_t format : request.result_formats) {
    if (format == 0 || format == 1) continue;
    sql::fail(base::sqlstate::kInvalidParameterValue,
              "unsupported format code: " + std::to_string(format));
  }
  portal->result_formats.assign(request.result_formats.begin(), request.result_formats.end());
  if (request.portal.empty()) {
    unnamed_portal_ = std::move(portal);
  } else {
    portals_.emplace(std::string(request.portal), std::move(portal));
  }
}

void Session::Impl::bind_parameters(Portal& portal, const BindRequest& request) {
  const Statement& statement = *portal.source->statement;
  portal.run = take_execution();
  std::span<Datum> parameters = portal.run->parameters(statement);
  for (size_t i = 0; i < parameters.size(); ++i) {
    int16_t format = 0;
    if (request.parameter_formats.size() == 1) format = request.parameter_formats[0];
    if (request.parameter_formats.size() > 1) format = request.parameter_formats[i];
    const Type& type = type_of_parameter(statement.parameters()[i]);
    reading_parameter_ = {.number = i + 1, .text = format == 0, .portal = request.portal};
    parameters[i] = read_parameter(type, request.parameters[i], format, portal);
  }
  reading_parameter_ = {};
}

Datum Session::Impl::read_parameter(const Type& type, std::optional<std::string_view> bytes,
                                    int16_t format, Portal& portal) {
  if (!bytes) return Datum::null();
  Arena& arena = portal.run->arena();
  if (format == 0) {
    check_text(*bytes);
    return type.from_text(arena.copy(*bytes), -1, arena, style_);
  }
  if (format == 1) return type.from_binary(arena.copy(*bytes), -1, arena);
  sql::fail(base::sqlstate::kInvalidParameterValue,
            "unsupported format code: " + std::to_string(format));
}

// --- Execute

Session::Outcome Session::Impl::execute(std::string_view name, int64_t max_rows, ResultSink& sink) {
  Portal& portal = this->portal(name);
  if (portal.cursor) return execute_cursor(portal, max_rows, sink);
  if (portal.source->statement == nullptr) return Outcome::kEmpty;
  const StatementPtr statement = portal.source->statement;
  refuse_in_failed(*statement);
  begin_statement(*statement);
  running_text_ = statement->text();
  rewritten_ = statement->rewritten();
  bool select = statement->is_planned();
  if (!select) {
    if (portal.done) {
      sql::fail(base::sqlstate::kObjectNotInPrerequisiteState,
                "portal " + quoted(name) + " cannot be run");
    }
    portal.done = true;
    run_utility(statement, sink, false);
    pipelining_ = true;
    base::value_or_throw(sink.complete(tag_));
    return Outcome::kComplete;
  }
  int64_t rows = 0;
  bool more = false;
  if (!portal.done) {
    transactions_.note_query();
    running_ = portal.run.get();
    if (!portal.started) {
      portal.started = true;
      start_run(*portal.run, statement, running_text_, {});
    }
    rows = send_rows(*portal.run, statement->columns(), max_rows, sink, &more);
    running_ = nullptr;
    portal.rows += rows;
  }
  pipelining_ = true;
  if (more) return Outcome::kSuspended;
  int64_t written = 0;
  if (!portal.done) {
    portal.done = true;
    written = portal.run->processed();
    give_back(std::move(portal.run));
  }
  plan_tag(*statement, rows, written);
  base::value_or_throw(sink.complete(tag_));
  return Outcome::kComplete;
}

}  // namespace isolde::sql
