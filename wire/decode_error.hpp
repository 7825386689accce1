#pragma once

#include <array>
#include <cassert>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace isolde::wire {

/// Why bytes could not be understood: an SQLSTATE and a message in PostgreSQL's words.
struct DecodeError {
  std::array<char, 6> sqlstate{};  ///< five characters and a zero
  std::string message;
  /// True when the boundary of the next message is lost, so that the connection must end. False
  /// when only this one message is bad: an ordinary ERROR, after which the session goes on.
  bool fatal = false;

  std::string_view state() const { return {sqlstate.data(), 5}; }
  bool operator==(const DecodeError&) const = default;
};

/// 08P01, protocol_violation.
DecodeError protocol_violation(std::string message);
/// 08P01, and the connection cannot go on.
DecodeError fatal_violation(std::string message);
/// 0A000, and the connection cannot go on: a protocol version that is not ours.
DecodeError unsupported_version(std::string message);
/// 22023, invalid_parameter_value: "unsupported format code: 7".
DecodeError unsupported_format(int code);

/// Either a message or the DecodeError that kept it from being read. Must be looked at.
template <typename T>
class [[nodiscard]] Decoded {
 public:
  Decoded(T message) : state_(std::in_place_index<0>, std::move(message)) {}        // NOLINT
  Decoded(DecodeError error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT
  /// One struct becomes a variant that holds it: Decoded<Bind> to Decoded<FrontendMessage>.
  template <typename U>
  Decoded(Decoded<U>&& other)  // NOLINT
      : state_(other ? State(std::in_place_index<0>, std::move(*other))
                     : State(std::in_place_index<1>, other.take_error())) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& operator*() {
    assert(ok() && "the message of a failed decode was asked for");
    return *std::get_if<0>(&state_);
  }
  const T& operator*() const {
    assert(ok() && "the message of a failed decode was asked for");
    return *std::get_if<0>(&state_);
  }
  T* operator->() { return &**this; }
  const T* operator->() const { return &**this; }

  const DecodeError& error() const {
    assert(!ok() && "the error of a good decode was asked for");
    return *std::get_if<1>(&state_);
  }
  DecodeError take_error() {
    assert(!ok() && "the error of a good decode was asked for");
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  using State = std::variant<T, DecodeError>;
  State state_;
};

}  // namespace isolde::wire
