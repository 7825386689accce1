#include "sql/types/array.hpp"

#include <cstring>

#include "sql/types/byte_order.hpp"
#include "sql/types/domain_type.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

constexpr size_t kHeaderSize = 16;
constexpr uint16_t kHasNulls = 1;
constexpr uint16_t kSigned = 2;
constexpr uint16_t kFloats = 4;

constexpr size_t bitmap_size(size_t elements) {
  return (elements + 31) / 32 * 4;
}

/// Bytes a packed value takes, or -1 when the elements are byte strings.
int16_t packed_width(const Type& element) {
  return element.storage == Storage::kBytes ? int16_t{-1} : element.size;
}

/// Integers of four bytes are signed (integer, date) or not (oid and its kin).
uint16_t flags_of(const Type& element) {
  if (element.storage == Storage::kFloat) return kFloats;
  const Type& base = base_of(element);
  return base.oid == types::kInt4 || base.oid == types::kDate ? kSigned : uint16_t{0};
}

void store_fixed(char* to, Datum value, int16_t width, Storage storage) {
  if (storage == Storage::kFloat) {
    if (width == 4) return store(to, static_cast<float>(value.as_float()));
    return store(to, value.as_float());
  }
  int64_t integer = value.as_int();  // little-endian: the low bytes come first
  std::memcpy(to, &integer, static_cast<size_t>(width));
}

size_t bytes_total(std::span<const Datum> elements) {
  size_t total = 0;
  for (Datum d : elements) total += d.is_null() ? 0 : d.as_bytes().size();
  return total;
}

void store_elements(char* to, std::span<const Datum> elements, int16_t width, Storage storage) {
  if (width > 0) {
    for (size_t i = 0; i < elements.size(); ++i) {
      char* at = to + i * static_cast<size_t>(width);
      if (elements[i].is_null()) {
        std::memset(at, 0, static_cast<size_t>(width));
      } else {
        store_fixed(at, elements[i], width, storage);
      }
    }
    return;
  }
  char* bytes = to + elements.size() * sizeof(uint32_t);
  uint32_t end = 0;
  for (size_t i = 0; i < elements.size(); ++i) {
    if (!elements[i].is_null()) {
      std::string_view value = elements[i].as_bytes();
      if (!value.empty()) std::memcpy(bytes + end, value.data(), value.size());
      end += static_cast<uint32_t>(value.size());
    }
    store(to + i * sizeof(uint32_t), end);
  }
}

}  // namespace

const Type& element_type_of(const Type& array) {
  return array.element != nullptr ? *array.element : type_of(array.element_type);
}

ArrayView::ArrayView(std::string_view bytes)
    : dimensions_(load<int32_t>(bytes.data())),
      size_(load<int32_t>(bytes.data() + 8)),
      element_(load<uint32_t>(bytes.data() + 4)),
      dims_(bytes.data() + kHeaderSize) {
  const char* after = dims_ + static_cast<size_t>(dimensions_) * 8;
  flags_ = load<uint16_t>(bytes.data() + 12);
  width_ = load<int16_t>(bytes.data() + 14);
  bool nulls = (flags_ & kHasNulls) != 0;
  nulls_ = nulls ? after : nullptr;
  data_ = nulls ? after + bitmap_size(static_cast<size_t>(size_)) : after;
}

ArrayDimension ArrayView::dimension(int i) const {
  return {load<int32_t>(dims_ + i * 8), load<int32_t>(dims_ + i * 8 + 4)};
}

Datum ArrayView::fixed(int32_t i) const {
  const char* at = data_ + static_cast<size_t>(i) * static_cast<size_t>(width_);
  if ((flags_ & kFloats) != 0) {
    return Datum::of_float(width_ == 4 ? static_cast<double>(load<float>(at)) : load<double>(at));
  }
  switch (width_) {
    case 1:
      return Datum::of_int(load<int8_t>(at));
    case 2:
      return Datum::of_int(load<int16_t>(at));
    case 4: {
      bool is_signed = (flags_ & kSigned) != 0;
      return Datum::of_int(is_signed ? int64_t{load<int32_t>(at)} : int64_t{load<uint32_t>(at)});
    }
    default:
      return Datum::of_int(load<int64_t>(at));
  }
}

Datum ArrayView::operator[](int32_t i) const {
  if (nulls_ != nullptr && (nulls_[i / 8] >> (i % 8) & 1) != 0) return Datum::null();
  if (width_ > 0) return fixed(i);
  const char* bytes = data_ + static_cast<size_t>(size_) * sizeof(uint32_t);
  uint32_t begin = i == 0 ? 0 : load<uint32_t>(data_ + static_cast<size_t>(i - 1) * 4);
  uint32_t end = load<uint32_t>(data_ + static_cast<size_t>(i) * 4);
  return Datum::of_bytes({bytes + begin, end - begin});
}

Datum ArrayView::at(std::span<const int32_t> subscripts) const {
  if (static_cast<int>(subscripts.size()) != dimensions_) return Datum::null();
  int32_t index = 0;
  for (int i = 0; i < dimensions_; ++i) {
    ArrayDimension d = dimension(i);
    int64_t offset = int64_t{subscripts[static_cast<size_t>(i)]} - d.lower_bound;
    if (offset < 0 || offset >= d.length) return Datum::null();
    index = index * d.length + static_cast<int32_t>(offset);
  }
  return (*this)[index];
}

Datum make_array(const Type& element, std::span<const Datum> elements,
                 std::span<const ArrayDimension> dimensions, Arena& arena) {
  bool nulls = false;
  for (Datum d : elements) nulls |= d.is_null();
  int16_t width = packed_width(element);
  size_t head = kHeaderSize + dimensions.size() * 8;
  size_t bitmap = nulls ? bitmap_size(elements.size()) : 0;
  size_t body = width > 0 ? elements.size() * static_cast<size_t>(width)
                          : elements.size() * sizeof(uint32_t) + bytes_total(elements);
  char* to = arena.allocate(head + bitmap + body);
  store(to, static_cast<int32_t>(dimensions.size()));
  store(to + 4, element.oid.value);
  store(to + 8, static_cast<int32_t>(elements.size()));
  store(to + 12, static_cast<uint16_t>(flags_of(element) | (nulls ? kHasNulls : 0)));
  store(to + 14, width);
  for (size_t i = 0; i < dimensions.size(); ++i) {
    store(to + kHeaderSize + i * 8, dimensions[i].length);
    store(to + kHeaderSize + i * 8 + 4, dimensions[i].lower_bound);
  }
  char* bits = to + head;
  std::memset(bits, 0, bitmap);
  for (size_t i = 0; nulls && i < elements.size(); ++i) {
    if (elements[i].is_null()) bits[i / 8] = static_cast<char>(bits[i / 8] | 1 << (i % 8));
  }
  store_elements(bits + bitmap, elements, width, element.storage);
  return Datum::of_bytes({to, head + bitmap + body});
}

Datum make_array(const Type& element, std::span<const Datum> elements, Arena& arena) {
  if (elements.empty()) return empty_array(element, arena);
  ArrayDimension one{static_cast<int32_t>(elements.size())};
  return make_array(element, elements, {&one, 1}, arena);
}

Datum empty_array(const Type& element, Arena& arena) {
  return make_array(element, {}, {}, arena);
}

}  // namespace isolde::sql
