// VACUUM and ANALYZE.

#include <pg_query/pg_query.pb-c.h>

#include "sql/binder/nodes.hpp"
#include "sql/catalog/database.hpp"
#include "sql/catalog/privileges.hpp"
#include "sql/session/session_impl.hpp"
#include "sql/types/errors.hpp"
#include "storage/vacuum.hpp"
#include "txn/lock_manager.hpp"

namespace isolde::sql {

namespace {

struct Wishes {
  bool vacuum = false;
  bool analyze = false;
};

Wishes wishes_of(const PgQuery__VacuumStmt& statement) {
  Wishes wishes{statement.is_vacuumcmd != 0, statement.is_vacuumcmd == 0};
  for (size_t i = 0; i < statement.n_options; ++i) {
    const std::string_view option = statement.options[i]->def_elem->defname;
    if (option == "analyze") wishes.analyze = true;
    // The others say how hard to try; pages are always gone through one by one.
    constexpr std::string_view kKnown[] = {
        "analyze",  "full",        "freeze",        "verbose",       "truncate",
        "parallel", "skip_locked", "process_toast", "index_cleanup", "disable_page_skipping"};
    if (std::find(std::begin(kKnown), std::end(kKnown), option) == std::end(kKnown))
      fail(base::sqlstate::kSyntaxError, "unrecognized " +
                                             std::string(wishes.vacuum ? "VACUUM" : "ANALYZE") +
                                             " option \"" + std::string(option) + "\"");
  }
  return wishes;
}

}  // namespace

std::vector<RelationPtr> Session::Impl::vacuum_targets(const PgQuery__VacuumStmt& statement) {
  std::vector<RelationPtr> targets;
  const TableNames& names = this->names();
  for (size_t i = 0; i < statement.n_rels; ++i) {
    const PgQuery__RangeVar& name = *statement.rels[i]->vacuum_relation->relation;
    RelationPtr found = names.path.relation(*names.image, name.schemaname, name.relname);
    if (found == nullptr)
      sql::fail(base::sqlstate::kUndefinedTable,
                "relation \"" + std::string(name.relname) + "\" does not exist");
    if (found->relation_kind == RelationKind::kTable) targets.push_back(std::move(found));
  }
  if (statement.n_rels > 0) return targets;
  names.image->for_each(ObjectKind::kRelation, [&](const ObjectPtr& object) {
    auto relation = std::static_pointer_cast<const RelationObject>(object);
    if (relation->relation_kind == RelationKind::kTable && owns(*names.image, role_, *relation))
      targets.push_back(std::move(relation));
  });
  return targets;
}

/// Each table in a transaction of its own, so that no lock and no snapshot outlasts its table.
void Session::Impl::run_vacuum(const PgQuery__VacuumStmt& statement) {
  const Wishes wishes = wishes_of(statement);
  tag_ = wishes.vacuum ? "VACUUM" : "ANALYZE";
  if (wishes.vacuum) transactions_.require_no_block("VACUUM");
  for (const RelationPtr& relation : vacuum_targets(statement)) {
    if (!owns(*names().image, role_, *relation)) {
      notice(base::Error(base::sqlstate::kWarning, "skipping \"" + relation->name +
                                                       "\" --- only table or database owner can " +
                                                       (wishes.vacuum ? "vacuum" : "analyze") +
                                                       " it")
                 .severity(base::Severity::kWarning));
      continue;
    }
    auto locked = instance_.locks().acquire(
        driver_.locker(), txn::LockTag::of_relation(driver_.database().oid(), relation->oid),
        txn::table_mode::kShareUpdateExclusive);
    if (!locked) throw base::SqlException(locked.take_error());
    if (wishes.vacuum) vacuum_table(*relation);
    if (wishes.analyze) analyze_table(*relation);
    if (!wishes.vacuum) continue;
    driver_.commit();
    instance_.locks().release_transaction(driver_.locker());
  }
}

void Session::Impl::vacuum_table(const RelationObject& relation) {
  instance_.transactions().renew_horizon();
  txn::TablePtr table = driver_.database().catalog().open(driver_.image(), relation.oid);
  std::vector<storage::Btree*> indexes;
  for (const auto& index : table->indexes) indexes.push_back(&index->tree);
  base::value_or_throw(storage::vacuum(task_, table->heap, indexes, {}));
}

/// How many rows and pages there are; the planner needs no more yet.
void Session::Impl::analyze_table(const RelationObject& relation) {
  driver_.enter(true);
  driver_.begin_statement();
  txn::TablePtr table = driver_.database().catalog().open(driver_.image(), relation.oid);
  txn::ScanSpec spec;
  spec.view = txn::ScanView::kLatest;
  auto scan = base::value_or_throw(driver_.transaction().scan(*table, spec));
  double rows = 0;
  for (;;) {
    auto batch = base::value_or_throw(scan->next());
    if (batch.empty()) break;
    rows += static_cast<double>(batch.size());
  }
  auto known = std::make_shared<RelationObject>(*driver_.image()->relation(relation.oid));
  known->statistics.rows = rows;
  known->statistics.pages = base::value_or_throw(table->heap.block_count()).value;
  driver_.database().catalog().put(driver_.catalog_changes(), std::move(known));
}

}  // namespace isolde::sql
