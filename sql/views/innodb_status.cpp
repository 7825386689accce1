#include <absl/container/flat_hash_map.h>
#include <fmt/format.h>

#include "sql/binder/table_names.hpp"
#include "sql/session/deadlock_log.hpp"
#include "sql/session/instance.hpp"
#include "sql/session/session_services.hpp"
#include "sql/types/type_registry.hpp"
#include "sql/views/innodb_words.hpp"
#include "sql/views/viewer.hpp"
#include "txn/lock_words.hpp"

// isolde.innodb_status(): the report that users of MySQL know from SHOW ENGINE INNODB STATUS, with
// the sections that have a meaning here: the last deadlock of the database, and the transactions of
// all with their locks.

namespace isolde::sql {

InnodbSummary innodb_summary(const InnodbLocks& locks, base::SessionId session) {
  InnodbSummary sum;
  for (const InnodbLock& lock : locks.locks()) {
    if (lock.session != session) continue;
    ++sum.locks;
    if (lock.type == "TABLE") ++sum.tables;
    if (lock.type == "RECORD") ++sum.rows;
    if (!lock.granted) sum.waiting = &lock;
  }
  return sum;
}

namespace {

/// "X,GAP" in this report is "lock_mode X locks gap before rec". Shared ones have a blank in
/// "lock mode", since ever.
std::string mode_words(std::string_view mode) {
  const size_t comma = std::min(mode.find(','), mode.size());
  const std::string_view letters = mode.substr(0, comma);
  std::string text = letters == "X" ? "lock_mode X" : "lock mode " + std::string(letters);
  if (mode.find("REC_NOT_GAP") != mode.npos) text += " locks rec but not gap";
  if (mode.find(",GAP") != mode.npos) text += " locks gap before rec";
  if (mode.find("INSERT_INTENTION") != mode.npos) text += " insert intention";
  return text;
}

class Report {
 public:
  Report(SessionServices& services, Arena& arena)
      : services_(services),
        locks_(services, arena),
        places_(services, arena),
        viewer_(services),
        now_(base::wall_now()) {
    if (ActivitySource* source = services.instance().activity()) {
      source->for_each([&](const Activity& one) { activities_[one.pid.value] = one; });
    }
  }

  std::string text() {
    rule('=', 37);
    out_ += time(now_) + " INNODB MONITOR OUTPUT\n";
    rule('=', 37);
    add_deadlock();
    title("TRANSACTIONS");
    out_ += "LIST OF TRANSACTIONS FOR EACH SESSION:\n";
    for (const txn::TransactionView& one : locks_.transactions()) {
      if (one.open) add_transaction(one);
    }
    rule('-', 28);
    out_ += "END OF INNODB MONITOR OUTPUT\n";
    rule('=', 28);
    return std::move(out_);
  }

 private:
  void rule(char sign, size_t length) { out_ += std::string(length, sign) + "\n"; }
  void title(std::string_view words) {
    rule('-', words.size());
    out_ += std::string(words) + "\n";
    rule('-', words.size());
  }

  std::string time(base::Timestamp at) const {
    std::string text;
    type_of(types::kTimestamptz).to_text(Datum::of_int(at.micros), text, services_.style());
    return text;
  }

  /// What may be shown of a statement.
  std::string statement(base::SessionId session, const std::string& text) {
    const bool sees = session == services_.pid() || viewer_.sees(activities_[session.value].user);
    return sees ? text : "<insufficient privilege>";
  }

  // --- locks

  void add_lock(std::string_view type, std::string_view schema, std::string_view table,
                std::string_view index, uint64_t transaction, std::string_view mode,
                std::string_view data) {
    if (type == "RECORD") {
      out_ += fmt::format("RECORD LOCKS index {} of table `{}`.`{}` trx id {} {}\n", index, schema,
                          table, transaction, mode);
    } else if (type == "TABLE") {
      out_ += fmt::format("TABLE LOCK table `{}`.`{}` trx id {} {}\n", schema, table, transaction,
                          mode);
    } else {
      out_ += fmt::format("{} LOCK trx id {} {}\n", type, transaction, mode);
    }
    if (!data.empty()) out_ += fmt::format("Record lock: {}\n", data);
  }

  void add_lock(const InnodbLock& lock) {
    add_lock(lock.type, lock.schema, lock.table, lock.index, lock.transaction,
             mode_words(lock.mode) + (lock.granted ? "" : " waiting"), lock.data);
  }

  /// A lock of a deadlock that is over: only its tag and the label have been kept.
  void add_past_lock(const txn::DeadlockStep& step, txn::LockMode mode, uint64_t transaction,
                     std::string_view suffix) {
    const LockPlaces::Place& place = places_.of(step.tag);
    const std::string_view name = txn::innodb_mode(step.tag, mode);
    const std::string words =
        mode_words(name.empty() ? txn::lock_mode_name(mode) : name) + std::string(suffix);
    if (place.table == nullptr) {
      out_ += fmt::format("LOCK on {} trx id {} {}\n", txn::describe(step.tag), transaction, words);
      return;
    }
    if (step.tag.kind == txn::LockKind::kRelation) {
      add_lock("TABLE", place.schema, place.table->name(), "", transaction, words, "");
      return;
    }
    add_lock("RECORD", place.schema, place.table->name(), index_name(place), transaction, words,
             record(step, place));
  }

  static std::string index_name(const LockPlaces::Place& place) {
    const IndexInfo* index =
        place.index != nullptr ? place.index : LockPlaces::primary_key(*place.table);
    if (index == nullptr) return "GEN_CLUST_INDEX";
    return index->description().primary ? "PRIMARY" : index->relation->name;
  }

  std::string record(const txn::DeadlockStep& step, const LockPlaces::Place& place) {
    const txn::LockTag& tag = step.tag;
    if (tag == txn::LockTag::of_supremum(tag.database, tag.relation)) {
      return "supremum pseudo-record";
    }
    if (!step.label.empty()) return places_.key_values(place, step.label);
    if (tag.kind != txn::LockKind::kTuple) return txn::describe(tag);
    return places_.row_values(place, {storage::BlockNumber{static_cast<uint32_t>(tag.word0)},
                                      storage::Slot{static_cast<uint16_t>(tag.word1)}});
  }

  // --- the last deadlock

  void add_deadlock() {
    const DeadlockLog* log = DeadlockLog::of(services_.instance().locks());
    if (log == nullptr) return;
    const auto found = log->last(services_.table_names().image->database());
    if (!found) return;
    title("LATEST DETECTED DEADLOCK");
    out_ += time(found->at) + "\n";
    const std::vector<txn::DeadlockStep>& steps = found->report.steps;
    for (size_t i = 0; i < steps.size(); ++i) {
      add_member(i + 1, steps[i], steps[(i + steps.size() - 1) % steps.size()], found->members[i]);
    }
    for (size_t i = 0; i < steps.size(); ++i) {
      if (steps[i].session == found->report.victim) {
        out_ += fmt::format("*** WE ROLL BACK TRANSACTION ({})\n", i + 1);
      }
    }
  }

  /// One of the circle: `before` is the one who waits for it.
  void add_member(size_t number, const txn::DeadlockStep& step, const txn::DeadlockStep& before,
                  const LoggedDeadlock::Member& member) {
    txn::TransactionView view;
    view.session = step.session;
    view.id = member.transaction;
    const uint64_t id = InnodbLocks::transaction_id(view);
    out_ += fmt::format("*** ({}) TRANSACTION:\nTRANSACTION {}\nMySQL thread id {}\n{}\n\n", number,
                        id, step.session.value, statement(step.session, step.statement));
    if (!member.had.empty()) {
      out_ += fmt::format("*** ({}) HOLDS THE LOCK(S):\n", number);
      for (txn::LockMode mode : member.had) add_past_lock(before, mode, id, "");
      out_ += "\n";
    }
    out_ += fmt::format("*** ({}) WAITING FOR THIS LOCK TO BE GRANTED:\n", number);
    add_past_lock(step, step.mode, id, " waiting");
    out_ += "\n";
  }

  // --- transactions

  int64_t seconds_since(std::optional<base::Timestamp> moment) const {
    return moment ? (now_.micros - moment->micros) / 1'000'000 : 0;
  }

  void add_transaction(const txn::TransactionView& one) {
    const InnodbSummary sum = innodb_summary(locks_, one.session);
    const Activity& activity = activities_[one.session.value];
    out_ += fmt::format("---TRANSACTION {}, ACTIVE {} sec\n", InnodbLocks::transaction_id(one),
                        seconds_since(activity.transaction_start));
    out_ += fmt::format("{}{} lock struct(s), {} row lock(s)\n",
                        sum.waiting != nullptr ? "LOCK WAIT " : "", sum.locks, sum.rows);
    out_ += fmt::format("MySQL thread id {}\n", one.session.value);
    if (!activity.query.empty()) out_ += statement(one.session, activity.query) + "\n";
    if (sum.waiting != nullptr) {
      out_ += fmt::format("------- TRX HAS BEEN WAITING {} SEC FOR THIS LOCK TO BE GRANTED:\n",
                          seconds_since(sum.waiting->wait_start));
      add_lock(*sum.waiting);
      rule('-', 18);
    }
    for (const InnodbLock& lock : locks_.locks()) {
      if (lock.session == one.session && lock.granted) add_lock(lock);
    }
  }

  SessionServices& services_;
  InnodbLocks locks_;
  LockPlaces places_;
  Viewer viewer_;
  base::Timestamp now_;
  absl::flat_hash_map<int32_t, Activity> activities_;
  std::string out_;
};

}  // namespace

Datum innodb_status(CallContext& context, const Datum*) {
  return context.arena.bytes(Report(*context.services, context.arena).text());
}

}  // namespace isolde::sql
