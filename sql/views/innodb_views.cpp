#include <absl/container/flat_hash_map.h>
#include <fmt/format.h>

#include "sql/session/instance.hpp"
#include "sql/session/session_services.hpp"
#include "sql/views/innodb_locks.hpp"
#include "sql/views/innodb_words.hpp"
#include "sql/views/tradition_fills.hpp"
#include "sql/views/viewer.hpp"

// Transactions, locks and waits under the names and with the columns of MySQL: performance_schema
// of version 8, information_schema of version 5.7. What has no meaning here is NULL.

namespace isolde::sql {

namespace {

std::optional<std::string> unless_empty(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

std::optional<uint64_t> unless_zero(uint64_t number) {
  if (number == 0) return std::nullopt;
  return number;
}

/// "`public`.`t`"
std::optional<std::string> quoted_table(const InnodbLock& lock) {
  if (lock.table.empty()) return std::nullopt;
  return fmt::format("`{}`.`{}`", lock.schema, lock.table);
}

/// information_schema shows a next-key lock and its like without the commas of version 8.
std::string old_mode(const InnodbLock& lock) {
  const std::string_view suffix = ",REC_NOT_GAP";
  std::string mode = lock.mode;
  if (mode.ends_with(suffix)) mode.resize(mode.size() - suffix.size());
  return mode;
}

}  // namespace

void fill_data_locks(SessionServices& services, VirtualRows& rows) {
  const InnodbLocks locks(services, rows.arena());
  for (const InnodbLock& lock : locks.locks()) {
    rows.row("INNODB", lock.id, unless_zero(lock.transaction), lock.session, nullptr,
             unless_empty(lock.schema), unless_empty(lock.table), nullptr, nullptr,
             unless_empty(lock.index), nullptr, lock.type, lock.mode,
             lock.granted ? "GRANTED" : "WAITING", unless_empty(lock.data));
  }
}

void fill_data_lock_waits(SessionServices& services, VirtualRows& rows) {
  const InnodbLocks locks(services, rows.arena());
  for (const InnodbLocks::Wait& wait : locks.waits(services)) {
    rows.row("INNODB", wait.requested->id, unless_zero(wait.requested->transaction),
             wait.requested->session, nullptr, nullptr, wait.blocking->id,
             unless_zero(wait.blocking->transaction), wait.blocking->session, nullptr, nullptr);
  }
}

/// Those that wait, and those that are waited for.
void fill_innodb_locks(SessionServices& services, VirtualRows& rows) {
  const InnodbLocks locks(services, rows.arena());
  absl::flat_hash_set<const InnodbLock*> shown;
  auto show = [&](const InnodbLock& lock) {
    if (!shown.insert(&lock).second) return;
    const bool record = lock.tag.kind == txn::LockKind::kTuple;
    std::optional<uint64_t> space, page, number;
    if (lock.type == "RECORD") space = lock.tag.relation.value;
    if (record) page = lock.tag.word0, number = lock.tag.word1 + 1;
    rows.row(lock.id, std::to_string(lock.transaction), old_mode(lock), lock.type,
             quoted_table(lock), unless_empty(lock.index), space, page, number,
             unless_empty(lock.data));
  };
  for (const InnodbLocks::Wait& wait : locks.waits(services)) {
    show(*wait.requested);
    show(*wait.blocking);
  }
}

void fill_innodb_lock_waits(SessionServices& services, VirtualRows& rows) {
  const InnodbLocks locks(services, rows.arena());
  for (const InnodbLocks::Wait& wait : locks.waits(services)) {
    rows.row(std::to_string(wait.requested->transaction), wait.requested->id,
             std::to_string(wait.blocking->transaction), wait.blocking->id);
  }
}

void fill_innodb_trx(SessionServices& services, VirtualRows& rows) {
  const InnodbLocks locks(services, rows.arena());
  absl::flat_hash_map<int32_t, Activity> activities;
  if (ActivitySource* source = services.instance().activity()) {
    source->for_each([&](const Activity& one) { activities[one.pid.value] = one; });
  }
  const Viewer viewer(services);
  for (const txn::TransactionView& one : locks.transactions()) {
    if (!one.open) continue;
    const InnodbSummary sum = innodb_summary(locks, one.session);
    Activity& activity = activities[one.session.value];
    if (!viewer.sees(activity.user)) activity.query = "<insufficient privilege>";
    std::optional<std::string> waits_for;
    std::optional<base::Timestamp> since;
    if (sum.waiting != nullptr) {
      waits_for = sum.waiting->id;
      since = sum.waiting->wait_start;
    }
    rows.row(std::to_string(InnodbLocks::transaction_id(one)),
             sum.waiting != nullptr ? "LOCK WAIT" : "RUNNING", activity.transaction_start,
             waits_for, since, sum.locks, one.session, unless_empty(activity.query), nullptr,
             nullptr, sum.tables, sum.locks, nullptr, sum.rows, nullptr, nullptr, nullptr, nullptr,
             nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr);
  }
}

}  // namespace isolde::sql
