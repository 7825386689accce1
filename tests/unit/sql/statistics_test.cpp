// Counting rows as transactions end, what a sample tells of a column, and when autovacuum comes.

#include <gtest/gtest.h>

#include <cmath>

#include "sql/statistics/autovacuum_rules.hpp"
#include "sql/statistics/column_statistics.hpp"
#include "sql/statistics/distribution.hpp"
#include "sql/statistics/row_estimate.hpp"
#include "sql/statistics/table_histories.hpp"
#include "sql/types/type_ids.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {
namespace {

using base::Oid;
constexpr Oid kDatabase{5}, kTable{16384};
constexpr TableKey kKey{kDatabase, kTable};

TEST(TableChanges, CommitTellsRowsAndDeadVersions) {
  TableHistories histories;
  TableChanges changes;
  for (int i = 0; i < 10; ++i) changes.inserted(kTable);
  changes.updated(kTable, true);
  changes.deleted(kTable);
  changes.end(true, kDatabase, histories);
  const TableHistory h = histories.of(kKey);
  EXPECT_EQ(h.inserted, 10);
  EXPECT_EQ(h.updated, 1);
  EXPECT_EQ(h.hot_updated, 1);
  EXPECT_EQ(h.deleted, 1);
  EXPECT_EQ(h.live, 9);
  EXPECT_EQ(h.dead, 2);
  EXPECT_EQ(h.changed_since_analyze, 12);
  EXPECT_EQ(h.inserted_since_vacuum, 10);
}

TEST(TableChanges, WhatIsRolledBackLeavesDeadVersions) {
  TableHistories histories;
  TableChanges changes;
  changes.inserted(kTable);
  changes.updated(kTable, false);
  changes.deleted(kTable);
  changes.end(false, kDatabase, histories);
  EXPECT_EQ(histories.of(kKey).live, 0);
  EXPECT_EQ(histories.of(kKey).dead, 2);
  EXPECT_EQ(histories.of(kKey).changed_since_analyze, 0);
  changes.end(true, kDatabase, histories);
  EXPECT_EQ(histories.of(kKey).dead, 2) << "nothing is told twice";
}

TEST(TableChanges, SavepointsCountByThemselves) {
  TableHistories histories;
  TableChanges changes;
  changes.inserted(kTable);
  changes.define_savepoint();
  changes.inserted(kTable);
  changes.define_savepoint();
  changes.inserted(kTable);
  changes.roll_back_to_savepoint(1);
  changes.inserted(kTable);
  EXPECT_EQ(changes.so_far(kTable).inserted, 4);
  EXPECT_EQ(changes.so_far(kTable).live, 3);
  changes.release_savepoints(0);
  changes.end(true, kDatabase, histories);
  EXPECT_EQ(histories.of(kKey).live, 3);
  EXPECT_EQ(histories.of(kKey).dead, 1);
  EXPECT_EQ(histories.of(kKey).inserted, 4);
}

TEST(TableChanges, TruncateStartsAnew) {
  TableHistories histories;
  TableChanges changes;
  for (int i = 0; i < 5; ++i) changes.inserted(kTable);
  changes.end(true, kDatabase, histories);
  changes.inserted(kTable);
  changes.emptied(kTable);
  changes.inserted(kTable);
  changes.end(true, kDatabase, histories);
  EXPECT_EQ(histories.of(kKey).live, 1);
  EXPECT_EQ(histories.of(kKey).dead, 0);
  EXPECT_EQ(histories.of(kKey).inserted, 7);
}

TEST(TableHistories, MaintenanceSetsThemRight) {
  TableHistories histories;
  TableChanges changes;
  for (int i = 0; i < 5; ++i) changes.inserted(kTable);
  histories.vacuumed(kKey, 100, 7, false);
  histories.analyzed(kKey, 105, 7, changes.so_far(kTable), true);
  EXPECT_EQ(histories.of(kKey).live, 100);
  changes.end(true, kDatabase, histories);
  const TableHistory h = histories.of(kKey);
  EXPECT_EQ(h.live, 105);
  EXPECT_EQ(h.dead, 7);
  EXPECT_EQ(h.vacuum.times, 1);
  EXPECT_EQ(h.autovacuum.times, 0);
  EXPECT_EQ(h.autoanalyze.times, 1);
  EXPECT_TRUE(h.autoanalyze.last.has_value());
  EXPECT_EQ(histories.tables(kDatabase), std::vector<Oid>{kTable});
  histories.forget(kDatabase);
  EXPECT_TRUE(histories.databases().empty());
}

TEST(RowEstimate, PagesNotSeenAreAsFullAsBefore) {
  RelationStatistics before;
  EXPECT_EQ(estimated_rows(before, 10, 10, 55), 55);
  EXPECT_EQ(estimated_rows(before, 100, 10, 55), 550);
  before.rows = 1000;
  before.pages = 100;
  EXPECT_EQ(estimated_rows(before, 100, 50, 300), 800);
  EXPECT_EQ(estimated_rows(before, 200, 50, 300), 1800);
  EXPECT_EQ(estimated_rows(before, 100, 1, 999), 1000) << "so little says nothing";
  EXPECT_EQ(estimated_rows(before, 200, 1, 999), 1000);
}

RelationStatistics::Column of_integers(const std::vector<int64_t>& values, double rows,
                                       int target = 100, int64_t nulls = 0) {
  ColumnSample sample;
  for (int64_t value : values) sample.values.push_back(Datum::of_int(value));
  sample.nulls = nulls;
  auto made = distribution_of(*find_type(types::kInt4), sample, target, rows);
  EXPECT_TRUE(made.has_value());
  return *made;
}

using Texts = std::vector<std::string>;

TEST(Distribution, OfValuesThatAllDiffer) {
  const auto column = of_integers({3, 1, 2, 5, 4}, 10, 2, 5);
  EXPECT_EQ(column.null_fraction, 0.5);
  EXPECT_EQ(column.width, 4);
  EXPECT_EQ(column.distinct, -0.5);
  EXPECT_TRUE(column.common_values.empty());
  EXPECT_EQ(column.histogram, (Texts{"1", "3", "5"}));
  EXPECT_NEAR(column.correlation, 0.6, 1e-9);
}

TEST(Distribution, CommonValuesAreLeftOutOfTheHistogram) {
  std::vector<int64_t> values(500, 7);
  for (int i = 0; i < 500; ++i) values.push_back(1000 + i);
  const auto column = of_integers(values, 100'000, 4);
  EXPECT_EQ(column.common_values, Texts{"7"});
  EXPECT_EQ(column.common_frequencies, std::vector<double>{0.5});
  EXPECT_EQ(column.histogram, (Texts{"1000", "1124", "1249", "1374", "1499"}));
  // Duj1: (n * d) / (n - f1 + f1 * n / N) = 1000 * 501 / (500 + 500 * 0.01)
  EXPECT_EQ(column.distinct, 992);
}

TEST(Distribution, AllValuesOfAFewAreKept) {
  std::vector<int64_t> values;
  for (int i = 0; i < 900; ++i) values.push_back(i % 3);
  const auto column = of_integers(values, 90'000);
  EXPECT_EQ(column.distinct, 3);
  EXPECT_EQ(column.common_values, (Texts{"0", "1", "2"}));
  EXPECT_TRUE(column.histogram.empty());
}

TEST(Distribution, WideValuesCountOnlyAsDifferent) {
  ColumnSample sample;
  sample.wide = 4;
  sample.bytes = 4 * 5000;
  auto column = distribution_of(*find_type(types::kText), sample, 100, 4);
  ASSERT_TRUE(column.has_value());
  EXPECT_EQ(column->distinct, -1);
  EXPECT_EQ(column->width, 5000);
  EXPECT_TRUE(is_known(*column));
  EXPECT_FALSE(is_known(RelationStatistics::Column{}));
  ColumnSample nothing;
  EXPECT_FALSE(distribution_of(*find_type(types::kText), nothing, 100, 0).has_value());
}

TEST(ColumnStatistics, AnswersForTheColumnsType) {
  RelationObject table;
  table.statistics.rows = 1000;
  table.statistics.columns.resize(2);
  const Type& type = *find_type(types::kInt4);
  EXPECT_FALSE(ColumnStatistics::of(table, 0, type).has_value());
  EXPECT_FALSE(ColumnStatistics::of(table, 7, type).has_value());
  RelationStatistics::Column& about = table.statistics.columns[1];
  about.width = 4;
  about.distinct = -0.101;
  about.null_fraction = 0.1;
  about.common_values = {"50"};
  about.common_frequencies = {0.4};
  about.histogram = {"0", "10", "20", "100"};
  about.correlation = std::nan("");
  auto known = ColumnStatistics::of(table, 1, type);
  ASSERT_TRUE(known.has_value());
  EXPECT_FALSE(known->correlation().has_value());
  EXPECT_EQ(known->distinct(1000), 101);
  EXPECT_EQ(known->fraction_equal(Datum::of_int(50), 1000), 0.4);
  EXPECT_NEAR(known->fraction_equal(Datum::of_int(3), 1000), 0.005, 1e-9);
  // Half of the second of three parts and all of the first, of the half that is not common.
  EXPECT_NEAR(*known->fraction_below(Datum::of_int(15), false), 0.25, 1e-9);
  EXPECT_NEAR(*known->fraction_below(Datum::of_int(50), false), 0.5 * (2 + 3.0 / 8) / 3, 1e-9);
  EXPECT_NEAR(*known->fraction_below(Datum::of_int(50), true), 0.4 + 0.5 * (2 + 3.0 / 8) / 3, 1e-9);
}

TEST(AutovacuumRules, TheTableOverridesTheServer) {
  SettingsSnapshot settings;
  RelationObject table;
  table.statistics.rows = 1000;
  AutovacuumRules rules = autovacuum_rules(settings, table);
  EXPECT_EQ(rules.nap, std::chrono::milliseconds(2));
  EXPECT_EQ(rules.work_before_nap, 200u);
  EXPECT_EQ(rules.log_from, std::chrono::minutes(10));
  TableHistory history;
  history.dead = 250;
  history.changed_since_analyze = 150;
  history.inserted_since_vacuum = 1200;
  EXPECT_FALSE(rules.needs(table, history).vacuum);
  EXPECT_FALSE(rules.needs(table, history).analyze);
  ++history.dead;
  ++history.changed_since_analyze;
  EXPECT_TRUE(rules.needs(table, history).vacuum);
  EXPECT_TRUE(rules.needs(table, history).analyze);
  --history.dead;
  ++history.inserted_since_vacuum;
  EXPECT_TRUE(rules.needs(table, history).vacuum);
  table.options = {"fillfactor=70", "autovacuum_vacuum_insert_threshold=-1",
                   "autovacuum_analyze_scale_factor=0.5", "autovacuum_vacuum_cost_delay=0"};
  rules = autovacuum_rules(settings, table);
  EXPECT_FALSE(rules.needs(table, history).vacuum);
  EXPECT_FALSE(rules.needs(table, history).analyze);
  EXPECT_EQ(rules.nap.count(), 0);
  table.options.emplace_back("autovacuum_enabled=off");
  history.dead = 100000;
  EXPECT_FALSE(autovacuum_rules(settings, table).needs(table, history).vacuum);
}

}  // namespace
}  // namespace isolde::sql
