#include <algorithm>
#include <chrono>
#include <utility>

#include "sql/catalog/objects.hpp"
#include "sql/catalog/system_relations.hpp"
#include "sql/deparse/deparse.hpp"
#include "sql/exec/plan_timings.hpp"
#include "sql/explain/explain.hpp"
#include "sql/functions/function.hpp"
#include "sql/functions/keywords.hpp"
#include "sql/plan/plan.hpp"
#include "sql/views/virtual_table.hpp"

// A Plan as a tree of nodes that are named as PostgreSQL names its own. Operators that PostgreSQL
// has not as nodes of their own, projections above all, are left out, their subqueries are not.

namespace isolde::sql {

namespace {

using Kind = Plan::Kind;
using Join = FromItem::Join;

int width_of(const Plan& plan) {
  constexpr int kVariable = 32;  // what PostgreSQL assumes of values of any length
  int width = 0;
  for (const Type* type : plan.types) width += type->size > 0 ? type->size : kVariable;
  return width;
}

/// The columns of a scan, with the table's alias where the plan reads more than one.
class ScanColumns final : public ColumnNames {
 public:
  ScanColumns(const FromItem& item, bool qualified) : item_(item), qualified_(qualified) {}
  ColumnName column(int index) const override {
    const ColumnInfo& info = item_.columns[static_cast<size_t>(index - item_.offset)];
    std::string name = quoted_identifier(info.name);
    if (qualified_) name.insert(0, quoted_identifier(item_.alias) + ".");
    return {name, info.type};
  }

 private:
  const FromItem& item_;
  bool qualified_;
};

bool is_scan(const Plan& plan) {
  return plan.kind == Kind::kTableScan || plan.kind == Kind::kVirtualScan ||
         plan.kind == Kind::kFunctionScan || plan.kind == Kind::kValues;
}

int count_scans(const Plan& plan) {
  int count = is_scan(plan) ? 1 : 0;
  for (const Plan* child : plan.children) count += count_scans(*child);
  return count;
}

std::string_view strategy_of(Join join) {
  switch (join) {
    case Join::kInner:
      return "";
    case Join::kLeft:
      return "Left";
    case Join::kRight:
      return "Right";
    case Join::kFull:
      return "Full";
    case Join::kSemi:
      return "Semi";
    case Join::kAnti:
      return "Anti";
  }
  return "";
}

class TreeMaker {
 public:
  TreeMaker(const PlanTimings* timings, bool qualified)
      : timings_(timings), qualified_(qualified) {}

  ExplainNode make(const Plan& plan) {
    if (passes_through(plan)) {
      ExplainNode node = make(*plan.children[0]);
      node.width = width_of(plan);
      add_subplans(plan, node);
      return node;
    }
    ExplainNode node;
    node.rows = plan.rows;
    node.width = width_of(plan);
    if (timings_ != nullptr) {
      node.actual = actual(plan);
      if (const OperatorTiming* timing = timings_->find(plan)) node.sorted = timing->sorted;
    }
    name(plan, node);
    add_children(plan, node);
    add_subplans(plan, node);
    return node;
  }

 private:
  static bool passes_through(const Plan& plan) {
    return plan.kind == Kind::kProject || plan.kind == Kind::kWith;
  }

  ExplainNode::Actual actual(const Plan& plan) const {
    ExplainNode::Actual result;
    const OperatorTiming* timing = timings_->find(plan);
    if (timing == nullptr || timing->loops == 0) return result;
    auto per_loop = [&](base::SteadyTime::duration spent) {
      std::chrono::duration<double, std::milli> milliseconds = spent;
      return milliseconds.count() / static_cast<double>(timing->loops);
    };
    result.loops = timing->loops;
    result.rows = static_cast<double>(timing->rows) / static_cast<double>(timing->loops);
    result.first = per_loop(timing->to_first_row);
    result.total = per_loop(timing->total);
    return result;
  }

  void name(const Plan& plan, ExplainNode& node) {
    switch (plan.kind) {
      case Kind::kResult:
      case Kind::kInput:
      case Kind::kProject:
      case Kind::kWith:
        node.type = "Result";
        break;
      case Kind::kFilter:
        node.type = plan.once ? "Result" : "Filter";
        break;
      case Kind::kValues:
        node.type = "Values Scan";
        node.alias = "\"*VALUES*\"";
        break;
      case Kind::kFunctionScan:
        node.type = "Function Scan";
        if (!plan.calls.empty() && plan.calls.front().function != nullptr) {
          node.alias = plan.calls.front().function->name;
        }
        break;
      case Kind::kVirtualScan:
        node.type = "Seq Scan";
        node.relation = node.alias = system_relation(plan.table->oid())->name;
        break;
      case Kind::kHashJoin:
        node.type = "Hash Join";
        node.strategy = strategy_of(plan.join);
        break;
      case Kind::kNestedLoop:
        node.type = "Nested Loop";
        node.strategy = strategy_of(plan.join);
        break;
      case Kind::kProjectSet:
        node.type = "ProjectSet";
        break;
      case Kind::kAggregate:
        node.type = plan.grouped ? "HashAggregate" : "Aggregate";
        break;
      case Kind::kSort:
        node.type = "Sort";
        break;
      case Kind::kUnique:
        node.type = "Unique";
        break;
      case Kind::kSetOperation:
        node.type = "HashSetOp";
        node.strategy = plan.operation == Query::SetOperation::kIntersect ? "Intersect" : "Except";
        if (plan.all) node.strategy += " All";
        break;
      case Kind::kLimit:
        node.type = "Limit";
        break;
      case Kind::kAppend:
        node.type = "Append";
        break;
      case Kind::kSharedScan:
        node.type = "CTE Scan";
        break;
      case Kind::kWorkTableScan:
        node.type = "WorkTable Scan";
        break;
      case Kind::kRecursiveUnion:
        node.type = "Recursive Union";
        break;
      case Kind::kWindow:
        node.type = "WindowAgg";
        break;
      case Kind::kTableScan:
        table_scan(*plan.scan, node);
        break;
      case Kind::kModify:
        modify(*plan.modify, node);
        break;
      case Kind::kLockRows:
        node.type = "LockRows";
        break;
    }
  }

  void table_scan(const TableScan& scan, ExplainNode& node) {
    node.relation = quoted_identifier(scan.table->name());
    node.alias = quoted_identifier(scan.alias);
    node.type = "Seq Scan";
    std::string_view condition = "Index Cond";
    if (scan.by_place) {
      node.type = "Tid Scan";
      condition = "TID Cond";
    } else if (scan.index != nullptr) {
      node.type = scan.keys_only ? "Index Only Scan" : "Index Scan";
      node.index = quoted_identifier(scan.index->relation->name);
      node.backward = scan.backward;
    }
    add_condition(condition, scan, scan.ranged, node);
    add_condition("Filter", scan, scan.filtered, node);
  }

  void add_condition(std::string_view name, const TableScan& scan,
                     const std::vector<const Expr*>& conditions, ExplainNode& node) const {
    if (conditions.empty() || scan.item == nullptr) return;
    ScanColumns columns(*scan.item, qualified_);
    std::string text;
    for (const Expr* condition : conditions) {
      if (!text.empty()) text += " AND ";
      text += deparse_expression(*condition, columns);
    }
    if (conditions.size() > 1) text = "(" + text + ")";
    node.details.push_back({std::string(name), {std::move(text)}});
  }

  static void modify(const ModifyPlan& modify, ExplainNode& node) {
    switch (modify.kind) {
      case Modification::Kind::kInsert:
        node.type = "Insert";
        break;
      case Modification::Kind::kUpdate:
        node.type = "Update";
        break;
      case Modification::Kind::kDelete:
        node.type = "Delete";
        break;
      case Modification::Kind::kMerge:
        node.type = "Merge";
        break;
    }
    node.relation = node.alias = quoted_identifier(modify.rules.table->name());
  }

  void add_children(const Plan& plan, ExplainNode& node) {
    bool join = plan.kind == Kind::kHashJoin || plan.kind == Kind::kNestedLoop;
    for (size_t i = 0; i < plan.children.size(); ++i) {
      ExplainNode child = make(*plan.children[i]);
      if (i == 1 && plan.kind == Kind::kHashJoin) child = wrapped("Hash", std::move(child));
      if (i == 1 && plan.kind == Kind::kNestedLoop && !plan.rescan_inner) {
        child = wrapped("Materialize", std::move(child));
      }
      bool member = plan.kind == Kind::kAppend || plan.kind == Kind::kSetOperation;
      child.parent_relationship = member ? "Member" : join && i == 1 ? "Inner" : "Outer";
      node.children.push_back(std::move(child));
    }
  }

  static ExplainNode wrapped(std::string_view type, ExplainNode child) {
    ExplainNode node;
    node.type = type;
    node.rows = child.rows;
    node.width = child.width;
    node.actual = child.actual;
    child.parent_relationship = "Outer";
    node.children.push_back(std::move(child));
    return node;
  }

  /// The subqueries of an operator's expressions, and the items of WITH.
  void add_subplans(const Plan& plan, ExplainNode& node) {
    if (plan.kind == Kind::kWith) {
      for (size_t i = 1; i < plan.children.size(); ++i) {
        add_subplan(*plan.children[i], "CTE " + std::to_string(++tables_), "InitPlan", node);
      }
    }
    add_subplans(plan.output, node);
    add_subplans(plan.condition, node);
    for (const Program& program : plan.programs) add_subplans(program, node);
    if (plan.scan != nullptr) {
      add_subplans(plan.scan->filter, node);
      add_subplans(plan.scan->bounds, node);
    }
  }
  void add_subplans(const Program& program, ExplainNode& node) {
    for (const SubplanRef& subplan : program.subplans) {
      bool once = subplan.passed_slots.empty();
      std::string name = (once ? "InitPlan " : "SubPlan ") + std::to_string(++subplans_);
      if (once) name += " (returns $" + std::to_string(initplans_++) + ")";
      add_subplan(*subplan.plan, std::move(name), once ? "InitPlan" : "SubPlan", node);
    }
    for (const Program& inner : program.nested) add_subplans(inner, node);
  }
  void add_subplan(const Plan& plan, std::string name, std::string_view relationship,
                   ExplainNode& node) {
    ExplainNode child = make(plan);
    child.subplan_name = std::move(name);
    child.parent_relationship = relationship;
    node.children.push_back(std::move(child));
  }

  const PlanTimings* timings_;
  bool qualified_;
  int subplans_ = 0;
  int initplans_ = 0;
  int tables_ = 0;
};

}  // namespace

ExplainNode explain_plan(const Plan& plan, const PlanTimings* timings) {
  return TreeMaker(timings, count_scans(plan) > 1).make(plan);
}

}  // namespace isolde::sql
