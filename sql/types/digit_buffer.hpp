#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace isolde::sql {

/// A vector of base-10000 digits that keeps the usual, short, ones in itself.
class DigitBuffer {
 public:
  DigitBuffer() = default;
  DigitBuffer(size_t count, int16_t value) {
    reserve(count);
    std::fill_n(data(), count, value);
    size_ = count;
  }
  DigitBuffer(const int16_t* first, const int16_t* last) { append(first, last); }
  DigitBuffer(const DigitBuffer& other) { append(other.begin(), other.end()); }
  DigitBuffer(DigitBuffer&& other) noexcept { take(other); }
  DigitBuffer& operator=(const DigitBuffer& other) {
    if (this == &other) return *this;
    size_ = 0;
    append(other.begin(), other.end());
    return *this;
  }
  DigitBuffer& operator=(DigitBuffer&& other) noexcept {
    if (this != &other) take(other);
    return *this;
  }
  ~DigitBuffer() = default;

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  int16_t* data() { return heap_ ? heap_.get() : inside_; }
  const int16_t* data() const { return heap_ ? heap_.get() : inside_; }
  int16_t* begin() { return data(); }
  int16_t* end() { return data() + size_; }
  const int16_t* begin() const { return data(); }
  const int16_t* end() const { return data() + size_; }
  int16_t& operator[](size_t i) { return data()[i]; }
  int16_t operator[](size_t i) const { return data()[i]; }
  int16_t front() const { return data()[0]; }
  int16_t back() const { return data()[size_ - 1]; }
  int16_t& back() { return data()[size_ - 1]; }

  void reserve(size_t count) {
    if (count <= capacity_) return;
    count = std::max(count, capacity_ * 2);
    auto grown = std::make_unique<int16_t[]>(count);
    std::copy(begin(), end(), grown.get());
    heap_ = std::move(grown);
    capacity_ = count;
  }
  void resize(size_t count) {
    reserve(count);
    if (count > size_) std::fill(data() + size_, data() + count, int16_t{0});
    size_ = count;
  }
  void push_back(int16_t digit) {
    reserve(size_ + 1);
    data()[size_++] = digit;
  }
  void pop_back() { --size_; }
  void append(const int16_t* first, const int16_t* last) {
    reserve(size_ + static_cast<size_t>(last - first));
    std::copy(first, last, end());
    size_ += static_cast<size_t>(last - first);
  }
  void drop_front(size_t count) {
    if (count == 0) return;
    std::copy(begin() + count, end(), begin());
    size_ -= count;
  }

 private:
  static constexpr size_t kInside = 20;

  void take(DigitBuffer& other) noexcept {
    if (other.heap_) {
      heap_ = std::move(other.heap_);
      capacity_ = other.capacity_;
    } else {
      heap_.reset();
      capacity_ = kInside;
      std::copy(other.begin(), other.end(), inside_);
    }
    size_ = other.size_;
    other.size_ = 0;
    other.capacity_ = kInside;
  }

  int16_t inside_[kInside] = {};
  size_t size_ = 0;
  size_t capacity_ = kInside;
  std::unique_ptr<int16_t[]> heap_;
};

}  // namespace isolde::sql
