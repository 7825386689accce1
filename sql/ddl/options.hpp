#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sql/ddl/definer.hpp"

struct PgQuery__DefElem;
struct PgQuery__Constraint;

namespace isolde::sql {

// The values that options have in libpg_query's tree, read as PostgreSQL's defGet... functions do.

std::string option_text(const PgQuery__DefElem& option);
bool option_bool(const PgQuery__DefElem& option);
int64_t option_int(const PgQuery__DefElem& option);
/// 42601 "conflicting or redundant options".
[[noreturn]] void fail_redundant(Definer& d, const PgQuery__DefElem& option);

/// WITH (fillfactor = 70, ...): "fillfactor=70" each, names and values checked. `index`: those that
/// indexes have.
std::vector<std::string> storage_options(PgQuery__Node* const* options, size_t count, bool index);

}  // namespace isolde::sql
