#include "sql/ddl/rewrite_table.hpp"

#include <algorithm>
#include <deque>

#include "sql/catalog/database.hpp"
#include "sql/ddl/column.hpp"
#include "sql/ddl/index.hpp"
#include "sql/ddl/row_appender.hpp"
#include "sql/ddl/sequence.hpp"
#include "sql/exec/exec_context.hpp"
#include "sql/expr/compiler.hpp"
#include "sql/expr/evaluator.hpp"
#include "sql/functions/overload.hpp"
#include "sql/settings/identifier_list.hpp"
#include "sql/table/row_codec.hpp"
#include "sql/table/table_info.hpp"
#include "sql/types/type_registry.hpp"
#include "txn/concurrency_control.hpp"

namespace isolde::sql {

namespace {

const Plan* no_subqueries(const Query&) {
  fail(base::sqlstate::kFeatureNotSupported, "cannot use subquery in transform expression");
}

/// One rewriting: rows of the old file, new values over them, generated columns over the new row.
class TableRewriter {
 public:
  TableRewriter(Definer& d, const CatalogImagePtr& before, Oid table, Oid order)
      : d_(d),
        order_(order),
        exec_{d.services().task(), d.services().style(), &d.services(), kept_, nullptr} {
    exec_.transaction = &d.services().transaction();
    types_ = d.names().types;
    old_ =
        make_table_info(*before, before->relation(table), d.catalog().open(before, table), *types_);
  }

  void run(const std::vector<NewValue>& values) {
    for (const NewValue& value : values) bind(value);
    for (const auto& index : old_->table->indexes) {
      if (index->oid == order_) by_index_ = index.get();
    }
    give_new_file();
    bind_generated();
    copy_rows();
    std::vector<RelationPtr> indexes;
    d_.image().for_each(ObjectKind::kRelation, [&](const ObjectPtr& one) {
      auto relation = std::static_pointer_cast<const RelationObject>(one);
      if (relation->index && relation->index->table == old_->oid()) indexes.push_back(relation);
    });
    for (const RelationPtr& index : indexes) rebuild_index(d_, *index);
  }

 private:
  RelationPtr now() { return d_.image().relation(old_->oid()); }

  Binder binder() { return Binder(d_.binder_input(), memories_.emplace_back()); }

  static size_t live_place(const RelationObject& table, int16_t column) {
    return static_cast<size_t>(std::count_if(table.columns.begin(),
                                             table.columns.begin() + column - 1,
                                             [](const ColumnObject& one) { return !one.dropped; }));
  }

  /// Generated columns are left to bind_generated().
  void bind(const NewValue& value) {
    RelationPtr table = now();
    const RelationObject& before = *old_->relation;
    const ColumnObject& column = table->columns[static_cast<size_t>(value.column - 1)];
    if (column.generated) return;
    const Expr* bound = nullptr;
    if (value.expr != nullptr) {
      bound = binder().bind_row_expression(*value.expr, before, Clause::kGeneratedColumn, &column);
    } else if (value.convert) {
      const std::string& name = before.columns[static_cast<size_t>(value.column - 1)].name;
      bound = binder().bind_kept_expression(quote_identifier(name), before,
                                            Clause::kGeneratedColumn, &column);
    } else {
      std::string text = column.default_text.value_or("NULL");
      if (column.identity != Identity::kNone) {
        text = nextval_text(owned_sequence(d_.image(), table->oid, value.column)->oid);
      }
      bound = binder().bind_kept_expression(text, before, Clause::kColumnDefault, &column);
    }
    values_.push_back(bound);
    value_places_.push_back(live_place(*table, value.column));
  }

  void give_new_file() {
    auto changed = d_.edit(*now());
    d_.drop_file(changed->file);
    changed->file = d_.new_file();
    for (ColumnObject& column : changed->columns) column.missing_value.reset();
    d_.put(changed);
    appender_.emplace(d_, changed->oid);
  }

  void bind_generated() {
    const TableInfo& made = appender_->table();
    for (size_t i = 0; i < made.live.size(); ++i) {
      const ColumnObject& column = made.column(made.live[i]);
      if (!column.generated) continue;
      generated_.push_back(binder().bind_kept_expression(*column.default_text, *made.relation,
                                                         Clause::kGeneratedColumn, &column));
      generated_places_.push_back(i);
    }
  }

  void copy_rows() {
    Program values = compile(values_, no_subqueries);
    Program generation = compile(generated_, no_subqueries);
    Evaluator evaluator(values, exec_, arena_);
    Evaluator generator(generation, exec_, arena_);
    std::vector<int> outputs(old_->live.size());
    for (size_t i = 0; i < outputs.size(); ++i) outputs[i] = static_cast<int>(i);
    RowDecoder decoder(old_->shape, old_->live, outputs);
    OutsideReader outside(d_.store(), old_->table->heap.relation(), &arena_);
    std::vector<Datum> from(old_->live.size() + 1), to(appender_->table().live.size() + 1);
    auto take = [](std::vector<Datum>& into, const std::vector<size_t>& places, const Datum* made) {
      for (size_t i = 0; i < places.size(); ++i) into[places[i]] = made[i];
    };
    each_row([&](const txn::Row& row) {
      arena_.reset();
      decoder.decode(row.payload, from.data(), &outside);
      std::copy(from.begin(), from.end() - 1, to.begin());
      take(to, value_places_, evaluator.run(from.data()));
      take(to, generated_places_, generator.run(to.data()));
      appender_->add(to.data());
    });
  }

  template <typename F>
  void each_row(F&& visit) {
    txn::ScanSpec spec;
    spec.view = txn::ScanView::kLatest;
    spec.index = by_index_;
    auto scan = base::value_or_throw(exec_.transaction->scan(*old_->table, spec));
    for (;;) {
      auto rows = base::value_or_throw(scan->next());
      if (rows.empty()) return;
      for (const txn::Row& row : rows) {
        exec_.poll();
        visit(row);
      }
    }
  }

  Definer& d_;
  const Oid order_;
  txn::Index* by_index_ = nullptr;
  Arena kept_;   ///< of the evaluators
  Arena arena_;  ///< of one row
  ExecContext exec_;
  std::shared_ptr<const TypeSource> types_;
  TableInfoPtr old_;
  std::optional<RowAppender> appender_;
  std::deque<PlanMemory> memories_;
  std::vector<const Expr*> values_, generated_;
  std::vector<size_t> value_places_, generated_places_;  ///< among the live columns
};

}  // namespace

void rewrite_table(Definer& d, const CatalogImagePtr& before, Oid table,
                   const std::vector<NewValue>& values, Oid index) {
  TableRewriter(d, before, table, index).run(values);
}

const Type& type_of_transform(Definer& d, const PgQuery__Node& node, const RelationObject& table) {
  PlanMemory memory;
  const Expr* bound = Binder(d.binder_input(), memory)
                          .bind_row_expression(node, table, Clause::kGeneratedColumn, nullptr);
  return *bound->type;
}

bool can_assign(Definer& d, Oid from, Oid to) {
  return from == to || from == types::kUnknown ||
         find_coercion(from, to, CastContext::kAssignment, *d.names().types);
}

Oid type_of_default(Definer& d, const RelationObject& table, const ColumnObject& column) {
  PlanMemory memory;
  const Expr* bound =
      Binder(d.binder_input(), memory)
          .bind_kept_expression(*column.default_text, table, Clause::kColumnDefault, nullptr);
  // A literal alone is of whatever type is asked for.
  return bound->type->oid == types::kText && bound->kind == ExprKind::kConst ? types::kUnknown
                                                                             : bound->type->oid;
}

bool constant_default(Definer& d, const RelationObject& table, const ColumnObject& column,
                      std::optional<std::string>& made) {
  PlanMemory memory;
  const Expr* bound =
      Binder(d.binder_input(), memory)
          .bind_kept_expression(*column.default_text, table, Clause::kColumnDefault, &column);
  const bool changes = std::ranges::any_of(memory.exprs, [](const Expr& expr) {
    return expr.function != nullptr && expr.function->volatility == Volatility::kVolatile;
  });
  if (changes) return false;
  Arena arena;
  ExecContext exec{d.services().task(), d.services().style(), &d.services(), arena, nullptr};
  const Expr* only[] = {bound};
  Program program = compile(only, no_subqueries);
  Datum value = *Evaluator(program, exec, arena).run(nullptr);
  if (!value.is_null()) d.type_of(column.type).to_binary(value, made.emplace());
  return true;
}

}  // namespace isolde::sql
