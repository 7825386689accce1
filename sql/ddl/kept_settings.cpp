#include "sql/ddl/kept_settings.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/binder/nodes.hpp"
#include "sql/ddl/database.hpp"
#include "sql/ddl/role.hpp"
#include "sql/ddl/schema.hpp"
#include "sql/settings/session_settings.hpp"
#include "sql/settings/setting_text.hpp"

namespace isolde::sql {

namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

/// The value as SET would take it, checked.
std::string value_of(Definer& d, const PgQuery__VariableSetStmt& set) {
  const SettingDefinition* definition = d.services().settings().find(set.name);
  if (definition == nullptr && std::string_view(set.name).find('.') == std::string_view::npos) {
    fail(base::sqlstate::kUndefinedObject,
         "unrecognized configuration parameter " + quoted(set.name));
  }
  std::vector<std::string> words;
  for (size_t i = 0; i < set.n_args; ++i) words.push_back(constant_text(*set.args[i]));
  if (definition == nullptr) return words.empty() ? std::string() : words[0];
  if (definition->context != SettingContext::kUser &&
      definition->context != SettingContext::kSuperuser &&
      definition->context != SettingContext::kBackend &&
      definition->context != SettingContext::kSuperuserBackend) {
    fail(base::sqlstate::kCantChangeRuntimeParam,
         "parameter " + quoted(set.name) + " cannot be changed now");
  }
  std::string text = base::value_or_throw(join_set_arguments(*definition, words));
  base::value_or_throw(parse_setting(
      *definition, text, {d.services().settings().fields(), definition->name, definition->name}));
  return text;
}

void set_one(Settings& settings, const std::string& name, std::string value) {
  for (auto& [known, text] : settings) {
    if (known != name) continue;
    text = std::move(value);
    return;
  }
  settings.emplace_back(name, std::move(value));
}

std::shared_ptr<const SettingsObject> find_settings(Definer& d, Oid database, Oid role) {
  std::shared_ptr<const SettingsObject> found;
  d.image().for_each(ObjectKind::kSettings, [&](const ObjectPtr& one) {
    auto settings = std::static_pointer_cast<const SettingsObject>(one);
    if (settings->database == database && settings->role == role) found = std::move(settings);
  });
  return found;
}

void change_settings(Definer& d, Oid database, Oid role, const PgQuery__VariableSetStmt& set) {
  auto before = find_settings(d, database, role);
  auto changed = before != nullptr ? d.edit(*before) : std::make_shared<SettingsObject>();
  switch (set.kind) {
    case PG_QUERY__VARIABLE_SET_KIND__VAR_SET_VALUE:
      set_one(changed->settings, set.name, value_of(d, set));
      break;
    case PG_QUERY__VARIABLE_SET_KIND__VAR_SET_CURRENT:
      set_one(changed->settings, set.name,
              base::value_or_throw(d.services().settings().show(set.name)));
      break;
    case PG_QUERY__VARIABLE_SET_KIND__VAR_SET_DEFAULT:
    case PG_QUERY__VARIABLE_SET_KIND__VAR_RESET:
      std::erase_if(changed->settings, [&](const auto& one) { return one.first == set.name; });
      break;
    case PG_QUERY__VARIABLE_SET_KIND__VAR_RESET_ALL:
      changed->settings.clear();
      break;
    default:
      fail(base::sqlstate::kFeatureNotSupported, "this form of SET is not supported");
  }
  if (changed->settings.empty()) {
    if (before != nullptr) d.drop(*before);
    return;
  }
  if (before == nullptr) {
    changed->oid = d.new_oid();
    changed->database = database;
    changed->role = role;
  }
  d.put(changed);
}

}  // namespace

void alter_role_settings(Definer& d, const PgQuery__AlterRoleSetStmt& statement) {
  Oid role, database;
  if (statement.role != nullptr) {
    role = role_of(d, *statement.role);
    auto about = role_object(d, role);
    if (about->superuser && !d.superuser()) {
      fail(base::sqlstate::kInsufficientPrivilege, "must be superuser to alter superusers");
    }
    if (role != d.role() && !may_create_roles(d)) {
      fail(base::sqlstate::kInsufficientPrivilege, "permission denied");
    }
    d.lock(*about, txn::table_mode::kAccessExclusive);
  } else if (!d.superuser()) {
    fail(base::sqlstate::kInsufficientPrivilege, "must be superuser to alter settings globally");
  }
  std::string_view name = text_or_empty(statement.database);
  if (!name.empty()) database = database_named(d, name)->oid;
  change_settings(d, database, role, *statement.setstmt);
}

void alter_database_settings(Definer& d, const PgQuery__AlterDatabaseSetStmt& statement) {
  auto database = database_named(d, statement.dbname);
  d.require_owner(*database);
  d.lock(*database, txn::table_mode::kShareUpdateExclusive);
  change_settings(d, database->oid, Oid{}, *statement.setstmt);
}

}  // namespace isolde::sql
