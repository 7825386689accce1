// GRANT and REVOKE on objects. Who grants: the owner, in whose name superusers and members of the
// owner act too, or a role that holds the privileges with grant option.

#include "sql/ddl/grant.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>
#include <bit>
#include <map>

#include "sql/binder/nodes.hpp"
#include "sql/catalog/acl_change.hpp"
#include "sql/ddl/copy_object.hpp"
#include "sql/ddl/database.hpp"
#include "sql/ddl/expression.hpp"
#include "sql/ddl/routine.hpp"
#include "sql/ddl/schema.hpp"
#include "sql/ddl/type_name.hpp"
#include "sql/types/type_registry.hpp"

namespace isolde::sql {

namespace {

struct NamedPrivilege {
  std::string_view name;
  Privilege privilege;
};
constexpr NamedPrivilege kNamed[] = {{"insert", Privilege::kInsert},
                                     {"select", Privilege::kSelect},
                                     {"update", Privilege::kUpdate},
                                     {"delete", Privilege::kDelete},
                                     {"truncate", Privilege::kTruncate},
                                     {"references", Privilege::kReferences},
                                     {"trigger", Privilege::kTrigger},
                                     {"execute", Privilege::kExecute},
                                     {"usage", Privilege::kUsage},
                                     {"create", Privilege::kCreate},
                                     {"temporary", Privilege::kCreateTemp},
                                     {"temp", Privilege::kCreateTemp},
                                     {"connect", Privilege::kConnect},
                                     {"set", Privilege::kSet},
                                     {"alter system", Privilege::kAlterSystem}};

constexpr uint32_t kColumnPrivileges =
    Privilege::kInsert | Privilege::kSelect | Privilege::kUpdate | Privilege::kReferences;

std::string privilege_names(uint32_t privileges) {
  for (const NamedPrivilege& one : kNamed) {
    if ((privileges & bit(one.privilege)) == 0) continue;
    std::string name(one.name);
    std::ranges::transform(name, name.begin(), [](char c) { return std::toupper(c); });
    return name;
  }
  return "";
}

/// What a message calls the objects of a statement.
std::string_view kind_word(PgQuery__ObjectType type) {
  switch (type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
      return "table";
    case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE:
      return "sequence";
    case PG_QUERY__OBJECT_TYPE__OBJECT_DATABASE:
      return "database";
    case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA:
      return "schema";
    case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION:
      return "function";
    case PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE:
      return "procedure";
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE:
      return "routine";
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN:
      return "domain";
    case PG_QUERY__OBJECT_TYPE__OBJECT_LANGUAGE:
      return "language";
    default:
      return "type";
  }
}

uint32_t possible_on(PgQuery__ObjectType type) {
  switch (type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
      // A sequence may be called a table.
      return all_privileges(AclKind::kTable) | all_privileges(AclKind::kSequence);
    case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE:
      return all_privileges(AclKind::kSequence);
    case PG_QUERY__OBJECT_TYPE__OBJECT_DATABASE:
      return all_privileges(AclKind::kDatabase);
    case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA:
      return all_privileges(AclKind::kSchema);
    case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION:
    case PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE:
      return all_privileges(AclKind::kFunction);
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN:
    case PG_QUERY__OBJECT_TYPE__OBJECT_LANGUAGE:
      return bit(Privilege::kUsage);
    default:
      fail(base::sqlstate::kFeatureNotSupported,
           "GRANT and REVOKE on this kind of object are not supported");
  }
}

/// One statement, over all its objects.
class GrantStatement {
 public:
  GrantStatement(Definer& d, const PgQuery__GrantStmt& statement) : d_(d), statement_(statement) {}

  void run() {
    const PgQuery__ObjectType type = statement_.objtype;
    if (statement_.grantor != nullptr && role_of(d_, *statement_.grantor) != d_.role()) {
      fail(base::sqlstate::kFeatureNotSupported, "grantor must be current user");
    }
    grantees_ = grantees_of(d_, statement_);
    all_ = statement_.n_privileges == 0;
    wanted_ =
        privileges_of(statement_, possible_on(type),
                      type == PG_QUERY__OBJECT_TYPE__OBJECT_TABLE ? "relation" : kind_word(type));
    note_columns();
    if (!columns_.empty() && type != PG_QUERY__OBJECT_TYPE__OBJECT_TABLE) {
      fail(base::sqlstate::kInvalidGrantOperation,
           "column privileges are only valid for relations");
    }
    for (const ObjectPtr& object : objects()) {
      if (object != nullptr) change(*object);
    }
  }

 private:
  std::vector<ObjectPtr> objects() {
    if (statement_.targtype == PG_QUERY__GRANT_TARGET_TYPE__ACL_TARGET_ALL_IN_SCHEMA) {
      return all_in_schemas();
    }
    std::vector<ObjectPtr> found;
    for (size_t i = 0; i < statement_.n_objects; ++i)
      found.push_back(object(*statement_.objects[i]));
    return found;
  }

  ObjectPtr object(const PgQuery__Node& node) {
    switch (statement_.objtype) {
      case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
      case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE:
        return relation(*node.range_var);
      case PG_QUERY__OBJECT_TYPE__OBJECT_DATABASE:
        return database_named(d_, string_of(node));
      case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA:
        return d_.image().find(ObjectKind::kNamespace, d_.schema(string_of(node)));
      case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION:
      case PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE:
      case PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE: {
        ObjectPtr found = find_routine(d_, *node.object_with_args, statement_.objtype, true);
        if (found == nullptr && !is_builtin_routine(d_, *node.object_with_args)) {
          fail(base::sqlstate::kUndefinedFunction,
               missing_routine_message(d_, *node.object_with_args, statement_.objtype));
        }
        return found;
      }
      case PG_QUERY__OBJECT_TYPE__OBJECT_LANGUAGE:
        if (string_of(node) == "sql") return nullptr;
        fail(base::sqlstate::kUndefinedObject,
             "language " + quoted(string_of(node)) + " does not exist");
      default:
        return type(node);
    }
  }

  ObjectPtr relation(const PgQuery__RangeVar& var) {
    RelationPtr found = d_.relation(var, txn::table_mode::kShareUpdateExclusive);
    bool sequence = found->relation_kind == RelationKind::kSequence;
    if (found->relation_kind == RelationKind::kIndex) {
      fail(base::sqlstate::kWrongObjectType, quoted(found->name) + " is an index");
    }
    if (found->relation_kind == RelationKind::kComposite) {
      fail(base::sqlstate::kWrongObjectType, quoted(found->name) + " is a composite type");
    }
    if (statement_.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE && !sequence) {
      fail(base::sqlstate::kWrongObjectType, quoted(found->name) + " is not a sequence");
    }
    return found;
  }

  /// Null for a built-in type, whose privileges are not kept.
  ObjectPtr type(const PgQuery__Node& node) {
    NameParts name = node.node_case == PG_QUERY__NODE__NODE_TYPE_NAME
                         ? name_parts(node.type_name->names, node.type_name->n_names)
                         : name_parts(node.list->items, node.list->n_items);
    ObjectPtr found = d_.find_type_object(name.schema, name.name);
    if (found != nullptr) return found;
    if (find_type(std::string_view(name.name)) != nullptr) return nullptr;
    fail(base::sqlstate::kUndefinedObject, "type " + quoted(name.written()) + " does not exist");
  }

  std::vector<ObjectPtr> all_in_schemas() {
    std::vector<ObjectPtr> found;
    bool functions = statement_.objtype != PG_QUERY__OBJECT_TYPE__OBJECT_TABLE &&
                     statement_.objtype != PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE;
    for (size_t i = 0; i < statement_.n_objects; ++i) {
      Oid schema = d_.schema(string_of(*statement_.objects[i]));
      ObjectKind kind = functions ? ObjectKind::kFunction : ObjectKind::kRelation;
      d_.image().for_each(kind, [&](const ObjectPtr& object) {
        if (object->name_space == schema && is_meant(*object)) found.push_back(object);
      });
    }
    std::ranges::sort(found, {}, [](const ObjectPtr& object) { return object->oid; });
    return found;
  }

  bool is_meant(const CatalogObject& object) const {
    AclKind kind = acl_kind(object);
    switch (statement_.objtype) {
      case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
        return kind == AclKind::kTable || kind == AclKind::kView ||
               kind == AclKind::kMaterializedView;
      case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE:
        return kind == AclKind::kSequence;
      case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION:
        return kind == AclKind::kFunction;
      case PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE:
        return kind == AclKind::kProcedure;
      default:
        return kind == AclKind::kFunction || kind == AclKind::kProcedure;
    }
  }

  /// SELECT (a, b): by column.
  void note_columns() {
    for (size_t i = 0; i < statement_.n_privileges; ++i) {
      const PgQuery__AccessPriv& one = *statement_.privileges[i]->access_priv;
      if (one.n_cols == 0) continue;
      std::string_view name = text_or_empty(one.priv_name);
      uint32_t privileges = name.empty() ? kColumnPrivileges : privilege_named(name);
      if ((privileges & ~kColumnPrivileges) != 0) {
        fail(base::sqlstate::kInvalidGrantOperation,
             "invalid privilege type " + privilege_names(privileges & ~kColumnPrivileges) +
                 " for column");
      }
      for (size_t c = 0; c < one.n_cols; ++c) {
        columns_[std::string(string_of(*one.cols[c]))] |= privileges;
      }
    }
  }

  /// In whose name the statement runs, and what may be granted.
  struct Grantor {
    Oid role;
    uint32_t options = 0;
  };

  Grantor grantor_of(const CatalogObject& object, const std::vector<AclEntry>& acl,
                     uint32_t possible) {
    if (owns(d_.image(), d_.role(), object)) return {object.owner, possible};
    Grantor best{d_.role(), grant_options_of(acl, d_.role()) & wanted_};
    for (const AclEntry& entry : acl) {
      if (entry.grantee == Oid{} || !has_privileges_of(d_.image(), d_.role(), entry.grantee)) {
        continue;
      }
      uint32_t options = grant_options_of(acl, entry.grantee) & wanted_;
      if (std::popcount(options) > std::popcount(best.options)) best = {entry.grantee, options};
    }
    return best;
  }

  void change(const CatalogObject& object) {
    AclKind kind = acl_kind(object);
    d_.lock(object, txn::table_mode::kShareUpdateExclusive);
    ObjectPtr now = d_.image().find(object.kind, object.oid);
    if (now == nullptr) return;
    auto changed = copy_object(*now);
    std::vector<AclEntry> acl = acl_of(*now);
    uint32_t possible = all_privileges(kind);
    bool usage = statement_.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_TABLE && !all_ &&
                 kind != AclKind::kSequence && (wanted_ & ~possible) != 0;
    if (usage) {
      fail(base::sqlstate::kInvalidGrantOperation,
           "invalid privilege type " + privilege_names(wanted_ & ~possible) + " for table");
    }
    if (wanted_ != 0) {
      Grantor grantor = grantor_of(*now, acl, possible);
      if (grantor.options == 0) require_some(*now, possible);
      uint32_t asked = all_ ? possible : wanted_ & possible;
      change_acl(acl, grantor, asked, *now);
      changed->acl = acl;
    }
    for (const auto& [name, privileges] : columns_) {
      change_column(static_cast<RelationObject&>(*changed), name, privileges);
    }
    d_.put(changed);
  }

  void require_some(const CatalogObject& object, uint32_t possible) {
    uint32_t any = privileges_on(d_.image(), d_.role(), object, possible);
    if (any == 0) deny(acl_kind(object), object.name);
  }

  void change_column(RelationObject& table, const std::string& name, uint32_t privileges) {
    auto place = static_cast<size_t>(column_number(table, name) - 1);
    std::vector<AclEntry> acl = table.columns[place].acl.value_or(std::vector<AclEntry>());
    // What one may pass on of the table, one may of its columns.
    std::vector<AclEntry> all = acl_of(table);
    all.insert(all.end(), acl.begin(), acl.end());
    uint32_t wanted = std::exchange(wanted_, privileges);
    Grantor grantor = grantor_of(table, all, kColumnPrivileges);
    wanted_ = wanted;
    if (grantor.options == 0) require_some(table, all_privileges(AclKind::kTable));
    change_acl(acl, grantor, privileges, table);
    if (acl.empty()) {
      table.columns[place].acl.reset();
    } else {
      table.columns[place].acl = std::move(acl);
    }
  }

  void warn(std::string_view what, const CatalogObject& object) {
    d_.warning(statement_.is_grant ? base::sqlstate::kWarningPrivilegeNotGranted
                                   : base::sqlstate::kWarningPrivilegeNotRevoked,
               std::string(what) +
                   (statement_.is_grant ? " were granted for " : " could be revoked for ") +
                   quoted(object.name));
  }

  void change_acl(std::vector<AclEntry>& acl, const Grantor& grantor, uint32_t asked,
                  const CatalogObject& object) {
    uint32_t given = asked & grantor.options;
    if (given == 0) {
      warn("no privileges", object);
    } else if (!all_ && given != asked) {
      warn("not all privileges", object);
    }
    for (Oid grantee : grantees_) {
      bool option = statement_.grant_option;
      if (statement_.is_grant) {
        add_grant(acl,
                  {grantee, grantor.role, given, option && grantee != object.owner ? given : 0});
        continue;
      }
      AclEntry entry{grantee, grantor.role, option ? 0 : given, given};
      bool cascade = statement_.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE;
      if (take_grant(acl, entry, object.owner, cascade)) continue;
      throw base::SqlException(
          base::Error(base::sqlstate::kDependentObjectsStillExist, "dependent privileges exist")
              .hint("Use CASCADE to revoke them too."));
    }
    drop_empty(acl);
  }

  Definer& d_;
  const PgQuery__GrantStmt& statement_;
  std::vector<Oid> grantees_;
  bool all_ = false;
  uint32_t wanted_ = 0;
  std::map<std::string, uint32_t> columns_;
};

}  // namespace

uint32_t privilege_named(std::string_view name) {
  for (const NamedPrivilege& one : kNamed) {
    if (one.name == name) return bit(one.privilege);
  }
  fail(base::sqlstate::kSyntaxError, "unrecognized privilege type " + quoted(name));
}

uint32_t privileges_of(const PgQuery__GrantStmt& statement, uint32_t possible,
                       std::string_view what) {
  if (statement.n_privileges == 0) return possible;
  uint32_t privileges = 0;
  for (size_t i = 0; i < statement.n_privileges; ++i) {
    const PgQuery__AccessPriv& one = *statement.privileges[i]->access_priv;
    if (one.n_cols > 0) continue;
    privileges |= privilege_named(text_or_empty(one.priv_name));
  }
  uint32_t wrong = privileges & ~possible;
  if (wrong != 0) {
    fail(base::sqlstate::kInvalidGrantOperation,
         "invalid privilege type " + privilege_names(wrong) + " for " + std::string(what));
  }
  return privileges;
}

std::vector<Oid> grantees_of(Definer& d, const PgQuery__GrantStmt& statement) {
  std::vector<Oid> grantees;
  for (size_t i = 0; i < statement.n_grantees; ++i) {
    const PgQuery__RoleSpec& spec = *statement.grantees[i]->role_spec;
    bool everybody = spec.roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_PUBLIC;
    if (everybody && statement.is_grant && statement.grant_option) {
      fail(base::sqlstate::kInvalidGrantOperation, "grant options can only be granted to roles");
    }
    grantees.push_back(everybody ? Oid{} : role_of(d, spec));
  }
  return grantees;
}

void grant_privileges(Definer& d, const PgQuery__GrantStmt& statement) {
  GrantStatement(d, statement).run();
}

}  // namespace isolde::sql
