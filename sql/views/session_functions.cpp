#include <algorithm>
#include <chrono>
#include <cmath>

#include "sql/binder/table_names.hpp"
#include "sql/catalog/builtin_objects.hpp"
#include "sql/functions/declaration.hpp"
#include "sql/session/instance.hpp"
#include "sql/session/session_services.hpp"
#include "sql/settings/session_settings.hpp"
#include "sql/types/array.hpp"
#include "sql/types/errors.hpp"
#include "sql/types/type_registry.hpp"

// Functions about the session that they are called in.

namespace isolde::sql {

namespace {

Datum of_time(base::Timestamp time) {
  return Datum::of_int(time.micros);
}

Datum version(CallContext& context, const Datum*) {
  return context.arena.bytes(version_text());
}

Datum statement_time(CallContext& context, const Datum*) {
  return of_time(context.services->statement_start());
}
Datum server_start(CallContext& context, const Datum*) {
  return of_time(context.services->instance().started());
}

Datum current_user(CallContext& context, const Datum*) {
  return context.arena.bytes(context.services->current_user());
}
Datum session_user(CallContext& context, const Datum*) {
  return context.arena.bytes(context.services->user());
}
Datum database_name(CallContext& context, const Datum*) {
  return context.arena.bytes(context.services->database());
}
Datum encoding_name(CallContext& context, const Datum*) {
  return context.arena.bytes("UTF8");
}

/// The names of schemas, where they still exist.
std::vector<std::string> schema_names(const CatalogImage& image, const std::vector<Oid>& schemas) {
  std::vector<std::string> names;
  for (Oid oid : schemas) {
    if (ObjectPtr found = image.find(ObjectKind::kNamespace, oid)) names.push_back(found->name);
  }
  return names;
}

Datum current_schema(CallContext& context, const Datum*) {
  const TableNames& names = context.services->table_names();
  auto schemas = schema_names(*names.image, names.path.listed);
  return schemas.empty() ? Datum::null() : context.arena.bytes(schemas[0]);
}

/// With the implicit ones, but for the schema isolde, which only we have.
Datum current_schemas(CallContext& context, const Datum* args) {
  const TableNames& names = context.services->table_names();
  std::vector<Oid> wanted = args[0].as_bool() ? names.path.schemas : names.path.listed;
  const bool listed =
      std::ranges::find(names.path.listed, oids::kIsoldeSchema) != names.path.listed.end();
  if (!listed) std::erase(wanted, oids::kIsoldeSchema);
  std::vector<Datum> elements;
  for (const std::string& name : schema_names(*names.image, wanted)) {
    elements.push_back(context.arena.bytes(name));
  }
  const Type& type = type_of(types::kName);
  return elements.empty() ? empty_array(type, context.arena)
                          : make_array(type, elements, context.arena);
}

Datum current_setting(CallContext& context, const Datum* args) {
  return context.arena.bytes(
      base::value_or_throw(context.services->settings().show(args[0].as_bytes())));
}

Datum current_setting_or_null(CallContext& context, const Datum* args) {
  const SessionSettings& settings = context.services->settings();
  if (args[1].as_bool() && settings.find(args[0].as_bytes()) == nullptr) return Datum::null();
  return current_setting(context, args);
}

/// Not strict: a NULL value resets, a NULL name is an error.
Datum set_config(CallContext& context, const Datum* args) {
  if (args[0].is_null()) fail(base::sqlstate::kNullValueNotAllowed, "SET requires parameter name");
  std::string_view name = args[0].as_bytes();
  bool local = !args[2].is_null() && args[2].as_bool();
  context.services->set_setting(name, args[1].is_null() ? "" : args[1].as_bytes(), local);
  return current_setting(context, args);
}

Datum backend_pid(CallContext& context, const Datum*) {
  return Datum::of_int(context.services->pid().value);
}

Datum signal_backend(CallContext& context, int64_t pid, bool terminate) {
  SessionControl* control = context.services->instance().control();
  base::SessionId id{static_cast<int32_t>(pid)};
  bool done = control != nullptr && (terminate ? control->terminate(id) : control->cancel(id));
  if (!done) {
    context.services->notice(
        base::Error(base::sqlstate::kWarning,
                    "PID " + std::to_string(pid) + " is not a PostgreSQL backend process")
            .severity(base::Severity::kWarning));
  }
  context.poll();  // it may have been this session
  return Datum::of_bool(done);
}
Datum cancel_backend(CallContext& context, const Datum* args) {
  return signal_backend(context, args[0].as_int(), false);
}
Datum terminate_backend(CallContext& context, const Datum* args) {
  return signal_backend(context, args[0].as_int(), true);
}

Datum reload_conf(CallContext& context, const Datum*) {
  SessionControl* control = context.services->instance().control();
  return Datum::of_bool(control != nullptr && control->reload());
}

Datum client_address(CallContext& context, const Datum*) {
  const std::string& address = context.services->client_address();
  return address.empty() ? Datum::null() : context.arena.bytes(address);
}
Datum client_port(CallContext& context, const Datum*) {
  int port = context.services->client_port();
  return port < 0 ? Datum::null() : Datum::of_int(port);
}

/// Sleeps until the moment, or until an interrupt ends the statement.
void sleep_until(CallContext& context, base::SteadyTime until) {
  while (base::steady_now() < until) {
    if (context.task.wait(base::kWaitPgSleep, until) == base::Wake::kInterrupted) {
      base::value_or_throw(context.task.take_interrupt());
    }
  }
}

base::SteadyTime after_seconds(double seconds) {
  constexpr double kLongest = 1e9;  // some thirty years: no overflow in nanoseconds
  if (!(seconds > 0)) return base::steady_now();
  auto wait = std::chrono::duration<double>(std::min(seconds, kLongest));
  return base::steady_now() + std::chrono::duration_cast<base::SteadyTime::duration>(wait);
}

Datum pg_sleep(CallContext& context, const Datum* args) {
  sleep_until(context, after_seconds(args[0].as_float()));
  return Datum::of_bytes("");
}

Datum pg_notify(CallContext& context, const Datum* args) {
  std::string_view channel = args[0].is_null() ? std::string_view() : args[0].as_bytes();
  std::string_view payload = args[1].is_null() ? std::string_view() : args[1].as_bytes();
  context.services->notify_others(channel, payload);
  return Datum::of_bytes("");
}

Datum pg_sleep_until(CallContext& context, const Datum* args) {
  int64_t micros = args[0].as_int() - base::wall_now().micros;
  sleep_until(context, after_seconds(static_cast<double>(micros) / 1e6));
  return Datum::of_bytes("");
}

Datum always_false(CallContext&, const Datum*) {
  return Datum::of_bool(false);
}

constexpr FunctionRow kRows[] = {
    {89, "version() text", version, kStable},
    {745, "current_user() name", current_user, kStable},
    {746, "session_user() name", session_user, kStable},
    {861, "current_database() name", database_name, kStable},
    {1039, "getdatabaseencoding() name", encoding_name, kStable},
    {810, "pg_client_encoding() name", encoding_name, kStable},
    {1402, "current_schema() name", current_schema, kStable},
    {1403, "current_schemas(bool) name[]", current_schemas, kStable},
    {2077, "current_setting(text) text", current_setting, kStable},
    {3294, "current_setting(text, bool) text", current_setting_or_null, kStable},
    {2078, "set_config(text, text, bool) text", set_config, kVolatile | kCalledOnNull},
    {2026, "pg_backend_pid() int4", backend_pid, kStable},
    {2171, "pg_cancel_backend(int4) bool", cancel_backend, kVolatile},
    {2096, "pg_terminate_backend(pid int4, timeout int8 = 0) bool", terminate_backend, kVolatile},
    {2621, "pg_reload_conf() bool", reload_conf, kVolatile},
    {2196, "inet_client_addr() text", client_address, kStable | kCalledOnNull},
    {2197, "inet_client_port() int4", client_port, kStable | kCalledOnNull},
    {2626, "pg_sleep(float8) void", pg_sleep, kVolatile},
    {3036, "pg_notify(text, text) void", pg_notify, kVolatile | kCalledOnNull},
    {3810, "pg_is_in_recovery() bool", always_false, kVolatile},
};

constexpr FunctionRow kTimeRows[] = {
    {2648, "statement_timestamp() timestamptz", statement_time, kStable},
    {2560, "pg_postmaster_start_time() timestamptz", server_start, kStable},
    {2034, "pg_conf_load_time() timestamptz", server_start, kStable},
    {3936, "pg_sleep_until(timestamptz) void", pg_sleep_until, kVolatile},
};

}  // namespace

extern const std::span<const FunctionRow> kSessionFunctions = kRows;
extern const std::span<const FunctionRow> kSessionTimes = kTimeRows;

std::string_view version_text() {
  return "PostgreSQL 15.0 (Isolde 0.1) on x86_64-pc-linux-gnu, compiled by gcc (GCC) " __VERSION__
         ", 64-bit";
}

}  // namespace isolde::sql
