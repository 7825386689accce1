#include "sql/constraints/constraint_checks.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "sql/catalog/catalog_types.hpp"
#include "sql/catalog/database.hpp"
#include "sql/session/instance.hpp"
#include "sql/types/errors.hpp"
#include "txn/lock_manager.hpp"

namespace isolde::sql {

using Kind = ConstraintEvent::Kind;

namespace {

std::string quoted(std::string_view name) {
  return "\"" + std::string(name) + "\"";
}

[[noreturn]] void fail_key(base::SqlState state, std::string message, std::string detail,
                           const std::string& schema, const RelationObject& table,
                           const ConstraintObject& constraint) {
  base::Error error = base::Error(state, std::move(message)).detail(std::move(detail));
  error.fields().schema_name = schema;
  error.fields().table_name = table.name;
  error.fields().constraint_name = constraint.name;
  throw base::SqlException(std::move(error));
}

}  // namespace

// --- the queue

void ConstraintChecks::end_statement() {
  if (!queue_.has_immediate()) return;
  struct Rest {
    ConstraintChecks& self;
    ~Rest() { self.rest(); }
  } rest{*this};
  base::value_or_throw(session_.transaction().begin_statement());
  ConstraintEvent event;
  while (queue_.next(event)) fire(event);
  queue_.end_statement();
}

void ConstraintChecks::settle(bool all) {
  end_statement();
  if (!queue_.pending()) return;
  struct Rest {
    ConstraintChecks& self;
    ~Rest() { self.rest(); }
  } rest{*this};
  bool begun = false;
  ConstraintEvent event;
  for (size_t from = 0; queue_.next_deferred(event, from, all);) {
    if (!std::exchange(begun, true)) {
      base::value_or_throw(session_.transaction().begin_statement());
    }
    fire(event);
    while (queue_.next(event)) fire(event);
  }
  queue_.end_statement();
}

void ConstraintChecks::rest() {
  for (auto& [oid, key] : keys_) {
    key->by_reference->rest();
    key->by_key->rest();
  }
}

void ConstraintChecks::fire(const ConstraintEvent& event) {
  base::value_or_throw(session_.task().poll());
  const bool of_version = event.kind == Kind::kReference || event.kind == Kind::kUnique;
  if (of_version && queue_.is_superseded(queue_.constraint(event)->relation, event.version)) return;
  switch (event.kind) {
    case Kind::kReference:
      return check_reference(event);
    case Kind::kDeleted:
    case Kind::kUpdated:
      return act(event);
    case Kind::kUnique:
      return check_unique(event);
  }
}

/// The constraint as it is now, both tables' definitions included.
ForeignKey& ConstraintChecks::foreign_key(const ConstraintEvent& event) {
  const ConstraintPtr& about = queue_.constraint(event);
  std::unique_ptr<ForeignKey>& key = keys_[about->oid];
  if (key == nullptr || key->catalog_version != session_.catalog_image()->version()) {
    key = std::make_unique<ForeignKey>(session_, about);
  }
  return *key;
}

void ConstraintChecks::lock_key_share(Oid table) {
  auto tag = txn::LockTag::of_relation(session_.current_database().oid(), table);
  base::value_or_throw(
      session_.instance().locks().acquire(session_.locker(), tag, txn::table_mode::kRowShare));
}

// --- the referring side

void ConstraintChecks::check_reference(const ConstraintEvent& event) {
  lock_key_share(queue_.constraint(event)->referenced);
  ForeignKey& key = foreign_key(event);
  const ConstraintObject& about = *key.about;
  std::span<const Datum> values(event.values, key.types.size());
  const std::string message = "insert or update on table " + quoted(key.referencing->name) +
                              " violates foreign key constraint " + quoted(about.name);
  if (std::ranges::any_of(values, [](Datum value) { return value.is_null(); })) {
    fail_key(base::sqlstate::kForeignKeyViolation, message,
             "MATCH FULL does not allow mixing of null and nonnull key values.",
             key.referencing_schema, *key.referencing, about);
  }
  bool found = false;
  if (key.by_reference->usable()) {
    found = key.by_reference->find(session_, event.values);
  } else {
    if (key.lookup.text.empty()) {
      for (const Type* type : key.types) key.lookup.parameters.push_back(type->oid);
    }
    found = run(key.lookup, key, lookup_text, values) > 0;
  }
  if (found) return;
  fail_key(
      base::sqlstate::kForeignKeyViolation, message,
      "Key " +
          key.shown(about.columns, *key.referencing, key.types, event.values, session_.style()) +
          " is not present in table " + quoted(key.referenced->name) + ".",
      key.referencing_schema, *key.referencing, about);
}

// --- the side referred to

void ConstraintChecks::act(const ConstraintEvent& event) {
  ForeignKey& key = foreign_key(event);
  const bool deleted = event.kind == Kind::kDeleted;
  const size_t width = key.types.size();
  std::span<const Datum> old(event.values, width);
  KeptStatement& set = deleted ? key.set_on_delete : key.set_on_update;
  const auto& columns =
      deleted && !key.about->set_columns.empty() ? key.about->set_columns : key.about->columns;
  switch (deleted ? key.about->on_delete : key.about->on_update) {
    case 'r':
      return require_unreferenced(key, event, false);
    case 'c':
      if (deleted) {
        run(key.cascade_delete, key, cascade_delete_text, old);
      } else {
        std::vector<Datum> values(event.values + width, event.values + 2 * width);
        values.insert(values.end(), old.begin(), old.end());
        run(key.cascade_update, key, cascade_update_text, values);
      }
      return;
    case 'n':
      set_to(set, key, "NULL", columns, old);
      return;
    case 'd':
      set_to(set, key, "DEFAULT", columns, old);
      // A row that had its default already looks unchanged: whoever still refers is in the way.
      return require_unreferenced(key, event, true);
    default:
      return require_unreferenced(key, event, true);
  }
}

/// `no_action`: another row may have taken the key over.
void ConstraintChecks::require_unreferenced(ForeignKey& key, const ConstraintEvent& event,
                                            bool no_action) {
  if (no_action) {
    lock_key_share(key.about->referenced);
    if (key.by_key->usable() && key.by_key->find(session_, event.values)) return;
  }
  const ConstraintObject& about = *key.about;
  if (run(key.referring, key, referring_text, {event.values, key.types.size()}) == 0) return;
  fail_key(base::sqlstate::kForeignKeyViolation,
           "update or delete on table " + quoted(key.referenced->name) +
               " violates foreign key constraint " + quoted(about.name) + " on table " +
               quoted(key.referencing->name),
           "Key " +
               key.shown(about.referenced_columns, *key.referenced, key.referenced_types,
                         event.values, session_.style()) +
               " is still referenced from table " + quoted(key.referencing->name) + ".",
           key.referencing_schema, *key.referencing, about);
}

int64_t ConstraintChecks::set_to(KeptStatement& query, const ForeignKey& key,
                                 std::string_view value, const std::vector<int16_t>& columns,
                                 std::span<const Datum> values) {
  return run(
      query, key,
      [&](const ForeignKey& of, bool shown) { return set_text(of, value, columns, shown); },
      values);
}

int64_t ConstraintChecks::run(KeptStatement& query, const ForeignKey& key, const TextMaker& text,
                              std::span<const Datum> values) {
  if (query.text.empty()) query.text = text(key, false);
  if (query.parameters.empty()) {
    for (size_t i = 0; i < values.size(); ++i) {
      query.parameters.push_back(key.referenced_types[i % key.referenced_types.size()]->oid);
    }
  }
  // What it writes is news for the scans that are kept.
  rest();
  const bool latest =
      session_.transaction().modes().isolation >= txn::IsolationLevel::kRepeatableRead;
  std::optional<base::Error> error;
  try {
    return session_.run_kept(query, values, latest);
  } catch (const base::SqlException& e) {
    error = e.error();
  }
  std::string& context = error->fields().context;
  if (!context.empty()) context += '\n';
  context += "SQL statement \"" + text(key, true) + "\"";
  throw base::SqlException(std::move(*error));
}

// --- unique keys

ConstraintChecks::UniqueKey& ConstraintChecks::unique_key(const ConstraintObject& about) {
  CatalogImagePtr image = session_.catalog_image();
  UniqueKey& key = unique_keys_[about.oid];
  if (key.table != nullptr && key.catalog_version == image->version()) return key;
  key.types = std::make_shared<CatalogTypes>(image, SearchPath{});
  key.table = open_table(session_, image, about.relation, *key.types);
  key.schema = key.table->schema_name(*image);
  key.catalog_version = image->version();
  return key;
}

/// At the end, is there another row with this key?
void ConstraintChecks::check_unique(const ConstraintEvent& event) {
  const ConstraintObject& about = *queue_.constraint(event);
  const UniqueKey& unique = unique_key(about);
  const TableInfo& table = *unique.table;
  auto is_its = [&](const IndexInfo& one) { return one.relation->oid == about.index; };
  auto index = std::ranges::find_if(table.indexes, is_its);
  if (index == table.indexes.end()) return;
  storage::Bytes key;
  for (size_t k = 0; k < about.columns.size(); ++k) index->codec.append(key, k, event.values[k]);
  txn::Row other;
  if (!base::value_or_throw(session_.transaction().find_duplicate(*table.table, *index->index, key,
                                                                  event.version, other))) {
    return;
  }
  std::string names, texts;
  for (size_t k = 0; k < about.columns.size(); ++k) {
    const int place = about.columns[k] - 1;
    if (k > 0) {
      names += ", ";
      texts += ", ";
    }
    names += table.column(place).name;
    table.shape[static_cast<size_t>(place)].type->to_text(event.values[k], texts, session_.style());
  }
  fail_key(base::sqlstate::kUniqueViolation,
           "duplicate key value violates unique constraint " + quoted(about.name),
           "Key (" + names + ")=(" + texts + ") already exists.", unique.schema, *table.relation,
           about);
}

}  // namespace isolde::sql
