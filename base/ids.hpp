#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace isolde::base {

/// An integer that does not mix with other integers. `Tag` makes each id a type of its own; `value`
/// is read only where an id goes to disk, to the wire or into a message.
template <typename Tag, typename Integer>
struct StrongId {
  using Underlying = Integer;
  Integer value = 0;

  constexpr StrongId() = default;
  constexpr explicit StrongId(Integer v) : value(v) {}
  constexpr auto operator<=>(const StrongId&) const = default;
};

/// A catalog object's number, as PostgreSQL's oid. 0 is "none".
using Oid = StrongId<struct OidTag, uint32_t>;
/// A transaction's number: 64 bits wide, never reused. 0 is "none".
using TxnId = StrongId<struct TxnIdTag, uint64_t>;
/// A byte position in the write-ahead log.
using Lsn = StrongId<struct LsnTag, uint64_t>;
/// A place in the order of commits; a snapshot is one of these.
using CommitSeq = StrongId<struct CommitSeqTag, uint64_t>;
/// The number of a command within its transaction.
using CommandId = StrongId<struct CommandIdTag, uint32_t>;
/// What psql shows as a backend's pid.
using SessionId = StrongId<struct SessionIdTag, int32_t>;

}  // namespace isolde::base

template <typename Tag, typename Integer>
struct std::hash<isolde::base::StrongId<Tag, Integer>> {
  size_t operator()(isolde::base::StrongId<Tag, Integer> id) const noexcept {
    return std::hash<Integer>{}(id.value);
  }
};
