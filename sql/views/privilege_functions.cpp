#include <algorithm>
#include <optional>

#include "sql/binder/table_names.hpp"
#include "sql/catalog/privileges.hpp"
#include "sql/ddl/expression.hpp"
#include "sql/functions/function_registry.hpp"
#include "sql/session/session_services.hpp"
#include "sql/types/char_class.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/object_names.hpp"
#include "sql/types/type_registry.hpp"
#include "sql/views/function_tables.hpp"

// has_table_privilege and its kin: [role,] object [, column], privileges. Roles and objects are
// named or numbered; of several privileges, any one will do.

namespace isolde::sql {

namespace {

enum class Family : uint8_t {
  kTable,
  kSequence,
  kSchema,
  kDatabase,
  kFunction,
  kType,
  kLanguage,
  kTablespace,
  kForeign,  ///< wrappers and servers: there are none
};

struct Wanted {
  uint32_t privileges = 0;
  bool grant_option = false;
};

struct Word {
  std::string_view text;
  Privilege privilege;
};
constexpr Word kTableWords[] = {
    {"SELECT", Privilege::kSelect},     {"INSERT", Privilege::kInsert},
    {"UPDATE", Privilege::kUpdate},     {"DELETE", Privilege::kDelete},
    {"TRUNCATE", Privilege::kTruncate}, {"REFERENCES", Privilege::kReferences},
    {"TRIGGER", Privilege::kTrigger},
};
constexpr Word kColumnWords[] = {{"SELECT", Privilege::kSelect},
                                 {"INSERT", Privilege::kInsert},
                                 {"UPDATE", Privilege::kUpdate},
                                 {"REFERENCES", Privilege::kReferences}};
constexpr Word kSequenceWords[] = {
    {"USAGE", Privilege::kUsage}, {"SELECT", Privilege::kSelect}, {"UPDATE", Privilege::kUpdate}};
constexpr Word kSchemaWords[] = {{"CREATE", Privilege::kCreate}, {"USAGE", Privilege::kUsage}};
constexpr Word kDatabaseWords[] = {{"CREATE", Privilege::kCreate},
                                   {"TEMPORARY", Privilege::kCreateTemp},
                                   {"TEMP", Privilege::kCreateTemp},
                                   {"CONNECT", Privilege::kConnect}};
constexpr Word kFunctionWords[] = {{"EXECUTE", Privilege::kExecute}};
constexpr Word kUsageWords[] = {{"USAGE", Privilege::kUsage}};
constexpr Word kCreateWords[] = {{"CREATE", Privilege::kCreate}};

std::span<const Word> words_of(Family family) {
  switch (family) {
    case Family::kTable:
      return kTableWords;
    case Family::kSequence:
      return kSequenceWords;
    case Family::kSchema:
      return kSchemaWords;
    case Family::kDatabase:
      return kDatabaseWords;
    case Family::kFunction:
      return kFunctionWords;
    case Family::kTablespace:
      return kCreateWords;
    case Family::kType:
    case Family::kLanguage:
    case Family::kForeign:
      return kUsageWords;
  }
  return {};
}

Wanted read_one(std::string_view text, std::span<const Word> words) {
  constexpr std::string_view kOption = " WITH GRANT OPTION";
  Wanted wanted;
  std::string_view plain = text;
  if (plain.size() > kOption.size() &&
      equals_ignoring_case(plain.substr(plain.size() - kOption.size()), kOption)) {
    plain.remove_suffix(kOption.size());
    wanted.grant_option = true;
  }
  for (const Word& word : words) {
    if (equals_ignoring_case(plain, word.text)) wanted.privileges = bit(word.privilege);
  }
  if (wanted.privileges == 0) {
    fail(base::sqlstate::kInvalidParameterValue,
         "unrecognized privilege type: \"" + std::string(text) + "\"");
  }
  return wanted;
}

std::vector<Wanted> read_wanted(std::string_view list, std::span<const Word> words) {
  std::vector<Wanted> wanted;
  for (;;) {
    const size_t comma = list.find(',');
    wanted.push_back(read_one(trim_blanks(list.substr(0, comma)), words));
    if (comma == std::string_view::npos) return wanted;
    list.remove_prefix(comma + 1);
  }
}

bool is_text(const Type& type) {
  return type.storage == Storage::kBytes;
}

Oid oid_of(Datum datum) {
  return Oid(static_cast<uint32_t>(datum.as_int()));
}

/// What a call asks, one argument after the other.
class Question {
 public:
  Question(CallContext& context, const Datum* args, size_t count_without_role)
      : context_(context), args_(args), image_(context.services->catalog_image()) {
    role_ = context.argument_count() > count_without_role
                ? read_role()
                : role_by_name(*image_, context.services->user());
  }

  const CatalogImage& image() const { return *image_; }
  Oid role() const { return role_; }

  Oid read_role() {
    const Type& type = context_.argument_type(at_);
    const Datum value = args_[at_++];
    if (!is_text(type)) return oid_of(value);
    return value.as_bytes() == "public" ? Oid{} : role_by_name(*image_, value.as_bytes());
  }
  Oid read_object(NamedKind kind) {
    const Type& type = context_.argument_type(at_);
    const Datum value = args_[at_++];
    if (!is_text(type)) return oid_of(value);
    return find_name(context_.style, kind, value.as_bytes());
  }
  /// attnum - 1, or nothing when a number means no column.
  std::optional<size_t> read_column(const RelationObject& table) {
    const Type& type = context_.argument_type(at_);
    const Datum value = args_[at_++];
    if (is_text(type)) {
      return static_cast<size_t>(column_number(table, value.as_bytes()) - 1);
    }
    const int64_t number = value.as_int();
    if (number < 1 || number > static_cast<int64_t>(table.columns.size())) return std::nullopt;
    return static_cast<size_t>(number - 1);
  }
  std::string_view read_text() { return args_[at_++].as_bytes(); }
  bool next_is_text() const { return is_text(context_.argument_type(at_)); }
  std::vector<Wanted> read_privileges(std::span<const Word> words) {
    return read_wanted(read_text(), words);
  }

 private:
  CallContext& context_;
  const Datum* args_;
  CatalogImagePtr image_;
  Oid role_;
  size_t at_ = 0;
};

bool may_grant(const CatalogImage& image, Oid role, const CatalogObject& object, uint32_t wanted) {
  if (owns(image, role, object)) return true;
  for (const AclEntry& entry : acl_of(object)) {
    const bool covers = (entry.grant_options & wanted) == wanted;
    if (covers && entry.grantee != Oid{} && has_privileges_of(image, role, entry.grantee)) {
      return true;
    }
  }
  return false;
}

bool answer(const Question& question, const CatalogObject& object,
            const std::vector<Wanted>& wanted) {
  return std::ranges::any_of(wanted, [&](const Wanted& one) {
    if (one.grant_option) {
      return may_grant(question.image(), question.role(), object, one.privileges);
    }
    return privileges_on(question.image(), question.role(), object, one.privileges) != 0;
  });
}

ObjectKind object_kind(Family family) {
  switch (family) {
    case Family::kSchema:
      return ObjectKind::kNamespace;
    case Family::kDatabase:
      return ObjectKind::kDatabase;
    case Family::kFunction:
      return ObjectKind::kFunction;
    case Family::kType:
      return ObjectKind::kType;
    case Family::kTable:
    case Family::kSequence:
    case Family::kLanguage:
    case Family::kTablespace:
    case Family::kForeign:
      return ObjectKind::kRelation;
  }
  return ObjectKind::kRelation;
}

NamedKind named_kind(Family family) {
  switch (family) {
    case Family::kSchema:
      return NamedKind::kNamespace;
    case Family::kFunction:
      return NamedKind::kFunctionSignature;
    case Family::kType:
      return NamedKind::kType;
    default:
      return NamedKind::kClass;
  }
}

/// Functions and types that are built in are everybody's.
bool is_builtin(Family family, Oid oid) {
  if (family == Family::kType) return find_type(oid) != nullptr;
  return family == Family::kFunction && FunctionRegistry::instance().function(oid) != nullptr;
}

Oid read_database(Question& question) {
  if (!question.next_is_text()) return question.read_object(NamedKind::kClass);
  const std::string_view name = question.read_text();
  ObjectPtr found = question.image().find(ObjectKind::kDatabase, Oid{}, name);
  if (found == nullptr) {
    fail(base::sqlstate::kUndefinedDatabase,
         "database \"" + std::string(name) + "\" does not exist");
  }
  return found->oid;
}

template <Family family>
Datum has(CallContext& context, const Datum* args) {
  Question question(context, args, 2);
  const Oid oid = family == Family::kDatabase ? read_database(question)
                                              : question.read_object(named_kind(family));
  const std::vector<Wanted> wanted = question.read_privileges(words_of(family));
  if (is_builtin(family, oid)) return Datum::of_bool(true);
  ObjectPtr object = question.image().find(object_kind(family), oid);
  if (object == nullptr && family == Family::kType) object = question.image().owner_of_type(oid);
  if (object == nullptr) return Datum::null();
  if (family == Family::kSequence &&
      static_cast<const RelationObject&>(*object).relation_kind != RelationKind::kSequence) {
    fail(base::sqlstate::kWrongObjectType, "\"" + object->name + "\" is not a sequence");
  }
  return Datum::of_bool(answer(question, *object, wanted));
}

/// Of languages, tablespaces and what else is the system's alone.
template <Family family>
Datum has_of_system(CallContext& context, const Datum* args) {
  Question question(context, args, 2);
  if (question.next_is_text()) {
    question.read_text();
  } else {
    question.read_object(NamedKind::kClass);
  }
  question.read_privileges(words_of(family));
  const bool all = family == Family::kLanguage;
  return Datum::of_bool(all || is_superuser(question.image(), question.role()));
}

Datum has_parameter(CallContext& context, const Datum* args) {
  Question question(context, args, 2);
  return Datum::of_bool(is_superuser(question.image(), question.role()));
}

bool column_answer(const Question& question, const RelationObject& table, size_t place,
                   const std::vector<Wanted>& wanted) {
  return std::ranges::any_of(wanted, [&](const Wanted& one) {
    if (one.grant_option) {
      return may_grant(question.image(), question.role(), table, one.privileges);
    }
    return has_column_privilege(question.image(), question.role(), table, place,
                                static_cast<Privilege>(one.privileges));
  });
}

Datum has_of_column(CallContext& context, const Datum* args) {
  Question question(context, args, 3);
  RelationPtr table = question.image().relation(question.read_object(NamedKind::kClass));
  if (table == nullptr) return Datum::null();
  const std::optional<size_t> place = question.read_column(*table);
  const std::vector<Wanted> wanted = question.read_privileges(kColumnWords);
  if (!place || table->columns[*place].dropped) return Datum::null();
  return Datum::of_bool(column_answer(question, *table, *place, wanted));
}

Datum has_of_any_column(CallContext& context, const Datum* args) {
  Question question(context, args, 2);
  RelationPtr table = question.image().relation(question.read_object(NamedKind::kClass));
  const std::vector<Wanted> wanted = question.read_privileges(kColumnWords);
  if (table == nullptr) return Datum::null();
  for (size_t place = 0; place < table->columns.size(); ++place) {
    if (table->columns[place].dropped) continue;
    if (column_answer(question, *table, place, wanted)) return Datum::of_bool(true);
  }
  return Datum::of_bool(answer(question, *table, wanted));
}

bool is_admin_of(const CatalogImage& image, Oid member, Oid role) {
  if (is_superuser(image, member)) return true;
  bool found = false;
  image.for_each(ObjectKind::kMembership, [&](const ObjectPtr& one) {
    const auto& membership = static_cast<const MembershipObject&>(*one);
    found |= membership.admin && membership.role == role &&
             is_member_of_role(image, member, membership.member);
  });
  return found;
}

Datum has_role(CallContext& context, const Datum* args) {
  Question question(context, args, 2);
  const Oid role = question.read_role();
  const std::string_view list = question.read_text();
  const CatalogImage& image = question.image();
  bool found = false;
  std::string_view rest = list;
  for (;;) {
    const size_t comma = rest.find(',');
    const std::string_view word = trim_blanks(rest.substr(0, comma));
    const size_t with = std::min(word.find(' '), word.size());
    if (with < word.size()) {
      found |= is_admin_of(image, question.role(), role);
    } else if (equals_ignoring_case(word, "USAGE")) {
      found |= has_privileges_of(image, question.role(), role);
    } else if (equals_ignoring_case(word, "MEMBER")) {
      found |= is_member_of_role(image, question.role(), role);
    } else {
      fail(base::sqlstate::kInvalidParameterValue,
           "unrecognized privilege type: \"" + std::string(word) + "\"");
    }
    if (comma == std::string_view::npos) return Datum::of_bool(found);
    rest.remove_prefix(comma + 1);
  }
}

constexpr FunctionRow kRows[] = {
    // clang-format off
    {3024, "has_any_column_privilege(name, text, text) bool", has_of_any_column, kStable},
    {3025, "has_any_column_privilege(name, oid, text) bool", has_of_any_column, kStable},
    {3026, "has_any_column_privilege(oid, text, text) bool", has_of_any_column, kStable},
    {3027, "has_any_column_privilege(oid, oid, text) bool", has_of_any_column, kStable},
    {3028, "has_any_column_privilege(text, text) bool", has_of_any_column, kStable},
    {3029, "has_any_column_privilege(oid, text) bool", has_of_any_column, kStable},
    {3012, "has_column_privilege(name, text, text, text) bool", has_of_column, kStable},
    {3013, "has_column_privilege(name, text, int2, text) bool", has_of_column, kStable},
    {3014, "has_column_privilege(name, oid, text, text) bool", has_of_column, kStable},
    {3015, "has_column_privilege(name, oid, int2, text) bool", has_of_column, kStable},
    {3016, "has_column_privilege(oid, text, text, text) bool", has_of_column, kStable},
    {3017, "has_column_privilege(oid, text, int2, text) bool", has_of_column, kStable},
    {3018, "has_column_privilege(oid, oid, text, text) bool", has_of_column, kStable},
    {3019, "has_column_privilege(oid, oid, int2, text) bool", has_of_column, kStable},
    {3020, "has_column_privilege(text, text, text) bool", has_of_column, kStable},
    {3021, "has_column_privilege(text, int2, text) bool", has_of_column, kStable},
    {3022, "has_column_privilege(oid, text, text) bool", has_of_column, kStable},
    {3023, "has_column_privilege(oid, int2, text) bool", has_of_column, kStable},
    {2250, "has_database_privilege(name, text, text) bool", has<Family::kDatabase>, kStable},
    {2251, "has_database_privilege(name, oid, text) bool", has<Family::kDatabase>, kStable},
    {2252, "has_database_privilege(oid, text, text) bool", has<Family::kDatabase>, kStable},
    {2253, "has_database_privilege(oid, oid, text) bool", has<Family::kDatabase>, kStable},
    {2254, "has_database_privilege(text, text) bool", has<Family::kDatabase>, kStable},
    {2255, "has_database_privilege(oid, text) bool", has<Family::kDatabase>, kStable},
    {3000, "has_foreign_data_wrapper_privilege(name, text, text) bool", has_of_system<Family::kForeign>, kStable},
    {3001, "has_foreign_data_wrapper_privilege(name, oid, text) bool", has_of_system<Family::kForeign>, kStable},
    {3002, "has_foreign_data_wrapper_privilege(oid, text, text) bool", has_of_system<Family::kForeign>, kStable},
    {3003, "has_foreign_data_wrapper_privilege(oid, oid, text) bool", has_of_system<Family::kForeign>, kStable},
    {3004, "has_foreign_data_wrapper_privilege(text, text) bool", has_of_system<Family::kForeign>, kStable},
    {3005, "has_foreign_data_wrapper_privilege(oid, text) bool", has_of_system<Family::kForeign>, kStable},
    {2256, "has_function_privilege(name, text, text) bool", has<Family::kFunction>, kStable},
    {2257, "has_function_privilege(name, oid, text) bool", has<Family::kFunction>, kStable},
    {2258, "has_function_privilege(oid, text, text) bool", has<Family::kFunction>, kStable},
    {2259, "has_function_privilege(oid, oid, text) bool", has<Family::kFunction>, kStable},
    {2260, "has_function_privilege(text, text) bool", has<Family::kFunction>, kStable},
    {2261, "has_function_privilege(oid, text) bool", has<Family::kFunction>, kStable},
    {2262, "has_language_privilege(name, text, text) bool", has_of_system<Family::kLanguage>, kStable},
    {2263, "has_language_privilege(name, oid, text) bool", has_of_system<Family::kLanguage>, kStable},
    {2264, "has_language_privilege(oid, text, text) bool", has_of_system<Family::kLanguage>, kStable},
    {2265, "has_language_privilege(oid, oid, text) bool", has_of_system<Family::kLanguage>, kStable},
    {2266, "has_language_privilege(text, text) bool", has_of_system<Family::kLanguage>, kStable},
    {2267, "has_language_privilege(oid, text) bool", has_of_system<Family::kLanguage>, kStable},
    {6205, "has_parameter_privilege(name, text, text) bool", has_parameter, kStable},
    {6206, "has_parameter_privilege(oid, text, text) bool", has_parameter, kStable},
    {6207, "has_parameter_privilege(text, text) bool", has_parameter, kStable},
    {2268, "has_schema_privilege(name, text, text) bool", has<Family::kSchema>, kStable},
    {2269, "has_schema_privilege(name, oid, text) bool", has<Family::kSchema>, kStable},
    {2270, "has_schema_privilege(oid, text, text) bool", has<Family::kSchema>, kStable},
    {2271, "has_schema_privilege(oid, oid, text) bool", has<Family::kSchema>, kStable},
    {2272, "has_schema_privilege(text, text) bool", has<Family::kSchema>, kStable},
    {2273, "has_schema_privilege(oid, text) bool", has<Family::kSchema>, kStable},
    {2181, "has_sequence_privilege(name, text, text) bool", has<Family::kSequence>, kStable},
    {2182, "has_sequence_privilege(name, oid, text) bool", has<Family::kSequence>, kStable},
    {2183, "has_sequence_privilege(oid, text, text) bool", has<Family::kSequence>, kStable},
    {2184, "has_sequence_privilege(oid, oid, text) bool", has<Family::kSequence>, kStable},
    {2185, "has_sequence_privilege(text, text) bool", has<Family::kSequence>, kStable},
    {2186, "has_sequence_privilege(oid, text) bool", has<Family::kSequence>, kStable},
    {3006, "has_server_privilege(name, text, text) bool", has_of_system<Family::kForeign>, kStable},
    {3007, "has_server_privilege(name, oid, text) bool", has_of_system<Family::kForeign>, kStable},
    {3008, "has_server_privilege(oid, text, text) bool", has_of_system<Family::kForeign>, kStable},
    {3009, "has_server_privilege(oid, oid, text) bool", has_of_system<Family::kForeign>, kStable},
    {3010, "has_server_privilege(text, text) bool", has_of_system<Family::kForeign>, kStable},
    {3011, "has_server_privilege(oid, text) bool", has_of_system<Family::kForeign>, kStable},
    {1922, "has_table_privilege(name, text, text) bool", has<Family::kTable>, kStable},
    {1923, "has_table_privilege(name, oid, text) bool", has<Family::kTable>, kStable},
    {1924, "has_table_privilege(oid, text, text) bool", has<Family::kTable>, kStable},
    {1925, "has_table_privilege(oid, oid, text) bool", has<Family::kTable>, kStable},
    {1926, "has_table_privilege(text, text) bool", has<Family::kTable>, kStable},
    {1927, "has_table_privilege(oid, text) bool", has<Family::kTable>, kStable},
    {2390, "has_tablespace_privilege(name, text, text) bool", has_of_system<Family::kTablespace>, kStable},
    {2391, "has_tablespace_privilege(name, oid, text) bool", has_of_system<Family::kTablespace>, kStable},
    {2392, "has_tablespace_privilege(oid, text, text) bool", has_of_system<Family::kTablespace>, kStable},
    {2393, "has_tablespace_privilege(oid, oid, text) bool", has_of_system<Family::kTablespace>, kStable},
    {2394, "has_tablespace_privilege(text, text) bool", has_of_system<Family::kTablespace>, kStable},
    {2395, "has_tablespace_privilege(oid, text) bool", has_of_system<Family::kTablespace>, kStable},
    {3138, "has_type_privilege(name, text, text) bool", has<Family::kType>, kStable},
    {3139, "has_type_privilege(name, oid, text) bool", has<Family::kType>, kStable},
    {3140, "has_type_privilege(oid, text, text) bool", has<Family::kType>, kStable},
    {3141, "has_type_privilege(oid, oid, text) bool", has<Family::kType>, kStable},
    {3142, "has_type_privilege(text, text) bool", has<Family::kType>, kStable},
    {3143, "has_type_privilege(oid, text) bool", has<Family::kType>, kStable},
    {2705, "pg_has_role(name, name, text) bool", has_role, kStable},
    {2706, "pg_has_role(name, oid, text) bool", has_role, kStable},
    {2707, "pg_has_role(oid, name, text) bool", has_role, kStable},
    {2708, "pg_has_role(oid, oid, text) bool", has_role, kStable},
    {2709, "pg_has_role(name, text) bool", has_role, kStable},
    {2710, "pg_has_role(oid, text) bool", has_role, kStable},
    // clang-format on
};

}  // namespace

extern const std::span<const FunctionRow> kPrivilegeFunctions = kRows;

}  // namespace isolde::sql
