#pragma once

#include "sql/ddl/constraint.hpp"
#include "sql/ddl/sequence.hpp"

struct PgQuery__ColumnDef;

namespace isolde::sql {

/// Adds columns to a table's description as CREATE TABLE and ADD COLUMN define them. Constraints
/// other than NOT NULL and DEFAULT are only collected: they need the whole table.
class ColumnDefiner {
 public:
  ColumnDefiner(Definer& d, RelationObject& table, ConstraintWishes& wishes)
      : d_(d), table_(table), wishes_(wishes) {}

  /// Answers the new column's attnum.
  int16_t add(const PgQuery__ColumnDef& definition);
  /// After the last column: defaults, which may refer to sequences, and generated columns, which
  /// may refer to any column. Puts the sequences.
  void settle();

 private:
  struct Open {
    int16_t number;
    const PgQuery__Node* value = nullptr;  ///< DEFAULT or GENERATED
    bool serial = false;
    SequenceOptions identity;
    int said_null = 0;  ///< 1: NULL, 2: NOT NULL
  };

  ColumnObject& column(int16_t number) { return table_.columns[static_cast<size_t>(number - 1)]; }
  void add_constraint(const PgQuery__Constraint& constraint, Open& open);
  void say_null(const PgQuery__Constraint& constraint, Open& open, int what);
  void add_identity(const PgQuery__Constraint& constraint, Open& open);
  [[noreturn]] void fail_both(const PgQuery__Constraint& at, std::string_view what,
                              const ColumnObject& column);
  void make_sequence_for(const Open& open);

  Definer& d_;
  RelationObject& table_;
  ConstraintWishes& wishes_;
  std::vector<Open> open_;
};

/// "nextval('16385'::regclass)": by number, so that it survives renaming.
std::string nextval_text(Oid sequence);
/// Fails for names of system columns, doubled ones, and pseudo-types.
void check_column(const RelationObject& table, const ColumnObject& column, const Type& type);
/// Makes the sequence that an identity or serial column owns, named after the column.
Oid make_owned_sequence(Definer& d, const RelationObject& table, int16_t column, Oid type,
                        const SequenceOptions& options);

}  // namespace isolde::sql
