#pragma once

#include <set>
#include <vector>

#include "sql/ddl/definer.hpp"

struct PgQuery__DropStmt;
struct PgQuery__DropOwnedStmt;

// Dropping by dependencies, as PostgreSQL does it.
//
//      DROP TABLE a            a
//                              |- part: index a_pkey, constraint a_pkey, sequence a_id_seq
//                              |- needs: constraint b_a_fkey on b        with CASCADE only
//                              |- needs: view v                          with CASCADE only
//                                         |- needs: view w               with CASCADE only
//
// Parts go with what they belong to, without a word. What needs something else that goes, and would
// not go anyway, must not be there (RESTRICT), or goes too and is named in a notice (CASCADE).

namespace isolde::sql {

/// Something that goes: an object, a column of a relation, or only a column's default.
struct Victim {
  enum class Part : uint8_t { kWhole, kColumn, kDefault };
  ObjectPtr object;
  int16_t column = 0;
  Part part = Part::kWhole;

  auto key() const { return std::tuple(object->kind, object->oid, part, column); }
};

class Dropper {
 public:
  Dropper(Definer& d, bool cascade) : d_(d), cascade_(cascade) {}

  /// What the statement names. Takes the locks.
  void add(ObjectPtr object) { add(Victim{std::move(object)}); }
  void add(Victim victim) { named_.push_back(std::move(victim)); }
  /// Fails, tells, or drops everything. `quiet`: no notice of what CASCADE takes along.
  void run(bool quiet = false);

 private:
  struct Found {
    Victim victim;
    Victim because;     ///< what it needs
    bool part = false;  ///< goes without a word
    bool named = false;
  };

  void find(const Victim& victim, const Victim* because, bool part);
  std::vector<std::pair<Victim, bool>> children(const Victim& victim);
  void children_of_relation(const RelationObject& relation, const Victim& victim,
                            std::vector<std::pair<Victim, bool>>& into);
  void children_of_column(const RelationObject& relation, int16_t column,
                          std::vector<std::pair<Victim, bool>>& into);
  void add_member_victims(Oid schema, std::vector<std::pair<Victim, bool>>& into);
  bool is_named(const Victim& victim) const;
  void report(bool quiet);
  void carry_out();
  void drop_whole(const CatalogObject& object);
  void drop_default_privileges(Oid schema);
  void drop_columns();
  std::string described(const Victim& victim);
  std::string described_reason(const Victim& victim, const Victim& because);

  Definer& d_;
  const bool cascade_;
  std::vector<Victim> named_;
  std::vector<Found> found_;  ///< what depends on something stands before it
  std::set<std::tuple<ObjectKind, Oid, Victim::Part, int16_t>> seen_;
};

void drop_objects(Definer& d, const PgQuery__DropStmt& statement);

}  // namespace isolde::sql
