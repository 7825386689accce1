#pragma once

#include <cstddef>
#include <cstdint>

namespace isolde::sql {

/// What SQL Server's WITH (...) after a table's name asks for.
enum class TableHint : uint16_t {
  kNoLock = 1 << 0,          ///< NOLOCK, READUNCOMMITTED: read without locks, dirty rows too
  kReadCommitted = 1 << 1,   ///< READCOMMITTED, READCOMMITTEDLOCK: locks only while reading
  kRepeatableRead = 1 << 2,  ///< REPEATABLEREAD: keep the locks of rows read
  kHoldLock = 1 << 3,        ///< HOLDLOCK, SERIALIZABLE: keep those of ranges too
  kUpdLock = 1 << 4,         ///< UPDLOCK: rows read get U locks, kept
  kXLock = 1 << 5,           ///< XLOCK: rows read get X locks, kept
  kRowLock = 1 << 6,         ///< ROWLOCK: rows, do not begin with pages or the table
  kPageLock = 1 << 7,        ///< PAGLOCK
  kTableLock = 1 << 8,       ///< TABLOCK: the table, S or X as the statement needs
  kTableLockX = 1 << 9,      ///< TABLOCKX: the table, X, kept
  kReadPast = 1 << 10,       ///< READPAST: pass over locked rows
  kNoWait = 1 << 11,         ///< NOWAIT: fail rather than wait
  kSnapshot = 1 << 12,       ///< SNAPSHOT: read versions
};

class TableHints {
 public:
  constexpr TableHints() = default;
  constexpr explicit TableHints(uint16_t bits) : bits_(bits) {}
  constexpr void add(TableHint hint) { bits_ |= static_cast<uint16_t>(hint); }
  constexpr bool has(TableHint hint) const { return (bits_ & static_cast<uint16_t>(hint)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr uint16_t bits() const { return bits_; }

 private:
  uint16_t bits_ = 0;
};

/// The hints of one table in a text. `location` is where its name begins, in bytes: the location of
/// its RangeVar in the parser's tree.
struct HintedTable {
  size_t location = 0;
  TableHints hints;
};

}  // namespace isolde::sql
