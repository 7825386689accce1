#pragma once

#include "base/ids.hpp"

namespace isolde::sql {

class SessionServices;

/// Fills an index from its table's rows: instead of Btree::create(), on a file just made. The
/// session's image of the catalog has the index, and the session keeps writers away from the table.
/// 23505 when it is to be unique and is not.
void build_index(SessionServices& services, base::Oid index);

}  // namespace isolde::sql
