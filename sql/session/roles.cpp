// Who the session acts as: SET ROLE, SET SESSION AUTHORIZATION; and what ALTER ROLE and ALTER
// DATABASE have said that it begins with.

#include "sql/catalog/database.hpp"
#include "sql/catalog/privileges.hpp"
#include "sql/session/session_impl.hpp"

namespace isolde::sql {

namespace {

base::Error denied(std::string message) {
  return base::Error(base::sqlstate::kInsufficientPrivilege, std::move(message));
}

}  // namespace

base::Status Session::Impl::check_role(const SettingDefinition& definition,
                                       const SettingValue& value) {
  const bool role = definition.name == "role";
  if (!role && definition.name != "session_authorization") return {};
  const auto& name = std::get<std::string>(value);
  if (name.empty() || (role && name == "none")) return {};
  CatalogImagePtr image = driver_.image();
  ObjectPtr found = image->find(ObjectKind::kRole, Oid{}, name);
  if (found == nullptr) {
    return base::Error(base::sqlstate::kInvalidParameterValue,
                       "role \"" + name + "\" does not exist");
  }
  if (!role) {
    if (identity_.superuser || name == identity_.user) return {};
    return denied("permission denied to set session authorization \"" + name + "\"");
  }
  ObjectPtr user = image->find(ObjectKind::kRole, Oid{}, authorization_);
  if (user != nullptr && is_member_of_role(*image, user->oid, found->oid)) return {};
  return denied("permission denied to set role \"" + name + "\"");
}

void Session::Impl::role_changed(const SettingDefinition& definition, const SettingValue& value) {
  if (definition.name == "role") {
    const auto& name = std::get<std::string>(value);
    set_role_ = name == "none" ? std::string() : name;
  } else if (definition.name == "session_authorization") {
    const auto& name = std::get<std::string>(value);
    authorization_ = name.empty() ? identity_.user : name;
  }
}

bool Session::Impl::acts_as_superuser() {
  if (current_user() == identity_.user) return identity_.superuser;
  CatalogImagePtr image = driver_.image();
  ObjectPtr role = image->find(ObjectKind::kRole, Oid{}, current_user());
  return role != nullptr && is_superuser(*image, role->oid);
}

/// The more special ones last: of the engine, of everybody, of the database, of the role, of both.
void Session::Impl::apply_kept_settings() {
  const SetBy by_engine{SettingContext::kSuperuserBackend, SettingSource::kDatabase,
                        SetAction::kSet};
  base::value_or_throw(
      settings_.set("isolde.dialect", driver_.database().engine().traits().dialect, by_engine));
  CatalogImagePtr image = driver_.image();
  ObjectPtr user = image->find(ObjectKind::kRole, Oid{}, identity_.user);
  if (user == nullptr) return;
  const Oid here = driver_.database().oid();
  struct Step {
    Oid database, role;
    SettingSource source;
  };
  const Step steps[] = {{Oid{}, Oid{}, SettingSource::kDatabase},
                        {here, Oid{}, SettingSource::kDatabase},
                        {Oid{}, user->oid, SettingSource::kUser},
                        {here, user->oid, SettingSource::kDatabaseUser}};
  for (const Step& step : steps) {
    image->for_each(ObjectKind::kSettings, [&](const ObjectPtr& one) {
      const auto& kept = static_cast<const SettingsObject&>(*one);
      if (kept.database != step.database || kept.role != step.role) return;
      SetBy by{SettingContext::kSuperuserBackend, step.source, SetAction::kSet};
      // What is not valid any more is left out.
      for (const auto& [name, value] : kept.settings) {
        static_cast<void>(settings_.set(name, value, by));
      }
    });
  }
}

}  // namespace isolde::sql
