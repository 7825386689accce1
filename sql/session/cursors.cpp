#include <pg_query/pg_query.pb-c.h>

#include <algorithm>
#include <limits>

#include "sql/binder/nodes.hpp"
#include "sql/exec/row_copy.hpp"
#include "sql/exec/row_reference.hpp"
#include "sql/session/session_impl.hpp"
#include "sql/types/errors.hpp"

// Cursors keep the rows that they have read, so that FETCH can go back and so that a cursor WITH
// HOLD outlives its transaction.
//
//      position   0        1     2     ...    n       n + 1
//                 before   rows                       behind

namespace isolde::sql {

namespace {

constexpr int kOptionBinary = 0x01;
constexpr int kOptionScroll = 0x02;
constexpr int kOptionNoScroll = 0x04;
constexpr int kOptionHold = 0x20;

/// Whether a cursor that does not say SCROLL may go back: where PostgreSQL's plan could run
/// backward.
bool runs_backward(const Plan& plan) {
  switch (plan.kind) {
    case Plan::Kind::kValues:
    case Plan::Kind::kFunctionScan:
    case Plan::Kind::kVirtualScan:
    case Plan::Kind::kSharedScan:
    case Plan::Kind::kSort:
    case Plan::Kind::kTableScan:
      return true;
    case Plan::Kind::kWith:
      return runs_backward(*plan.children[0]);
    case Plan::Kind::kFilter:
    case Plan::Kind::kProject:
    case Plan::Kind::kLimit:
    case Plan::Kind::kAppend:
      for (const Plan* child : plan.children) {
        if (!runs_backward(*child)) return false;
      }
      return true;
    case Plan::Kind::kResult:
    case Plan::Kind::kNestedLoop:
    case Plan::Kind::kHashJoin:
    case Plan::Kind::kProjectSet:
    case Plan::Kind::kAggregate:
    case Plan::Kind::kUnique:
    case Plan::Kind::kSetOperation:
    case Plan::Kind::kWorkTableScan:
    case Plan::Kind::kRecursiveUnion:
    case Plan::Kind::kWindow:
    case Plan::Kind::kInput:
    case Plan::Kind::kModify:
    case Plan::Kind::kLockRows:
      return false;
  }
  return false;
}

std::string quoted(std::string_view name) {
  return "\"" + std::string(name) + "\"";
}

}  // namespace

void Session::Impl::run_declare(const Statement& statement) {
  const PgQuery__DeclareCursorStmt& declare = *statement.node().declare_cursor_stmt;
  bool hold = (declare.options & kOptionHold) != 0;
  if (!hold && !transactions_.counts_as_block()) {
    sql::fail(base::sqlstate::kNoActiveSqlTransaction,
              "DECLARE CURSOR can only be used in transaction blocks");
  }
  auto inner = statement.copy(true);
  Statement::BindOptions options = bind_options();
  options.keep_places = true;
  inner->prepare(options);
  if (portals_.contains(declare.portalname)) {
    sql::fail(base::sqlstate::kDuplicateCursor,
              "cursor " + quoted(declare.portalname) + " already exists");
  }
  transactions_.note_query();
  auto cursor = std::make_unique<Portal>();
  cursor->name = declare.portalname;
  cursor->cursor = true;
  cursor->held = hold;
  cursor->scrollable = (declare.options & kOptionScroll) != 0 ||
                       ((declare.options & kOptionNoScroll) == 0 && runs_backward(*inner->plan()));
  cursor->binary = (declare.options & kOptionBinary) != 0;
  if (cursor->binary) cursor->result_formats = {1};
  cursor->created = statement_start_;
  cursor->savepoint_level = transactions_.savepoints();
  cursor->text = statement.text();
  cursor->columns.assign(inner->columns().begin(), inner->columns().end());
  cursor->places = inner->places();
  cursor->kept_arena = std::make_unique<Arena>();
  cursor->run = take_execution();
  running_ = cursor->run.get();
  start_run(*cursor->run, inner, statement.text(), {});
  running_ = nullptr;
  portals_.emplace(cursor->name, std::move(cursor));
  tag_ = "DECLARE CURSOR";
}

/// The row of a number from 1, read if need be; nullptr behind the last.
const Datum* Session::Impl::cursor_row(Portal& cursor, int64_t number) {
  while (cursor.rows_read() < number && !cursor.all_kept) read_cursor_row(cursor);
  bool there = number > cursor.dropped && number <= cursor.rows_read();
  return there ? cursor.kept[static_cast<size_t>(number - cursor.dropped - 1)] : nullptr;
}

void Session::Impl::read_cursor_row(Portal& cursor) {
  base::value_or_throw(task_.poll());
  const Datum* row = cursor.run->next();
  if (row == nullptr) {
    cursor.all_kept = true;
    give_back(std::move(cursor.run));
    return;
  }
  if (!cursor.scrollable && !cursor.held) {
    cursor.dropped = cursor.rows_read();
    cursor.kept.clear();
    cursor.kept_places.clear();
    cursor.kept_arena->reset();
  }
  for (const Statement::RowPlace& place : cursor.places) {
    auto& kept = cursor.kept_places.emplace_back();
    if (Datum reference = row[place.column]; !reference.is_null()) kept = read_head(reference).id;
  }
  std::vector<const Type*> types;
  for (const ResultColumn& column : cursor.columns) types.push_back(column.type);
  cursor.kept.push_back(copy_row(row, types, *cursor.kept_arena));
}

/// WHERE CURRENT OF.
std::optional<storage::TupleId> Session::Impl::cursor_place(std::string_view name,
                                                            base::Oid table) {
  auto found = portals_.find(std::string(name));
  if (found == portals_.end()) {
    sql::fail(base::sqlstate::kUndefinedCursor, "cursor " + quoted(name) + " does not exist");
  }
  const Portal& cursor = *found->second;
  auto refuse = [&](std::string what) {
    sql::fail(base::sqlstate::kInvalidCursorState,
              "cursor " + quoted(name) + " " + std::move(what));
  };
  if (!cursor.cursor && !cursor.is_query()) refuse("is not a SELECT query");
  if (cursor.held && cursor.created < transactions_.started()) {
    refuse("is held from a previous transaction");
  }
  RelationPtr relation = driver_.image()->relation(table);
  const std::string of_table = "table " + quoted(relation == nullptr ? "" : relation->name);
  auto locks = [](const Statement::RowPlace& place) { return place.locked; };
  const bool locking = std::any_of(cursor.places.begin(), cursor.places.end(), locks);
  std::optional<size_t> place;
  for (size_t i = 0; i < cursor.places.size(); ++i) {
    if (cursor.places[i].table != table || cursor.places[i].locked != locking) continue;
    if (place && locking) refuse("has multiple FOR UPDATE/SHARE references to " + of_table);
    place = i;
  }
  if (!place && locking) {
    refuse("does not have a FOR UPDATE/SHARE reference to " + of_table);
  }
  if (!place || (!locking && cursor.places.size() != 1)) {
    refuse("is not a simply updatable scan of " + of_table);
  }
  const int64_t number = cursor.position;
  if (number <= cursor.dropped || number > cursor.rows_read()) refuse("is not positioned on a row");
  const auto row = static_cast<size_t>(number - cursor.dropped - 1);
  return cursor.kept_places[row * cursor.places.size() + *place];
}

/// Goes to a row and gives it; false (and the position before or behind all) when there is none.
bool Session::Impl::give_row(Portal& cursor, int64_t number, ResultSink* sink) {
  const Datum* row = number < 1 ? nullptr : cursor_row(cursor, number);
  if (row == nullptr) {
    cursor.position = number < 1 ? 0 : cursor.rows_read() + 1;
    return false;
  }
  cursor.position = number;
  if (sink != nullptr) {
    base::value_or_throw(sink->row(std::span(row, cursor.columns.size()), cursor.columns));
  }
  return true;
}

namespace {

void refuse_backward(const Portal& cursor, const PgQuery__FetchStmt& fetch) {
  bool back = fetch.how_many < 0;
  if (fetch.direction == PG_QUERY__FETCH_DIRECTION__FETCH_BACKWARD) back = fetch.how_many > 0;
  if (fetch.direction == PG_QUERY__FETCH_DIRECTION__FETCH_ABSOLUTE) {
    back = fetch.how_many < cursor.position;
  }
  if (!back || cursor.scrollable) return;
  throw base::SqlException(
      base::Error(base::sqlstate::kObjectNotInPrerequisiteState, "cursor can only scan forward")
          .hint("Declare it with SCROLL option to enable backward scan."));
}

}  // namespace

int64_t Session::Impl::move_cursor(Portal& cursor, const PgQuery__FetchStmt& fetch,
                                   ResultSink* sink) {
  int64_t many = fetch.how_many;
  int step = 1;
  switch (fetch.direction) {
    case PG_QUERY__FETCH_DIRECTION__FETCH_ABSOLUTE: {
      int64_t target = many;
      if (many < 0) {
        while (!cursor.all_kept) read_cursor_row(cursor);
        target = cursor.rows_read() + 1 + many;
      }
      return give_row(cursor, target, sink) ? 1 : 0;
    }
    case PG_QUERY__FETCH_DIRECTION__FETCH_RELATIVE:
      return give_row(cursor, cursor.position + many, sink) ? 1 : 0;
    case PG_QUERY__FETCH_DIRECTION__FETCH_BACKWARD:
      step = -1;
      break;
    default:
      break;
  }
  if (many < 0) {
    step = -step;
    many =
        many == std::numeric_limits<int64_t>::min() ? std::numeric_limits<int64_t>::max() : -many;
  }
  if (many == 0) {
    bool there = cursor.position >= 1 && cursor_row(cursor, cursor.position) != nullptr;
    return there && give_row(cursor, cursor.position, sink) ? 1 : 0;
  }
  int64_t given = 0;
  while (given < many && give_row(cursor, cursor.position + step, sink)) ++given;
  return given;
}

/// A portal that Bind made is a cursor too, one that only goes forward: FETCH goes on where Execute
/// stopped.
void Session::Impl::make_cursor(Portal& portal) {
  const StatementPtr& statement = portal.source->statement;
  portal.columns.assign(statement->columns().begin(), statement->columns().end());
  portal.kept_arena = std::make_unique<Arena>();
  portal.dropped = portal.position = portal.rows;
  portal.all_kept = portal.done;
  if (!portal.started) start_run(*portal.run, statement, statement->text(), {});
  portal.started = true;
  portal.cursor = true;
}

Portal& Session::Impl::find_cursor(const std::string& name) {
  auto found = portals_.find(name);
  Portal* portal = found == portals_.end() ? nullptr : found->second.get();
  if (portal == nullptr || (!portal->cursor && !portal->is_query())) {
    sql::fail(base::sqlstate::kUndefinedCursor, "cursor " + quoted(name) + " does not exist");
  }
  if (!portal->cursor) make_cursor(*portal);
  return *portal;
}

/// Execute of the protocol on a cursor.
Session::Outcome Session::Impl::execute_cursor(Portal& cursor, int64_t max_rows, ResultSink& sink) {
  int64_t wanted = max_rows > 0 ? max_rows : std::numeric_limits<int64_t>::max();
  int64_t given = 0;
  running_ = cursor.run.get();
  while (given < wanted && give_row(cursor, cursor.position + 1, &sink)) ++given;
  running_ = nullptr;
  if (given == wanted) return Outcome::kSuspended;
  select_tag("SELECT", given);
  base::value_or_throw(sink.complete(tag_));
  return Outcome::kComplete;
}

void Session::Impl::run_fetch(const PgQuery__FetchStmt& fetch, ResultSink& sink, bool describe) {
  Portal& cursor = find_cursor(fetch.portalname);
  refuse_backward(cursor, fetch);
  running_ = cursor.run.get();
  // An error in the first row comes alone.
  const bool forward = fetch.direction == PG_QUERY__FETCH_DIRECTION__FETCH_FORWARD;
  if (forward && fetch.how_many > 0) cursor_row(cursor, cursor.position + 1);
  running_ = nullptr;
  if (describe && !fetch.ismove) base::value_or_throw(sink.columns(cursor.columns));
  running_ = cursor.run.get();
  int64_t rows = move_cursor(cursor, fetch, fetch.ismove ? nullptr : &sink);
  running_ = nullptr;
  select_tag(fetch.ismove ? "MOVE" : "FETCH", rows);
}

void Session::Impl::run_close(const PgQuery__Node& node) {
  const char* name = node.close_portal_stmt->portalname;
  if (name == nullptr || name[0] == '\0') {
    std::erase_if(portals_, [](const auto& entry) { return entry.second->cursor; });
    tag_ = "CLOSE CURSOR ALL";
    return;
  }
  if (portals_.erase(name) == 0) {
    sql::fail(base::sqlstate::kUndefinedCursor, "cursor " + quoted(name) + " does not exist");
  }
  tag_ = "CLOSE CURSOR";
}

/// Before a commit: a held cursor reads the rest of its rows while the transaction still stands.
void Session::Impl::hold_cursors() {
  for (auto& [name, portal] : portals_) {
    if (!portal->cursor || !portal->held) continue;
    while (!portal->all_kept) read_cursor_row(*portal);
  }
}

/// After a transaction: its portals are gone, but for held cursors of a committed one. After a
/// savepoint: those that were made inside.
void Session::Impl::end_portals(bool committed, size_t savepoint_level) {
  auto ends = [&](const Portal& portal) {
    if (savepoint_level > 0) return portal.savepoint_level >= savepoint_level;
    return !(portal.held && portal.cursor && (committed || portal.all_kept));
  };
  std::erase_if(portals_, [&](const auto& entry) { return ends(*entry.second); });
  if (unnamed_portal_ != nullptr && savepoint_level == 0) unnamed_portal_.reset();
}

}  // namespace isolde::sql
