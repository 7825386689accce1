#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>

namespace isolde::sql {

/// One value in flight: 16 bytes, copied freely, owning nothing. Fixed-size types live in the
/// datum itself; the others are a view of bytes that somebody else keeps alive: an Arena for the
/// length of a row or a statement, a pinned page, a parameter.
///
/// Which member of the union is used follows from the type (Type::storage); no datum knows its own.
class Datum {
 public:
  constexpr Datum() : integer_(0), size_(0), null_(true) {}

  static constexpr Datum null() { return Datum(); }
  static constexpr Datum of_bool(bool v) { return Datum(static_cast<int64_t>(v)); }
  static constexpr Datum of_int(int64_t v) { return Datum(v); }
  static constexpr Datum of_float(double v) {
    Datum d(int64_t{0});
    d.real_ = v;
    return d;
  }
  static constexpr Datum of_bytes(std::string_view v) {
    Datum d(int64_t{0});
    d.bytes_ = v.data();
    d.size_ = static_cast<uint32_t>(v.size());
    return d;
  }

  constexpr bool is_null() const { return null_; }
  constexpr bool as_bool() const { return integer_ != 0; }
  constexpr int64_t as_int() const { return integer_; }
  constexpr double as_float() const { return real_; }
  constexpr std::string_view as_bytes() const { return {bytes_, size_}; }

 private:
  constexpr explicit Datum(int64_t v) : integer_(v), size_(0), null_(false) {}

  union {
    int64_t integer_;
    double real_;
    const char* bytes_;
  };
  uint32_t size_;
  bool null_;
};

static_assert(sizeof(Datum) == 16 && std::is_trivially_copyable_v<Datum>);

}  // namespace isolde::sql
