#include "server/background/autovacuum.hpp"

#include "base/log.hpp"
#include "sql/catalog/builtin_objects.hpp"
#include "sql/catalog/database.hpp"
#include "sql/session/result_sink.hpp"
#include "sql/session/session.hpp"
#include "sql/settings/identifier_list.hpp"
#include "sql/statistics/autovacuum_rules.hpp"
#include "txn/lock_manager.hpp"

namespace isolde::server {

namespace {

/// VACUUM answers nothing that anybody would read.
class Silence final : public sql::ResultSink, public sql::ClientMessages {
 public:
  base::Status columns(std::span<const sql::ResultColumn>) override { return {}; }
  base::Status row(std::span<const sql::Datum>, std::span<const sql::ResultColumn>) override {
    return {};
  }
  base::Status complete(std::string_view) override { return {}; }
  base::Status empty_query() override { return {}; }
  base::Status begin_copy_out(sql::CopyFormat, size_t) override { return {}; }
  base::Status copy_data(std::string_view) override { return {}; }
  base::Status end_copy_out() override { return {}; }
  base::Status begin_copy_in(sql::CopyFormat, size_t) override { return {}; }
  base::Result<std::optional<std::string_view>> next_copy_data() override {
    return std::optional<std::string_view>();
  }
  void notice(const base::Error&) override {}
  void parameter_changed(std::string_view, std::string_view) override {}
};

}  // namespace

Autovacuum::Autovacuum(sql::Instance& instance, base::SessionId session)
    : instance_(instance), session_(session) {
  instance.locks().set_observer(this);
}

void Autovacuum::start() {
  thread_ = std::thread([this] { run(); });
}

Autovacuum::~Autovacuum() {
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  task_.interrupt(base::Interrupt::kShutdown);
  if (thread_.joinable()) thread_.join();
  instance_.locks().set_observer(nullptr);
}

// --- seen from outside

std::optional<sql::Activity> Autovacuum::activity() {
  std::lock_guard lock(mutex_);
  if (!activity_) return std::nullopt;
  sql::Activity now = *activity_;
  if (const base::WaitEvent* event = task_.waiting_for()) {
    now.wait_event_type = event->type;
    now.wait_event = event->name;
  }
  return now;
}

bool Autovacuum::interrupt(base::SessionId session) {
  if (session != session_ || table_.load() == 0) return false;
  task_.interrupt(base::Interrupt::kCancel);
  return true;
}

void Autovacuum::leave(base::Oid database) {
  if (table_.load() >> 32 == database.value) task_.interrupt(base::Interrupt::kCancel);
}

void Autovacuum::waiting(base::SessionId session, const txn::LockTag& tag, txn::LockMode) {
  const uint64_t table = table_.load();
  if (table == 0 || session == session_) return;
  const base::Oid database(static_cast<uint32_t>(table >> 32));
  if (tag != txn::LockTag::of_relation(database, base::Oid(static_cast<uint32_t>(table)))) return;
  gave_way_ = true;
  task_.interrupt(base::Interrupt::kCancel);
}

// --- the thread

void Autovacuum::run() {
  for (;;) {
    const std::chrono::seconds nap(instance_.settings().snapshot()->integer("autovacuum_naptime"));
    {
      std::unique_lock lock(mutex_);
      if (wake_.wait_for(lock, nap, [this] { return stop_; })) return;
    }
    look_once();
  }
}

bool Autovacuum::stopping() {
  std::lock_guard lock(mutex_);
  return stop_;
}

void Autovacuum::look_once() {
  auto settings = instance_.settings().snapshot();
  if (!settings->boolean("autovacuum") || !settings->boolean("track_counts")) return;
  for (base::Oid database : instance_.histories().databases()) {
    if (stopping()) return;
    look_at(database);
  }
}

void Autovacuum::look_at(base::Oid database) {
  auto objects = instance_.server_catalog().objects();
  auto described = objects->find(sql::ObjectKind::kDatabase, database);
  if (described == nullptr) return instance_.histories().forget(database);
  auto opened = instance_.database(described->object->name);
  if (!opened) return;
  auto image = (*opened)->catalog().image(nullptr);
  const std::vector<Job> found = jobs(database, *image);
  auto owner = objects->find(sql::ObjectKind::kRole, sql::oids::kSuperuser);
  if (!found.empty() && owner != nullptr)
    work(described->object->name, owner->object->name, *opened, found);
}

std::vector<Autovacuum::Job> Autovacuum::jobs(base::Oid database, const sql::CatalogImage& image) {
  auto settings = instance_.settings().snapshot();
  sql::TableHistories& histories = instance_.histories();
  std::vector<Job> found;
  for (base::Oid table : histories.tables(database)) {
    sql::RelationPtr relation = image.relation(table);
    if (relation == nullptr) continue;
    // Those of another session are its own affair.
    if (relation->relation_kind != sql::RelationKind::kTable ||
        relation->persistence == sql::Persistence::kTemporary)
      continue;
    const sql::TableKey key{database, table};
    const auto needs = autovacuum_rules(*settings, *relation).needs(*relation, histories.of(key));
    auto schema = image.find(sql::ObjectKind::kNamespace, relation->name_space);
    if (schema == nullptr || !(needs.vacuum || needs.analyze)) continue;
    found.push_back(
        {table, needs.vacuum, needs.analyze,
         sql::quote_identifier(schema->name) + "." + sql::quote_identifier(relation->name)});
  }
  return found;
}

void Autovacuum::work(const std::string& database, const std::string& user,
                      const std::shared_ptr<sql::Database>& in, const std::vector<Job>& jobs) {
  Silence silence;
  sql::Session session(instance_, in, {session_, user, database, "", -1, true, true}, task_,
                       silence);
  for (const Job& job : jobs) {
    if (stopping()) break;
    const std::string what = job.vacuum ? job.analyze ? "VACUUM ANALYZE " : "VACUUM " : "ANALYZE ";
    begin(user, database, "autovacuum: " + what + job.name);
    task_.forget_statement_interrupts();
    gave_way_ = false;
    table_ = number_of(in->oid(), job.table);
    const std::string options =
        job.vacuum && job.analyze ? "(ANALYZE, SKIP_LOCKED) " : "(SKIP_LOCKED) ";
    base::Status done =
        session.query((job.vacuum ? "VACUUM " : "ANALYZE ") + options + job.name, silence);
    table_ = 0;
    end();
    if (done || stopping()) continue;
    base::log_session(session_, base::Severity::kLog,
                      "{}\nCONTEXT:  automatic {} of table \"{}.{}\"",
                      gave_way_ ? "canceling autovacuum task" : done.error().message(),
                      job.vacuum ? "vacuum" : "analyze", database, job.name);
  }
}

void Autovacuum::begin(const std::string& user, const std::string& database,
                       const std::string& query) {
  sql::Activity now;
  now.pid = session_;
  now.user = user;
  now.database = database;
  now.backend_type = "autovacuum worker";
  now.state = "active";
  now.query = query;
  now.backend_start = now.transaction_start = now.query_start = now.state_change = base::wall_now();
  std::lock_guard lock(mutex_);
  activity_ = std::move(now);
}

void Autovacuum::end() {
  std::lock_guard lock(mutex_);
  activity_.reset();
}

}  // namespace isolde::server
