#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "base/thread_task.hpp"
#include "server/background/background_worker.hpp"
#include "sql/catalog/catalog_image.hpp"
#include "txn/lock_observer.hpp"

namespace isolde::server {

/// Every autovacuum_naptime, VACUUM and ANALYZE for the tables that need them by the rules of
/// sql/statistics/autovacuum_rules.hpp. A thread with a session of its own in one database after
/// the other, so it locks and waits as a client's VACUUM does, with three differences:
///
///  * a table that is locked is passed by, until the next round;
///  * as soon as somebody waits for the table that it works on, it gives up the work on it;
///  * a database to which nothing was written is not even opened.
class Autovacuum final : public BackgroundWorker, public txn::LockObserver {
 public:
  /// Before the first session. `session`: what it is known as.
  Autovacuum(sql::Instance& instance, base::SessionId session);
  /// Ends what is being done.
  ~Autovacuum() override;
  Autovacuum(const Autovacuum&) = delete;
  Autovacuum& operator=(const Autovacuum&) = delete;

  /// The server is there: rounds begin.
  void start();
  /// One round, now; by the thread itself, or where start() was not called.
  void look_once();

  // BackgroundWorker
  std::optional<sql::Activity> activity() override;
  bool interrupt(base::SessionId session) override;
  void leave(base::Oid database) override;

  // txn::LockObserver
  void granted(base::SessionId, const txn::LockTag&, txn::LockMode) override {}
  void waiting(base::SessionId session, const txn::LockTag& tag, txn::LockMode mode) override;
  void waited(base::SessionId, const txn::LockTag&, txn::LockMode, bool,
              std::chrono::microseconds) override {}
  void deadlock(const txn::DeadlockReport&) override {}

 private:
  struct Job {
    base::Oid table;
    bool vacuum = false;
    bool analyze = false;
    std::string name;  ///< as SQL has it
  };
  void run();
  bool stopping();
  void look_at(base::Oid database);
  std::vector<Job> jobs(base::Oid database, const sql::CatalogImage& image);
  void work(const std::string& database, const std::string& user,
            const std::shared_ptr<sql::Database>& in, const std::vector<Job>& jobs);
  void begin(const std::string& user, const std::string& database, const std::string& query);
  void end();

  static uint64_t number_of(base::Oid database, base::Oid table) {
    return uint64_t{database.value} << 32 | table.value;
  }

  sql::Instance& instance_;
  const base::SessionId session_;
  base::ThreadTask task_;
  std::atomic<uint64_t> table_{0};     ///< at work on, as number_of()
  std::atomic<bool> gave_way_{false};  ///< this table was given up for somebody

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;                      // guarded by mutex_
  std::optional<sql::Activity> activity_;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace isolde::server
