#include "sql/catalog/catalog.hpp"

#include <gtest/gtest.h>

#include "base/thread_task.hpp"
#include "sql/catalog/builtin_objects.hpp"
#include "sql/catalog/database.hpp"
#include "sql/catalog/membership.hpp"
#include "sql/session/instance.hpp"
#include "tests/unit/test_store.hpp"
#include "txn/engines/registry.hpp"

namespace isolde::sql {

namespace {

/// A server without sessions.
class CatalogTest : public testing::Test {
 protected:
  CatalogTest() { start(); }

  void start() {
    instance_ = std::make_unique<Instance>(settings_, store_.store());
    base::Status started = instance_->start();
    EXPECT_TRUE(started) << started.error().message();
    auto database = instance_->database("postgres");
    EXPECT_TRUE(database);
    database_ = *database;
  }
  void restart() {
    database_.reset();
    instance_.reset();
    start();
  }
  Catalog& catalog() { return database_->catalog(); }

  /// One session's transaction with its changes.
  struct Work {
    explicit Work(CatalogTest& test)
        : test_(test),
          locker(test.instance_->locks().open(task, base::SessionId{1}, Oid{5})),
          slot(test.instance_->transactions()),
          transaction(test.database_->engine().begin(
              {test.instance_->transactions(), *locker, slot, task, Oid{5}}, {})),
          changes(*transaction) {
      transaction->before_release = [this](bool committed) {
        if (committed) test_.catalog().publish(changes);
      };
    }
    ~Work() {
      if (!transaction->over()) transaction->roll_back();
    }
    void put(const std::string& name, Oid oid) {
      auto table = std::make_shared<RelationObject>();
      table->oid = oid;
      table->name = name;
      table->name_space = oids::kPublic;
      test_.catalog().put(changes, table);
    }
    void drop(Oid oid) { test_.catalog().drop(changes, *image()->relation(oid)); }
    CatalogImagePtr image() { return test_.catalog().image(&changes); }
    void savepoint() {
      transaction->define_savepoint();
      test_.catalog().define_savepoint(changes);
    }
    void roll_back_to(size_t at) {
      transaction->roll_back_to_savepoint(at);
      test_.catalog().roll_back_to_savepoint(changes, at);
    }
    void commit() { EXPECT_TRUE(transaction->commit(true)); }

    CatalogTest& test_;
    base::ThreadTask task;
    txn::LockerPtr locker;
    txn::SnapshotSlot slot;
    std::unique_ptr<txn::EngineTransaction> transaction;
    CatalogChanges changes;
  };

  std::string name_of(Oid oid) {
    RelationPtr relation = catalog().image(nullptr)->relation(oid);
    return relation == nullptr ? "none" : relation->name;
  }

  ServerSettings settings_;
  TestStore store_;
  std::unique_ptr<Instance> instance_;
  DatabasePtr database_;
};

TEST_F(CatalogTest, ANewDirectoryHasWhatPostgresHas) {
  CatalogImagePtr image = catalog().image(nullptr);
  ObjectPtr role = image->find(ObjectKind::kRole, Oid{}, "postgres");
  ASSERT_NE(role, nullptr);
  EXPECT_EQ(role->oid, oids::kSuperuser);
  EXPECT_NE(image->find(ObjectKind::kNamespace, Oid{}, "public"), nullptr);
  for (const char* name : {"postgres", "template0", "template1"}) {
    EXPECT_NE(image->find(ObjectKind::kDatabase, Oid{}, name), nullptr) << name;
  }
  EXPECT_TRUE(is_member_of(*image->server(), oids::kMonitor, oids::kReadAllStats));
  EXPECT_FALSE(is_member_of(*image->server(), oids::kReadAllStats, oids::kMonitor));
}

TEST_F(CatalogTest, EveryEngineHasADatabase) {
  for (const auto& engine : txn::all_engines().subspan(1)) {
    auto database = instance_->database(engine.traits.name);
    ASSERT_TRUE(database);
    EXPECT_EQ((*database)->engine().traits().name, engine.traits.name);
  }
  auto none = instance_->database("nothing");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().message(), "database \"nothing\" does not exist");
  EXPECT_EQ(none.error().state(), base::sqlstate::kUndefinedDatabase);
}

TEST_F(CatalogTest, ChangesAreSeenByOthersOnceCommitted) {
  Work work(*this);
  work.put("t", Oid{20000});
  EXPECT_EQ(name_of(Oid{20000}), "none");
  EXPECT_NE(work.image()->relation(oids::kPublic, "t"), nullptr);
  uint64_t before = catalog().epoch();
  work.commit();
  EXPECT_GT(catalog().epoch(), before);
  EXPECT_EQ(name_of(Oid{20000}), "t");
}

TEST_F(CatalogTest, WhatIsRolledBackNeverWas) {
  {
    Work work(*this);
    work.put("t", Oid{20000});
  }
  EXPECT_EQ(name_of(Oid{20000}), "none");
  restart();
  EXPECT_EQ(name_of(Oid{20000}), "none");
}

TEST_F(CatalogTest, SavepointsTakeBackTheirPart) {
  auto session = std::make_unique<Work>(*this);
  Work& work = *session;
  work.put("a", Oid{20000});
  work.savepoint();
  work.put("b", Oid{20000});
  work.put("c", Oid{20001});
  work.savepoint();
  work.drop(Oid{20000});
  EXPECT_EQ(work.image()->relation(Oid{20000}), nullptr);
  work.roll_back_to(1);
  EXPECT_EQ(work.image()->relation(Oid{20000})->name, "b");
  work.roll_back_to(0);
  EXPECT_EQ(work.image()->relation(Oid{20000})->name, "a");
  EXPECT_EQ(work.image()->relation(Oid{20001}), nullptr);
  work.put("d", Oid{20000});
  work.commit();
  EXPECT_EQ(name_of(Oid{20000}), "d");
  session.reset();
  restart();
  EXPECT_EQ(name_of(Oid{20000}), "d");
  EXPECT_EQ(name_of(Oid{20001}), "none");
}

TEST_F(CatalogTest, TransactionsSeeWhatOthersCommitMeanwhile) {
  Work one(*this);
  one.put("one", Oid{20000});
  {
    Work two(*this);
    two.put("two", Oid{20001});
    two.commit();
  }
  EXPECT_NE(one.image()->relation(Oid{20000}), nullptr);
  EXPECT_NE(one.image()->relation(Oid{20001}), nullptr);
  one.commit();
  EXPECT_EQ(name_of(Oid{20001}), "two");
}

TEST_F(CatalogTest, ObjectsWiderThanAPageSurviveARestart) {
  {
    Work work(*this);
    auto view = std::make_shared<RelationObject>();
    view->oid = Oid{20000};
    view->name = "wide";
    view->definition = std::string(50000, 'x') + "end";
    catalog().put(work.changes, view);
    work.commit();
  }
  restart();
  RelationPtr read = catalog().image(nullptr)->relation(Oid{20000});
  ASSERT_NE(read, nullptr);
  EXPECT_EQ(read->definition.size(), 50003U);
  EXPECT_TRUE(read->definition.ends_with("xend"));
}

TEST_F(CatalogTest, ManyChangesKeepTheFileSmall) {
  for (int i = 0; i < 3000; ++i) {
    Work work(*this);
    work.put("name " + std::to_string(i), Oid{20000});
    work.commit();
  }
  auto blocks = store_.store().files().block_count(catalog().file(), storage::Fork::kMain);
  ASSERT_TRUE(blocks);
  EXPECT_LT(blocks->value, 70U) << "107 without any cleaning";
  restart();
  EXPECT_EQ(name_of(Oid{20000}), "name 2999");
}

TEST_F(CatalogTest, NumbersAreNeverGivenOutTwice) {
  Oid last = catalog().new_oid();
  EXPECT_GE(last, oids::kFirstUser);
  for (int i = 0; i < 20000; ++i) {
    Oid next = catalog().new_oid();
    ASSERT_GT(next, last);
    last = next;
  }
  restart();
  EXPECT_GT(catalog().new_oid(), last);
}

TEST_F(CatalogTest, PartsAndDependentsAreFoundByNumber) {
  Work work(*this);
  work.put("t", Oid{20000});
  auto index = std::make_shared<RelationObject>();
  index->oid = Oid{20001};
  index->name = "t_pkey";
  index->part_of = Oid{20000};
  index->needs = {Oid{20000}};
  index->row_type = Oid{20002};
  catalog().put(work.changes, index);
  EXPECT_EQ(work.image()->parts_of(Oid{20000}).size(), 1U);
  EXPECT_EQ(work.image()->dependents_of(Oid{20000}).front()->name, "t_pkey");
  EXPECT_EQ(work.image()->owner_of_type(Oid{20002})->name, "t_pkey");
  work.drop(Oid{20001});
  EXPECT_TRUE(work.image()->parts_of(Oid{20000}).empty());
  EXPECT_EQ(work.image()->owner_of_type(Oid{20002}), nullptr);
}

}  // namespace

}  // namespace isolde::sql
