#include "sql/exec/row_packer.hpp"

#include <cstring>

#include "sql/types/type_ids.hpp"

namespace isolde::sql {

namespace {

template <typename T>
char* put(char* out, T value) {
  std::memcpy(out, &value, sizeof value);
  return out + sizeof value;
}
template <typename T>
T take(const char*& in) {
  T value;
  std::memcpy(&value, in, sizeof value);
  in += sizeof value;
  return value;
}

}  // namespace

RowPacker::RowPacker(std::span<const Type* const> types) : bitmap_((types.size() + 7) / 8) {
  for (const Type* type : types) {
    Form form = Form::kEight;
    if (type->storage == Storage::kBytes) form = Form::kBytes;
    if (type->storage == Storage::kBool) form = Form::kBool;
    const bool small =
        type->oid == types::kInt4 || type->oid == types::kInt2 || type->oid == types::kDate;
    if (small) form = Form::kInt4;
    forms_.push_back(form);
    fixed_ = fixed_ && form != Form::kBytes;
    fixed_size_ += form == Form::kBool ? 1 : form == Form::kEight ? 8 : 4;
  }
  fixed_size_ += bitmap_;
}

size_t RowPacker::size(const Datum* row) const {
  size_t total = fixed_size_;  // NULLs may take less
  if (fixed_) return total;
  for (size_t i = 0; i < forms_.size(); ++i) {
    if (forms_[i] == Form::kBytes && !row[i].is_null()) total += row[i].as_bytes().size();
  }
  return total;
}

char* RowPacker::pack(const Datum* row, char* out) const {
  char* const bits = out;
  std::memset(bits, 0, bitmap_);
  out += bitmap_;
  for (size_t i = 0; i < forms_.size(); ++i) {
    if (row[i].is_null()) {
      bits[i / 8] = static_cast<char>(bits[i / 8] | 1 << (i % 8));
      continue;
    }
    switch (forms_[i]) {
      case Form::kBool:
        out = put(out, row[i].as_bool());
        break;
      case Form::kInt4:
        out = put(out, static_cast<int32_t>(row[i].as_int()));
        break;
      case Form::kEight:
        out = put(out, row[i].as_int());  // a float's bits are the same eight bytes
        break;
      case Form::kBytes: {
        std::string_view bytes = row[i].as_bytes();
        out = put(out, static_cast<uint32_t>(bytes.size()));
        if (!bytes.empty()) std::memcpy(out, bytes.data(), bytes.size());
        out += bytes.size();
        break;
      }
    }
  }
  return out;
}

const char* RowPacker::unpack(const char* in, Datum* row) const {
  const char* const bits = in;
  in += bitmap_;
  for (size_t i = 0; i < forms_.size(); ++i) {
    if ((bits[i / 8] >> (i % 8) & 1) != 0) {
      row[i] = Datum::null();
      continue;
    }
    switch (forms_[i]) {
      case Form::kBool:
        row[i] = Datum::of_bool(take<bool>(in));
        break;
      case Form::kInt4:
        row[i] = Datum::of_int(take<int32_t>(in));
        break;
      case Form::kEight:
        row[i] = Datum::of_int(take<int64_t>(in));
        break;
      case Form::kBytes: {
        const auto size = take<uint32_t>(in);
        row[i] = Datum::of_bytes({in, size});
        in += size;
        break;
      }
    }
  }
  return in;
}

}  // namespace isolde::sql
