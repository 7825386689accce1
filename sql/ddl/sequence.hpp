#pragma once

#include "sql/ddl/definer.hpp"

struct PgQuery__CreateSeqStmt;
struct PgQuery__AlterSeqStmt;

namespace isolde::sql {

/// The options of CREATE SEQUENCE, ALTER SEQUENCE and identity columns.
struct SequenceOptions {
  PgQuery__Node* const* list = nullptr;
  size_t count = 0;
};

/// Makes a sequence with its file; its name is free. `type` unless an option says another.
std::shared_ptr<RelationObject> make_sequence(Definer& d, std::string name, Oid schema,
                                              Persistence persistence, Oid type,
                                              const SequenceOptions& options);
/// Its next value is its start again; undone with the transaction.
void restart_sequence(Definer& d, const RelationObject& sequence);
/// Puts it with the options changed; RESTART included.
void change_sequence(Definer& d, const RelationObject& sequence, const SequenceOptions& options);
/// The sequence that a serial or identity column owns, or null.
RelationPtr owned_sequence(const CatalogImage& image, Oid table, int16_t column);

void create_sequence(Definer& d, const PgQuery__CreateSeqStmt& statement);
void alter_sequence(Definer& d, const PgQuery__AlterSeqStmt& statement);

}  // namespace isolde::sql
