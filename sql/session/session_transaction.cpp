#include "sql/session/session_transaction.hpp"

#include <utility>

#include "sql/session/instance.hpp"
#include "sql/settings/session_settings.hpp"
#include "txn/lock_manager.hpp"
#include "txn/prepared_state.hpp"

namespace isolde::sql {

namespace {

txn::DeadlockPolicy policy_of(DeadlockPolicy setting) {
  switch (setting) {
    case DeadlockPolicy::kDetect:
      return txn::DeadlockPolicy::kDetect;
    case DeadlockPolicy::kWaitDie:
      return txn::DeadlockPolicy::kWaitDie;
    case DeadlockPolicy::kWoundWait:
      return txn::DeadlockPolicy::kWoundWait;
    case DeadlockPolicy::kNoWait:
      return txn::DeadlockPolicy::kNoWait;
  }
  return txn::DeadlockPolicy::kDetect;
}

}  // namespace

SessionTransaction::SessionTransaction(Instance& instance, const SessionSettings& settings,
                                       base::Task& task, base::SessionId session,
                                       DatabasePtr database)
    : instance_(instance),
      settings_(settings),
      task_(task),
      database_(std::move(database)),
      slot_(instance.transactions(), session),
      locker_(instance.locks().open(task, session, database_->oid())) {}

SessionTransaction::~SessionTransaction() {
  roll_back();
  instance_.locks().release_session(*locker_);
}

void SessionTransaction::begin() {}

txn::EngineTransaction& SessionTransaction::transaction() {
  if (open_) return *transaction_;
  changes_.reset();
  const SettingFields& fields = settings_.fields();
  transaction_ = database_->engine().begin(
      {instance_.transactions(), *locker_, slot_, task_, database_->oid()},
      {fields.transaction_isolation, fields.transaction_read_only, fields.transaction_deferrable,
       fields.snapshot_conflicts});
  transaction_->before_release = [this](bool committed) { ended(committed); };
  changes_.emplace(*transaction_);
  open_ = true;
  follow_settings();
  return *transaction_;
}

void SessionTransaction::enter(bool touches_tables) {
  txn::EngineTransaction& transaction = this->transaction();
  follow_settings();
  base::value_or_throw(transaction.enter(touches_tables));
}

/// How long locks are waited for.
void SessionTransaction::follow_settings() {
  txn::LockSettings& waits = locker_->settings();
  waits.lock_timeout =
      std::chrono::duration_cast<std::chrono::microseconds>(settings_.lock_timeout());
  waits.deadlock_timeout =
      std::chrono::duration_cast<std::chrono::microseconds>(settings_.deadlock_timeout());
  waits.deadlocks_at_once = database_->engine().traits().deadlocks_at_once;
  const SettingFields& fields = settings_.fields();
  waits.log_lock_waits = fields.log_lock_waits;
  waits.deadlock_policy = policy_of(fields.deadlock_policy);
  waits.rows_before_page_lock = static_cast<uint32_t>(fields.rows_before_page_lock);
  waits.rows_before_table_lock = static_cast<uint32_t>(fields.rows_before_table_lock);
}

void SessionTransaction::begin_statement() {
  base::value_or_throw(transaction().begin_statement());
}

CatalogImagePtr SessionTransaction::image() {
  return database_->catalog().image(open_ ? &*changes_ : nullptr);
}

CatalogChanges& SessionTransaction::catalog_changes() {
  transaction();
  return *changes_;
}

/// The outcome is visible, locks are still held: now the catalog may show it.
void SessionTransaction::ended(bool committed) {
  constraints_.clear();
  if (committed && !changes_->empty()) database_->catalog().publish(*changes_);
  table_changes_.end(committed, database_->oid(), instance_.histories());
}

void SessionTransaction::commit() {
  if (prepares != nullptr) transaction();
  if (!open_) return constraints_.clear();
  struct RollBackUnlessCommitted {
    SessionTransaction& self;
    ~RollBackUnlessCommitted() { self.roll_back(); }
  } guard{*this};
  if (before_commit) before_commit();
  if (prepares != nullptr) return prepare(*std::exchange(prepares, nullptr));
  const bool wait = settings_.fields().synchronous_commit != SynchronousCommit::kOff;
  base::value_or_throw(transaction_->commit(wait));
  open_ = false;
}

void SessionTransaction::prepare(PreparedTransaction& into) {
  const txn::TxnId id = base::value_or_throw(transaction_->ensure_top_id());
  into.locker = instance_.locks().open_prepared(id, database_->oid());
  into.slot = std::make_unique<txn::SnapshotSlot>(instance_.transactions());
  into.prepared_at = base::wall_now();
  txn::PreparedState state;
  state.name = into.name;
  state.owner = into.owner;
  state.database = database_->oid();
  state.prepared_at = into.prepared_at;
  state.catalog = changes_->encode();
  base::value_or_throw(transaction_->prepare(*into.locker, *into.slot, std::move(state)));
  open_ = false;
  into.changes.emplace(std::move(*changes_));
  into.transaction = std::move(transaction_);
  into.publish_at_end();
  auto publish = std::move(into.transaction->before_release);
  auto changes = std::make_shared<TableChanges>(std::exchange(table_changes_, TableChanges()));
  into.transaction->before_release = [publish = std::move(publish), changes,
                                      database = database_->oid(),
                                      &histories = instance_.histories()](bool committed) {
    publish(committed);
    changes->end(committed, database, histories);
  };
  constraints_.clear();
}

void SessionTransaction::roll_back() {
  if (!open_) return constraints_.clear();
  transaction_->roll_back();
  open_ = false;
}

void SessionTransaction::define_savepoint() {
  transaction().define_savepoint();
  database_->catalog().define_savepoint(*changes_);
  constraints_.define_savepoint();
  table_changes_.define_savepoint();
}

void SessionTransaction::release_savepoints(size_t at) {
  transaction().release_savepoints(at);
  database_->catalog().release_savepoints(*changes_, at);
  constraints_.release_savepoints(at);
  table_changes_.release_savepoints(at);
}

void SessionTransaction::roll_back_to_savepoint(size_t at) {
  constraints_.roll_back_to_savepoint(at);
  table_changes_.roll_back_to_savepoint(at);
  database_->catalog().roll_back_to_savepoint(*changes_, at);
  transaction().roll_back_to_savepoint(at);
}

}  // namespace isolde::sql
