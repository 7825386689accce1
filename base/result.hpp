#pragma once

#include <utility>
#include <variant>

#include "base/check.hpp"
#include "base/error.hpp"

namespace isolde::base {

/// Either a value or the Error that kept it from being made. Must be looked at.
///
///   auto page = pool.fetch(id);
///   if (!page) return page.take_error();
///   use(*page);
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(value()); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  T& value() {
    ISOLDE_ASSERT(ok(), "the value of a failed Result was asked for");
    return *std::get_if<0>(&state_);
  }
  const T& value() const {
    ISOLDE_ASSERT(ok(), "the value of a failed Result was asked for");
    return *std::get_if<0>(&state_);
  }
  const Error& error() const {
    ISOLDE_ASSERT(!ok(), "the error of a good Result was asked for");
    return *std::get_if<1>(&state_);
  }
  Error take_error() {
    ISOLDE_ASSERT(!ok(), "the error of a good Result was asked for");
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  std::variant<T, Error> state_;
};

/// Success without a value, or an Error: the size of one pointer.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::make_unique<Error>(std::move(error))) {}  // NOLINT: implicit

  bool ok() const { return error_ == nullptr; }
  explicit operator bool() const { return ok(); }
  const Error& error() const {
    ISOLDE_ASSERT(!ok(), "the error of a good Result was asked for");
    return *error_;
  }
  Error take_error() {
    ISOLDE_ASSERT(!ok(), "the error of a good Result was asked for");
    return std::move(*error_);
  }

 private:
  std::unique_ptr<Error> error_;
};

using Status = Result<void>;

/// The value, or an SqlException with the error: the bridge from storage and txn into sql.
template <typename T>
T value_or_throw(Result<T> result) {
  if (!result) throw SqlException(result.take_error());
  return std::move(*result);
}
inline void value_or_throw(Status status) {
  if (!status) throw SqlException(status.take_error());
}

}  // namespace isolde::base
