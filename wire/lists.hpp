#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "wire/byte_order.hpp"
#include "wire/types.hpp"

namespace isolde::wire {

/// Lists inside a message, left where they are: each is a view of bytes that a decoder (or a
/// builder, below) has found to be well formed, and turns them into elements as one asks.
/// They allocate nothing, and live as long as the bytes do.

/// Big-endian integers of one width: parameter types, format codes.
template <WireInteger T>
class IntList {
 public:
  class Iterator {
   public:
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    explicit Iterator(const char* at) : at_(at) {}
    T operator*() const { return load_big_endian<T>(at_); }
    Iterator& operator++() {
      at_ += sizeof(T);
      return *this;
    }
    Iterator operator++(int) { return std::exchange(*this, Iterator(at_ + sizeof(T))); }
    bool operator==(const Iterator&) const = default;

   private:
    const char* at_ = nullptr;
  };

  IntList() = default;
  explicit IntList(std::string_view bytes) : bytes_(bytes) {
    assert(bytes.size() % sizeof(T) == 0 && "half an integer in a list");
  }

  size_t size() const { return bytes_.size() / sizeof(T); }
  bool empty() const { return bytes_.empty(); }
  T operator[](size_t index) const {
    assert(index < size());
    return load_big_endian<T>(bytes_.data() + index * sizeof(T));
  }
  Iterator begin() const { return Iterator(bytes_.data()); }
  Iterator end() const { return Iterator(bytes_.data() + bytes_.size()); }
  std::string_view bytes() const { return bytes_; }
  bool operator==(const IntList&) const = default;

 private:
  std::string_view bytes_;
};

using OidList = IntList<Oid>;

/// The format codes of a Bind or FunctionCall, with the protocol's short forms.
class FormatList : public IntList<Format> {
 public:
  using IntList::IntList;
  /// The format of element `index`: no code at all means text, a single one is for every element.
  Format of(size_t index) const {
    if (empty()) return Format::kText;
    return (*this)[size() == 1 ? 0 : index];
  }
};

/// Values, each a length word (-1 for NULL) and its bytes. Walked from the front.
class ValueList {
 public:
  class Iterator {
   public:
    using value_type = Value;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    explicit Iterator(const char* at) : at_(at) {}
    Value operator*() const {
      const auto length = load_big_endian<int32_t>(at_);
      if (length < 0) return std::nullopt;
      return std::string_view(at_ + sizeof length, static_cast<size_t>(length));
    }
    Iterator& operator++() {
      const auto length = load_big_endian<int32_t>(at_);
      at_ += sizeof length + static_cast<size_t>(length < 0 ? 0 : length);
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator&) const = default;

   private:
    const char* at_ = nullptr;
  };

  ValueList() = default;
  /// `bytes` must hold exactly `size` values.
  ValueList(std::string_view bytes, size_t size) : bytes_(bytes), size_(size) {}

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  Iterator begin() const { return Iterator(bytes_.data()); }
  Iterator end() const { return Iterator(bytes_.data() + bytes_.size()); }
  std::string_view bytes() const { return bytes_; }
  bool operator==(const ValueList&) const = default;

 private:
  std::string_view bytes_;
  size_t size_ = 0;
};

/// Pairs of zero-terminated strings: the settings of a StartupMessage.
class ParameterList {
 public:
  using Parameter = std::pair<std::string_view, std::string_view>;

  class Iterator {
   public:
    using value_type = Parameter;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    explicit Iterator(const char* at) : at_(at) {}
    Parameter operator*() const {
      const std::string_view name(at_);
      return {name, std::string_view(at_ + name.size() + 1)};
    }
    Iterator& operator++() {
      const auto [name, value] = **this;
      at_ = value.data() + value.size() + 1;
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator&) const = default;

   private:
    const char* at_ = nullptr;
  };

  ParameterList() = default;
  /// `bytes` must be whole pairs, every string with its terminator.
  explicit ParameterList(std::string_view bytes) : bytes_(bytes) {}

  bool empty() const { return bytes_.empty(); }
  Iterator begin() const { return Iterator(bytes_.data()); }
  Iterator end() const { return Iterator(bytes_.data() + bytes_.size()); }
  std::string_view bytes() const { return bytes_; }
  /// The value of `name`, the last one if it was given twice; nothing if it was not given.
  Value find(std::string_view name) const;
  bool operator==(const ParameterList&) const = default;

 private:
  std::string_view bytes_;
};

/// Builders for whoever sends such lists. A list is a view into its builder.

template <WireInteger T, typename List = IntList<T>>
class IntListBuilder {
 public:
  IntListBuilder(std::initializer_list<T> values) {  // NOLINT: implicit
    for (const T value : values) add(value);
  }
  void add(T value) {
    bytes_.resize(bytes_.size() + sizeof value);
    store_big_endian(bytes_.data() + bytes_.size() - sizeof value, value);
  }
  List list() const { return List(bytes_); }

 private:
  std::string bytes_;
};

using OidListBuilder = IntListBuilder<Oid>;
using FormatListBuilder = IntListBuilder<Format, FormatList>;

class ValueListBuilder {
 public:
  ValueListBuilder(std::initializer_list<Value> values);  // NOLINT: implicit
  void add(Value value);
  ValueList list() const { return {bytes_, size_}; }

 private:
  std::string bytes_;
  size_t size_ = 0;
};

class ParameterListBuilder {
 public:
  ParameterListBuilder(std::initializer_list<ParameterList::Parameter> pairs);  // NOLINT
  /// Neither string may hold a zero byte, and a name may not be empty.
  void add(std::string_view name, std::string_view value);
  ParameterList list() const { return ParameterList(bytes_); }

 private:
  std::string bytes_;
};

}  // namespace isolde::wire
