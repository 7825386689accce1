#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>

#include "base/sqlstate.hpp"

namespace isolde::base {

/// In ascending order of weight, as in PostgreSQL's client_min_messages. `kLog` sorts apart for
/// server logs; see base/log.hpp.
enum class Severity : uint8_t { kDebug, kLog, kInfo, kNotice, kWarning, kError, kFatal, kPanic };

/// "NOTICE", "ERROR", ...: the word in a client's message.
std::string_view severity_name(Severity severity);

/// One report to a client: an error that ends a statement, a FATAL that ends the session, or a
/// notice. As small as a pointer, so that Result<T> stays cheap on the good path.
///
///   return Error(sqlstate::kUndefinedColumn, "column \"x\" does not exist").at(8);
class Error {
 public:
  struct Fields {
    Severity severity = Severity::kError;
    SqlState state = sqlstate::kInternalError;
    std::string message;
    std::string detail;
    std::string hint;
    std::string context;
    int position = 0;  ///< in characters of the query text, from 1; 0 is none
    int internal_position = 0;
    std::string internal_query;
    std::string schema_name, table_name, column_name, data_type_name, constraint_name;
  };

  Error(SqlState state, std::string message);
  Error(const Error& other);
  Error& operator=(const Error& other);
  Error(Error&&) noexcept = default;
  Error& operator=(Error&&) noexcept = default;
  ~Error() = default;

  Error&& severity(Severity severity) &&;
  Error&& detail(std::string text) &&;
  Error&& hint(std::string text) &&;
  Error&& at(int position) &&;
  Error&& fatal() && { return std::move(*this).severity(Severity::kFatal); }

  Fields& fields() { return *fields_; }
  const Fields& fields() const { return *fields_; }
  SqlState state() const { return fields_->state; }
  const std::string& message() const { return fields_->message; }
  Severity severity() const { return fields_->severity; }
  /// True when the session ends with this report.
  bool ends_session() const { return fields_->severity >= Severity::kFatal; }

 private:
  std::unique_ptr<Fields> fields_;
};

/// How the sql folder ends a statement from deep inside a recursion. Caught once, in the session.
class SqlException : public std::exception {
 public:
  explicit SqlException(Error error) : error_(std::move(error)) {}
  const char* what() const noexcept override { return error_.message().c_str(); }
  const Error& error() const { return error_; }

 private:
  Error error_;
};

}  // namespace isolde::base
