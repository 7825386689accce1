#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "base/ids.hpp"

namespace isolde::storage {

using base::CommandId;
using base::CommitSeq;
using base::Lsn;
using base::TxnId;

/// The number of a page within a fork, from 0.
using BlockNumber = base::StrongId<struct BlockNumberTag, uint32_t>;
inline constexpr BlockNumber kNoBlock{UINT32_MAX};

/// The number of an item within a page, from 0 (a ctid shows it from 1).
using Slot = base::StrongId<struct SlotTag, uint16_t>;
inline constexpr Slot kNoSlot{UINT16_MAX};

/// A relation's files: `space` is a database (0 is the server's own), `number` is never reused.
struct RelationId {
  uint32_t space = 0;
  uint32_t number = 0;
  constexpr auto operator<=>(const RelationId&) const = default;
};

enum class Fork : uint8_t { kMain = 0, kFreeSpace = 1, kVisibility = 2, kOverflow = 3 };
inline constexpr int kForks = 4;

struct PageId {
  RelationId relation;
  Fork fork = Fork::kMain;
  BlockNumber block;
  constexpr auto operator<=>(const PageId&) const = default;
};

/// Where a row version is: psql's ctid.
struct TupleId {
  BlockNumber block = kNoBlock;
  Slot slot = kNoSlot;
  constexpr auto operator<=>(const TupleId&) const = default;
  constexpr bool valid() const { return block != kNoBlock; }
};

/// "base/5/16384_vm": below the data directory, as it stands in messages.
std::string relation_path(RelationId relation, Fork fork);

inline size_t hash_value(const PageId& id) {
  uint64_t a = (uint64_t{id.relation.number} << 32) | id.block.value;
  uint64_t b = (uint64_t{id.relation.space} << 8) | static_cast<uint8_t>(id.fork);
  uint64_t x = (a ^ (b * 0x9e3779b97f4a7c15U)) * 0xff51afd7ed558ccdU;
  return x ^ (x >> 32);
}

}  // namespace isolde::storage

template <>
struct std::hash<isolde::storage::PageId> {
  size_t operator()(const isolde::storage::PageId& id) const noexcept {
    return isolde::storage::hash_value(id);
  }
};
template <>
struct std::hash<isolde::storage::RelationId> {
  size_t operator()(const isolde::storage::RelationId& id) const noexcept {
    return std::hash<uint64_t>{}((uint64_t{id.space} << 32) | id.number);
  }
};
