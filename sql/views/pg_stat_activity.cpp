#include "sql/session/instance.hpp"
#include "sql/session/session_services.hpp"
#include "sql/views/table_columns.hpp"
#include "sql/views/views.hpp"

namespace isolde::sql {

namespace {

void add_time(VirtualRows& rows, std::optional<base::Timestamp> time) {
  time ? rows.add_int(time->micros) : rows.add_null();
}

void add_word(VirtualRows& rows, std::string_view word) {
  word.empty() ? rows.add_null() : rows.add_text(word);
}

void add_activity(const Activity& activity, VirtualRows& rows) {
  rows.start();
  rows.add_null();  // datid
  add_word(rows, activity.database);
  rows.add_int(activity.pid.value);
  rows.add_null();  // leader_pid
  rows.add_null();  // usesysid
  add_word(rows, activity.user);
  rows.add_text(activity.application_name);
  add_word(rows, activity.client_address);
  rows.add_null();  // client_hostname
  rows.add_int(activity.client_port);
  add_time(rows, activity.backend_start);
  add_time(rows, activity.transaction_start);
  add_time(rows, activity.query_start);
  add_time(rows, activity.state_change);
  add_word(rows, activity.wait_event_type);
  add_word(rows, activity.wait_event);
  add_word(rows, activity.state);
  rows.add_null();  // backend_xid
  rows.add_null();  // backend_xmin
  rows.add_null();  // query_id
  rows.add_text(activity.query);
  rows.add_text(activity.backend_type);
}

void fill(SessionServices& services, VirtualRows& rows) {
  ActivitySource* source = services.instance().activity();
  if (source == nullptr) return;
  source->for_each([&](const Activity& activity) { add_activity(activity, rows); });
}

}  // namespace

const VirtualTable& pg_stat_activity_view() {
  static const FunctionTable table("pg_stat_activity",
                                   table_columns({{"datid", "oid"},
                                                  {"datname", "name"},
                                                  {"pid", "int4"},
                                                  {"leader_pid", "int4"},
                                                  {"usesysid", "oid"},
                                                  {"usename", "name"},
                                                  {"application_name", "text"},
                                                  {"client_addr", "text"},
                                                  {"client_hostname", "text"},
                                                  {"client_port", "int4"},
                                                  {"backend_start", "timestamptz"},
                                                  {"xact_start", "timestamptz"},
                                                  {"query_start", "timestamptz"},
                                                  {"state_change", "timestamptz"},
                                                  {"wait_event_type", "text"},
                                                  {"wait_event", "text"},
                                                  {"state", "text"},
                                                  {"backend_xid", "xid"},
                                                  {"backend_xmin", "xid"},
                                                  {"query_id", "int8"},
                                                  {"query", "text"},
                                                  {"backend_type", "text"}}),
                                   fill);
  return table;
}

}  // namespace isolde::sql
