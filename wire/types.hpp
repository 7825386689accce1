#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace isolde::wire {

/// The small types that messages of both directions are made of.

/// An object id as the protocol carries it: of a type, a table, a function.
using Oid = uint32_t;

/// How a value is written: as text, or in its type's binary form.
enum class Format : int16_t { kText = 0, kBinary = 1 };

/// A parameter or a column: its bytes, or nothing for NULL.
using Value = std::optional<std::string_view>;

/// The protocol's version as messages carry it, major and minor: 3.0.
inline constexpr uint16_t kProtocolMajor = 3;
inline constexpr uint16_t kProtocolMinor = 0;
inline constexpr uint32_t kProtocolVersion = uint32_t{kProtocolMajor} << 16 | kProtocolMinor;

/// What ReadyForQuery tells about the transaction.
enum class TransactionStatus : char { kIdle = 'I', kInTransaction = 'T', kFailed = 'E' };

/// One piece of COPY data, in either direction.
struct CopyData {
  static constexpr char kType = 'd';
  std::string_view data;
  bool operator==(const CopyData&) const = default;
};

/// The orderly end of COPY data, in either direction.
struct CopyDone {
  static constexpr char kType = 'c';
  bool operator==(const CopyDone&) const = default;
};

}  // namespace isolde::wire
