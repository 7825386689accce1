#include "sql/catalog/system_relations.hpp"

// The schema isolde: looking into transactions and locks.

namespace isolde::sql {

namespace {

constexpr SystemRelation kRows[] = {
    // clang-format off
    {13900, "locks", R"(
pid int4, transaction xid8, locktype text, relation text, item text, key text, method text, mode text,
held bool, level text, since timestamptz, blocked_by _int4)"},
    {13901, "transactions", R"(
pid int4, database name, virtualtransaction text, transaction xid8, snapshot_xmin xid8, state text,
locks_held int8, waits_for text, query text)"},
    {13902, "engines", R"(
name text, resembles text, read_uncommitted text, read_committed text, repeatable_read text,
serializable text, blocks_on text, paper text)"},
    // clang-format on
};

}  // namespace

extern const std::span<const SystemRelation> kIsoldeViews = kRows;

}  // namespace isolde::sql
