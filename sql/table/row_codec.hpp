#pragma once

#include <span>
#include <vector>

#include "sql/table/row_shape.hpp"
#include "sql/types/arena.hpp"
#include "storage/bytes.hpp"
#include "storage/overflow.hpp"

// Rows as bytes.
//
//   uint16 head      how many columns, kHasNulls, kHasOutside
//   null bitmap      a bit a column, 1: NULL; only with kHasNulls
//   values           in order; NULLs take no room
//   outside          only with kHasOutside: an OverflowRef each, then uint16 how many
//
// Fixed values lie packed, in this machine's byte order. Varying ones have a length head:
//
//   0 .. 252      so many bytes follow
//   253           uint16 length, bytes
//   254           uint32 length, bytes
//   255           uint16 number of an OverflowRef in `outside`: the value is out of line
//
// Columns added to a table later are missing in older rows; their values are RowColumn::missing.
// References stand at the end so that vacuum finds them without knowing the columns.
//
// Reading is the inner loop of every scan: a decoder is made once for the columns wanted, and knows
// the places of those that have only fixed ones before them.

namespace isolde::sql {

using storage::Bytes;
using storage::ByteSpan;

/// Fetches and keeps values that are out of line.
struct OutsideReader {
  storage::Overflow overflow;
  Arena* arena = nullptr;

  OutsideReader(storage::Store& store, storage::RelationId relation, Arena* into)
      : overflow(store, relation), arena(into) {}
};

/// Reads some columns of rows. Values are views into the row's bytes, or live in the reader's
/// arena.
class RowDecoder {
 public:
  RowDecoder() = default;
  /// `wanted` are places in `shape`, ascending; the value of column c goes to out[c], or to the
  /// place that `outputs` gives for it.
  RowDecoder(const RowShape& shape, std::vector<int> wanted, const std::vector<int>& outputs = {});

  void decode(ByteSpan row, Datum* out, OutsideReader* outside) const;
  const std::vector<int>& wanted() const { return wanted_; }

 private:
  struct Step {
    ValueForm form;
    bool wanted;
    uint8_t width;
    uint16_t column;
    uint16_t out;
    uint32_t offset;  ///< from the first value; of places_
  };
  void decode_slowly(ByteSpan row, Datum* out, OutsideReader* outside) const;

  std::vector<int> wanted_;
  std::vector<Step> places_;  ///< wanted columns with only fixed ones before them
  std::vector<Step> walk_;    ///< from the first varying column to the last wanted one
  uint32_t walk_from_ = 0;
  std::vector<Step> all_;  ///< every column up to the last wanted one
  std::vector<Datum> missing_;
};

/// Writes rows. One a statement: it keeps room for the next row.
class RowEncoder {
 public:
  /// `overflow` may be null: then nothing goes out of line.
  RowEncoder(const RowShape& shape, storage::Overflow* overflow);

  /// The bytes of a row, valid until the next call. `txn` writes what goes out of line; 54000 when
  /// the row is too wide anyway.
  ByteSpan encode(const Datum* values, base::TxnId txn);
  /// The same for a changed row: columns that `changed` does not mark are taken from `old` as they
  /// are, references included.
  ByteSpan encode_change(ByteSpan old, const Datum* values, const std::vector<bool>& changed,
                         base::TxnId txn);
  /// Whether the last row has values out of line.
  bool has_outside() const { return !outside_.empty(); }

 private:
  struct Piece {
    ByteSpan bytes;  ///< of varying values without a head; of raw ones with it
    bool null = true;
    bool raw = false;  ///< copied from an older version
    int outside = -1;
  };
  ByteSpan write(base::TxnId txn);
  void set(size_t column, Datum value);
  void take_old(ByteSpan old, const std::vector<bool>& changed);
  size_t size() const;
  void move_outside(base::TxnId txn);

  const RowShape& shape_;
  storage::Overflow* overflow_;
  std::vector<Piece> pieces_;
  std::vector<std::byte> fixed_;  ///< fixed values, 16 bytes a column
  std::vector<storage::OverflowRef> outside_;
  Bytes row_;
};

/// Calls `visit` with every reference of a row.
template <typename Visit>
void for_each_outside(ByteSpan row, Visit&& visit) {
  constexpr uint16_t kHasOutside = 0x4000;
  if (row.size() < 2 || (storage::load<uint16_t>(row.data()) & kHasOutside) == 0) return;
  size_t count = storage::load<uint16_t>(row.data() + row.size() - 2);
  const std::byte* at = row.data() + row.size() - 2 - count * storage::OverflowRef::kEncodedSize;
  for (size_t i = 0; i < count; ++i, at += storage::OverflowRef::kEncodedSize) {
    visit(storage::OverflowRef::decode(at));
  }
}

}  // namespace isolde::sql
