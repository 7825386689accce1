#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "sql/types/type.hpp"

namespace isolde::sql {

/// One column of a result, as RowDescription tells it.
struct ResultColumn {
  std::string name;
  const Type* type = nullptr;
  int32_t typmod = -1;
  base::Oid table;        ///< 0 unless the column is a table's
  int16_t attribute = 0;  ///< pg_attribute.attnum there
};

enum class CopyFormat : uint8_t { kText, kBinary };

/// Where a session's results go; the server's implementation writes them to the wire. Calls may
/// suspend the session (a client that reads slowly holds back its own query), so nothing may be
/// latched across them. An error returned means that the client is gone or the statement was
/// cancelled: stop and hand the error up.
class ResultSink {
 public:
  virtual ~ResultSink() = default;

  /// Simple query only: the shape of the rows to come.
  virtual base::Status columns(std::span<const ResultColumn> columns) = 0;
  /// One row; `values` has a datum a column and is only valid during the call.
  virtual base::Status row(std::span<const Datum> values,
                           std::span<const ResultColumn> columns) = 0;
  /// A statement is done: "SELECT 3", "SET", ...
  virtual base::Status complete(std::string_view tag) = 0;
  /// The query text held no statement.
  virtual base::Status empty_query() = 0;

  virtual base::Status begin_copy_out(CopyFormat format, size_t columns) = 0;
  virtual base::Status copy_data(std::string_view bytes) = 0;
  virtual base::Status end_copy_out() = 0;

  /// Asks the client for COPY data.
  virtual base::Status begin_copy_in(CopyFormat format, size_t columns) = 0;
  /// The next piece that the client sent, valid until the next call; nothing at the end. Fails with
  /// 57014 when the client gives up (CopyFail).
  virtual base::Result<std::optional<std::string_view>> next_copy_data() = 0;
};

/// What happens beside results, at any time during a call into the session.
class ClientMessages {
 public:
  virtual ~ClientMessages() = default;
  /// NOTICE, WARNING, ...; already filtered by client_min_messages.
  virtual void notice(const base::Error& notice) = 0;
  /// A reported setting has a new value.
  virtual void parameter_changed(std::string_view name, std::string_view value) = 0;
  /// NOTIFY of a session.
  virtual void notified(base::SessionId, std::string_view /*channel*/,
                        std::string_view /*payload*/) {}
};

}  // namespace isolde::sql
