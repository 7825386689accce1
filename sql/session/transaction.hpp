#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "sql/session/session.hpp"
#include "sql/settings/session_settings.hpp"

namespace isolde::sql {

/// What a transaction is below the session: its rows, locks and catalog changes.
class TransactionDriver {
 public:
  virtual ~TransactionDriver() = default;
  /// The modes are those of the session's settings when the first statement runs.
  virtual void begin() {}
  /// Throws when the transaction cannot commit; it is then rolled back.
  virtual void commit() {}
  virtual void roll_back() {}
  virtual void define_savepoint() {}
  /// Savepoint `at`, from 0, and those within it.
  virtual void release_savepoints(size_t /*at*/) {}
  virtual void roll_back_to_savepoint(size_t /*at*/) {}
};

struct TransactionModes {
  std::optional<IsolationLevel> isolation;
  std::optional<bool> read_only;
  std::optional<bool> deferrable;
};

/// The state machine of one session's transactions.
///
///            statement            BEGIN               error              COMMIT, ROLLBACK
///   idle -----------> implicit ----------> block ----------> failed ---------------------> idle
///     ^                  |                                      |
///     +--- end, error ---+                 block <--- ROLLBACK TO savepoint
///
/// A simple query of several statements, and the messages up to a Sync, share one implicit
/// transaction; while that holds several statements it counts as a block for what is forbidden
/// inside blocks.
class Transactions {
 public:
  using Warn = std::function<void(base::SqlState, std::string)>;

  Transactions(SessionSettings& settings, TransactionDriver& driver, Warn warn);

  TransactionStatus status() const;
  bool failed() const { return state_ == State::kFailed; }
  bool open() const { return state_ != State::kIdle; }
  bool in_block() const { return state_ == State::kBlock || state_ == State::kFailed; }
  /// A block, or an implicit transaction of several statements.
  bool counts_as_block() const { return in_block() || several_; }
  base::Timestamp started() const { return started_; }

  /// Before a statement: makes sure that a transaction is open.
  void ensure(base::Timestamp now);
  /// The implicit transaction will hold several statements.
  void expect_several(bool several) { several_ = several; }
  /// After the last statement of an implicit transaction. Throws when the commit fails.
  void end_implicit();
  /// After any error.
  void on_error();

  // --- statements; each returns its command tag
  void begin(const TransactionModes& modes);
  std::string_view commit(bool chain);
  void roll_back(bool chain);
  void savepoint(std::string_view name);
  void release(std::string_view name);
  void roll_back_to(std::string_view name);
  /// SET TRANSACTION.
  void set_modes(const TransactionModes& modes);
  /// For the next transaction that does something, and for all to come.
  void set_next_modes(const TransactionModes& modes);
  void set_default_modes(const TransactionModes& modes);
  /// A query has run: modes can no longer change.
  void note_query() { queried_ = true; }
  bool queried() const { return queried_; }

  /// 25001 when inside a block.
  void require_no_block(std::string_view statement) const;
  /// 25P01 when outside of one.
  void require_block(std::string_view statement) const;
  void warn_outside_block(std::string_view statement) const;

  size_t savepoints() const { return savepoints_.size(); }

  /// Called when a transaction (or with a level > 0, a savepoint) ends: portals go with it.
  std::function<void(bool committed, size_t savepoint_level)> on_end;

 private:
  enum class State : uint8_t { kIdle, kImplicit, kBlock, kFailed };
  struct Savepoint {
    std::string name;
    int level;
  };

  void open_transaction(base::Timestamp now);
  void apply(const TransactionModes& modes);
  void end_settings(int level, bool commit);
  void close(bool commit);
  void close_and_chain(bool commit, bool chain);
  size_t find_savepoint(std::string_view name) const;

  SessionSettings& settings_;
  TransactionDriver& driver_;
  Warn warn_;
  State state_ = State::kIdle;
  bool several_ = false;
  bool queried_ = false;
  bool driver_open_ = false;
  std::optional<TransactionModes> next_modes_;
  int level_ = 0;
  base::Timestamp started_;
  std::vector<Savepoint> savepoints_;
};

}  // namespace isolde::sql
