// ALTER TABLE: columns come and go, their defaults, NOT NULL, identity.

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "sql/binder/nodes.hpp"
#include "sql/ddl/alter_table.hpp"
#include "sql/ddl/column.hpp"
#include "sql/ddl/drop.hpp"
#include "sql/ddl/expression.hpp"
#include "sql/ddl/forget.hpp"
#include "sql/ddl/options.hpp"
#include "sql/ddl/sequence.hpp"

namespace isolde::sql {

// --- coming and going

void AlterTable::add_column(const PgQuery__AlterTableCmd& command) {
  const PgQuery__ColumnDef& definition = *command.def->column_def;
  auto changed = edit();
  if (find_column(*changed, definition.colname) >= 0) {
    std::string message = "column " + quoted(definition.colname) + " of relation " +
                          quoted(changed->name) + " already exists";
    if (!command.missing_ok) fail(base::sqlstate::kDuplicateColumn, std::move(message));
    return d_.notice(base::sqlstate::kDuplicateColumn, message + ", skipping");
  }
  ColumnDefiner definer(d_, *changed, wishes_);
  const int16_t number = definer.add(definition);
  definer.settle();
  ColumnObject& made = in(*changed, number);
  bool every_row = made.generated || made.identity != Identity::kNone;
  if (!every_row && made.default_text) {
    every_row = !constant_default(d_, *changed, made, made.missing_value);
  }
  if (made.not_null && !every_row && !made.missing_value) new_not_null_.push_back(number);
  if (made.not_null && every_row && made.default_text) new_not_null_.push_back(number);
  for (const ConstraintWish& wish : wishes_.all()) {
    if (wish.column == number && wish.node->contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY) {
      made.not_null = true;
      new_not_null_.push_back(number);
    }
  }
  d_.put(changed);
  if (every_row) new_values_.push_back({.column = number});
}

void AlterTable::drop_column(const PgQuery__AlterTableCmd& command) {
  RelationPtr now = table();
  if (find_column(*now, command.name) < 0) {
    constexpr std::string_view kSystem[] = {"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"};
    if (std::ranges::find(kSystem, command.name) != std::end(kSystem)) {
      fail(base::sqlstate::kFeatureNotSupported,
           "cannot drop system column " + quoted(command.name));
    }
    std::string message =
        "column " + quoted(command.name) + " of relation " + quoted(now->name) + " does not exist";
    if (!command.missing_ok) fail(base::sqlstate::kUndefinedColumn, std::move(message));
    return d_.notice(base::sqlstate::kSuccessfulCompletion, message + ", skipping");
  }
  Dropper dropper(d_, command.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE);
  dropper.add(Victim{now, column_number(*now, command.name), Victim::Part::kColumn});
  dropper.run();
}

// --- defaults and NOT NULL

namespace {

[[noreturn]] void fail_syntax_like(const RelationObject& table, const ColumnObject& column,
                                   std::string_view is, std::string_view hint = {}) {
  base::Error error(base::sqlstate::kSyntaxError, "column " + quoted(column.name) +
                                                      " of relation " + quoted(table.name) + " " +
                                                      std::string(is));
  if (!hint.empty()) error.fields().hint = hint;
  throw base::SqlException(std::move(error));
}

}  // namespace

void AlterTable::set_default(const PgQuery__AlterTableCmd& command) {
  const int16_t number = column(command.name);
  auto changed = edit();
  ColumnObject& about = in(*changed, number);
  const bool drops = command.def == nullptr;
  if (about.identity != Identity::kNone) {
    fail_syntax_like(*changed, about, "is an identity column",
                     drops ? "Use ALTER TABLE ... ALTER COLUMN ... DROP IDENTITY instead." : "");
  }
  if (about.generated) {
    fail_syntax_like(*changed, about, "is a generated column",
                     drops ? "Use ALTER TABLE ... ALTER COLUMN ... DROP EXPRESSION instead." : "");
  }
  forget_default(about);
  if (!drops) {
    KeptExpression kept = keep_expression(d_, *command.def, KeptClause::kDefault, *changed, &about);
    about.default_text = kept.text;
    about.needs.insert(about.needs.end(), kept.needs.begin(), kept.needs.end());
  }
  d_.put(changed);
}

void AlterTable::drop_not_null(const PgQuery__AlterTableCmd& command) {
  const int16_t number = column(command.name);
  auto changed = edit();
  ColumnObject& about = in(*changed, number);
  if (!about.not_null) return;
  if (about.identity != Identity::kNone) {
    fail_syntax_like(*changed, about, "is an identity column");
  }
  for (const ObjectPtr& part : d_.image().parts_of(table_)) {
    if (part->kind != ObjectKind::kConstraint) continue;
    const auto& constraint = static_cast<const ConstraintObject&>(*part);
    if (constraint.constraint_kind != ConstraintKind::kPrimaryKey) continue;
    if (std::ranges::find(constraint.columns, number) == constraint.columns.end()) continue;
    fail(base::sqlstate::kInvalidTableDefinition,
         "column " + quoted(about.name) + " is in a primary key");
  }
  about.not_null = false;
  d_.put(changed);
}

void AlterTable::set_not_null(const PgQuery__AlterTableCmd& command) {
  const int16_t number = column(command.name);
  auto changed = edit();
  if (std::exchange(in(*changed, number).not_null, true)) return;
  validate_not_null(d_, *changed, number);
  d_.put(changed);
}

void AlterTable::drop_expression(const PgQuery__AlterTableCmd& command) {
  const int16_t number = column(command.name);
  auto changed = edit();
  ColumnObject& about = in(*changed, number);
  if (!about.generated) {
    std::string message = "column " + quoted(about.name) + " of relation " + quoted(changed->name) +
                          " is not a stored generated column";
    if (!command.missing_ok) {
      fail(base::sqlstate::kObjectNotInPrerequisiteState, std::move(message));
    }
    return d_.notice(base::sqlstate::kSuccessfulCompletion, message + ", skipping");
  }
  forget_default(about);
  d_.put(changed);
}

// --- what the planner and the storage of PostgreSQL take notice of

void AlterTable::set_statistics(const PgQuery__AlterTableCmd& command) {
  constexpr int kMost = 10'000;
  int target = command.def == nullptr ? -1 : static_cast<int>(command.def->integer->ival);
  if (target < -1) {
    fail(base::sqlstate::kInvalidParameterValue,
         "statistics target " + std::to_string(target) + " is too low");
  }
  if (target > kMost) {
    target = kMost;
    d_.services().notice(base::Error(base::sqlstate::kInvalidParameterValue,
                                     "lowering statistics target to " + std::to_string(kMost))
                             .severity(base::Severity::kWarning));
  }
  auto changed = edit();
  const int16_t number = text_or_empty(command.name).empty() ? static_cast<int16_t>(command.num)
                                                             : column(command.name);
  if (number < 1 || static_cast<size_t>(number) > changed->columns.size()) {
    fail(base::sqlstate::kUndefinedColumn, "column number " + std::to_string(command.num) +
                                               " of relation " + quoted(changed->name) +
                                               " does not exist");
  }
  in(*changed, number).statistics_target = target;
  d_.put(changed);
}

/// Words are checked; where values lie is not theirs to say.
void AlterTable::set_storage(const PgQuery__AlterTableCmd& command) {
  column(command.name);
  if (command.subtype != PG_QUERY__ALTER_TABLE_TYPE__AT_SetStorage || command.def == nullptr)
    return;
  std::string word(string_of(*command.def));
  std::ranges::transform(word, word.begin(),
                         [](char c) { return static_cast<char>(std::tolower(c)); });
  constexpr std::string_view kKnown[] = {"plain", "external", "extended", "main"};
  if (std::ranges::find(kKnown, word) != std::end(kKnown)) return;
  fail(base::sqlstate::kInvalidParameterValue,
       "invalid storage type " + quoted(string_of(*command.def)));
}

// --- identity

void AlterTable::add_identity(const PgQuery__AlterTableCmd& command) {
  const PgQuery__Constraint& definition = *command.def->constraint;
  const int16_t number = column(command.name);
  auto changed = edit();
  ColumnObject& about = in(*changed, number);
  auto refuse = [&](std::string_view is) {
    fail(base::sqlstate::kObjectNotInPrerequisiteState,
         "column " + quoted(about.name) + " of relation " + quoted(changed->name) + " " +
             std::string(is));
  };
  if (about.type != types::kInt2 && about.type != types::kInt4 && about.type != types::kInt8) {
    fail(base::sqlstate::kInvalidParameterValue,
         "identity column type must be smallint, integer, or bigint");
  }
  if (!about.not_null) refuse("must be declared NOT NULL before identity can be added");
  if (about.identity != Identity::kNone) refuse("is already an identity column");
  if (about.default_text) refuse("already has a default value");
  about.identity = definition.generated_when[0] == 'a' ? Identity::kAlways : Identity::kByDefault;
  d_.put(changed);
  make_owned_sequence(d_, *changed, number, about.type, {definition.options, definition.n_options});
}

void AlterTable::set_identity(const PgQuery__AlterTableCmd& command) {
  const int16_t number = column(command.name);
  auto changed = edit();
  ColumnObject& about = in(*changed, number);
  if (about.identity == Identity::kNone) {
    fail(base::sqlstate::kObjectNotInPrerequisiteState,
         "column " + quoted(about.name) + " of relation " + quoted(changed->name) +
             " is not an identity column");
  }
  std::vector<PgQuery__Node*> of_sequence;
  const PgQuery__List& list = *command.def->list;
  for (size_t i = 0; i < list.n_items; ++i) {
    const PgQuery__DefElem& option = *list.items[i]->def_elem;
    if (std::string_view(option.defname) != "generated") {
      of_sequence.push_back(list.items[i]);
      continue;
    }
    about.identity = option.arg->integer->ival == 'a' ? Identity::kAlways : Identity::kByDefault;
  }
  d_.put(changed);
  if (of_sequence.empty()) return;
  change_sequence(d_, *owned_sequence(d_.image(), table_, number),
                  {of_sequence.data(), of_sequence.size()});
}

void AlterTable::drop_identity(const PgQuery__AlterTableCmd& command) {
  const int16_t number = column(command.name);
  auto changed = edit();
  ColumnObject& about = in(*changed, number);
  if (about.identity == Identity::kNone) {
    std::string message = "column " + quoted(about.name) + " of relation " + quoted(changed->name) +
                          " is not an identity column";
    if (!command.missing_ok) {
      fail(base::sqlstate::kObjectNotInPrerequisiteState, std::move(message));
    }
    return d_.notice(base::sqlstate::kSuccessfulCompletion, message + ", skipping");
  }
  about.identity = Identity::kNone;
  d_.put(changed);
  Dropper dropper(d_, false);
  dropper.add(owned_sequence(d_.image(), table_, number));
  dropper.run(true);
}

}  // namespace isolde::sql
