#include "sql/exec/table_writer.hpp"

#include <algorithm>
#include <cstring>

#include "sql/exec/row_reference.hpp"
#include "sql/statistics/table_changes.hpp"
#include "sql/table/same_image.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/text_types.hpp"

namespace isolde::sql {

namespace {

std::string quoted(std::string_view name) {
  return "\"" + std::string(name) + "\"";
}

/// A value in a message: cut when it is long.
void append_shown(std::string& out, const Type& type, Datum value, const OutputStyle& style) {
  constexpr size_t kLongest = 64;
  if (value.is_null()) {
    out += "null";
    return;
  }
  std::string text;
  type.to_text(value, text, style);
  if (text.size() <= kLongest) {
    out += text;
    return;
  }
  size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  out += text.substr(0, end) + "...";
}

}  // namespace

TableWriter::TableWriter(const WriteRules& rules, ExecContext& exec)
    : rules_(rules),
      exec_(exec),
      overflow_(rules.table->table->heap.store(), rules.table->table->heap.relation()),
      encoder_(rules.table->shape, &overflow_),
      arena_(exec.budget),
      old_arena_(exec.budget),
      outside_(rules.table->table->heap.store(), rules.table->table->heap.relation(), &old_arena_),
      generation_(rules.generation, exec, arena_),
      conditions_(rules.conditions, exec, arena_),
      events_(rules, exec),
      changed_(rules.table->shape.size()),
      old_row_(rules.table->live.size() + 1),
      key_row_(rules.table->live.size() + 1),
      key_bytes_(rules.indexes.size()) {
  for (const WriteRules::Index& index : rules.indexes) {
    indexes_.push_back(
        {Evaluator(index.keys, exec, arena_), Evaluator(index.predicate, exec, arena_)});
  }
  if (rules.table->has_dropped()) by_place_.resize(rules.table->shape.size());
}

base::TxnId TableWriter::write_id() {
  return base::value_or_throw(exec_.transaction->write_id());
}

/// Generated columns.
void TableWriter::complete(Datum* row) {
  arena_.reset();
  if (rules_.generated.empty()) return;
  const Datum* values = generation_.run(row);
  for (size_t i = 0; i < rules_.generated.size(); ++i) {
    row[rules_.generated[i]] = values[i];
  }
}

void TableWriter::check(const Datum* row, const txn::Row* old, const std::vector<int>* assigned) {
  const TableInfo& table = *rules_.table;
  auto check_null = [&](int column) {
    const ColumnObject& about = table.column(table.live[static_cast<size_t>(column)]);
    if (!about.not_null || !row[column].is_null()) return;
    fail_row(base::sqlstate::kNotNullViolation,
             "null value in column " + quoted(about.name) + " of relation " + quoted(table.name()) +
                 " violates not-null constraint",
             about.name, "", row, old, assigned);
  };
  if (assigned == nullptr) {
    for (size_t i = 0; i < table.live.size(); ++i) check_null(static_cast<int>(i));
  } else {
    for (int column : *assigned) check_null(column);
    for (int column : rules_.generated) check_null(column);
  }
  if (rules_.checks.empty()) return;
  const Datum* verdicts = conditions_.run(row);
  for (size_t i = 0; i < rules_.checks.size(); ++i) {
    if (i >= rules_.table_checks) {
      if (!verdicts[i].is_null() && verdicts[i].as_bool()) continue;
      fail_row(base::sqlstate::kWithCheckOptionViolation,
               "new row violates check option for view " + quoted(rules_.checks[i]), "", "", row,
               old, assigned);
    }
    if (verdicts[i].is_null() || verdicts[i].as_bool()) continue;
    fail_row(base::sqlstate::kCheckViolation,
             "new row for relation " + quoted(table.name()) + " violates check constraint " +
                 quoted(rules_.checks[i]),
             "", rules_.checks[i], row, old, assigned);
  }
}

storage::ByteSpan TableWriter::encode(const Datum* row, const txn::Row* old,
                                      const std::vector<int>* assigned) {
  const TableInfo& table = *rules_.table;
  const Datum* values = row;
  if (!by_place_.empty()) {
    for (size_t i = 0; i < table.live.size(); ++i) {
      by_place_[static_cast<size_t>(table.live[i])] = row[i];
    }
    values = by_place_.data();
  }
  if (old == nullptr) return encoder_.encode(values, write_id());
  std::fill(changed_.begin(), changed_.end(), false);
  auto mark = [&](int column) {
    changed_[static_cast<size_t>(table.live[static_cast<size_t>(column)])] = true;
  };
  for (int column : *assigned) mark(column);
  for (int column : rules_.generated) mark(column);
  return encoder_.encode_change(old->payload, values, changed_, write_id());
}

void TableWriter::fail_row(base::SqlState state, std::string message, std::string_view column,
                           std::string_view constraint, const Datum* row, const txn::Row* old,
                           const std::vector<int>* assigned) {
  const TableInfo& table = *rules_.table;
  txn::Row version;
  version.payload = encode(row, old, assigned);
  decode(version, old_row_.data());
  std::string detail = "Failing row contains (";
  for (size_t i = 0; i < table.live.size(); ++i) {
    if (i > 0) detail += ", ";
    const Type& type = *table.shape[static_cast<size_t>(table.live[i])].type;
    append_shown(detail, type, old_row_[i], exec_.style);
  }
  base::Error error = base::Error(state, std::move(message)).detail(detail + ").");
  error.fields().schema_name = rules_.schema;
  error.fields().table_name = table.name();
  error.fields().column_name = column;
  error.fields().constraint_name = constraint;
  throw base::SqlException(std::move(error));
}

void TableWriter::decode(const txn::Row& version, Datum* row) {
  old_arena_.reset();
  rules_.all_columns.decode(version.payload, row, &outside_);
}

Datum TableWriter::written(txn::TupleId id, Arena& arena) {
  txn::Row row;
  row.id = row.root = id;
  row.header.xmin = write_id();
  row.header.cmin = exec_.transaction->command();
  return make_reference(rules_.table->oid(), row, false, arena);
}

// --- keys

/// The key of a row in an index. False when a partial index leaves the row out.
bool TableWriter::make_key(size_t i, const Datum* row, storage::Bytes& key, bool& unlike_any) {
  const IndexInfo& index = rules_.table->indexes[i];
  const WriteRules::Index& about = rules_.indexes[i];
  if (about.has_predicate && !indexes_[i].predicate.is_true(row)) return false;
  const Datum* expressions = about.has_expressions ? indexes_[i].keys.run(row) : nullptr;
  key.clear();
  unlike_any = false;
  const auto& live = rules_.table->live;
  for (size_t k = 0; k < index.columns.size(); ++k) {
    Datum value;
    if (about.is_expression[k]) {
      value = *expressions++;
    } else if (!rules_.table->has_dropped()) {
      value = row[index.columns[k]];
    } else {
      value = row[std::lower_bound(live.begin(), live.end(), index.columns[k]) - live.begin()];
    }
    if (value.is_null() && !index.description().nulls_not_distinct) unlike_any = true;
    index.codec.append(key, k, value);
  }
  check_key_size(key, index.relation->name, rules_.table->name());
  return true;
}

std::span<const txn::IndexEntry> TableWriter::make_entries() {
  const Datum* row = entry_row_;
  if (row == nullptr) {
    old_arena_.reset();
    rules_.index_columns.decode(entry_payload_, key_row_.data(), &outside_);
    row = key_row_.data();
  }
  entries_.clear();
  for (size_t i = 0; i < rules_.indexes.size(); ++i) {
    txn::IndexEntry entry;
    if (!make_key(i, row, key_bytes_[i], entry.unlike_any)) continue;
    entry.index = rules_.table->indexes[i].index;
    entry.key = key_bytes_[i];
    entries_.push_back(entry);
  }
  return entries_;
}

// --- writing

void TableWriter::check_new(Datum* row) {
  complete(row);
  check(row, nullptr, nullptr);
}

txn::WriteResult TableWriter::insert(Datum* row) {
  check_new(row);
  txn::NewRow made;
  made.payload = encode(row, nullptr, nullptr);
  made.has_overflow = encoder_.has_outside();
  entry_row_ = row;
  if (!rules_.indexes.empty()) made.entries = &keys_;
  txn::WriteResult result =
      base::value_or_throw(exec_.transaction->insert(*rules_.table->table, made));
  if (result.outcome == txn::Outcome::kDone) {
    table_changes_of(*exec_.services).inserted(rules_.table->oid());
    events_.inserted(row, result.id);
  }
  return result;
}

txn::NewRow TableWriter::prepare(Datum* row) {
  check_new(row);
  txn::NewRow made;
  made.payload = encode(row, nullptr, nullptr);
  made.has_overflow = encoder_.has_outside();
  return made;
}

txn::WriteResult TableWriter::insert_many(std::span<const txn::NewRow> rows, size_t& done) {
  txn::WriteResult result =
      base::value_or_throw(exec_.transaction->insert_many(*rules_.table->table, rows, done));
  const size_t inserted = result.outcome == txn::Outcome::kDone ? rows.size() : done;
  TableChanges& changes = table_changes_of(*exec_.services);
  for (size_t i = 0; i < inserted; ++i) changes.inserted(rules_.table->oid());
  return result;
}

bool TableWriter::changes(int column, const Datum* old, const Datum* row) const {
  int place = rules_.table->live[static_cast<size_t>(column)];
  return !same_image(*rules_.table->shape[static_cast<size_t>(place)].type, old[column],
                     row[column]);
}

txn::RowLock TableWriter::strength_for(const std::vector<int>& assigned) const {
  for (int column : assigned) {
    if (rules_.key[static_cast<size_t>(rules_.table->live[static_cast<size_t>(column)])]) {
      return txn::RowLock::kUpdate;
    }
  }
  return txn::RowLock::kNoKeyUpdate;
}

txn::WriteResult TableWriter::update(const txn::Row& old, Datum* row,
                                     const std::vector<int>& assigned) {
  complete(row);
  check(row, &old, &assigned);
  bool hot = true;
  txn::RowLock strength = txn::RowLock::kNoKeyUpdate;
  bool decoded = false;
  auto look = [&](int column) {
    auto place = static_cast<size_t>(rules_.table->live[static_cast<size_t>(column)]);
    if (!rules_.indexed[place]) return;
    if (!decoded) decode(old, old_row_.data());
    decoded = true;
    if (!changes(column, old_row_.data(), row)) return;
    hot = false;
    if (rules_.key[place]) strength = txn::RowLock::kUpdate;
  };
  for (int column : assigned) look(column);
  for (int column : rules_.generated) look(column);
  txn::NewRow made;
  made.payload = encode(row, &old, &assigned);
  made.has_overflow = encoder_.has_outside();
  entry_row_ = nullptr;
  entry_payload_ = made.payload;
  if (!rules_.indexes.empty()) made.entries = &keys_;
  txn::WriteResult result = base::value_or_throw(
      exec_.transaction->update(*rules_.table->table, old, made, strength, hot));
  if (result.outcome == txn::Outcome::kDone) {
    const bool same_page = result.id.block == old.id.block;
    table_changes_of(*exec_.services).updated(rules_.table->oid(), hot && same_page);
  }
  if (result.outcome == txn::Outcome::kDone && events_.watches_update(old, assigned)) {
    decode(old, old_row_.data());
    events_.updated(old, old_row_.data(), row, assigned, result.id);
  }
  return result;
}

txn::WriteResult TableWriter::remove(const txn::Row& old) {
  txn::WriteResult result =
      base::value_or_throw(exec_.transaction->remove(*rules_.table->table, old));
  if (result.outcome == txn::Outcome::kDone)
    table_changes_of(*exec_.services).deleted(rules_.table->oid());
  if (result.outcome == txn::Outcome::kDone && events_.watches_delete(old)) {
    decode(old, old_row_.data());
    events_.deleted(old, old_row_.data());
  }
  return result;
}

// --- conflicts

bool TableWriter::find_conflict(const Datum* row, const std::vector<int>& indexes,
                                txn::Row& found) {
  auto look = [&](size_t i) {
    const IndexInfo& index = rules_.table->indexes[i];
    if (!index.description().unique || !index.description().immediate) return false;
    bool unlike_any = false;
    if (!make_key(i, row, key_bytes_[i], unlike_any) || unlike_any) return false;
    return base::value_or_throw(exec_.transaction->find_duplicate(
        *rules_.table->table, *index.index, key_bytes_[i], txn::TupleId{}, found));
  };
  if (indexes.empty()) {
    for (size_t i = 0; i < rules_.indexes.size(); ++i) {
      if (look(i)) return true;
    }
  }
  return std::any_of(indexes.begin(), indexes.end(),
                     [&](int i) { return look(static_cast<size_t>(i)); });
}

bool TableWriter::is_arbiter(const txn::WriteResult& result,
                             const std::vector<int>& indexes) const {
  if (indexes.empty()) return true;
  return std::any_of(indexes.begin(), indexes.end(), [&](int i) {
    return rules_.table->indexes[static_cast<size_t>(i)].index == result.duplicate;
  });
}

bool TableWriter::key_of(const txn::Row& version, size_t index, storage::Bytes& key,
                         bool& unlike_any) {
  arena_.reset();
  old_arena_.reset();
  rules_.index_columns.decode(version.payload, key_row_.data(), &outside_);
  return make_key(index, key_row_.data(), key, unlike_any);
}

std::string TableWriter::shown_key(size_t i, const Datum* row) {
  const TableInfo& table = *rules_.table;
  const IndexInfo& index = table.indexes[i];
  const Datum* expressions =
      rules_.indexes[i].has_expressions ? indexes_[i].keys.run(row) : nullptr;
  std::string names;
  std::string values;
  for (size_t k = 0; k < index.columns.size(); ++k) {
    if (k > 0) names += ", ";
    if (k > 0) values += ", ";
    const IndexKeyObject& key = index.description().keys[k];
    Datum value;
    if (rules_.indexes[i].is_expression[k]) {
      names += key.expression;
      value = *expressions++;
    } else {
      names += table.column(index.columns[k]).name;
      auto live = std::lower_bound(table.live.begin(), table.live.end(), index.columns[k]);
      value = row[live - table.live.begin()];
    }
    if (value.is_null()) {
      values += "null";
    } else {
      index.codec.columns()[k].type->to_text(value, values, exec_.style);
    }
  }
  return "(" + names + ")=(" + values + ")";
}

void TableWriter::fail_duplicate(const txn::Index& duplicate, const Datum* row) {
  const TableInfo& table = *rules_.table;
  size_t i = 0;
  while (table.indexes[i].index != &duplicate) ++i;
  if (entry_row_ == nullptr) row = key_row_.data();
  const std::string& name = table.indexes[i].relation->name;
  base::Error error = base::Error(base::sqlstate::kUniqueViolation,
                                  "duplicate key value violates unique constraint " + quoted(name))
                          .detail("Key " + shown_key(i, row) + " already exists.");
  error.fields().schema_name = rules_.schema;
  error.fields().table_name = table.name();
  error.fields().constraint_name = name;
  throw base::SqlException(std::move(error));
}

}  // namespace isolde::sql
