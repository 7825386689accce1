#include "server/session/report.hpp"

namespace isolde::server {

namespace {

wire::Report to_report(const base::Error& error) {
  const base::Error::Fields& f = error.fields();
  wire::Report report;
  report.severity = report.severity_unchanged = base::severity_name(f.severity);
  report.sqlstate = f.state.code();
  report.message = f.message;
  report.detail = f.detail;
  report.hint = f.hint;
  report.position = f.position;
  report.internal_position = f.internal_position;
  report.internal_query = f.internal_query;
  report.where = f.context;
  report.schema_name = f.schema_name;
  report.table_name = f.table_name;
  report.column_name = f.column_name;
  report.data_type_name = f.data_type_name;
  report.constraint_name = f.constraint_name;
  return report;
}

}  // namespace

base::Error to_error(const wire::DecodeError& error) {
  base::Error made(base::SqlState::parse(error.state()), error.message);
  return error.fatal ? std::move(made).fatal() : std::move(made);
}

void append_error(const base::Error& error, std::string& out) {
  wire::BackendWriter(out).error_response(to_report(error));
}

void append_notice(const base::Error& notice, std::string& out) {
  wire::BackendWriter(out).notice_response(to_report(notice));
}

}  // namespace isolde::server
