#include "server/backends/activity.hpp"

namespace isolde::server {

namespace {

/// The longest prefix of at most `limit` bytes that does not cut a UTF-8 character in two.
std::string_view clipped(std::string_view text, size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xc0) == 0x80) --limit;
  return text.substr(0, limit);
}

}  // namespace

void Activity::begin_query(std::string_view text) {
  base::Timestamp now = base::wall_now();
  std::lock_guard lock(mutex_);
  now_.query.assign(clipped(text, kQueryBytes));
  now_.query_start = now_.state_change = now;
  if (now_.transaction_start == base::Timestamp{}) now_.transaction_start = now;
  now_.state = ActivityState::kActive;
}

void Activity::end_query(ActivityState state) {
  base::Timestamp now = base::wall_now();
  std::lock_guard lock(mutex_);
  now_.state = state;
  now_.state_change = now;
  if (state == ActivityState::kIdle) now_.transaction_start = {};
}

void Activity::set_application_name(std::string_view name) {
  std::lock_guard lock(mutex_);
  now_.application_name = name;
}

Activity::Snapshot Activity::read() const {
  std::lock_guard lock(mutex_);
  return now_;
}

}  // namespace isolde::server
