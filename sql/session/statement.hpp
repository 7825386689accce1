#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.hpp"
#include "sql/parser/parse.hpp"
#include "sql/plan/plan.hpp"
#include "sql/plan/planner_settings.hpp"
#include "sql/plan/query.hpp"
#include "sql/session/literals.hpp"
#include "sql/session/result_sink.hpp"
#include "sql/types/output_style.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

class Binder;
struct TableNames;

/// What a statement is to the session.
enum class StatementKind : uint8_t {
  kSelect,
  kModify,  ///< INSERT, UPDATE, DELETE, MERGE
  kTransaction,
  kSet,
  kShow,
  kPrepare,
  kExecute,
  kDeallocate,
  kDiscard,
  kDeclareCursor,
  kFetch,
  kCloseCursor,
  kCopy,
  kExplain,
  kSetConstraints,
  kListen,
  kOther,
};

/// One statement, parsed, and when it is a query also bound and planned. Immutable once made, and
/// shared: by prepared statements, portals and sessions.
class Statement {
 public:
  /// With `inner`, the query inside a PREPARE, DECLARE, COPY or EXPLAIN.
  Statement(std::shared_ptr<const ParsedQuery> parsed, size_t index, bool inner = false);

  struct BindOptions {
    std::vector<base::Oid> parameters;  ///< 0: to be found out
    bool infer = false;
    const OutputStyle* style = nullptr;
    const TypeSource* types = &builtin_type_source();
    const TableNames* names = nullptr;
    std::span<const LiteralToken> liftable;
    int* error_location = nullptr;             ///< see Binder::Input
    std::vector<std::string> parameter_names;  ///< likewise, as the next
    std::string routine_name;
    /// What the columns of the result are to be; empty: as they come. 42P13 when they cannot.
    std::vector<base::Oid> results;
    PlannerSettings planner{};
    bool keep_places = false;  ///< of a cursor: see Binder::keep_places
  };
  /// Binds and plans a query; nothing to do for other kinds.
  void prepare(const BindOptions& options);

  StatementKind kind() const { return kind_; }
  /// Run by a plan: a query, or a change of tables.
  bool is_planned() const {
    return kind_ == StatementKind::kSelect || kind_ == StatementKind::kModify;
  }
  bool returns_rows() const { return kind_ == StatementKind::kSelect || !columns_.empty(); }
  /// The state of the catalog that it was bound in; 0 when it uses nothing of it.
  uint64_t catalog_version() const { return catalog_version_; }
  std::span<const RelationUse> relations() const { return memory_.relations; }
  std::span<const RoutineUse> routines() const { return memory_.routines; }
  const PgQuery__Node& node() const { return *node_; }
  const std::string& text() const { return parsed_->text(); }
  const std::shared_ptr<const Rewritten>& rewritten() const { return parsed_->rewritten(); }
  /// START TRANSACTION WITH CONSISTENT SNAPSHOT: the snapshot is taken at once.
  bool takes_snapshot() const;
  /// Without what surrounds it.
  std::string_view own_text() const { return parsed_->statement_text(index_); }

  const Plan* plan() const { return plan_; }
  std::span<const base::Oid> parameters() const { return parameters_; }
  std::span<const ResultColumn> columns() const { return columns_; }
  std::span<const LiteralSlot> literal_slots() const { return slots_; }
  /// Numbers of the liftable literals that were lifted.
  std::vector<bool> lifted(size_t literals) const;
  /// One row of immutable functions over constants and parameters.
  bool constant() const { return constant_; }
  int outer_values() const { return memory_.outer_values; }
  /// A column of the plan's rows that says where a table's row came from.
  struct RowPlace {
    base::Oid table;
    int column = 0;
    bool locked = false;
  };
  const std::vector<RowPlace>& places() const { return places_; }

  std::shared_ptr<Statement> copy(bool inner) const {
    return std::make_shared<Statement>(parsed_, index_, inner);
  }
  /// The same, to be bound anew.
  std::shared_ptr<Statement> again() const { return copy(inner_); }
  /// INSERT, UPDATE or the like, somewhere in it.
  bool writes() const { return !memory_.modifications.empty(); }
  /// FOR UPDATE or the like, somewhere in it.
  bool locks_rows() const;

 private:
  bool is_constant() const;
  void settle_literals();
  void note_columns_read();
  void describe(const Query& query);

  std::shared_ptr<const ParsedQuery> parsed_;
  size_t index_;
  bool inner_;
  const PgQuery__Node* node_;
  StatementKind kind_;
  PlanMemory memory_;
  PlanPool plans_;
  const Plan* plan_ = nullptr;
  bool constant_ = false;
  uint64_t catalog_version_ = 0;
  std::vector<base::Oid> parameters_;
  std::vector<ResultColumn> columns_;
  std::vector<LiteralSlot> slots_;
  std::vector<RowPlace> places_;
};

using StatementPtr = std::shared_ptr<const Statement>;

/// A statement made from a node inside another: the query of PREPARE, DECLARE, COPY or EXPLAIN.
StatementKind kind_of(const PgQuery__Node& node);
/// "SELECT", "CREATE TABLE", ...: what messages call an unsupported statement.
std::string statement_name(const PgQuery__Node& node);

}  // namespace isolde::sql
