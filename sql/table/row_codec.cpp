#include "sql/table/row_codec.hpp"

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "sql/types/errors.hpp"
#include "storage/heap_format.hpp"

namespace isolde::sql {

using storage::load;
using storage::OverflowRef;
using storage::store;

namespace {

constexpr uint16_t kHasNulls = 0x8000;
constexpr uint16_t kHasOutside = 0x4000;
constexpr uint16_t kCountBits = 0x3fff;
constexpr size_t kHeadSize = 2;

constexpr size_t kLargestShort = 252;
enum LengthHead : uint8_t { kLength16 = 253, kLength32 = 254, kOutsideHead = 255 };

/// Values below this width stay in the row as long as it fits on a page.
constexpr size_t kWorthMoving = 256;
constexpr size_t kSmallestMoved = 32;

size_t bitmap_size(size_t columns) {
  return (columns + 7) / 8;
}

bool is_null(const std::byte* bitmap, size_t column) {
  return (static_cast<uint8_t>(bitmap[column / 8]) >> (column % 8) & 1) != 0;
}

size_t head_size(size_t length) {
  if (length <= kLargestShort) return 1;
  return length <= UINT16_MAX ? 3 : 5;
}

/// A varying value in a row: where it is, and where the next one begins.
struct Varying {
  const std::byte* bytes;
  size_t length;
  bool outside;
  const std::byte* end() const { return bytes + length; }
};

inline Varying varying_at(const std::byte* at) {
  auto head = static_cast<uint8_t>(*at);
  if (head <= kLargestShort) [[likely]]
    return {at + 1, head, false};
  if (head == kLength16) return {at + 3, load<uint16_t>(at + 1), false};
  if (head == kLength32) return {at + 5, load<uint32_t>(at + 1), false};
  return {at + 1, 2, true};
}

inline Datum bytes_datum(const std::byte* at, size_t length) {
  return Datum::of_bytes({reinterpret_cast<const char*>(at), length});
}

inline Datum fixed_value(ValueForm form, const std::byte* at, size_t width) {
  switch (form) {
    case ValueForm::kBool:
      return Datum::of_bool(load<uint8_t>(at) != 0);
    case ValueForm::kInt1:
      return Datum::of_int(load<uint8_t>(at));
    case ValueForm::kInt2:
      return Datum::of_int(load<int16_t>(at));
    case ValueForm::kInt4:
      return Datum::of_int(load<int32_t>(at));
    case ValueForm::kUint4:
      return Datum::of_int(load<uint32_t>(at));
    case ValueForm::kInt8:
      return Datum::of_int(load<int64_t>(at));
    case ValueForm::kFloat4:
      return Datum::of_float(static_cast<double>(load<float>(at)));
    case ValueForm::kFloat8:
      return Datum::of_float(load<double>(at));
    case ValueForm::kFixedBytes:
    case ValueForm::kVarying:
      return bytes_datum(at, width);
  }
  return Datum::null();
}

void store_fixed(ValueForm form, Datum value, std::byte* at, size_t width) {
  switch (form) {
    case ValueForm::kBool:
      store(at, static_cast<uint8_t>(value.as_bool()));
      return;
    case ValueForm::kInt1:
      store(at, static_cast<uint8_t>(value.as_int()));
      return;
    case ValueForm::kInt2:
      store(at, static_cast<int16_t>(value.as_int()));
      return;
    case ValueForm::kInt4:
      store(at, static_cast<int32_t>(value.as_int()));
      return;
    case ValueForm::kUint4:
      store(at, static_cast<uint32_t>(value.as_int()));
      return;
    case ValueForm::kInt8:
      store(at, value.as_int());
      return;
    case ValueForm::kFloat4:
      store(at, static_cast<float>(value.as_float()));
      return;
    case ValueForm::kFloat8:
      store(at, value.as_float());
      return;
    case ValueForm::kFixedBytes:
      ISOLDE_ASSERT(value.as_bytes().size() == width, "a value has not the width of its type");
      std::memcpy(at, value.as_bytes().data(), width);
      return;
    case ValueForm::kVarying:
      return;
  }
}

OverflowRef outside_ref(ByteSpan row, size_t number) {
  size_t count = load<uint16_t>(row.data() + row.size() - 2);
  size_t back = 2 + (count - number) * OverflowRef::kEncodedSize;
  return OverflowRef::decode(row.data() + row.size() - back);
}

Datum fetch_outside(ByteSpan row, const std::byte* number, OutsideReader* outside) {
  ISOLDE_CHECK(outside != nullptr, "a value out of line where none can be read");
  OverflowRef ref = outside_ref(row, load<uint16_t>(number));
  Bytes value = base::value_or_throw(outside->overflow.read(ref));
  return outside->arena->bytes({reinterpret_cast<const char*>(value.data()), value.size()});
}

}  // namespace

RowColumn row_column(const Type& given) {
  const Type& type = given;
  RowColumn column{&given, ValueForm::kVarying, 0, false, Datum()};
  auto form = [&](ValueForm f, int width) {
    column.form = f;
    column.width = static_cast<uint8_t>(width);
  };
  switch (type.storage) {
    case Storage::kBool:
      form(ValueForm::kBool, 1);
      break;
    case Storage::kFloat:
      form(type.size == 4 ? ValueForm::kFloat4 : ValueForm::kFloat8, type.size);
      break;
    case Storage::kInteger: {
      bool is_signed = type.category == 'D' || type.oid == base::Oid(23);
      if (type.size == 1) form(ValueForm::kInt1, 1);
      if (type.size == 2) form(ValueForm::kInt2, 2);
      if (type.size == 4) form(is_signed ? ValueForm::kInt4 : ValueForm::kUint4, 4);
      if (type.size == 8) form(ValueForm::kInt8, 8);
      break;
    }
    case Storage::kBytes:
      // A name is stored by its length.
      if (type.size > 0 && type.size <= 16) form(ValueForm::kFixedBytes, type.size);
      break;
  }
  return column;
}

// --- reading

RowDecoder::RowDecoder(const RowShape& shape, std::vector<int> wanted,
                       const std::vector<int>& outputs)
    : wanted_(std::move(wanted)) {
  if (wanted_.empty()) return;
  auto last = static_cast<size_t>(wanted_.back());
  std::vector<bool> is_wanted(last + 1, false);
  std::vector<int> out(last + 1, 0);
  for (size_t i = 0; i < wanted_.size(); ++i) {
    auto column = static_cast<size_t>(wanted_[i]);
    is_wanted[column] = true;
    out[column] = outputs.empty() ? wanted_[i] : outputs[i];
  }
  bool fixed_so_far = true;
  uint32_t offset = 0;
  for (size_t i = 0; i <= last; ++i) {
    const RowColumn& column = shape[i];
    Step step{column.form,
              is_wanted[i],
              column.width,
              static_cast<uint16_t>(i),
              static_cast<uint16_t>(out[i]),
              offset};
    all_.push_back(step);
    missing_.push_back(column.missing);
    if (fixed_so_far && !column.fixed()) {
      fixed_so_far = false;
      walk_from_ = offset;
    }
    if (!fixed_so_far) {
      bool joins = !walk_.empty() && !walk_.back().wanted && !step.wanted && column.fixed() &&
                   walk_.back().form == ValueForm::kFixedBytes && walk_.back().width < 128;
      if (joins) {
        walk_.back().width = static_cast<uint8_t>(walk_.back().width + column.width);
      } else {
        if (!step.wanted && column.fixed()) step.form = ValueForm::kFixedBytes;
        walk_.push_back(step);
      }
    } else {
      if (step.wanted) places_.push_back(step);
      offset += column.width;
    }
  }
}

void RowDecoder::decode(ByteSpan row, Datum* out, OutsideReader* outside) const {
  if (all_.empty()) return;
  const auto head = load<uint16_t>(row.data());
  if ((head & (kHasNulls | kHasOutside)) != 0 || (head & kCountBits) < all_.size()) {
    decode_slowly(row, out, outside);
    return;
  }
  const std::byte* const values = row.data() + kHeadSize;
  for (const Step& step : places_) {
    out[step.out] = step.form == ValueForm::kVarying
                        ? bytes_datum(values, 0)
                        : fixed_value(step.form, values + step.offset, step.width);
  }
  const std::byte* at = values + walk_from_;
  for (const Step& step : walk_) {
    if (step.form == ValueForm::kVarying) {
      Varying value = varying_at(at);
      if (step.wanted) out[step.out] = bytes_datum(value.bytes, value.length);
      at = value.end();
    } else {
      if (step.wanted) out[step.out] = fixed_value(step.form, at, step.width);
      at += step.width;
    }
  }
}

void RowDecoder::decode_slowly(ByteSpan row, Datum* out, OutsideReader* outside) const {
  const auto head = load<uint16_t>(row.data());
  const size_t count = head & kCountBits;
  const std::byte* const bitmap = (head & kHasNulls) != 0 ? row.data() + kHeadSize : nullptr;
  const std::byte* at = row.data() + kHeadSize + (bitmap != nullptr ? bitmap_size(count) : 0);
  for (const Step& step : all_) {
    if (step.column >= count) {
      if (step.wanted) out[step.out] = missing_[step.column];
    } else if (bitmap != nullptr && is_null(bitmap, step.column)) {
      if (step.wanted) out[step.out] = Datum::null();
    } else if (step.form != ValueForm::kVarying) {
      if (step.wanted) out[step.out] = fixed_value(step.form, at, step.width);
      at += step.width;
    } else {
      Varying value = varying_at(at);
      if (step.wanted) {
        out[step.out] = value.outside ? fetch_outside(row, value.bytes, outside)
                                      : bytes_datum(value.bytes, value.length);
      }
      at = value.end();
    }
  }
}

// --- writing

RowEncoder::RowEncoder(const RowShape& shape, storage::Overflow* overflow)
    : shape_(shape), overflow_(overflow), pieces_(shape.size()), fixed_(shape.size() * 16) {}

void RowEncoder::set(size_t i, Datum value) {
  Piece& piece = pieces_[i];
  piece = Piece{};
  const RowColumn& column = shape_[i];
  if (value.is_null() || column.dropped) return;
  piece.null = false;
  if (column.fixed()) {
    std::byte* at = fixed_.data() + i * 16;
    store_fixed(column.form, value, at, column.width);
    piece.bytes = {at, column.width};
  } else {
    piece.bytes = std::as_bytes(std::span(value.as_bytes()));
  }
}

ByteSpan RowEncoder::encode(const Datum* values, base::TxnId txn) {
  outside_.clear();
  for (size_t i = 0; i < shape_.size(); ++i) set(i, values[i]);
  return write(txn);
}

ByteSpan RowEncoder::encode_change(ByteSpan old, const Datum* values,
                                   const std::vector<bool>& changed, base::TxnId txn) {
  outside_.clear();
  take_old(old, changed);
  for (size_t i = 0; i < shape_.size(); ++i) {
    if (changed[i]) set(i, values[i]);
  }
  return write(txn);
}

/// Pieces of the old version for what does not change; what it lacks is written as the missing
/// value.
void RowEncoder::take_old(ByteSpan old, const std::vector<bool>& changed) {
  const auto head = load<uint16_t>(old.data());
  const size_t count = head & kCountBits;
  const std::byte* const bitmap = (head & kHasNulls) != 0 ? old.data() + kHeadSize : nullptr;
  const std::byte* at = old.data() + kHeadSize + (bitmap != nullptr ? bitmap_size(count) : 0);
  for (size_t i = 0; i < shape_.size(); ++i) {
    const RowColumn& column = shape_[i];
    if (i >= count) {
      if (!changed[i]) set(i, column.missing);
      continue;
    }
    Piece& piece = pieces_[i];
    piece = Piece{};
    if (bitmap != nullptr && is_null(bitmap, i)) continue;
    const std::byte* const begin = at;
    bool outside = false;
    if (column.fixed()) {
      at += column.width;
    } else {
      Varying value = varying_at(at);
      outside = value.outside;
      at = value.end();
    }
    if (changed[i] || column.dropped) continue;
    piece.null = false;
    if (outside) {
      piece.outside = static_cast<int>(outside_.size());
      outside_.push_back(outside_ref(old, load<uint16_t>(begin + 1)));
    } else {
      piece.bytes = {begin, at};
      piece.raw = true;
    }
  }
}

size_t RowEncoder::size() const {
  size_t total = kHeadSize;
  bool nulls = false;
  for (size_t i = 0; i < shape_.size(); ++i) {
    const Piece& piece = pieces_[i];
    if (piece.null) {
      nulls = true;
    } else if (piece.outside >= 0) {
      total += 3;
    } else {
      total += piece.bytes.size();
      if (!shape_[i].fixed() && !piece.raw) total += head_size(piece.bytes.size());
    }
  }
  if (nulls) total += bitmap_size(shape_.size());
  if (!outside_.empty()) total += outside_.size() * OverflowRef::kEncodedSize + 2;
  return total;
}

/// The widest values first, until the row is no wider than it should be.
void RowEncoder::move_outside(base::TxnId txn) {
  constexpr size_t kMost = storage::kMaxVersionSize - storage::kVersionHeaderSize - 8;
  while (overflow_ != nullptr && size() > storage::kOverflowThreshold) {
    size_t widest = shape_.size();
    size_t width = 0;
    for (size_t i = 0; i < shape_.size(); ++i) {
      const Piece& piece = pieces_[i];
      if (piece.null || piece.outside >= 0 || shape_[i].fixed()) continue;
      if (piece.bytes.size() > width) {
        width = piece.bytes.size();
        widest = i;
      }
    }
    if (width < (size() > kMost ? kSmallestMoved : kWorthMoving)) break;
    Piece& piece = pieces_[widest];
    ByteSpan value = piece.bytes;
    if (piece.raw) {
      Varying old = varying_at(value.data());
      value = {old.bytes, old.length};
    }
    piece.outside = static_cast<int>(outside_.size());
    outside_.push_back(base::value_or_throw(overflow_->write(txn, value)));
  }
  if (overflow_ != nullptr && size() > kMost) {
    fail(base::sqlstate::kProgramLimitExceeded, "row is too big: size " + std::to_string(size()) +
                                                    ", maximum size " + std::to_string(kMost));
  }
}

ByteSpan RowEncoder::write(base::TxnId txn) {
  size_t total = size();
  if (total > storage::kOverflowThreshold) {
    move_outside(txn);
    total = size();
  }
  row_.resize(total);
  bool nulls = std::any_of(pieces_.begin(), pieces_.end(), [](const Piece& p) { return p.null; });
  auto head = static_cast<uint16_t>(shape_.size());
  if (nulls) head |= kHasNulls;
  if (!outside_.empty()) head |= kHasOutside;
  store(row_.data(), head);
  std::byte* at = row_.data() + kHeadSize;
  if (nulls) {
    std::memset(at, 0, bitmap_size(shape_.size()));
    for (size_t i = 0; i < pieces_.size(); ++i) {
      if (pieces_[i].null) at[i / 8] |= static_cast<std::byte>(1U << (i % 8));
    }
    at += bitmap_size(shape_.size());
  }
  for (size_t i = 0; i < shape_.size(); ++i) {
    const Piece& piece = pieces_[i];
    if (piece.null) continue;
    if (piece.outside >= 0) {
      *at = static_cast<std::byte>(kOutsideHead);
      store(at + 1, static_cast<uint16_t>(piece.outside));
      at += 3;
      continue;
    }
    size_t length = piece.bytes.size();
    if (!shape_[i].fixed() && !piece.raw) {
      if (length <= kLargestShort) {
        *at++ = static_cast<std::byte>(length);
      } else if (length <= UINT16_MAX) {
        *at = static_cast<std::byte>(kLength16);
        store(at + 1, static_cast<uint16_t>(length));
        at += 3;
      } else {
        *at = static_cast<std::byte>(kLength32);
        store(at + 1, static_cast<uint32_t>(length));
        at += 5;
      }
    }
    if (length > 0) std::memcpy(at, piece.bytes.data(), length);
    at += length;
  }
  for (const OverflowRef& ref : outside_) {
    ref.encode(at);
    at += OverflowRef::kEncodedSize;
  }
  if (!outside_.empty()) store(at, static_cast<uint16_t>(outside_.size()));
  return row_;
}

}  // namespace isolde::sql
