#include "sql/catalog/catalog_space.hpp"

#include <utility>

namespace isolde::sql {

base::Status CatalogSpace::load() {
  auto entries = file_.read();
  if (!entries) return entries.take_error();
  auto loaded = std::make_shared<ObjectSet>();
  for (EntryPtr& entry : *entries) loaded->put(std::move(entry));
  std::lock_guard lock(mutex_);
  objects_ = std::move(loaded);
  return {};
}

CatalogSpace::SetPtr CatalogSpace::objects() const {
  std::lock_guard lock(mutex_);
  return objects_;
}

void CatalogSpace::apply(std::span<const ObjectChange> changes) {
  if (changes.empty()) return;
  std::lock_guard lock(mutex_);
  auto next = std::make_shared<ObjectSet>(*objects_);
  for (const ObjectChange& change : changes) {
    change.after == nullptr ? next->erase(change.kind, change.oid) : next->put(change.after);
  }
  objects_ = std::move(next);
}

}  // namespace isolde::sql
