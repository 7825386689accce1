#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/check.hpp"

// Three small containers of the lock table. Members are linked through fields of their own, so that
// locking allocates nothing on the way once the pools are warm. None of them locks anything.

namespace isolde::txn {

template <typename T>
struct Links {
  T* previous = nullptr;
  T* next = nullptr;
};

/// A doubly linked list through the member `M`.
template <typename T, Links<T> T::*M>
class LinkedList {
 public:
  T* front() const { return front_; }
  T* back() const { return back_; }
  bool empty() const { return front_ == nullptr; }
  static T* next(const T* item) { return (item->*M).next; }
  static T* previous(const T* item) { return (item->*M).previous; }

  void push_back(T* item) { insert_before(nullptr, item); }

  /// Before `place`, or at the end when there is none.
  void insert_before(T* place, T* item) {
    T* before = place != nullptr ? (place->*M).previous : back_;
    item->*M = {before, place};
    (before != nullptr ? (before->*M).next : front_) = item;
    (place != nullptr ? (place->*M).previous : back_) = item;
  }

  void remove(T* item) {
    Links<T>& links = item->*M;
    (links.previous != nullptr ? (links.previous->*M).next : front_) = links.next;
    (links.next != nullptr ? (links.next->*M).previous : back_) = links.previous;
    links = {};
  }

 private:
  T* front_ = nullptr;
  T* back_ = nullptr;
};

/// A hash table of things that know their hash (`T::hash`) and chain through `T::next_in_bucket`.
template <typename T>
class HashChains {
 public:
  T* first(uint64_t hash) const { return buckets_.empty() ? nullptr : buckets_[hash & mask_]; }
  size_t size() const { return size_; }

  void insert(T* item) {
    if (size_ >= buckets_.size()) grow();
    link(item);
    ++size_;
  }

  void remove(T* item) {
    T** at = &buckets_[item->hash & mask_];
    while (*at != item) at = &(*at)->next_in_bucket;
    *at = item->next_in_bucket;
    item->next_in_bucket = nullptr;
    --size_;
  }

  template <typename F>
  void for_each(F&& f) const {
    for (T* item : buckets_) {
      for (; item != nullptr; item = item->next_in_bucket) f(*item);
    }
  }

  /// Returns the memory of a table that has been large, once it is empty.
  void trim() {
    if (size_ != 0 || buckets_.size() <= kKeptBuckets) return;
    buckets_ = {};
    mask_ = 0;
  }

 private:
  static constexpr size_t kKeptBuckets = 1024;

  void link(T* item) {
    T*& bucket = buckets_[item->hash & mask_];
    item->next_in_bucket = bucket;
    bucket = item;
  }

  void grow() {
    std::vector<T*> old(buckets_.empty() ? 16 : buckets_.size() * 2);
    old.swap(buckets_);
    mask_ = buckets_.size() - 1;
    for (T* item : old) {
      while (item != nullptr) {
        T* next = item->next_in_bucket;
        link(item);
        item = next;
      }
    }
  }

  std::vector<T*> buckets_;
  uint64_t mask_ = 0;
  size_t size_ = 0;
};

/// Gives out objects and takes them back for the next one who asks; memory beyond the first chunk
/// goes when nothing is out.
template <typename T>
class ObjectPool {
 public:
  T* take() {
    if (free_.empty()) add_chunk();
    T* item = free_.back();
    free_.pop_back();
    ++out_;
    return item;
  }

  void give_back(T* item) {
    *item = T{};
    free_.push_back(item);
    if (--out_ == 0 && chunks_.size() > 1) trim();
  }

  size_t out() const { return out_; }

 private:
  static constexpr size_t kChunk = 128;

  void add_chunk() {
    chunks_.push_back(std::make_unique<T[]>(kChunk));
    T* items = chunks_.back().get();
    for (size_t i = kChunk; i-- > 0;) free_.push_back(items + i);
  }

  void trim() {
    chunks_.clear();
    free_ = {};
  }

  std::vector<std::unique_ptr<T[]>> chunks_;
  std::vector<T*> free_;
  size_t out_ = 0;
};

}  // namespace isolde::txn
