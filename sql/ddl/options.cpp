#include "sql/ddl/options.hpp"

#include <fmt/format.h>
#include <pg_query/pg_query.pb-c.h>

#include <algorithm>
#include <charconv>

#include "sql/binder/nodes.hpp"

namespace isolde::sql {

namespace {

std::string type_text(const PgQuery__TypeName& name) {
  return std::string(last_name(name.names, name.n_names));
}

[[noreturn]] void fail_value(const PgQuery__DefElem& option, std::string_view wanted) {
  fail(base::sqlstate::kSyntaxError,
       std::string(option.defname) + " requires " + std::string(wanted));
}

}  // namespace

std::string option_text(const PgQuery__DefElem& option) {
  if (option.arg == nullptr) fail_value(option, "a parameter");
  const PgQuery__Node& arg = *option.arg;
  switch (arg.node_case) {
    case PG_QUERY__NODE__NODE_INTEGER:
      return std::to_string(arg.integer->ival);
    case PG_QUERY__NODE__NODE_FLOAT:
      return arg.float_->fval;
    case PG_QUERY__NODE__NODE_BOOLEAN:
      return arg.boolean->boolval ? "true" : "false";
    case PG_QUERY__NODE__NODE_STRING:
      return arg.string->sval;
    case PG_QUERY__NODE__NODE_TYPE_NAME:
      return type_text(*arg.type_name);
    case PG_QUERY__NODE__NODE_LIST:
      return joined_name(arg.list->items, arg.list->n_items);
    case PG_QUERY__NODE__NODE_A_STAR:
      return "*";
    default:
      fail_value(option, "a parameter");
  }
}

bool option_bool(const PgQuery__DefElem& option) {
  if (option.arg == nullptr) return true;
  std::string text = option_text(option);
  std::ranges::transform(text, text.begin(), [](char c) { return std::tolower(c); });
  if (text == "true" || text == "on" || text == "1") return true;
  if (text == "false" || text == "off" || text == "0") return false;
  fail_value(option, "a Boolean value");
}

int64_t option_int(const PgQuery__DefElem& option) {
  if (option.arg == nullptr) fail_value(option, "a numeric value");
  const PgQuery__Node& arg = *option.arg;
  if (arg.node_case == PG_QUERY__NODE__NODE_INTEGER) return arg.integer->ival;
  if (arg.node_case != PG_QUERY__NODE__NODE_FLOAT) fail_value(option, "a numeric value");
  std::string_view text = arg.float_->fval;
  int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) fail_value_range("bigint", text);
  if (error != std::errc() || end != text.data() + text.size()) fail_syntax("bigint", text);
  return value;
}

void fail_redundant(Definer& d, const PgQuery__DefElem& option) {
  d.fail_at(option.location, base::sqlstate::kSyntaxError, "conflicting or redundant options");
}

namespace {

struct NumberOption {
  std::string_view name;
  double least, most;
  bool whole = true;
};
constexpr NumberOption kNumberOptions[] = {
    {"fillfactor", 10, 100},
    {"parallel_workers", 0, 1024},
    {"toast_tuple_target", 128, 8160},
    {"autovacuum_vacuum_threshold", 0, INT32_MAX},
    {"autovacuum_vacuum_insert_threshold", -1, INT32_MAX},
    {"autovacuum_analyze_threshold", 0, INT32_MAX},
    {"autovacuum_vacuum_cost_limit", 1, 10000},
    {"autovacuum_vacuum_scale_factor", 0, 100, false},
    {"autovacuum_vacuum_insert_scale_factor", 0, 100, false},
    {"autovacuum_analyze_scale_factor", 0, 100, false},
    {"autovacuum_vacuum_cost_delay", 0, 100, false},
    {"autovacuum_freeze_min_age", 0, 1000000000},
    {"autovacuum_freeze_max_age", 100000, 2000000000},
    {"autovacuum_freeze_table_age", 0, 2000000000},
    {"autovacuum_multixact_freeze_min_age", 0, 1000000000},
    {"autovacuum_multixact_freeze_max_age", 10000, 2000000000},
    {"autovacuum_multixact_freeze_table_age", 0, 2000000000},
    {"log_autovacuum_min_duration", -1, INT32_MAX}};
constexpr std::string_view kBooleanOptions[] = {"autovacuum_enabled", "vacuum_truncate",
                                                "user_catalog_table", "deduplicate_items"};

std::string bound_text(const NumberOption& option, double bound) {
  return option.whole ? std::to_string(static_cast<int64_t>(bound)) : fmt::format("{:f}", bound);
}

/// As PostgreSQL's reloptions.c checks them.
void check_storage_option(const std::string& name, const std::string& value) {
  if (std::ranges::find(kBooleanOptions, name) != std::end(kBooleanOptions)) {
    static const auto words = {"true", "false", "on", "off", "yes", "no", "1", "0"};
    std::string lower = value;
    std::ranges::transform(lower, lower.begin(), [](char c) { return std::tolower(c); });
    if (std::ranges::find(words, lower) == words.end())
      fail(base::sqlstate::kInvalidParameterValue,
           "invalid value for boolean option " + quoted(name) + ": " + value);
    return;
  }
  const auto* option = std::ranges::find(kNumberOptions, name, &NumberOption::name);
  if (option == std::end(kNumberOptions)) return;
  double number = 0;
  const char* end = value.data() + value.size();
  auto [stop, error] = std::from_chars(value.data(), end, number);
  const bool whole = number == static_cast<double>(static_cast<int64_t>(number));
  if (error != std::errc() || stop != end || (option->whole && !whole))
    fail(base::sqlstate::kInvalidParameterValue,
         std::string("invalid value for ") + (option->whole ? "integer" : "floating point") +
             " option " + quoted(name) + ": " + value);
  if (number >= option->least && number <= option->most) return;
  throw base::SqlException(
      base::Error(base::sqlstate::kInvalidParameterValue,
                  "value " + value + " out of bounds for option " + quoted(name))
          .detail("Valid values are between \"" + bound_text(*option, option->least) + "\" and \"" +
                  bound_text(*option, option->most) + "\"."));
}

}  // namespace

std::vector<std::string> storage_options(PgQuery__Node* const* options, size_t count, bool index) {
  constexpr std::string_view kTableOptions[] = {"fillfactor",
                                                "parallel_workers",
                                                "toast_tuple_target",
                                                "user_catalog_table",
                                                "vacuum_truncate",
                                                "vacuum_index_cleanup",
                                                "autovacuum_enabled",
                                                "autovacuum_vacuum_threshold",
                                                "autovacuum_vacuum_insert_threshold",
                                                "autovacuum_vacuum_scale_factor",
                                                "autovacuum_vacuum_insert_scale_factor",
                                                "autovacuum_analyze_threshold",
                                                "autovacuum_analyze_scale_factor",
                                                "autovacuum_vacuum_cost_delay",
                                                "autovacuum_vacuum_cost_limit",
                                                "autovacuum_freeze_min_age",
                                                "autovacuum_freeze_max_age",
                                                "autovacuum_freeze_table_age",
                                                "autovacuum_multixact_freeze_min_age",
                                                "autovacuum_multixact_freeze_max_age",
                                                "autovacuum_multixact_freeze_table_age",
                                                "log_autovacuum_min_duration"};
  constexpr std::string_view kIndexOptions[] = {"fillfactor", "deduplicate_items"};
  std::vector<std::string> texts;
  for (size_t i = 0; i < count; ++i) {
    const PgQuery__DefElem& option = *options[i]->def_elem;
    std::string name = option.defname;
    if (!index && name == "oids") {
      if (!option_bool(option)) continue;
      fail(base::sqlstate::kFeatureNotSupported, "tables declared WITH OIDS are not supported");
    }
    bool known = index ? std::ranges::find(kIndexOptions, name) != std::end(kIndexOptions)
                       : std::ranges::find(kTableOptions, name) != std::end(kTableOptions);
    if (!known) {
      fail(base::sqlstate::kInvalidParameterValue, "unrecognized parameter " + quoted(name));
    }
    std::string value = option.arg == nullptr ? "true" : option_text(option);
    check_storage_option(name, value);
    texts.push_back(name + "=" + value);
  }
  return texts;
}

}  // namespace isolde::sql
