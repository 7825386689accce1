#include "wire/reader.hpp"

namespace isolde::wire {

Format Reader::format() {
  const auto format = integer<Format>();
  check(format);
  return format;
}

FormatList Reader::format_list() {
  const auto formats = int_list<FormatList>();
  for (const Format format : formats) check(format);
  return formats;
}

void Reader::check(Format format) {
  if (format == Format::kText || format == Format::kBinary) return;
  fail(unsupported_format(static_cast<int>(format)));
}

ValueList Reader::value_list() {
  const size_t count = integer<uint16_t>();
  const std::string_view from_here = left_;
  for (size_t i = 0; i < count && ok(); ++i) value();
  return {from_here.substr(0, from_here.size() - left_.size()), count};
}

void Reader::fail(const char* message) {
  fail(protocol_violation(message));
}

void Reader::fail(DecodeError error) {
  if (ok()) error_ = std::move(error);
  left_ = {};
}

}  // namespace isolde::wire
