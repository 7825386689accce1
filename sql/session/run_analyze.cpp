// ANALYZE of one table: a sample of its rows, and what that tells of each column.

#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"
#include "sql/catalog/catalog_types.hpp"
#include "sql/catalog/database.hpp"
#include "sql/session/maintenance.hpp"
#include "sql/session/session_impl.hpp"
#include "sql/statistics/autovacuum_rules.hpp"
#include "sql/statistics/distribution.hpp"
#include "sql/statistics/sample.hpp"
#include "sql/statistics/table_histories.hpp"
#include "sql/table/row_codec.hpp"
#include "sql/table/table_info.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

namespace {

/// The columns that are to be looked at, by place, with how much is to be kept of each.
struct Wanted {
  std::vector<int> places;
  std::vector<int> targets;
};

Wanted wanted_columns(const RelationObject& relation, const std::vector<std::string>& named,
                      int usual_target) {
  auto place_of = [&](const std::string& name) {
    for (size_t i = 0; i < relation.columns.size(); ++i) {
      if (!relation.columns[i].dropped && relation.columns[i].name == name)
        return static_cast<int>(i);
    }
    fail(base::sqlstate::kUndefinedColumn,
         "column \"" + name + "\" of relation \"" + relation.name + "\" does not exist");
  };
  std::vector<bool> chosen(relation.columns.size(), named.empty());
  for (const std::string& name : named) {
    auto&& one = chosen[static_cast<size_t>(place_of(name))];
    if (one)
      fail(base::sqlstate::kDuplicateColumn,
           "column \"" + name + "\" of relation \"" + relation.name + "\" appears more than once");
    one = true;
  }
  Wanted wanted;
  for (size_t i = 0; i < chosen.size(); ++i) {
    const ColumnObject& column = relation.columns[i];
    if (!chosen[i] || column.dropped || column.statistics_target == 0) continue;
    wanted.places.push_back(static_cast<int>(i));
    wanted.targets.push_back(column.statistics_target > 0 ? column.statistics_target
                                                          : usual_target);
  }
  return wanted;
}

/// Splits a sample of rows into columns.
class SampleReader {
 public:
  SampleReader(const TableInfo& info, const Wanted& wanted, base::Task& task)
      : info_(info),
        task_(task),
        decoder_(info.shape, wanted.places, outputs(wanted)),
        outside_(info.table->heap.store(), info.table->heap.relation(), &row_arena_),
        columns_(wanted.places.size()),
        places_(wanted.places) {}

  std::vector<ColumnSample>& read(const Sample& sample) {
    std::vector<Datum> row(columns_.size() + 1);
    for (const storage::Bytes& bytes : sample.rows) {
      base::value_or_throw(task_.poll());
      row_arena_.reset();
      decoder_.decode(bytes, row.data(), &outside_);
      for (size_t i = 0; i < columns_.size(); ++i) take(columns_[i], places_[i], row[i]);
    }
    return columns_;
  }

 private:
  static std::vector<int> outputs(const Wanted& wanted) {
    std::vector<int> places;
    for (size_t i = 0; i < wanted.places.size(); ++i) places.push_back(static_cast<int>(i));
    return places;
  }

  void take(ColumnSample& column, int place, Datum value) {
    if (value.is_null()) {
      ++column.nulls;
      return;
    }
    const Type& type = *info_.shape[static_cast<size_t>(place)].type;
    if (type.storage == Storage::kBytes) {
      const size_t width = value.as_bytes().size();
      column.bytes += static_cast<double>(width) + (width < 127 ? 1 : 4);
      if (width > ColumnSample::kWidest) {
        ++column.wide;
        return;
      }
      value = arena_.bytes(value.as_bytes());
    }
    column.values.push_back(value);
  }

  const TableInfo& info_;
  base::Task& task_;
  RowDecoder decoder_;
  Arena row_arena_;
  Arena arena_;  ///< of all values
  OutsideReader outside_;
  std::vector<ColumnSample> columns_;
  const std::vector<int>& places_;
};

size_t rows_for(const Wanted& wanted) {
  constexpr size_t kRowsForOneBound = 300;
  int most = 1;
  for (int target : wanted.targets) most = std::max(most, target);
  return kRowsForOneBound * static_cast<size_t>(most);
}

}  // namespace

void Session::Impl::analyze_table(const RelationObject& relation,
                                  const std::vector<std::string>& columns,
                                  const MaintenanceOrder& order) {
  const base::SteadyTime began = base::steady_now();
  driver_.enter(false);
  driver_.begin_statement();
  const Wanted wanted =
      wanted_columns(relation, columns, settings_.fields().default_statistics_target);
  CatalogImagePtr image = driver_.image();
  const std::shared_ptr<const TypeSource> types = names().types;
  TableInfoPtr info =
      make_table_info(*image, image->relation(relation.oid),
                      driver_.database().catalog().open(image, relation.oid), *types);
  const Sample sample = sample_table(task_, *info->table, driver_.transaction(), rows_for(wanted));
  SampleReader reader(*info, wanted, task_);
  std::vector<ColumnSample>& read = reader.read(sample);

  RelationStatistics known = relation.statistics;
  known.rows = sample.all_rows;
  known.pages = sample.pages;
  known.columns.resize(relation.columns.size());
  for (size_t i = 0; i < wanted.places.size(); ++i) {
    const auto place = static_cast<size_t>(wanted.places[i]);
    auto made =
        distribution_of(*info->shape[place].type, read[i], wanted.targets[i], sample.all_rows);
    if (made) known.columns[place] = std::move(*made);
  }
  put_statistics(relation, std::move(known));
  instance_.histories().analyzed(
      {driver_.database().oid(), relation.oid}, static_cast<int64_t>(sample.all_rows),
      static_cast<int64_t>(sample.dead), driver_.table_changes().so_far(relation.oid),
      identity_.autovacuum);
  instance_.histories().counted_visible({driver_.database().oid(), relation.oid},
                                        sample.all_visible_pages);
  tell_analyzed(relation, sample, order, base::steady_now() - began);
}

void Session::Impl::tell_analyzed(const RelationObject& relation, const Sample& sample,
                                  const MaintenanceOrder& order, base::SteadyTime::duration took) {
  ObjectPtr schema = driver_.image()->find(ObjectKind::kNamespace, relation.name_space);
  const std::string name = (schema == nullptr ? "" : schema->name) + "." + relation.name;
  auto tell = [&](std::string text) {
    notice(base::Error(base::sqlstate::kSuccessfulCompletion, std::move(text))
               .severity(base::Severity::kInfo));
  };
  if (order.verbose) {
    tell("analyzing \"" + name + "\"");
    tell(
        fmt::format("\"{}\": scanned {} of {} pages, containing {:.0f} live rows and {:.0f} dead "
                    "rows; {} rows in sample, {:.0f} estimated total rows",
                    relation.name, sample.pages_read, sample.pages, sample.live_seen,
                    sample.dead_seen, sample.rows.size(), sample.all_rows));
  }
  const AutovacuumRules rules = autovacuum_rules(*instance_.settings().snapshot(), relation);
  if (identity_.autovacuum && rules.log_from.count() >= 0 && took >= rules.log_from)
    base::log_session(identity_.id, base::Severity::kLog,
                      "automatic analyze of table \"{}.{}\"\nelapsed: {:.2f} s", identity_.database,
                      name, std::chrono::duration<double>(took).count());
}

}  // namespace isolde::sql
