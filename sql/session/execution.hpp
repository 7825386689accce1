#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "sql/exec/exec_context.hpp"
#include "sql/exec/row_source.hpp"
#include "sql/session/statement.hpp"

namespace isolde::sql {

/// One run of a planned statement: its memory, parameters and operators. Made once and used for
/// many statements after one another.
class Execution {
 public:
  Execution(base::Task& task, const OutputStyle& style, SessionServices* services,
            size_t memory_limit);
  ~Execution();

  /// For parameters and what else lives as long as the run.
  Arena& arena() { return arena_; }
  MemoryBudget* budget() { return &budget_; }
  /// Where COPY FROM takes its rows from; before start().
  void set_input(RowSource* input) { context_.input = input; }
  /// Every operator notes its rows and times there; before start().
  void measure(PlanTimings* timings) { context_.timings = timings; }
  /// Room for the client's parameters, to be filled before start().
  std::span<Datum> parameters(const Statement& statement);
  /// `text` and `literals` are those of the text at hand, when the statement came from the cache.
  void start(StatementPtr statement, std::string_view text, std::span<const LiteralToken> literals);
  /// The same for a statement of the server's own, whose constraints are checked by whoever runs
  /// it.
  void start_inner(StatementPtr statement, bool latest_rows);
  const Datum* next() {
    if (!open_) open();
    const Datum* row = source_->next();
    if (unchecked_ && (row == nullptr || done_at_once_)) check_constraints();
    return row;
  }
  /// Lets go of everything the run held.
  void finish();
  /// How many rows it has written.
  int64_t processed() const { return context_.processed; }
  bool running() const { return source_ != nullptr; }
  const Statement& statement() const { return *statement_; }

  /// The byte offset of a literal that was being read when an error was thrown, or -1.
  int error_location() const { return context_.location; }

 private:
  void open();
  void check_constraints();
  void read_literals(std::string_view text, std::span<const LiteralToken> literals);
  Datum read_literal(const LiteralSlot& slot, std::string_view text,
                     std::span<const LiteralToken> literals);

  MemoryBudget budget_;
  Arena arena_;
  ExecContext context_;
  StatementPtr statement_;
  std::vector<Datum> parameters_;
  std::vector<Datum> outer_;
  std::unique_ptr<RowSource> source_;
  bool open_ = false;
  bool unchecked_ = false;     ///< it writes, and the end of its writing has not come
  bool done_at_once_ = false;  ///< all is written when the first row comes
};

}  // namespace isolde::sql
