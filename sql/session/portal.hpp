#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "sql/session/execution.hpp"
#include "sql/session/statement.hpp"

namespace isolde::sql {

/// A prepared statement: of the protocol's Parse or of PREPARE, in one name space.
struct PreparedStatement {
  StatementPtr statement;  ///< null for an empty query text
  std::string text;        ///< as pg_prepared_statements shows it
  std::vector<base::Oid>
      parameters;  ///< of statements that are not queries: as the client gave them
  base::Timestamp prepared;
  bool from_sql = false;
  std::vector<ResultColumn> columns;  ///< of SHOW, FETCH and EXECUTE
  bool returns_rows = false;
};

/// A statement with its parameters, ready to run or running; a cursor is one too.
struct Portal {
  std::string name;
  std::shared_ptr<const PreparedStatement> source;
  std::vector<int16_t> result_formats;
  std::unique_ptr<Execution> run;
  /// Bound to a statement that gives rows by a plan.
  bool is_query() const {
    return source != nullptr && source->statement != nullptr && source->statement->is_planned();
  }
  bool started = false;
  bool done = false;
  int64_t rows = 0;  ///< given so far

  // Of cursors.
  bool cursor = false;
  bool held = false;  ///< WITH HOLD
  bool scrollable = false;
  bool binary = false;
  size_t savepoint_level = 0;
  base::Timestamp created;
  std::string text;
  std::vector<ResultColumn> columns;
  /// Rows read so far: all of them, for going back, or only the last.
  std::unique_ptr<Arena> kept_arena;
  std::vector<const Datum*> kept;
  std::vector<Statement::RowPlace> places;
  std::vector<std::optional<storage::TupleId>> kept_places;  ///< as many as `places` a kept row
  int64_t dropped = 0;                                       ///< rows before kept[0]
  bool all_kept = false;
  int64_t position = 0;  ///< 0 before the first row
  int64_t rows_read() const { return dropped + static_cast<int64_t>(kept.size()); }
};

}  // namespace isolde::sql
