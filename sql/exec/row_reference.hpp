#pragma once

#include <string_view>

#include "sql/functions/function.hpp"
#include "sql/types/arena.hpp"
#include "txn/table.hpp"

namespace isolde::sql {

// The last column of a table's row in a query: the version that the row was read from. As a value
// it is bytes, so that sorts and joins keep it as they keep any other: a RowHead, then the
// version's payload where that may be needed (to update or lock it, to evaluate it again).

struct RowHead {
  base::Oid table;
  txn::TupleId id;
  txn::TupleId root;
  storage::VersionHeader header;
};

extern const Type kRowReferenceType;

Datum make_reference(base::Oid table, const txn::Row& row, bool with_payload, Arena& arena);
RowHead read_head(Datum reference);
/// The row again; its payload is a view into the value.
txn::Row read_reference(Datum reference);

/// ctid, xmin, ... as a function of the reference; null for other names.
const Function* system_column(std::string_view name);

}  // namespace isolde::sql
