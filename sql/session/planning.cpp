// What a statement needs of the catalog: names while it is bound, locks and rights before it runs,
// and a new plan when the catalog has moved on.

#include <algorithm>

#include "sql/binder/table_names.hpp"
#include "sql/catalog/catalog_functions.hpp"
#include "sql/catalog/catalog_types.hpp"
#include "sql/catalog/database.hpp"
#include "sql/catalog/privileges.hpp"
#include "sql/session/populated.hpp"
#include "sql/session/session_impl.hpp"
#include "sql/types/errors.hpp"
#include "txn/lock_manager.hpp"

namespace isolde::sql {

/// The names that statements are bound with, of the newest image.
const TableNames& Session::Impl::names() {
  CatalogImagePtr image = driver_.image();
  const bool same = names_.image != nullptr && names_.image->version() == image->version() &&
                    names_generation_ == settings_.generation();
  if (same) return names_;
  names_generation_ = settings_.generation();
  names_.catalog = &driver_.database().catalog();
  names_.database = identity_.database;
  role_ = role_by_name(*image, current_user());
  names_.role = role_;
  names_.path = resolve_search_path(*image, settings_.search_path(), current_user(), role_,
                                    temporary_schema());
  names_.types = std::make_shared<CatalogTypes>(image, names_.path);
  names_.functions = std::make_shared<CatalogFunctions>(image, names_.path);
  names_.image = std::move(image);
  return names_;
}

/// Until the catalog's names are made anew.
const Type& Session::Impl::type_of_parameter(base::Oid oid) {
  const Type* type = find_type(oid);
  if (type == nullptr) type = names().types->find(oid);
  if (type != nullptr) return *type;
  sql::fail(base::sqlstate::kInternalError,
            "cache lookup failed for type " + std::to_string(oid.value));
}

/// What beside its text decides what a statement means.
void Session::Impl::append_names_key(std::string& key) {
  const auto database = driver_.database().oid().value;
  key.append(reinterpret_cast<const char*>(&database), sizeof database);
  key += settings_.search_path();
  key += '\0';
  key += current_user();
  key += '\0';
}

Statement::BindOptions Session::Impl::bind_options(std::span<const base::Oid> parameters,
                                                   bool infer) {
  Statement::BindOptions options;
  options.parameters.assign(parameters.begin(), parameters.end());
  options.infer = infer;
  options.style = &style_;
  options.names = &names();
  options.error_location = &bind_location_;
  options.planner = planner_settings();
  return options;
}

Binder::Input Session::Impl::binder_input(std::string_view text) {
  Binder::Input input;
  input.text = text;
  input.style = &style_;
  input.names = &names();
  input.error_location = &bind_location_;
  return input;
}

bool Session::Impl::is_stale(const Statement& statement) {
  return statement.catalog_version() != 0 &&
         statement.catalog_version() != driver_.image()->version();
}

/// The same statement, bound and planned anew. `text` is what is being run: it may differ from the
/// statement's own in its literals.
StatementPtr Session::Impl::remade(const Statement& statement, std::string_view text,
                                   std::span<const LiteralToken> literals) {
  std::shared_ptr<Statement> made;
  if (text == statement.text()) {
    made = statement.again();
  } else {
    made = std::make_shared<Statement>(base::value_or_throw(parse_query(text, task_)), 0);
  }
  Statement::BindOptions options = bind_options(statement.parameters(), false);
  options.liftable = literals;
  made->prepare(options);
  auto same = [](const ResultColumn& a, const ResultColumn& b) {
    return a.type == b.type && a.typmod == b.typmod && a.name == b.name;
  };
  if (!std::equal(made->columns().begin(), made->columns().end(), statement.columns().begin(),
                  statement.columns().end(), same)) {
    sql::fail(base::sqlstate::kFeatureNotSupported, "cached plan must not change result type");
  }
  return made;
}

void Session::Impl::lock_relations(const Statement& statement) {
  for (const RelationUse& use : statement.relations()) {
    auto tag = txn::LockTag::of_relation(driver_.database().oid(), use.relation);
    txn::LockMode mode{txn::LockMethodId::kTable, use.lock};
    auto granted = instance_.locks().acquire(driver_.locker(), tag, mode);
    if (!granted) throw base::SqlException(granted.take_error());
  }
}

namespace {

/// All of these columns, or with none of them any one: what a privilege on columns must cover.
bool covers(const CatalogImage& image, Oid role, const RelationObject& table,
            const std::vector<int>& columns, Privilege privilege) {
  if (!columns.empty()) {
    return std::all_of(columns.begin(), columns.end(), [&](int place) {
      return has_column_privilege(image, role, table, static_cast<size_t>(place), privilege);
    });
  }
  for (size_t place = 0; place < table.columns.size(); ++place) {
    if (has_column_privilege(image, role, table, place, privilege)) return true;
  }
  return false;
}

}  // namespace

void Session::Impl::check_privileges(const Statement& statement) {
  const CatalogImage& image = *names().image;
  if (is_superuser(image, role_)) return;
  for (const RoutineUse& use : statement.routines()) {
    ObjectPtr function = image.find(ObjectKind::kFunction, use.function);
    Oid role = use.as_role == Oid{} ? role_ : use.as_role;
    if (function != nullptr) require_privilege(image, role, *function, Privilege::kExecute);
  }
  for (const RelationUse& use : statement.relations()) {
    RelationPtr relation = image.relation(use.relation);
    Oid role = use.as_role == Oid{} ? role_ : use.as_role;
    if (relation == nullptr || use.privileges == 0) continue;
    uint32_t missing = use.privileges & ~privileges_on(image, role, *relation, use.privileges);
    auto lift = [&](Privilege privilege, const std::vector<int>& columns) {
      if ((missing & bit(privilege)) == 0) return;
      if (covers(image, role, *relation, columns, privilege)) missing &= ~bit(privilege);
    };
    lift(Privilege::kSelect, use.read);
    lift(Privilege::kInsert, use.written);
    lift(Privilege::kUpdate, use.written);
    if (missing != 0) deny(acl_kind(*relation), relation->name);
  }
}

void check_populated(const Statement& statement, const CatalogImage& image) {
  for (const RelationUse& use : statement.relations()) {
    if (!use.unpopulated) continue;
    throw base::SqlException(base::Error(base::sqlstate::kObjectNotInPrerequisiteState,
                                         "materialized view \"" +
                                             image.relation(use.relation)->name +
                                             "\" has not been populated")
                                 .hint("Use the REFRESH MATERIALIZED VIEW command."));
  }
}

void Session::Impl::check_writable(const Statement& statement) {
  if (!settings_.fields().transaction_read_only) return;
  const bool writes = statement.kind() == StatementKind::kModify ||
                      statement.kind() == StatementKind::kCopy || statement.locks_rows();
  if (!writes) return;
  std::string what = statement.kind() == StatementKind::kSelect ? "SELECT FOR UPDATE"
                                                                : statement_name(statement.node());
  if (statement.kind() == StatementKind::kCopy) what = "COPY FROM";
  sql::fail(base::sqlstate::kReadOnlySqlTransaction,
            "cannot execute " + what + " in a read-only transaction");
}

/// The statement, ready to run: its tables are locked, its plan is of the catalog as it is now, and
/// whoever runs it may.
StatementPtr Session::Impl::ready(StatementPtr statement, std::string_view text,
                                  std::span<const LiteralToken> literals) {
  for (;;) {
    lock_relations(*statement);
    if (!is_stale(*statement)) break;
    statement = remade(*statement, text, literals);
  }
  if (statement->catalog_version() != 0) check_privileges(*statement);
  check_populated(*statement, *driver_.image());
  check_writable(*statement);
  return statement;
}

}  // namespace isolde::sql
