#pragma once

#include <string>
#include <vector>

#include "base/thread_task.hpp"
#include "sql/catalog/builtin_objects.hpp"
#include "sql/catalog/catalog.hpp"
#include "sql/catalog/database.hpp"
#include "sql/session/instance.hpp"
#include "sql/types/type_registry.hpp"
#include "storage/btree.hpp"
#include "txn/lock_manager.hpp"

namespace isolde::sql {

/// Makes tables in a test's database by writing their descriptions.
class TableMaker {
 public:
  struct Index {
    std::string name;
    std::vector<int16_t> columns;
    bool unique = false;
    bool primary = false;
    bool descending = false;
  };
  struct Spec {
    std::string name;
    std::vector<ColumnObject> columns;
    std::vector<Index> indexes{};
    std::vector<std::pair<std::string, std::string>> checks{};
    std::string database = "postgres";
  };

  explicit TableMaker(Instance& instance) : instance_(instance) {}

  static ColumnObject column(std::string name, std::string_view type, bool not_null = false) {
    ColumnObject made;
    made.name = std::move(name);
    made.type = find_type(type)->oid;
    made.not_null = not_null;
    return made;
  }

  void make(const Spec& spec) {
    DatabasePtr database = *instance_.database(spec.database);
    Catalog& catalog = database->catalog();
    base::ThreadTask task;
    txn::LockerPtr locker = instance_.locks().open(task, base::SessionId{9999}, database->oid());
    txn::SnapshotSlot slot(instance_.transactions());
    auto transaction = database->engine().begin(
        {instance_.transactions(), *locker, slot, task, database->oid()}, {});
    CatalogChanges changes(*transaction);
    transaction->before_release = [&](bool committed) {
      if (committed) catalog.publish(changes);
    };
    auto file = [&] {
      auto id = transaction->write_id();
      return *instance_.store().txns().create_file(*id, database->oid().value);
    };
    auto table = std::make_shared<RelationObject>();
    table->oid = catalog.new_oid();
    table->name = spec.name;
    table->name_space = oids::kPublic;
    table->owner = oids::kSuperuser;
    table->columns = spec.columns;
    table->file = file();
    catalog.put(changes, table);
    for (const Index& wanted : spec.indexes) {
      auto index = std::make_shared<RelationObject>();
      index->oid = catalog.new_oid();
      index->name = wanted.name;
      index->name_space = oids::kPublic;
      index->owner = oids::kSuperuser;
      index->part_of = table->oid;
      index->relation_kind = RelationKind::kIndex;
      index->file = file();
      IndexObject& about = index->index.emplace();
      about.table = table->oid;
      about.unique = wanted.unique;
      about.primary = wanted.primary;
      for (int16_t c : wanted.columns) {
        IndexKeyObject key;
        key.column = c;
        key.type = spec.columns[static_cast<size_t>(c - 1)].type;
        key.descending = wanted.descending;
        about.keys.push_back(key);
      }
      storage::Btree tree(instance_.store(), index->file);
      base::value_or_throw(tree.create());
      catalog.put(changes, index);
    }
    for (const auto& [name, expression] : spec.checks) {
      auto check = std::make_shared<ConstraintObject>();
      check->oid = catalog.new_oid();
      check->name = name;
      check->part_of = table->oid;
      check->relation = table->oid;
      check->expression = expression;
      catalog.put(changes, check);
    }
    base::value_or_throw(transaction->commit(true));
  }

 private:
  Instance& instance_;
};

}  // namespace isolde::sql
