#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/exec/plan_timings.hpp"
#include "sql/session/result_sink.hpp"

struct PgQuery__ExplainStmt;

// EXPLAIN: a plan as people read it.
//
//     options.cpp      EXPLAIN (ANALYZE, FORMAT JSON) ...
//     plan_tree.cpp    a Plan becomes a tree of ExplainNodes, named as PostgreSQL names them
//     formats.cpp      the tree as text, or as JSON

namespace isolde::sql {

class PlanTimings;
struct Plan;

struct ExplainOptions {
  enum class Format : uint8_t { kText, kJson };
  bool analyze = false;
  bool verbose = false;
  bool costs = true;
  bool timing = true;
  bool summary = false;
  Format format = Format::kText;
};

/// Refuses what PostgreSQL refuses, in its words.
ExplainOptions explain_options(const PgQuery__ExplainStmt& statement);
/// What EXPLAIN answers with: one column, "QUERY PLAN".
std::vector<ResultColumn> explain_columns(const PgQuery__ExplainStmt& statement);

/// One operator, as it is shown.
struct ExplainNode {
  struct Detail {
    std::string name;                ///< "Index Cond"
    std::vector<std::string> lines;  ///< one, or those of a list
    bool list = false;
  };
  std::string type;      ///< "Hash Join"
  std::string strategy;  ///< "Left", where the type's name takes one in
  std::string relation;
  std::string alias;
  std::string index;
  bool backward = false;
  std::string parent_relationship;  ///< "Outer", "Inner", "SubPlan", "InitPlan", "Member"
  std::string subplan_name;         ///< "SubPlan 1", "CTE t"
  std::vector<Detail> details;
  double rows = 0;
  int width = 0;
  struct Actual {
    uint64_t loops = 0;
    double rows = 0;  ///< a loop
    double first = 0;
    double total = 0;  ///< milliseconds a loop
  };
  std::optional<SortMethod> sorted;
  std::optional<Actual> actual;  ///< with ANALYZE; no loops: never executed
  std::vector<ExplainNode> children;
};

ExplainNode explain_plan(const Plan& plan, const PlanTimings* timings);

/// What stands below the plan.
struct ExplainSummary {
  std::optional<double> planning;  ///< milliseconds
  std::optional<double> execution;
};

/// The lines of the answer; JSON is one.
std::vector<std::string> explain_text(const ExplainNode& root, const ExplainOptions& options,
                                      const ExplainSummary& summary);
std::vector<std::string> explain_json(const ExplainNode& root, const ExplainOptions& options,
                                      const ExplainSummary& summary);

}  // namespace isolde::sql
