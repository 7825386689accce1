#include "sql/dialect/rewrite.hpp"
#include "sql/session/session_impl.hpp"

// What the setting isolde.dialect changes in a session: the words that statements are written in,
// and what SET TRANSACTION means outside of a transaction block.

namespace isolde::sql {

Dialect Session::Impl::dialect() const {
  return settings_.fields().dialect;
}

/// The text for the parser. Kept until the next one, as running_text_ may be a view of it.
std::string_view Session::Impl::in_postgres(std::string_view text) {
  rewritten_.reset();
  Dialect spoken = dialect();
  if (!may_rewrite(text, spoken)) return text;
  auto made = base::value_or_throw(rewrite(text, spoken));
  if (!made) return text;
  rewritten_ = std::make_shared<const Rewritten>(std::move(*made));
  return rewritten_->text;
}

/// From the text that the parser read to the one that the client wrote.
int Session::Impl::client_position(int position) const {
  return rewritten_ == nullptr ? position : rewritten_->client_position(position);
}

/// SET TRANSACTION outside of a block does nothing in PostgreSQL but warn. MySQL applies it to the
/// next transaction, SQL Server to all that follow.
void Session::Impl::set_transaction(const TransactionModes& modes) {
  bool outside = !transactions_.counts_as_block();
  if (outside && dialect() == Dialect::kMysql) {
    transactions_.set_next_modes(modes);
  } else if (outside && dialect() == Dialect::kSqlServer) {
    transactions_.set_default_modes(modes);
  } else {
    transactions_.set_modes(modes);
  }
}

}  // namespace isolde::sql
