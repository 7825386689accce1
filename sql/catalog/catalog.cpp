#include "sql/catalog/catalog.hpp"

#include <map>
#include <utility>

#include "sql/catalog/object_codec.hpp"
#include "sql/catalog/open_relation.hpp"
#include "txn/transaction.hpp"

namespace isolde::sql {

namespace {

std::shared_ptr<const ObjectSet> overlaid(const std::shared_ptr<const ObjectSet>& base,
                                          std::span<const ObjectChange> log, bool server_wide) {
  std::shared_ptr<ObjectSet> made;
  for (const ObjectChange& change : log) {
    if (is_server_wide(change.kind) != server_wide) continue;
    if (made == nullptr) made = std::make_shared<ObjectSet>(*base);
    change.after == nullptr ? made->erase(change.kind, change.oid) : made->put(change.after);
  }
  return made == nullptr ? base : made;
}

}  // namespace

CatalogChanges::CatalogChanges(txn::Transaction& transaction)
    : transaction_(transaction), savepoints_(transaction.savepoints(), 0) {}

storage::Bytes CatalogChanges::encode() const {
  storage::Bytes to;
  if (log_.empty()) return to;
  const auto append_rows = [&](const std::vector<storage::TupleId>& rows) {
    storage::append(to, static_cast<uint32_t>(rows.size()));
    for (storage::TupleId row : rows) storage::append(to, row);
  };
  for (const auto& rows : dead_rows_) append_rows(rows);
  for (const ObjectChange& change : log_) {
    storage::append(to, change.kind);
    storage::append(to, change.oid.value);
    const storage::Bytes object =
        change.after == nullptr ? storage::Bytes() : encode_object(*change.after->object);
    storage::append(to, static_cast<uint32_t>(object.size()));
    storage::append_bytes(to, object);
    append_rows(change.after == nullptr ? std::vector<storage::TupleId>() : change.after->rows);
  }
  return to;
}

bool CatalogChanges::decode(storage::ByteSpan bytes) {
  storage::ByteReader in(bytes);
  const auto take_rows = [&](std::vector<storage::TupleId>& rows) {
    for (auto left = in.take<uint32_t>(); in.ok() && left > 0; --left)
      rows.push_back(in.take<storage::TupleId>());
  };
  if (in.empty()) return true;
  for (auto& rows : dead_rows_) take_rows(rows);
  while (in.ok() && !in.empty()) {
    ObjectChange change{};
    change.kind = in.take<ObjectKind>();
    change.oid = Oid{in.take<uint32_t>()};
    const storage::ByteSpan object = in.take_bytes(in.take<uint32_t>());
    std::vector<storage::TupleId> rows;
    take_rows(rows);
    if (!object.empty()) {
      ObjectPtr decoded = decode_object(object);
      if (decoded == nullptr) return false;
      change.after = make_entry(std::move(decoded), std::move(rows));
    }
    log_.push_back(std::move(change));
  }
  return in.ok();
}

Catalog::Catalog(Oid database, txn::TransactionManager& transactions, ServerCatalog& server,
                 storage::RelationId file)
    : database_(database),
      transactions_(transactions),
      server_(server),
      own_(transactions.store(), file, &transactions) {}

CatalogImagePtr Catalog::committed_image() {
  auto own = own_.objects();
  auto server = server_.objects();
  std::lock_guard lock(mutex_);
  if (committed_ == nullptr || committed_->own() != own || committed_->server() != server) {
    committed_ = std::make_shared<CatalogImage>(database_, std::move(own), std::move(server),
                                                server_.new_image_version());
  }
  return committed_;
}

CatalogImagePtr Catalog::image(const CatalogChanges* changes) {
  if (changes == nullptr || changes->empty()) return committed_image();
  auto own = own_.objects();
  auto server = server_.objects();
  if (changes->image_ == nullptr || changes->over_own_ != own || changes->over_server_ != server) {
    changes->image_ = std::make_shared<CatalogImage>(database_, overlaid(own, changes->log_, false),
                                                     overlaid(server, changes->log_, true),
                                                     server_.new_image_version());
    changes->over_own_ = std::move(own);
    changes->over_server_ = std::move(server);
  }
  return changes->image_;
}

/// The rows of the object's present description are no more, if this commits.
void Catalog::remove_rows(CatalogChanges& changes, ObjectKind kind, Oid oid) {
  EntryPtr before = image(&changes)->entry(kind, oid);
  if (before == nullptr) return;
  txn::Transaction& transaction = changes.transaction_;
  storage::TxnId by = base::value_or_throw(transaction.write_id());
  base::value_or_throw(space_of(kind).file().remove(by, transaction.command(), before->rows));
  auto& dead = changes.dead_rows_[is_server_wide(kind) ? 1 : 0];
  dead.insert(dead.end(), before->rows.begin(), before->rows.end());
}

void Catalog::put(CatalogChanges& changes, ObjectPtr object) {
  const ObjectKind kind = object->kind;
  const Oid oid = object->oid;
  txn::Transaction& transaction = changes.transaction_;
  storage::TxnId by = base::value_or_throw(transaction.write_id());
  auto rows =
      base::value_or_throw(space_of(kind).file().insert(by, transaction.command(), *object));
  remove_rows(changes, kind, oid);
  changes.log_.push_back({kind, oid, make_entry(std::move(object), std::move(rows))});
  changes.image_.reset();
}

void Catalog::drop(CatalogChanges& changes, const CatalogObject& object) {
  const ObjectKind kind = object.kind;
  const Oid oid = object.oid;
  remove_rows(changes, kind, oid);
  changes.log_.push_back({kind, oid, nullptr});
  changes.image_.reset();
}

void Catalog::define_savepoint(CatalogChanges& changes) {
  changes.savepoints_.push_back(changes.log_.size());
}

void Catalog::release_savepoints(CatalogChanges& changes, size_t at) {
  changes.savepoints_.resize(at);
}

void Catalog::roll_back_to_savepoint(CatalogChanges& changes, size_t at) {
  changes.log_.resize(changes.savepoints_[at]);
  changes.savepoints_.resize(at + 1);
  changes.image_.reset();
}

/// Only the last of several changes of one object counts.
void Catalog::publish(CatalogChanges& changes) {
  if (changes.empty()) return;
  std::map<std::pair<ObjectKind, Oid>, const ObjectChange*> last;
  for (const ObjectChange& change : changes.log_) last[{change.kind, change.oid}] = &change;
  std::vector<ObjectChange> own, server;
  for (const auto& [key, change] : last) {
    (is_server_wide(key.first) ? server : own).push_back(*change);
  }
  server_.space().apply(server);
  own_.apply(own);
  server_.changed();
  // Room is made now or at a later time: nothing depends on it.
  static_cast<void>(own_.file().clean(changes.dead_rows_[0]));
  static_cast<void>(server_.space().file().clean(changes.dead_rows_[1]));
  changes.log_.clear();
  changes.image_.reset();
}

txn::TablePtr Catalog::open(const CatalogImagePtr& image, Oid relation) {
  EntryPtr entry = image->entry(ObjectKind::kRelation, relation);
  if (entry == nullptr) return nullptr;
  return entry->open->get(*image, static_cast<const RelationObject&>(*entry->object),
                          transactions_.store(), transactions_);
}

}  // namespace isolde::sql
