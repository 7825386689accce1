#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sql/catalog/objects.hpp"
#include "storage/ids.hpp"

namespace isolde::sql {

class OpenRelation;

/// An object and where the catalog's file has it.
struct ObjectEntry {
  ObjectPtr object;
  std::vector<storage::TupleId> rows;
  std::shared_ptr<OpenRelation> open;  ///< of tables: their opened form (catalog.cpp)
};
using EntryPtr = std::shared_ptr<const ObjectEntry>;

/// A map from keys to lists of entries whose copies share what has not changed: it is cut into
/// shards, and a change copies one shard.
template <typename Key>
class SharedMultimap {
 public:
  using Entries = std::vector<EntryPtr>;

  SharedMultimap() : shards_(kShards) {}
  SharedMultimap(const SharedMultimap& other) : shards_(other.shards_), own_(kShards, false) {}
  SharedMultimap& operator=(const SharedMultimap&) = delete;

  std::span<const EntryPtr> find(const Key& key) const {
    const ShardPtr& shard = shards_[shard_of(key)];
    if (shard == nullptr) return {};
    auto found = shard->find(key);
    return found == shard->end() ? std::span<const EntryPtr>() : found->second;
  }
  void add(const Key& key, EntryPtr entry) { editable(key)[key].push_back(std::move(entry)); }
  void remove(const Key& key, const ObjectEntry* entry) {
    Shard& shard = editable(key);
    auto found = shard.find(key);
    if (found == shard.end()) return;
    std::erase_if(found->second, [&](const EntryPtr& one) { return one.get() == entry; });
    if (found->second.empty()) shard.erase(found);
  }
  void for_each(const std::function<void(const EntryPtr&)>& visit) const {
    for (const ShardPtr& shard : shards_) {
      if (shard == nullptr) continue;
      for (const auto& [key, entries] : *shard) {
        for (const EntryPtr& entry : entries) visit(entry);
      }
    }
  }

 private:
  static constexpr size_t kShards = 64;
  using Shard = std::unordered_map<Key, Entries>;
  using ShardPtr = std::shared_ptr<Shard>;

  static size_t shard_of(const Key& key) {
    return (std::hash<Key>{}(key)*0x9e3779b97f4a7c15U) >> 58;
  }
  /// The shard for a change; a copy of its own unless this set has made it already.
  Shard& editable(const Key& key) {
    size_t at = shard_of(key);
    if (own_.empty()) own_.resize(kShards, false);
    if (!own_[at]) {
      shards_[at] = shards_[at] == nullptr ? std::make_shared<Shard>()
                                           : std::make_shared<Shard>(*shards_[at]);
      own_[at] = true;
    }
    return *shards_[at];
  }

  std::vector<ShardPtr> shards_;
  std::vector<bool> own_;  ///< made by this set: nobody shares them as long as it is being changed
};

/// Objects under the keys that they are looked up by. Changed only by whoever has made it, before
/// others see it; a copy costs a few hundred pointers.
class ObjectSet {
 public:
  ObjectSet() = default;
  ObjectSet(const ObjectSet&) = default;

  EntryPtr find(ObjectKind kind, Oid oid) const;
  std::span<const EntryPtr> named(ObjectKind kind, Oid name_space, std::string_view name) const;
  void for_each(ObjectKind kind, const std::function<void(const EntryPtr&)>& visit) const;
  std::span<const EntryPtr> parts_of(Oid owner) const { return parts_.find(owner); }
  std::span<const EntryPtr> dependents_of(Oid needed) const { return dependents_.find(needed); }
  /// The type, or the relation whose rows or arrays of rows have this type.
  EntryPtr owner_of_type(Oid type) const;

  /// Adds an object, or replaces the one with its number.
  void put(EntryPtr entry);
  void erase(ObjectKind kind, Oid oid);

 private:
  static std::vector<Oid> all_needs(const CatalogObject& object);
  template <typename Visit>
  static void visit_types(const CatalogObject& object, Visit&& visit);

  static constexpr size_t kKinds = static_cast<size_t>(ObjectKind::kCounter) + 1;
  SharedMultimap<Oid> by_oid_[kKinds];
  SharedMultimap<std::string> by_name_;  ///< kind, namespace and name in one string
  SharedMultimap<Oid> parts_;
  SharedMultimap<Oid> dependents_;
  SharedMultimap<Oid> by_type_;
};

}  // namespace isolde::sql
