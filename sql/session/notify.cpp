// LISTEN, NOTIFY, UNLISTEN: noted while the transaction runs, done when it commits.

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>
#include <utility>

#include "sql/catalog/database.hpp"
#include "sql/session/session_impl.hpp"
#include "sql/types/errors.hpp"

namespace isolde::sql {

namespace {

constexpr size_t kLongestChannel = 63;
constexpr size_t kLongestPayload = 7999;

}  // namespace

void Session::Impl::run_listen(const PgQuery__Node& node) {
  size_t level = transactions_.savepoints();
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_NOTIFY_STMT:
      notify_others(node.notify_stmt->conditionname, node.notify_stmt->payload);
      tag_ = "NOTIFY";
      return;
    case PG_QUERY__NODE__NODE_LISTEN_STMT:
      listening_.push_back({true, level, node.listen_stmt->conditionname});
      tag_ = "LISTEN";
      return;
    default:
      // Without a name: all of them.
      listening_.push_back({false, level, node.unlisten_stmt->conditionname});
      tag_ = "UNLISTEN";
  }
}

void Session::Impl::notify_others(std::string_view channel, std::string_view payload) {
  if (channel.empty()) {
    sql::fail(base::sqlstate::kInvalidParameterValue, "channel name cannot be empty");
  }
  if (channel.size() > kLongestChannel) {
    sql::fail(base::sqlstate::kInvalidParameterValue, "channel name too long");
  }
  if (payload.size() > kLongestPayload) {
    sql::fail(base::sqlstate::kInvalidParameterValue, "payload string too long");
  }
  for (const auto& [level, one] : notifying_) {
    if (one.channel == channel && one.payload == payload) return;
  }
  notifying_.emplace_back(transactions_.savepoints(),
                          Notification{identity_.id, std::string(channel), std::string(payload)});
}

/// The end of a transaction, or of the savepoints from `level` on.
void Session::Impl::settle_notifications(bool committed, size_t level) {
  if (level > 0) {
    std::erase_if(listening_, [&](const Listening& one) { return one.level >= level; });
    std::erase_if(notifying_, [&](const auto& one) { return one.first >= level; });
    return;
  }
  auto listening = std::exchange(listening_, {});
  auto notifying = std::exchange(notifying_, {});
  if (!committed) return;
  Notifications& hub = instance_.notifications();
  base::Oid here = driver_.database().oid();
  for (const Listening& one : listening) {
    if (one.starts) {
      hub.listen(here, one.channel, told_);
    } else if (one.channel.empty()) {
      hub.unlisten_all(told_);
    } else {
      hub.unlisten(here, one.channel, told_);
    }
  }
  std::vector<Notification> published;
  for (auto& [at, one] : notifying) published.push_back(std::move(one));
  if (!published.empty()) hub.publish(here, published);
}

void Session::Impl::deliver_notifications() {
  if (told_.empty() || transactions_.in_block()) return;
  for (const Notification& one : told_.take()) {
    client_.notified(one.from, one.channel, one.payload);
  }
}

}  // namespace isolde::sql
