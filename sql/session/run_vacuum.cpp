// VACUUM and ANALYZE: what the statement names, in which order, under which locks; VACUUM's work on
// one table. ANALYZE's is in run_analyze.cpp.

#include <fmt/format.h>
#include <pg_query/pg_query.pb-c.h>

#include <cmath>

#include "base/log.hpp"
#include "sql/binder/nodes.hpp"
#include "sql/catalog/database.hpp"
#include "sql/catalog/privileges.hpp"
#include "sql/catalog/system_relations.hpp"
#include "sql/ddl/options.hpp"
#include "sql/parser/parse.hpp"
#include "sql/session/maintenance.hpp"
#include "sql/session/session_impl.hpp"
#include "sql/statistics/autovacuum_rules.hpp"
#include "sql/statistics/row_estimate.hpp"
#include "sql/statistics/table_histories.hpp"
#include "sql/types/errors.hpp"
#include "storage/vacuum.hpp"
#include "txn/lock_manager.hpp"
#include "txn/version_life.hpp"

namespace isolde::sql {

namespace {

/// auto, or on, off.
bool cleans_or_auto(const PgQuery__DefElem& option) {
  return option.arg == nullptr || option_text(option) == "auto" || option_bool(option);
}

void read_option(const PgQuery__DefElem& option, std::string_view text, MaintenanceOrder& order) {
  const std::string_view name = option.defname;
  if (name == "verbose") {
    order.verbose = option_bool(option);
  } else if (name == "skip_locked") {
    order.skip_locked = option_bool(option);
  } else if (name == "analyze" && order.vacuum) {
    order.analyze = option_bool(option);
  } else if (name == "full" && order.vacuum) {
    order.full = option_bool(option);
  } else if ((name == "freeze" || name == "disable_page_skipping") && order.vacuum) {
    order.every_page = order.every_page || option_bool(option);
  } else if (name == "truncate" && order.vacuum) {
    order.truncate = option_bool(option);
  } else if (name == "index_cleanup" && order.vacuum) {
    cleans_or_auto(option);  // index entries always go with their rows
  } else if (name == "process_toast" && order.vacuum) {
    static_cast<void>(option_bool(option));
  } else if (name == "parallel" && order.vacuum) {
    static_cast<void>(option_int(option));
  } else {
    base::Error error(
        base::sqlstate::kSyntaxError,
        fmt::format("unrecognized {} option \"{}\"", order.vacuum ? "VACUUM" : "ANALYZE", name));
    error.fields().position = character_position(text, option.location);
    throw base::SqlException(std::move(error));
  }
}

}  // namespace

std::vector<MaintenanceTarget> Session::Impl::maintenance_targets(
    const PgQuery__VacuumStmt& statement, const MaintenanceOrder& order) {
  std::vector<MaintenanceTarget> targets;
  const TableNames& names = this->names();
  auto warn = [&](const RelationObject& relation, const char* why) {
    notice(base::Error(base::sqlstate::kWarning,
                       fmt::format("skipping \"{}\" --- {}", relation.name, why))
               .severity(base::Severity::kWarning));
  };
  for (size_t i = 0; i < statement.n_rels; ++i) {
    const PgQuery__VacuumRelation& named = *statement.rels[i]->vacuum_relation;
    const PgQuery__RangeVar& name = *named.relation;
    MaintenanceTarget target;
    target.relation = names.path.relation(*names.image, name.schemaname, name.relname);
    if (target.relation == nullptr)
      sql::fail(base::sqlstate::kUndefinedTable,
                "relation \"" + std::string(name.relname) + "\" does not exist");
    for (size_t c = 0; c < named.n_va_cols; ++c)
      target.columns.emplace_back(string_of(*named.va_cols[c]));
    if (!target.columns.empty() && !order.analyze)
      sql::fail(base::sqlstate::kFeatureNotSupported,
                "ANALYZE option must be specified when a column list is provided");
    // The catalog's tables have no rows of their own.
    if (system_relation(target.relation->oid) != nullptr) continue;
    if (!owns(*names.image, role_, *target.relation)) {
      warn(*target.relation, order.vacuum ? "only table or database owner can vacuum it"
                                          : "only table or database owner can analyze it");
    } else if (!has_rows(*target.relation)) {
      warn(*target.relation, order.vacuum ? "cannot vacuum non-tables or special system tables"
                                          : "cannot analyze non-tables or special system tables");
    } else {
      targets.push_back(std::move(target));
    }
  }
  if (statement.n_rels > 0) return targets;
  names.image->for_each(ObjectKind::kRelation, [&](const ObjectPtr& object) {
    auto relation = std::static_pointer_cast<const RelationObject>(object);
    const bool of_others = relation->persistence == Persistence::kTemporary &&
                           relation->name_space != temporary_schema();
    if (has_rows(*relation) && !of_others && system_relation(relation->oid) == nullptr &&
        owns(*names.image, role_, *relation))
      targets.push_back({std::move(relation), {}});
  });
  return targets;
}

/// The table as it is once it is locked; null when there is nothing to be done.
RelationPtr Session::Impl::lock_target(const MaintenanceTarget& target,
                                       const MaintenanceOrder& order) {
  const auto tag = txn::LockTag::of_relation(driver_.database().oid(), target.relation->oid);
  const txn::LockMode mode =
      order.full ? txn::table_mode::kAccessExclusive : txn::table_mode::kShareUpdateExclusive;
  txn::AcquireOptions options;
  options.wait = !order.skip_locked;
  auto locked =
      base::value_or_throw(instance_.locks().acquire(driver_.locker(), tag, mode, options));
  if (locked == txn::Granted::kNotAvailable) {
    if (!identity_.autovacuum)
      notice(base::Error(base::sqlstate::kLockNotAvailable,
                         fmt::format("skipping {} of \"{}\" --- lock not available", order.verb(),
                                     target.relation->name))
                 .severity(base::Severity::kWarning));
    return nullptr;
  }
  return driver_.image()->relation(target.relation->oid);
}

/// Each table in a transaction of its own, so that no lock and no snapshot outlasts its table.
void Session::Impl::run_vacuum(const PgQuery__VacuumStmt& statement) {
  MaintenanceOrder order;
  order.vacuum = statement.is_vacuumcmd != 0;
  order.analyze = !order.vacuum;
  for (size_t i = 0; i < statement.n_options; ++i)
    read_option(*statement.options[i]->def_elem, running_text_, order);
  tag_ = order.vacuum ? "VACUUM" : "ANALYZE";
  if (order.vacuum) transactions_.require_no_block("VACUUM");
  for (const MaintenanceTarget& target : maintenance_targets(statement, order)) {
    if (RelationPtr table = lock_target(target, order)) {
      if (order.vacuum) vacuum_table(*table, order);
      if (order.analyze)
        analyze_table(*driver_.image()->relation(table->oid), target.columns, order);
    }
    if (!order.vacuum) continue;
    driver_.commit();
    instance_.locks().release_transaction(driver_.locker());
  }
}

/// Tables of which nothing has changed keep their description, and statements their plans.
void Session::Impl::put_statistics(const RelationObject& relation, RelationStatistics statistics) {
  driver_.enter(false);
  auto known = std::make_shared<RelationObject>(*driver_.image()->relation(relation.oid));
  known->statistics = std::move(statistics);
  Catalog& catalog = driver_.database().catalog();
  catalog.put(driver_.catalog_changes(), known);
  for (const ObjectPtr& part : driver_.image()->parts_of(relation.oid)) {
    if (part->kind != ObjectKind::kRelation) continue;
    const auto& index = static_cast<const RelationObject&>(*part);
    if (!index.index) continue;
    // Whoever is changing the index has its own description of it in hand.
    txn::AcquireOptions at_once;
    at_once.wait = false;
    auto locked = base::value_or_throw(instance_.locks().acquire(
        driver_.locker(), txn::LockTag::of_relation(driver_.database().oid(), index.oid),
        txn::table_mode::kShareUpdateExclusive, at_once));
    if (locked == txn::Granted::kNotAvailable) continue;
    auto counted = std::make_shared<RelationObject>(*driver_.image()->relation(index.oid));
    counted->statistics.pages = base::value_or_throw(instance_.store().files().block_count(
                                                         index.file, storage::Fork::kMain))
                                    .value;
    // How many rows a partial index leaves out is not known.
    if (!index.index->predicate) counted->statistics.rows = known->statistics.rows;
    catalog.put(driver_.catalog_changes(), std::move(counted));
  }
}

namespace {

storage::VacuumOptions vacuum_options(const AutovacuumRules& rules, bool worker, bool every_page,
                                      const SessionSettings& settings) {
  storage::VacuumOptions options;
  if (every_page) options.skip_runs_of = 0;
  if (worker) {
    options.nap = rules.nap;
    options.work_before_nap = rules.work_before_nap;
    return options;
  }
  const double nap = std::get<double>(settings.value(*settings.find("vacuum_cost_delay")));
  options.nap = std::chrono::microseconds(std::llround(nap * 1000));
  options.work_before_nap =
      static_cast<uint32_t>(std::get<int32_t>(settings.value(*settings.find("vacuum_cost_limit"))));
  return options;
}

/// Worth a lock that keeps everybody away for a moment?
bool should_truncate(const storage::VacuumStats& stats) {
  const uint32_t all = stats.blocks_left.value;
  const uint32_t empty = all - std::min(all, stats.blocks_in_use.value);
  return empty > 0 && (empty >= 1000 || empty >= all / 16);
}

std::string report(const storage::VacuumStats& stats, uint32_t before, double rows) {
  const uint64_t scanned = stats.pages - stats.pages_skipped;
  return fmt::format(
      "index scans: {}\n"
      "pages: {} removed, {} remain, {} scanned ({:.2f}% of total)\n"
      "tuples: {} removed, {:.0f} remain, {} are dead but not yet removable",
      stats.rows_released > 0 ? 1 : 0, before - stats.blocks_left.value, stats.blocks_left.value,
      scanned, before == 0 ? 100.0 : 100.0 * static_cast<double>(scanned) / before,
      stats.versions_removed, rows, stats.ended);
}

}  // namespace

void Session::Impl::vacuum_table(const RelationObject& relation, const MaintenanceOrder& order) {
  const base::SteadyTime began = base::steady_now();
  const AutovacuumRules rules = autovacuum_rules(*instance_.settings().snapshot(), relation);
  const TableKey key{driver_.database().oid(), relation.oid};
  ObjectPtr schema = driver_.image()->find(ObjectKind::kNamespace, relation.name_space);
  const std::string full_name = fmt::format("{}.{}.{}", identity_.database,
                                            schema == nullptr ? "" : schema->name, relation.name);
  auto tell = [&](std::string text) {
    notice(base::Error(base::sqlstate::kSuccessfulCompletion, std::move(text))
               .severity(base::Severity::kInfo));
  };
  if (order.verbose) tell("vacuuming \"" + full_name + "\"");
  instance_.transactions().renew_horizon();
  txn::TablePtr table = driver_.database().catalog().open(driver_.image(), relation.oid);
  std::vector<storage::Btree*> indexes;
  for (const auto& index : table->indexes) indexes.push_back(&index->tree);
  storage::VacuumOptions options =
      vacuum_options(rules, identity_.autovacuum, order.every_page || order.full, settings_);
  options.truncate = order.full;
  options.life = [this](const storage::VersionHeader& version) {
    return txn::version_life(instance_.transactions(), version);
  };
  const uint32_t before = base::value_or_throw(table->heap.block_count()).value;
  auto stats = base::value_or_throw(storage::vacuum(task_, table->heap, indexes, options));
  vacuum_out_of_line(*table);
  const bool may_truncate = order.truncate.value_or(
      storage_option(relation, "vacuum_truncate").value_or("true") == "true");
  if (may_truncate && should_truncate(stats)) truncate_table(*table, stats);

  RelationStatistics known = relation.statistics;
  const auto pages = static_cast<int64_t>(stats.blocks_left.value);
  known.rows = estimated_rows(relation.statistics, before,
                              static_cast<int64_t>(stats.pages - stats.pages_skipped),
                              static_cast<double>(stats.rows));
  known.pages = pages;
  instance_.histories().counted_visible(
      key, std::min(pages, static_cast<int64_t>(stats.pages_all_visible)));
  instance_.histories().vacuumed(key, static_cast<int64_t>(known.rows),
                                 static_cast<int64_t>(stats.ended), identity_.autovacuum);
  const std::string told = report(stats, before, known.rows);
  if (order.verbose) tell("finished vacuuming \"" + full_name + "\": " + told);
  const auto took = base::steady_now() - began;
  if (identity_.autovacuum && rules.log_from.count() >= 0 && took >= rules.log_from)
    base::log_session(identity_.id, base::Severity::kLog,
                      "automatic vacuum of table \"{}\": {}\nelapsed: {:.2f} s", full_name, told,
                      std::chrono::duration<double>(took).count());
  if (known.rows != relation.statistics.rows || known.pages != relation.statistics.pages)
    put_statistics(relation, std::move(known));
}

/// Values out of line go when the rows went that had them, by whatever way.
void Session::Impl::vacuum_out_of_line(txn::Table& table) {
  auto chains =
      instance_.store().files().block_count(table.heap.relation(), storage::Fork::kOverflow);
  if (base::value_or_throw(std::move(chains)).value == 0) return;
  const txn::Snapshot now = driver_.transaction().take_snapshot();
  base::value_or_throw(storage::vacuum_overflow(task_, table.heap, now.over_below));
  driver_.transaction().release_snapshot(now);
}

/// Cuts empty pages off the end, if nobody is at work on the table at this moment.
void Session::Impl::truncate_table(txn::Table& table, storage::VacuumStats& stats) {
  const auto tag = txn::LockTag::of_relation(driver_.database().oid(), table.oid);
  txn::AcquireOptions at_once;
  at_once.wait = false;
  txn::LockManager& locks = instance_.locks();
  auto locked = base::value_or_throw(
      locks.acquire(driver_.locker(), tag, txn::table_mode::kAccessExclusive, at_once));
  if (locked == txn::Granted::kNotAvailable) return;
  auto left = table.heap.truncate_tail();
  locks.release(driver_.locker(), tag, txn::table_mode::kAccessExclusive);
  stats.blocks_left = base::value_or_throw(std::move(left));
}

}  // namespace isolde::sql
