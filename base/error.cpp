#include "base/error.hpp"

#include <utility>

namespace isolde::base {

std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::kDebug:
      return "DEBUG";
    case Severity::kLog:
      return "LOG";
    case Severity::kInfo:
      return "INFO";
    case Severity::kNotice:
      return "NOTICE";
    case Severity::kWarning:
      return "WARNING";
    case Severity::kError:
      return "ERROR";
    case Severity::kFatal:
      return "FATAL";
    case Severity::kPanic:
      return "PANIC";
  }
  return "";
}

Error::Error(SqlState state, std::string message) : fields_(std::make_unique<Fields>()) {
  fields_->state = state;
  fields_->message = std::move(message);
}

Error::Error(const Error& other) : fields_(std::make_unique<Fields>(*other.fields_)) {}

Error& Error::operator=(const Error& other) {
  if (this != &other) fields_ = std::make_unique<Fields>(*other.fields_);
  return *this;
}

Error&& Error::severity(Severity severity) && {
  fields_->severity = severity;
  return std::move(*this);
}

Error&& Error::detail(std::string text) && {
  fields_->detail = std::move(text);
  return std::move(*this);
}

Error&& Error::hint(std::string text) && {
  fields_->hint = std::move(text);
  return std::move(*this);
}

Error&& Error::at(int position) && {
  fields_->position = position;
  return std::move(*this);
}

}  // namespace isolde::base
