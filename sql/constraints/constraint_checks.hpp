#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <unordered_map>

#include "sql/constraints/foreign_key.hpp"

namespace isolde::sql {

/// Works off a session's ConstraintQueue, as PostgreSQL's triggers of foreign keys do:
///
///   a row refers to another     that one is looked up and locked KEY SHARE, by the newest
///                               committed state (READ COMMITTED) or the transaction's snapshot
///   a row was deleted, or its   NO ACTION, RESTRICT: nobody may refer to it, by the newest
///   key changed                 committed state whatever the level;
///                               CASCADE, SET NULL, SET DEFAULT: those that do are changed, and
///                               40001 if the snapshot does not have one of them
///   a row has a key             that is unique in the end: no other row has it
///
/// A cascade is a statement of its own, whose events join the queue.
class ConstraintChecks {
 public:
  ConstraintChecks(SessionServices& session, ConstraintQueue& queue)
      : session_(session), queue_(queue) {}

  /// What the statement left to be done at its end. 23503, 23505, 40001, ...
  void end_statement();
  /// And what was put off. `all`: the transaction is about to commit; otherwise, constraints that
  /// are IMMEDIATE now.
  void settle(bool all);

 private:
  /// The text of a query; as PostgreSQL shows it if asked.
  using TextMaker = std::function<std::string(const ForeignKey&, bool shown)>;

  void fire(const ConstraintEvent& event);
  void check_reference(const ConstraintEvent& event);
  void act(const ConstraintEvent& event);
  void require_unreferenced(ForeignKey& key, const ConstraintEvent& event, bool no_action);
  void check_unique(const ConstraintEvent& event);
  ForeignKey& foreign_key(const ConstraintEvent& event);
  void lock_key_share(Oid table);
  /// Runs a statement of the server's own; answers how many rows it gave or changed.
  int64_t run(KeptStatement& query, const ForeignKey& key, const TextMaker& text,
              std::span<const Datum> values);
  int64_t set_to(KeptStatement& query, const ForeignKey& key, std::string_view value,
                 const std::vector<int16_t>& columns, std::span<const Datum> values);
  void rest();

  SessionServices& session_;
  ConstraintQueue& queue_;
  /// A table with a unique key, for one state of the catalog.
  struct UniqueKey {
    uint64_t catalog_version = 0;
    std::shared_ptr<const TypeSource> types;
    TableInfoPtr table;
    std::string schema;
  };
  UniqueKey& unique_key(const ConstraintObject& about);

  std::unordered_map<Oid, std::unique_ptr<ForeignKey>> keys_;
  std::unordered_map<Oid, UniqueKey> unique_keys_;
};

}  // namespace isolde::sql
