#include "sql/ddl/function.hpp"
#include "sql/ddl/placed.hpp"

#include <pg_query/pg_query.pb-c.h>

#include <algorithm>

#include "sql/binder/nodes.hpp"
#include "sql/catalog/catalog_functions.hpp"
#include "sql/catalog/catalog_types.hpp"
#include "sql/ddl/expression.hpp"
#include "sql/ddl/initial_acl.hpp"
#include "sql/ddl/options.hpp"
#include "sql/ddl/routine.hpp"
#include "sql/ddl/type_name.hpp"
#include "sql/functions/overload.hpp"
#include "sql/parser/parse.hpp"
#include "sql/parser/unparse.hpp"
#include "sql/settings/session_settings.hpp"

namespace isolde::sql {

namespace {

constexpr base::SqlState kWrong = base::sqlstate::kInvalidFunctionDefinition;

char mode_letter(PgQuery__FunctionParameterMode mode) {
  switch (mode) {
    case PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_OUT:
      return 'o';
    case PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_INOUT:
      return 'b';
    case PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_VARIADIC:
      return 'v';
    case PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_TABLE:
      return 't';
    default:
      return 'i';
  }
}

/// One of the attributes that CREATE and ALTER share; false for what is none of them.
bool take_attribute(FunctionObject& function, const PgQuery__DefElem& option) {
  std::string_view name = option.defname;
  if (name == "volatility") {
    function.volatility = option_text(option)[0];
  } else if (name == "strict") {
    function.strict = option_bool(option);
  } else if (name == "security") {
    function.security_definer = option_bool(option);
  } else if (name == "cost") {
    function.cost = std::stof(option_text(option));
    if (function.cost <= 0) fail(base::sqlstate::kInvalidParameterValue, "COST must be positive");
  } else if (name == "rows") {
    function.rows = std::stof(option_text(option));
    if (function.rows <= 0) fail(base::sqlstate::kInvalidParameterValue, "ROWS must be positive");
    if (!function.returns_set) {
      fail(base::sqlstate::kInvalidParameterValue,
           "ROWS is not applicable when function does not return a set");
    }
  } else if (name == "parallel") {
    std::string value = option_text(option);
    if (value != "safe" && value != "unsafe" && value != "restricted") {
      fail(base::sqlstate::kSyntaxError,
           "parameter \"parallel\" must be SAFE, RESTRICTED, or UNSAFE");
    }
    function.parallel = value[0];
  } else if (name == "leakproof") {
    static_cast<void>(option_bool(option));
  } else {
    return false;
  }
  return true;
}

/// Where a place in the body, in characters from 1, is in the statement; 0 when the body is not to
/// be found there as it is, or more than once.
int place_in_body(std::string_view text, const std::string& body, int position) {
  if (position <= 0 || body.empty()) return position;
  size_t found = std::string_view::npos;
  for (size_t at = text.find(body); at != std::string_view::npos; at = text.find(body, at + 1)) {
    bool literal = at > 0 && (text[at - 1] == '\'' || text[at - 1] == '$');
    if (!literal) continue;
    if (found != std::string_view::npos) return 0;
    found = at;
  }
  if (found == std::string_view::npos) return 0;
  auto first_byte = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
  return position + static_cast<int>(std::ranges::count_if(text.substr(0, found), first_byte));
}

class FunctionStatement {
 public:
  FunctionStatement(Definer& d, const PgQuery__CreateFunctionStmt& statement)
      : d_(d), statement_(statement) {}

  void run() {
    NameParts name = name_parts(statement_.funcname, statement_.n_funcname);
    made_->procedure = statement_.is_procedure;
    made_->name = name.name;
    made_->name_space = d_.creation_schema(name.schema);
    made_->owner = d_.role();
    take_options();
    unplaced([&] {
      take_parameters();
      take_result();
    });
    if (made_->returns_set) made_->rows = 1000;
    if (rows_ != nullptr) take_attribute(*made_, *rows_);
    take_body();
    note_types();
    d_.lock_name(ObjectKind::kFunction, made_->name_space, made_->name);
    auto before = existing();
    if (before == nullptr) {
      made_->oid = d_.new_oid();
      made_->acl = initial_acl(d_, *made_);
    } else {
      keep_of(*before);
    }
    d_.put(made_);  // first: the body may call what it is the body of
    try {
      check_body();
    } catch (const base::SqlException& e) {
      base::Error error = e.error();
      error.fields().position = place_in_body(d_.text(), made_->body, error.fields().position);
      throw base::SqlException(std::move(error));
    }
  }

 private:
  void take_options() {
    bool language = false;
    for (size_t i = 0; i < statement_.n_options; ++i) {
      const PgQuery__DefElem& option = *statement_.options[i]->def_elem;
      std::string_view name = option.defname;
      if (name == "language") {
        language = true;
        made_->language = option_text(option);
        if (made_->language != "sql") {
          base::Error error(base::sqlstate::kUndefinedObject,
                            "language " + quoted(made_->language) + " does not exist");
          throw base::SqlException(std::move(error));
        }
      } else if (name == "as") {
        body_ = &option;
      } else if (name != "set" && !take_late(option) && !take_attribute(*made_, option)) {
        fail(base::sqlstate::kFeatureNotSupported,
             "function attribute " + quoted(name) + " is not supported");
      } else if (name == "set") {
        fail(base::sqlstate::kFeatureNotSupported, "settings of a function are not supported");
      }
    }
    if (!language && statement_.sql_body == nullptr) fail(kWrong, "no language specified");
  }

  /// ROWS is looked at when it is known whether the function returns a set.
  bool take_late(const PgQuery__DefElem& option) {
    if (std::string_view(option.defname) != "rows") return false;
    rows_ = &option;
    return true;
  }

  void take_parameters() {
    bool defaults = false, outputs = false;
    for (size_t i = 0; i < statement_.n_parameters; ++i) {
      const PgQuery__FunctionParameter& parameter = *statement_.parameters[i]->function_parameter;
      char mode = mode_letter(parameter.mode);
      const PgQuery__TypeName& type_name = *parameter.arg_type;
      if (type_name.setof) fail(kWrong, "functions cannot accept set arguments");
      const Type& type = d_.type_named(type_name);
      std::string name(text_or_empty(parameter.name));
      check_name(name, mode);
      bool input = mode == 'i' || mode == 'b' || mode == 'v';
      if (made_->variadic != Oid{} && input) {
        fail(kWrong, "VARIADIC parameter must be the last input parameter");
      }
      if (mode == 'v') take_variadic(type);
      outputs |= mode != 'i' && mode != 'v';
      made_->all_argument_types.push_back(type.oid);
      made_->argument_modes.push_back(mode);
      made_->argument_names.push_back(name);
      if (input) made_->argument_types.push_back(type.oid);
      if (parameter.defexpr != nullptr) {
        if (!input) fail(kWrong, "only input parameters can have default values");
        take_default(*parameter.defexpr, type);
        defaults = true;
      } else if (defaults && input) {
        fail(kWrong, "input parameters after one with a default value must also have defaults");
      }
    }
    bool named = std::ranges::any_of(made_->argument_names,
                                     [](const std::string& name) { return !name.empty(); });
    if (!named) made_->argument_names.clear();
    if (!outputs && made_->variadic == Oid{}) {
      made_->argument_modes.clear();
      made_->all_argument_types.clear();
    }
    has_outputs_ = outputs;
  }

  void check_name(const std::string& name, char mode) {
    if (name.empty()) return;
    for (size_t i = 0; i < made_->argument_names.size(); ++i) {
      if (made_->argument_names[i] != name) continue;
      char other = made_->argument_modes[i];
      // IN and OUT may share a name, as may others that do not meet.
      bool apart = (mode == 'i' && other == 'o') || (mode == 'o' && other == 'i');
      if (!apart) fail(kWrong, "parameter name " + quoted(name) + " used more than once");
    }
  }

  void take_variadic(const Type& type) {
    if (type.oid == types::kAnyArray) {
      made_->variadic = types::kAnyElement;
    } else if (type.element != nullptr) {
      made_->variadic = type.element->oid;
    } else {
      fail(kWrong, "VARIADIC parameter must be an array");
    }
  }

  void take_default(const PgQuery__Node& value, const Type& type) {
    RelationObject nothing;
    ColumnObject column;
    column.name = made_->name;
    column.type = type.oid;
    KeptExpression kept = keep_expression(d_, value, KeptClause::kDefault, nothing,
                                          is_polymorphic(type.oid) ? nullptr : &column);
    made_->argument_defaults.push_back(kept.text);
    made_->needs.insert(made_->needs.end(), kept.needs.begin(), kept.needs.end());
  }

  void take_result() {
    auto outputs =
        has_outputs_ ? output_columns_of(*made_) : std::vector<std::pair<Oid, std::string>>();
    Oid by_outputs = outputs.empty()       ? Oid{}
                     : outputs.size() == 1 ? outputs[0].first
                                           : types::kRecord;
    if (made_->procedure) {
      made_->result_type = outputs.empty() ? types::kVoid : types::kRecord;
      return;
    }
    const PgQuery__TypeName* declared = statement_.return_type;
    if (declared == nullptr) {
      if (outputs.empty()) fail(kWrong, "function result type must be specified");
      made_->result_type = by_outputs;
      return;
    }
    made_->returns_set = declared->setof;
    bool table = std::ranges::find(made_->argument_modes, 't') != made_->argument_modes.end();
    if (table) {
      made_->returns_set = true;
      made_->result_type = by_outputs;
      return;
    }
    const Type& type = d_.type_named(*declared);
    if (by_outputs != Oid{} && type.oid != by_outputs) {
      fail(kWrong, "function result type must be " + format_type(d_.type_of(by_outputs)) +
                       " because of OUT parameters");
    }
    made_->result_type = type.oid;
  }

  void take_body() {
    if (statement_.sql_body != nullptr) {
      if (body_ != nullptr) {
        fail(kWrong, "duplicate function body specified");
      }
      made_->body = body_of(*statement_.sql_body);
      return;
    }
    if (body_ == nullptr) fail(kWrong, "no function body specified");
    const PgQuery__List& list = *body_->arg->list;
    if (list.n_items != 1) {
      fail(kWrong, "only one AS item needed for language \"sql\"");
    }
    made_->body = string_of(*list.items[0]);
  }

  /// RETURN expression, or BEGIN ATOMIC ... END: as the text of statements.
  static std::string body_of(const PgQuery__Node& node) {
    if (node.node_case == PG_QUERY__NODE__NODE_RETURN_STMT) {
      return "SELECT " + unparse_expression(*node.return_stmt->returnval);
    }
    if (node.node_case != PG_QUERY__NODE__NODE_LIST) return unparse_statement(node);
    std::string text;
    for (size_t i = 0; i < node.list->n_items; ++i) {
      std::string one = body_of(*node.list->items[i]);
      if (one.empty()) continue;
      if (!text.empty()) text += "; ";
      text += one;
    }
    return text;
  }

  void note_types() {
    auto note = [&](Oid type) {
      if (type_object(d_.image(), type) != nullptr) made_->needs.push_back(type);
    };
    for (Oid type : made_->argument_types) note(type);
    for (Oid type : made_->all_argument_types) note(type);
    note(made_->result_type);
    std::ranges::sort(made_->needs);
    made_->needs.erase(std::unique(made_->needs.begin(), made_->needs.end()), made_->needs.end());
  }

  std::shared_ptr<const FunctionObject> existing() {
    for (const ObjectPtr& one :
         d_.image().named(ObjectKind::kFunction, made_->name_space, made_->name)) {
      auto function = std::static_pointer_cast<const FunctionObject>(one);
      if (function->argument_types == made_->argument_types) return function;
    }
    return nullptr;
  }

  std::string shown(const FunctionObject& function) {
    std::string arguments;
    for (Oid type : function.argument_types) {
      arguments += (arguments.empty() ? "" : ",") + format_type(d_.type_of(type));
    }
    return function.name + "(" + arguments + ")";
  }

  /// OR REPLACE: what callers and grants rely on stays.
  void keep_of(const FunctionObject& before) {
    if (!statement_.replace) {
      fail(base::sqlstate::kDuplicateFunction,
           "function " + quoted(made_->name) + " already exists with same argument types");
    }
    d_.require_owner(before);
    auto refuse = [&](std::string message) {
      throw base::SqlException(
          base::Error(kWrong, std::move(message))
              .hint("Use DROP " + std::string(before.procedure ? "PROCEDURE " : "FUNCTION ") +
                    shown(before) + " first."));
    };
    if (before.procedure != made_->procedure) {
      throw base::SqlException(
          base::Error(base::sqlstate::kWrongObjectType, "cannot change routine kind")
              .detail(quoted(made_->name) + " is a " +
                      (before.procedure ? "procedure." : "function.")));
    }
    if (before.result_type != made_->result_type || before.returns_set != made_->returns_set) {
      refuse("cannot change return type of existing function");
    }
    std::vector<std::string> old_names = input_names_of(before);
    std::vector<std::string> new_names = input_names_of(*made_);
    for (size_t i = 0; i < old_names.size(); ++i) {
      if (!old_names[i].empty() && old_names[i] != new_names[i]) {
        refuse("cannot change name of input parameter " + quoted(old_names[i]));
      }
    }
    if (before.argument_defaults.size() > made_->argument_defaults.size()) {
      refuse("cannot remove parameter defaults from existing function");
    }
    d_.lock(before, txn::table_mode::kAccessExclusive);
    made_->oid = before.oid;
    made_->owner = before.owner;
    made_->acl = before.acl;
    made_->comment = before.comment;
  }

  [[noreturn]] void fail_result(std::string detail) {
    base::Error error(kWrong, "return type mismatch in function declared to return " +
                                  format_type(d_.type_of(made_->result_type)));
    error.fields().detail = std::move(detail);
    error.fields().context = "SQL function " + quoted(made_->name);
    throw base::SqlException(std::move(error));
  }

  /// Binds every statement with the parameters, unless their types are open.
  void check_body() {
    bool open = is_polymorphic(made_->result_type) ||
                std::ranges::any_of(made_->argument_types, is_polymorphic);
    auto parsed = base::value_or_throw(parse_query(made_->body));
    if (open || !d_.services().settings().fields().check_function_bodies) return;
    if (parsed->size() == 0 && made_->result_type != types::kVoid) {
      fail_result("Function's final statement must be SELECT or INSERT/UPDATE/DELETE RETURNING.");
    }
    for (size_t i = 0; i < parsed->size(); ++i) {
      check_statement(*parsed, i, i + 1 == parsed->size());
    }
  }

  void check_statement(const ParsedQuery& parsed, size_t i, bool last) {
    const PgQuery__Node& node = *parsed.statement(i);
    switch (node.node_case) {
      case PG_QUERY__NODE__NODE_SELECT_STMT:
      case PG_QUERY__NODE__NODE_INSERT_STMT:
      case PG_QUERY__NODE__NODE_UPDATE_STMT:
      case PG_QUERY__NODE__NODE_DELETE_STMT:
        break;
      default:
        fail(base::sqlstate::kFeatureNotSupported,
             "this statement in the body of a function is not supported");
    }
    PlanMemory memory;
    Binder::Input input = d_.binder_input();
    input.text = parsed.text();
    input.parameters = made_->argument_types;
    input.parameter_names = input_names_of(*made_);
    input.routine_name = made_->name;
    Binder binder(std::move(input), memory);
    Query* query = binder.bind_statement(node);
    if (last && made_->result_type != types::kVoid && !made_->procedure) {
      check_result(binder, *query);
    }
  }

  void check_result(Binder& binder, Query& query) {
    auto width = static_cast<size_t>(query.visible_targets());
    if (width == 0) {
      fail_result("Function's final statement must be SELECT or INSERT/UPDATE/DELETE RETURNING.");
    }
    std::vector<Oid> wanted;
    for (auto& [type, name] : output_columns_of(*made_)) wanted.push_back(type);
    if (wanted.empty() && made_->result_type == types::kRecord) return;
    ObjectPtr row = type_object(d_.image(), made_->result_type);
    bool columns = wanted.empty() && row != nullptr && row->kind == ObjectKind::kRelation &&
                   query.targets[0].value->type->oid != made_->result_type;
    if (columns) {
      for (const ColumnObject& column : static_cast<const RelationObject&>(*row).columns) {
        if (!column.dropped) wanted.push_back(column.type);
      }
    }
    if (wanted.empty()) wanted.push_back(made_->result_type);
    if (width < wanted.size() || (width > wanted.size() && wanted.size() == 1)) {
      fail_result(wanted.size() == 1 ? "Final statement must return exactly one column."
                                     : "Final statement returns too few columns.");
    }
    if (width > wanted.size()) fail_result("Final statement returns too many columns.");
    Oid given = query.targets[0].value->type->oid;
    std::string actual = format_type(d_.type_of(given));
    if (binder.fit_results(query, wanted)) return;
    fail_result("Actual return type is " + actual + ".");
  }

  Definer& d_;
  const PgQuery__CreateFunctionStmt& statement_;
  std::shared_ptr<FunctionObject> made_ = std::make_shared<FunctionObject>();
  const PgQuery__DefElem* body_ = nullptr;
  const PgQuery__DefElem* rows_ = nullptr;
  bool has_outputs_ = false;
};

}  // namespace

void create_function(Definer& d, const PgQuery__CreateFunctionStmt& statement) {
  FunctionStatement(d, statement).run();
}

std::string_view alter_function(Definer& d, const PgQuery__AlterFunctionStmt& statement) {
  auto found = find_routine(d, *statement.func, statement.objtype, false);
  if (found == nullptr) {
    fail(base::sqlstate::kUndefinedFunction,
         missing_routine_message(d, *statement.func, statement.objtype));
  }
  d.require_owner(*found);
  d.lock(*found, txn::table_mode::kAccessExclusive);
  auto changed = d.edit(*found);
  for (size_t i = 0; i < statement.n_actions; ++i) {
    const PgQuery__DefElem& action = *statement.actions[i]->def_elem;
    if (!take_attribute(*changed, action)) {
      fail(base::sqlstate::kFeatureNotSupported,
           "ALTER FUNCTION with " + quoted(action.defname) + " is not supported");
    }
  }
  d.put(changed);
  if (statement.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE) return "PROCEDURE";
  return statement.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE ? "ROUTINE" : "FUNCTION";
}

}  // namespace isolde::sql
