#include "sql/session/transaction.hpp"

#include <utility>

#include "sql/types/errors.hpp"

namespace isolde::sql {

namespace {

std::string_view isolation_text(IsolationLevel level) {
  switch (level) {
    case IsolationLevel::kReadUncommitted:
      return "read uncommitted";
    case IsolationLevel::kReadCommitted:
      return "read committed";
    case IsolationLevel::kRepeatableRead:
      return "repeatable read";
    case IsolationLevel::kSerializable:
      return "serializable";
  }
  return "";
}

std::string_view on_off(bool on) {
  return on ? "on" : "off";
}

}  // namespace

Transactions::Transactions(SessionSettings& settings, TransactionDriver& driver, Warn warn)
    : settings_(settings), driver_(driver), warn_(std::move(warn)) {}

TransactionStatus Transactions::status() const {
  switch (state_) {
    case State::kIdle:
    case State::kImplicit:
      return TransactionStatus::kIdle;
    case State::kBlock:
      return TransactionStatus::kInBlock;
    case State::kFailed:
      return TransactionStatus::kFailed;
  }
  return TransactionStatus::kIdle;
}

void Transactions::open_transaction(base::Timestamp now) {
  started_ = now;
  const SettingFields& fields = settings_.fields();
  TransactionModes next = next_modes_.value_or(TransactionModes());
  settings_.set_transaction_modes(next.isolation.value_or(fields.default_transaction_isolation),
                                  next.read_only.value_or(fields.default_transaction_read_only),
                                  next.deferrable.value_or(fields.default_transaction_deferrable));
  level_ = settings_.begin_level();
  queried_ = false;
  driver_.begin();
  driver_open_ = true;
}

void Transactions::ensure(base::Timestamp now) {
  if (state_ != State::kIdle) return;
  open_transaction(now);
  state_ = State::kImplicit;
}

/// An error has ended its level already when the statement comes that says so.
void Transactions::end_settings(int level, bool commit) {
  if (settings_.level() >= level) settings_.end_level(level, commit);
}

/// The end of a transaction, one way or the other. A commit that fails leaves it rolled back.
void Transactions::close(bool commit) {
  if (state_ != State::kImplicit || queried_) next_modes_.reset();
  struct Cleanup {
    Transactions& self;
    bool committed = false;
    ~Cleanup() {
      self.end_settings(self.level_, committed);
      self.savepoints_.clear();
      self.state_ = State::kIdle;
      self.driver_open_ = false;
    }
  } cleanup{*this};
  if (driver_open_ && commit) driver_.commit();
  if (driver_open_ && !commit) driver_.roll_back();
  driver_open_ = false;
  if (on_end) on_end(commit, 0);
  cleanup.committed = commit;
}

void Transactions::end_implicit() {
  several_ = false;
  if (state_ == State::kImplicit) close(true);
}

void Transactions::on_error() {
  switch (state_) {
    case State::kIdle:
    case State::kFailed:
      return;
    case State::kImplicit:
      several_ = false;
      close(false);
      return;
    case State::kBlock:
      break;
  }
  state_ = State::kFailed;
  if (on_end) on_end(false, savepoints_.size());
  if (savepoints_.empty()) {
    if (driver_open_) driver_.roll_back();
    driver_open_ = false;
    end_settings(level_, false);
  } else {
    driver_.roll_back_to_savepoint(savepoints_.size() - 1);
    end_settings(savepoints_.back().level, false);
  }
}

void Transactions::apply(const TransactionModes& modes) {
  SetBy local{SettingContext::kUser, SettingSource::kSession, SetAction::kLocal};
  if (modes.isolation) {
    base::value_or_throw(
        settings_.set("transaction_isolation", isolation_text(*modes.isolation), local));
  }
  if (modes.read_only) {
    base::value_or_throw(settings_.set("transaction_read_only", on_off(*modes.read_only), local));
  }
  if (modes.deferrable) {
    base::value_or_throw(settings_.set("transaction_deferrable", on_off(*modes.deferrable), local));
  }
}

void Transactions::begin(const TransactionModes& modes) {
  if (in_block()) {
    warn_(base::sqlstate::kActiveSqlTransaction, "there is already a transaction in progress");
  }
  apply(modes);
  state_ = State::kBlock;
}

/// AND CHAIN: a new block with the modes of the one that has just ended.
void Transactions::close_and_chain(bool commit, bool chain) {
  const SettingFields& fields = settings_.fields();
  TransactionModes modes{fields.transaction_isolation, fields.transaction_read_only,
                         fields.transaction_deferrable};
  close(commit);
  if (!chain) return;
  open_transaction(base::wall_now());
  state_ = State::kBlock;
  apply(modes);
}

std::string_view Transactions::commit(bool chain) {
  if (chain && !in_block()) {
    throw base::SqlException(
        base::Error(base::sqlstate::kNoActiveSqlTransaction,
                    "COMMIT AND CHAIN can only be used in transaction blocks"));
  }
  bool failed = state_ == State::kFailed;
  if (!in_block()) {
    warn_(base::sqlstate::kNoActiveSqlTransaction, "there is no transaction in progress");
  }
  close_and_chain(!failed, chain);
  return failed ? "ROLLBACK" : "COMMIT";
}

void Transactions::roll_back(bool chain) {
  if (chain && !in_block()) {
    throw base::SqlException(
        base::Error(base::sqlstate::kNoActiveSqlTransaction,
                    "ROLLBACK AND CHAIN can only be used in transaction blocks"));
  }
  if (!in_block()) {
    warn_(base::sqlstate::kNoActiveSqlTransaction, "there is no transaction in progress");
  }
  close_and_chain(false, chain);
}

void Transactions::require_no_block(std::string_view statement) const {
  if (!counts_as_block()) return;
  fail(base::sqlstate::kActiveSqlTransaction,
       std::string(statement) + " cannot run inside a transaction block");
}

void Transactions::require_block(std::string_view statement) const {
  if (in_block()) return;
  fail(base::sqlstate::kNoActiveSqlTransaction,
       std::string(statement) + " can only be used in transaction blocks");
}

void Transactions::warn_outside_block(std::string_view statement) const {
  if (counts_as_block()) return;
  warn_(base::sqlstate::kNoActiveSqlTransaction,
        std::string(statement) + " can only be used in transaction blocks");
}

// --- savepoints: each is a level of the settings

void Transactions::savepoint(std::string_view name) {
  require_block("SAVEPOINT");
  driver_.define_savepoint();
  savepoints_.push_back({std::string(name), settings_.begin_level()});
}

size_t Transactions::find_savepoint(std::string_view name) const {
  for (size_t i = savepoints_.size(); i > 0; --i) {
    if (savepoints_[i - 1].name == name) return i - 1;
  }
  fail(base::sqlstate::kSEInvalidSpecification,
       "savepoint \"" + std::string(name) + "\" does not exist");
}

void Transactions::release(std::string_view name) {
  require_block("RELEASE SAVEPOINT");
  size_t at = find_savepoint(name);
  driver_.release_savepoints(at);
  settings_.end_level(savepoints_[at].level, true);
  savepoints_.resize(at);
}

void Transactions::roll_back_to(std::string_view name) {
  require_block("ROLLBACK TO SAVEPOINT");
  size_t at = find_savepoint(name);
  driver_.roll_back_to_savepoint(at);
  if (on_end) on_end(false, at + 1);
  end_settings(savepoints_[at].level, false);
  savepoints_.resize(at + 1);
  savepoints_[at].level = settings_.begin_level();
  state_ = State::kBlock;
}

void Transactions::set_next_modes(const TransactionModes& modes) {
  next_modes_ = modes;
}

void Transactions::set_default_modes(const TransactionModes& modes) {
  SetBy by{SettingContext::kUser, SettingSource::kSession, SetAction::kSet};
  auto set = [&](std::string_view name, std::string_view value) {
    base::value_or_throw(settings_.set(name, value, by));
  };
  if (modes.isolation) set("default_transaction_isolation", isolation_text(*modes.isolation));
  if (modes.read_only) set("default_transaction_read_only", on_off(*modes.read_only));
  if (modes.deferrable) set("default_transaction_deferrable", on_off(*modes.deferrable));
}

void Transactions::set_modes(const TransactionModes& modes) {
  warn_outside_block("SET TRANSACTION");
  apply(modes);
}

}  // namespace isolde::sql
