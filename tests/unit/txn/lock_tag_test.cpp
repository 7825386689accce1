#include "txn/lock_tag.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "txn/lock_table.hpp"

namespace isolde::txn {
namespace {

std::span<const std::byte> bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

TEST(LockTag, IsDescribedInPostgreSqlsWords) {
  const Oid db{5}, rel{16384};
  EXPECT_EQ(describe(LockTag::of_relation(db, rel)), "relation 16384 of database 5");
  EXPECT_EQ(describe(LockTag::of_extension(db, rel)), "extension of relation 16384 of database 5");
  EXPECT_EQ(describe(LockTag::of_page(db, rel, storage::BlockNumber{7})),
            "page 7 of relation 16384 of database 5");
  EXPECT_EQ(describe(LockTag::of_tuple(db, rel, {storage::BlockNumber{0}, storage::Slot{0}})),
            "tuple (0,1) of relation 16384 of database 5");
  EXPECT_EQ(describe(LockTag::of_transaction(TxnId{744})), "transaction 744");
  EXPECT_EQ(describe(LockTag::of_virtual_transaction(SessionId{3}, 21)),
            "virtual transaction 3/21");
  EXPECT_EQ(describe(LockTag::of_object(db, Oid{2615}, Oid{16390})),
            "object 16390 of class 2615 of database 5");
  EXPECT_EQ(describe(LockTag::of_database(db)), "database 5");
  EXPECT_EQ(describe(LockTag::of_advisory(db, int64_t{1})), "advisory lock [5,0,1,1]");
  EXPECT_EQ(describe(LockTag::of_advisory(db, int64_t{-1})),
            "advisory lock [5,4294967295,4294967295,1]");
  EXPECT_EQ(describe(LockTag::of_advisory(db, 3, -4)), "advisory lock [5,3,4294967292,2]");
  EXPECT_EQ(describe(LockTag::of_supremum(db, rel)),
            "gap before supremum of relation 16384 of database 5");
}

TEST(LockTag, KeysAreTheHashOfTheirBytes) {
  const Oid db{5}, index{16390};
  const LockTag a = LockTag::of_key(db, index, bytes("a"));
  EXPECT_EQ(a, LockTag::of_key(db, index, bytes("a")));
  EXPECT_NE(a, LockTag::of_key(db, index, bytes("b")));
  EXPECT_NE(a, LockTag::of_key(db, Oid{1}, bytes("a")));
  EXPECT_NE(a, LockTag::of_gap(db, index, bytes("a")));
  EXPECT_THAT(describe(a),
              testing::MatchesRegex("key \\([0-9a-f]{12}\\) of relation 16390 of database 5"));
}

TEST(LockTag, KindsHaveTheirNamesAndWaitEvents) {
  std::set<std::string_view> names;
  for (int kind = 0; kind < kLockKinds; ++kind) {
    const base::WaitEvent& event = lock_wait_event(static_cast<LockKind>(kind));
    EXPECT_STREQ(event.type, "Lock");
    EXPECT_EQ(lock_kind_name(static_cast<LockKind>(kind)), event.name);
    names.insert(event.name);
  }
  EXPECT_EQ(names.size(), size_t{kLockKinds});
  EXPECT_EQ(lock_kind_name(LockKind::kTransaction), "transactionid");
}

TEST(LockTag, HashesSpreadOverPartitionsAndBuckets) {
  std::vector<int> partitions(LockTable::kPartitions), buckets(64);
  for (uint32_t n = 0; n < 64'000; ++n) {
    const LockTag tag = LockTag::of_tuple(
        Oid{5}, Oid{16384},
        {storage::BlockNumber{n / 100}, storage::Slot{static_cast<uint16_t>(n % 100)}});
    const uint64_t hash = LockTable::hash(tag, LockMethodId::kTable);
    ++partitions[LockTable::number_of(hash)];
    ++buckets[hash % 64];
  }
  for (int count : partitions) EXPECT_NEAR(count, 64'000 / LockTable::kPartitions, 400);
  for (int count : buckets) EXPECT_NEAR(count, 1000, 200);
}

}  // namespace
}  // namespace isolde::txn
